"""What is not understood: one choice, then a person."""

from tests.actions.conftest import Talk

CLOSE = {"store_hours": 0.4, "store_location": 0.35, "greet": 0.1}


async def test_two_likely_questions_are_offered_as_choices(talk: Talk) -> None:
    reply = await talk.say("店的事", "nlu_fallback", {"nlu_fallback": 0.5, **CLOSE})
    assert (reply["name"], reply["kind"]) == ("utter_clarify", "clarify")
    assert len(reply["choices"]) == 2
    assert all(choice in reply["text"] for choice in reply["choices"])


async def test_the_second_time_a_person_is_brought(talk: Talk) -> None:
    await talk.say("店的事", "nlu_fallback", CLOSE)
    reply = await talk.say("就是那个", "nlu_fallback", CLOSE)
    assert (reply["name"], reply["kind"]) == ("utter_unsure", "fallback")
    assert reply["hand_over"] == "unsure"


async def test_after_an_answer_a_choice_may_be_offered_again(talk: Talk) -> None:
    await talk.say("店的事", "nlu_fallback", CLOSE)
    await talk.say("外滩店在哪", "store_location", store="bund")
    assert (await talk.say("店的事", "nlu_fallback", CLOSE))["name"] == "utter_clarify"


async def test_without_two_likely_questions_a_person_is_brought_at_once(talk: Talk) -> None:
    reply = await talk.say("asdf", "nlu_fallback", {"store_hours": 0.4, "greet": 0.05})
    assert reply["name"] == "utter_unsure"


async def test_no_to_both_choices_brings_a_person(talk: Talk) -> None:
    await talk.say("店的事", "nlu_fallback", CLOSE)
    assert (await talk.say("都不是", "deny"))["name"] == "utter_unsure"


async def test_the_way_to_a_shop_is_understood_beside_its_name(talk: Talk) -> None:
    ranking = {"store_location": 0.3, "shipping_delivery": 0.3}
    text = "ok I will come to the bund shop, tell nearest metro"
    reply = await talk.say(text, "nlu_fallback", ranking, store="bund")
    assert reply["name"] == "utter_store_location"


async def test_nobody_is_asked_back_whether_they_said_thanks(talk: Talk) -> None:
    ranking = {"goodbye": 0.4, "thanks": 0.35}
    reply = await talk.say("ok收到 祝你们生意兴隆", "nlu_fallback", ranking)
    assert reply["name"] == "utter_goodbye"


async def test_what_answers_the_bots_own_question_needs_no_understanding(talk: Talk) -> None:
    assert (await talk.say("几点开门", "store_hours"))["name"] == "utter_ask_city"
    reply = await talk.say("ln上海x", "nlu_fallback", CLOSE, city="shanghai")
    assert reply["name"].startswith("utter_store_hours")

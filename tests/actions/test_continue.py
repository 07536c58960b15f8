"""A bare yes, no or piece of information."""

import pytest

from tests.actions.conftest import Talk


@pytest.mark.parametrize(
    ("text", "entities", "name"),
    [
        ("上海", {"city": "shanghai"}, "utter_store_location_city"),
        ("外滩店", {"store": "bund"}, "utter_store_location"),
        ("周六", {"weekday_or_date": "周六"}, "utter_ask_city"),
        ("上海周六", {"city": "shanghai", "weekday_or_date": "周六"}, "utter_store_hours_city"),
        ("给妈妈", {"recipient": "mother"}, "utter_gift_ideas"),
        ("五百左右", {"budget": "五百左右"}, "utter_gift_ideas_general"),
        ("嗯这个那个", {}, "utter_unsure"),
    ],
)
async def test_information_finds_its_subject(
    talk: Talk, text: str, entities: dict[str, str], name: str
) -> None:
    assert (await talk.say(text, "inform", **entities))["name"] == name


async def test_the_present_subject_takes_what_it_can_use(talk: Talk) -> None:
    await talk.say("外滩店在哪", "store_location", store="bund")
    assert (await talk.say("北京呢", "inform", city="beijing"))["name"] == "utter_store_location"
    reply = await talk.say("周六呢", "inform", weekday_or_date="周六")
    assert reply["name"] == "utter_store_hours"
    assert "北京三里屯店" in reply["text"]


async def test_another_subject_and_back(talk: Talk) -> None:
    await talk.say("北京店周六几点关门", "store_hours", city="beijing")
    await talk.say("送妈妈一千左右", "gift_ideas", recipient="mother")
    reply = await talk.say("周日呢", "inform", weekday_or_date="周日")
    assert "北京三里屯店" in reply["text"]
    assert "周日（11月29日）" in reply["text"]


async def test_no_ends_a_question_politely(talk: Talk) -> None:
    await talk.say("几点关门", "store_hours")
    reply = await talk.say("算了不用了", "deny")
    assert reply["name"] == "utter_cancelled"
    assert talk.slots["awaiting"] is None


async def test_no_with_a_correction_goes_on(talk: Talk) -> None:
    await talk.say("北京店周六几点关门", "store_hours", city="beijing")
    reply = await talk.say("不是，是上海", "deny", city="shanghai")
    assert reply["name"] == "utter_store_hours_city"


async def test_no_to_an_answer_brings_a_person(talk: Talk) -> None:
    await talk.say("北京店周六几点关门", "store_hours", city="beijing")
    reply = await talk.say("不对", "deny")
    assert (reply["name"], reply["hand_over"]) == ("utter_unsure", "unsure")


async def test_yes_after_an_answer_is_taken_as_thanks(talk: Talk) -> None:
    await talk.say("外滩店在哪", "store_location", store="bund")
    assert (await talk.say("好的", "affirm"))["name"] == "utter_thanks"


async def test_who_wants_no_person_is_not_looking_for_a_gift_for_himself(talk: Talk) -> None:
    await talk.say("送妈妈一千左右", "gift_ideas", recipient="mother")
    reply = await talk.say("不用转客服，我自己看就好", "deny", recipient="self")
    assert reply["name"] == "utter_cancelled"


async def test_cheaper_after_gifts_asks_for_other_gifts_not_for_a_campaign(talk: Talk) -> None:
    await talk.say("送女朋友两千左右", "gift_ideas", recipient="girlfriend", budget="两千左右")
    reply = await talk.say("有更便宜的嗎", "promotion_campaign")
    assert reply["name"].startswith("utter_gift")

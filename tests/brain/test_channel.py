"""What the connector is told of a turn, and that a message is answered once."""

import asyncio
from typing import Any

import pytest
from doubles import NOW, Actions, Brain
from redis import Redis


async def test_an_answer_comes_with_all_that_is_known_of_the_turn(brain: Brain) -> None:
    turn = await brain.say("谢谢你", message_id="m7")
    assert (turn["status"], turn["error"], turn["message_id"]) == ("ok", None, "m7")
    assert turn["model"] == (await brain.health())["model"]
    assert turn["language"] == "zh-Hans"
    assert turn["replies"][0].keys() == {"name", "kind", "text", "choices", "hand_over"}
    assert turn["replies"][0]["name"] == "utter_thanks"
    assert turn["nlu"]["intent"]["name"] == "thanks"
    assert 1 < len(turn["nlu"]["ranking"]) <= 5


async def test_the_follower_is_answered_in_their_language(brain: Brain, actions: Actions) -> None:
    assert (await brain.say("thank you so much"))["language"] == "en"
    assert (await brain.say("hi"))["language"] == "en"
    assert (await brain.say("謝謝"))["language"] == "zh-Hant"


async def test_a_repeated_message_gets_the_stored_turn(brain: Brain, actions: Actions) -> None:
    first = await brain.say("你们上海店几点关门", message_id="m1")
    assert await brain.say("你们上海店几点关门", message_id="m1") == first
    assert len(actions.calls) == 1


async def test_two_copies_at_once_are_answered_once(brain: Brain, actions: Actions) -> None:
    copies = [brain.say("你们上海店几点关门", message_id="m1") for _ in range(4)]
    first, *others = await asyncio.gather(*copies)
    assert all(other == first for other in others)
    assert len(actions.calls) == 1


async def test_messages_of_one_follower_do_not_overtake_each_other(
    brain: Brain, actions: Actions
) -> None:
    await asyncio.gather(*(brain.say(f"你们{city}店几点关门") for city in ("上海", "北京", "成都")))
    seen = [len(call["tracker"]["events"]) for call in actions.calls]
    assert seen == sorted(seen)
    assert len(set(seen)) == 3


async def test_the_action_sees_text_time_account_and_language(
    brain: Brain, actions: Actions
) -> None:
    await brain.say("你們上海店幾點關門？", sender="bo")
    (call,) = actions.calls
    assert call["sender_id"] == "wx1:bo"
    assert call["tracker"]["latest_message"]["metadata"] == {
        "account": "wx1",
        "text": "你們上海店幾點關門？",
        "time": NOW,
        "language": "zh-Hant",
    }


async def test_slots_last_from_turn_to_turn(brain: Brain, actions: Actions) -> None:
    actions.slots = {"city": "shanghai"}
    await brain.say("你们上海店几点关门")
    actions.slots = {}
    await brain.say("地址在哪里")
    assert actions.calls[-1]["tracker"]["slots"]["city"] == "shanghai"


async def test_a_place_that_no_action_took_up_is_kept(brain: Brain, actions: Actions) -> None:
    await brain.say("你们成都店还招人吗")
    for _ in range(3):
        await brain.say("谢谢你")
    await brain.say("地址在哪里")
    slots = actions.calls[-1]["tracker"]["slots"]
    assert (slots["city"], slots["store"]).count(None) == 1


async def test_a_place_that_an_action_chose_stays(brain: Brain, actions: Actions) -> None:
    actions.slots = {"city": "shanghai", "store": None}
    await brain.say("你们成都店几点关门")
    actions.slots = {}
    await brain.say("地址在哪里")
    assert actions.calls[-1]["tracker"]["slots"]["city"] == "shanghai"


async def test_a_turn_fails_in_words_when_the_actions_are_down(brain: Brain) -> None:
    turn = await brain.say("你们上海店几点关门")
    assert turn["status"] == "failed"
    assert turn["error"] == "action_store_hours said nothing; the log has more."


async def test_a_failed_turn_leaves_no_trace_and_may_be_tried_again(
    brain: Brain, actions: Actions
) -> None:
    actions.reply = {"text": ""}
    assert (await brain.say("你们上海店几点关门", message_id="m1"))["status"] == "failed"
    actions.reply = {"name": "utter_x", "kind": "answer", "text": "22:00"}
    assert (await brain.say("你们上海店几点关门", message_id="m1"))["status"] == "ok"
    assert [event["event"] for event in actions.calls[-1]["tracker"]["events"]].count("user") == 1


async def test_rasas_own_commands_are_mere_words(brain: Brain, actions: Actions) -> None:
    for text in ("/restart", " /human_agent", '/store_hours{"city": "shanghai"}'):
        turn = await brain.say(text)
        assert turn["nlu"]["intent"]["confidence"] < 1
        assert not any(
            entity["entity"] == "city" and entity["start"] == 0
            for entity in turn["nlu"]["entities"]
        )


@pytest.mark.parametrize(
    "text",
    [
        " ",
        "\n\t",
        "\0",
        "😀😀😀",
        "？！。",
        "[微笑]",
        "/::)",
        "a" * 5000,
        "营业" * 2500,
        "\ud83d",
        "\U000e0041",
    ]
    + [chr(plane * 0x10000 + 0x41) for plane in range(17)],
)
async def test_no_text_breaks_a_turn(brain: Brain, actions: Actions, text: str) -> None:
    assert (await brain.say(text))["status"] == "ok"


@pytest.mark.parametrize("missing", ["account", "sender", "message_id", "text", "time"])
async def test_a_request_that_lacks_something_is_refused(brain: Brain, missing: str) -> None:
    asked = {"account": "wx1", "sender": "anna", "message_id": "m1", "text": "你好", "time": NOW}
    del asked[missing]
    status, answer = await brain.post(asked)
    assert status == 400
    assert answer["status"] == "failed"
    assert missing in answer["error"]


async def test_a_follower_is_forgotten_entirely(brain: Brain, store: Redis) -> None:
    await brain.say("谢谢你", sender="anna")
    await brain.say("谢谢你", sender="bo")
    assert (await brain.forget("anna")) == {"status": "ok"}
    assert store.keys("*anna*") == []
    assert len(store.keys("*bo*")) == 2


async def test_all_that_is_kept_has_an_end(brain: Brain, store: Redis) -> None:
    await brain.say("谢谢你")
    keys = store.keys("*")
    assert all(store.ttl(key) > 0 and key.startswith("bida:{wx1}:") for key in keys)
    assert len(keys) == 2


async def test_what_is_kept_does_not_grow_with_the_conversation(
    brain: Brain, actions: Actions, store: Redis
) -> None:
    sizes = []
    for _ in range(30):
        await brain.say("谢谢你")
        sizes.append(store.strlen("bida:{wx1}:tracker:anna"))
    assert sizes[-1] < 1.05 * sizes[10]


async def test_what_a_text_may_mean_is_told_without_a_turn(
    brain: Brain, actions: Actions, store: Redis
) -> None:
    status, told = await brain.understand({"text": "你们上海店几点关门？"})
    assert (status, told["status"], told["language"]) == (200, "ok", "zh-Hans")
    names = [each["name"] for each in told["ranking"]]
    assert names[0] == "store_hours"
    assert 1 < len(set(names)) == len(names) <= 5
    confidences = [each["confidence"] for each in told["ranking"]]
    assert confidences == sorted(confidences, reverse=True)
    # No action has run, and nobody is known to have asked.
    assert actions.calls == []
    assert store.keys("*") == []


async def test_understanding_a_text_leaves_a_followers_conversation_as_it_is(
    brain: Brain, store: Redis
) -> None:
    await brain.say("谢谢你", sender="anna")
    before = {key: store.dump(key) for key in store.keys("*tracker*")}
    await brain.understand({"text": "你们上海店几点关门？"})
    assert {key: store.dump(key) for key in store.keys("*tracker*")} == before


async def test_the_same_intents_are_likely_with_and_without_a_turn(brain: Brain) -> None:
    turn = await brain.say("谢谢你")
    _, told = await brain.understand({"text": "谢谢你"})
    ranked = [each["name"] for each in turn["nlu"]["ranking"]]
    assert [each["name"] for each in told["ranking"]] == ranked


@pytest.mark.parametrize(
    "text", ["", " ", "\0", "😀😀😀", "/restart", "a" * 5000, "\ud83d", "？！。"]
)
async def test_no_text_breaks_the_understanding(brain: Brain, text: str) -> None:
    status, told = await brain.understand({"text": text})
    assert (status, told["status"]) == (200, "ok")
    assert isinstance(told["ranking"], list)


@pytest.mark.parametrize(
    "body", [{}, {"text": None}, {"text": 7}, [], "text", None, b"", b"{", b"\xff"]
)
async def test_what_holds_no_text_is_refused_in_words(brain: Brain, body: Any) -> None:
    status, told = await brain.understand(body)
    assert (status, told["status"]) == (400, "failed")
    assert told["error"]


async def test_rasas_parse_address_stays_open_for_tools(brain: Brain) -> None:
    parsed = await brain.parse("你们上海店周末几点关门？")
    assert parsed["intent"]["name"] == "store_hours"
    assert {entity["entity"] for entity in parsed["entities"]} >= {"city", "weekday_or_date"}


async def test_who_looks_for_an_answer_is_told_what_a_text_means_and_names(brain: Brain) -> None:
    address, body = f"{brain.url}/webhooks/bida/parse", {"text": "你们上海店周末几点关门？"}
    async with brain.session.post(address, json=body) as answered:
        told = await answered.json()
    assert told["ranking"][0]["name"] == "store_hours"
    named = {entity["entity"]: entity["value"] for entity in told["entities"]}
    assert named["city"] == "shanghai"

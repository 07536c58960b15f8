"""Story 17: two farewells at hand-over. Here closing words and the question how it was are one message, said once."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.allowance import Allowance
from bot.change import Change
from bot.conversation import IllegalMove
from bot.ledger import Event
from tests.stories.people import House

Build = Callable[..., House]
FAREWELL, QUESTION = "本次人工服务已结束", "这次服务您还满意吗"


async def served(house: House) -> None:
    """An agent has answered."""
    await house.says("转人工")
    await house.takes()
    await house.answers("国金店今天营业到十点。")


def farewells(texts: list[str]) -> int:
    """How often the end was told."""
    return sum(text.count(FAREWELL) for text in texts)


async def left(house: House, messages: int) -> None:
    """So many messages of the allowance are left."""
    now = house.clock.now()
    allowance = Allowance(messages, now + 40 * 3600.0)
    await house.engine.apply("oFollower", lambda c: Change(replace(c, allowance=allowance)))


async def test_story_17_the_end_and_the_question_how_it_was_are_one_message(house: Build) -> None:
    one = house()
    await served(one)
    before = len(one.sent)
    await one.closes()
    assert len(one.sent) == before + 1
    assert FAREWELL in one.sent[-1]
    assert QUESTION in one.sent[-1]
    await one.later(10)  # what WeChat mirrors comes late and says nothing more
    assert farewells(one.sent) == 1


async def test_story_17_who_closes_twice_says_no_second_farewell(house: Build) -> None:
    one = house()
    await served(one)
    await one.closes()
    with pytest.raises(IllegalMove):
        await one.closes()
    assert farewells(one.sent) == 1


@pytest.mark.parametrize("messages", [0, 1])
async def test_story_17_the_last_message_of_the_allowance_is_not_spent_on_a_farewell(
    house: Build, messages: int
) -> None:
    one = house()
    await served(one)
    await left(one, messages)
    await one.closes()
    await one.later(3600)
    assert farewells(one.sent) == 0
    reply = await one.says("几点关门")  # it rides on the next reply, which costs nothing
    assert reply.count(FAREWELL) == 1
    assert QUESTION in reply
    assert reply.endswith("回答：几点关门")
    assert farewells([*one.sent, await one.says("谢谢")]) == 0


async def test_story_17_with_two_messages_left_one_remains_for_a_person(house: Build) -> None:
    one = house()
    await served(one)
    await left(one, 2)
    await one.closes()
    assert farewells(one.sent) == 1
    assert (await one.state()).allowance.left == 1


async def test_story_17_a_farewell_that_was_not_said_does_not_come_in_the_midst_of_the_next_service(
    house: Build,
) -> None:
    one = house()
    await served(one)
    await left(one, 1)
    await one.closes()
    # Another question of the follower goes to people before anything could be said.
    one.postbox.is_allowed = False
    await one.says("转人工", late=True)
    await one.takes()
    one.postbox.is_allowed = True
    await one.answers("您好，又见面了。")
    assert farewells([*one.sent, await one.says("你好")]) == 0


async def test_story_17_without_an_answer_nobody_is_asked_how_it_was(house: Build) -> None:
    one = house()
    await one.says("转人工")
    await one.takes()
    await one.closes()
    assert FAREWELL in one.sent[-1]
    assert QUESTION not in one.sent[-1]


@pytest.mark.parametrize(("said", "value"), [("满意", 3), ("2", 2), ("③", 1), (" 不满意 ", 1)])
async def test_story_17_a_tap_or_a_number_counts_as_the_followers_word_on_the_service(
    house: Build, said: str, value: int
) -> None:
    one = house()
    await served(one)
    await one.closes()
    asked = len(one.brain.asked)
    assert "谢谢您的评价" in await one.says(said)
    assert len(one.brain.asked) == asked
    (rated,) = await one.entries(Event.RATED)
    assert (rated.value, rated.agent, rated.team) == (value, "li", "all")
    (replied,) = await one.entries(Event.REPLIED)
    assert rated.enquiry == replied.enquiry
    # Once: the same word is the bot's afterwards.
    assert (await one.says(said)).startswith("回答：")
    assert len(await one.entries(Event.RATED)) == 1
    await one.later(20)
    result = await one.audit()
    assert result.is_sound
    assert result.reasons["no_answer_needed(rated)"] == 1


async def test_story_17_numbers_count_where_the_question_rode_on_a_reply(house: Build) -> None:
    one = house()
    await served(one)
    await left(one, 1)
    await one.closes()
    assert QUESTION in await one.says("几点关门")
    await one.says("1")
    (rated,) = await one.entries(Event.RATED)
    assert rated.value == 3

"""Story 31: a follower cannot leave the human state, or there is no human at all. 取消 and 人工 work in every state."""

from collections.abc import Callable

import pytest

from bot.conversation import Speaker
from bot.waiting import CANCEL_WORDS
from tests.stories.people import House

Build = Callable[..., House]


@pytest.mark.parametrize("words", sorted(CANCEL_WORDS))
async def test_story_31_one_word_leaves_the_queue(house: Build, words: str) -> None:
    one = house()
    await one.says("转人工")
    assert "已为您取消排队" in await one.says(words)
    state = await one.state()
    assert (state.speaker, state.is_queued, state.enquiries) == (Speaker.BOT, False, ())
    assert await one.says("几点开门") == "回答：几点开门"
    assert (await one.audit()).reasons["no_answer_needed(cancelled_by_follower)"] == 1


async def test_story_31_one_word_leaves_the_queue_at_night_and_nothing_is_left_for_the_morning(
    house: Build,
) -> None:
    one = house()
    await one.until("2026-11-25 23:00")
    await one.says("转人工")
    await one.says("几点开门")
    assert "已为您取消排队" in await one.says("取消")
    assert not (await one.state()).is_queued
    assert await one.store.listed() == []
    await one.until("2026-11-26 10:00")
    assert (await one.state()).speaker is Speaker.BOT
    assert len(one.sent) == 0


async def test_story_31_cancel_is_the_bots_word_where_nobody_waits(house: Build) -> None:
    one = house()
    assert await one.says("取消") == "回答：取消"


async def test_story_31_a_wish_for_a_person_works_while_waiting(house: Build) -> None:
    one = house()
    await one.says("转人工")
    assert "您现在排在第 1 位" in await one.says("人工")
    assert (await one.state()).speaker is Speaker.WAITING


async def test_story_31_a_wish_for_a_person_works_at_night_and_queues_nobody_twice(
    house: Build,
) -> None:
    one = house()
    await one.until("2026-11-25 23:00")
    assert "明天 10:00" in await one.says("转人工")
    assert "明天 10:00" in await one.says("人工")
    assert [each.openid for each in await one.store.listed()] == ["oFollower"]


async def test_story_31_a_wish_for_a_person_is_harmless_while_one_is_there(house: Build) -> None:
    one = house()
    await one.says("转人工")
    await one.takes()
    asked = len(one.brain.asked)
    assert await one.says("人工") == ""
    state = await one.state()
    assert (state.speaker, state.agent) == (Speaker.AGENT, "li")
    assert len(one.brain.asked) == asked


async def test_story_31_beside_a_picture_one_word_leaves_as_well(house: Build) -> None:
    one = house()
    assert "已经留给同事查看" in await one.shows_picture()
    assert await one.says("几点开门") == "回答：几点开门"
    assert "已为您取消排队" in await one.says("取消")
    assert not (await one.state()).is_queued

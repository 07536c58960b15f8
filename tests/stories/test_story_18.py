"""Story 18: the bot is mute after the human left, or the human gets the reopened conversation for ever."""

from collections.abc import Callable

from bot.conversation import Speaker
from tests.stories.people import House

DAY = 24 * 3600.0


async def test_story_18_a_day_after_the_end_the_bot_answers_once_and_owns_the_conversation(
    house: Callable[..., House],
) -> None:
    one = house()
    await one.says("转人工")
    await one.takes()
    await one.answers("国金店今天营业到十点。")
    await one.closes()
    state = await one.state()
    assert (state.speaker, state.agent, state.reason, state.due_at) == (Speaker.BOT, None, None, 0)
    sent = len(one.sent)
    await one.later(DAY)
    assert await one.says("几点开门") == "回答：几点开门"
    assert len(one.sent) == sent  # no second farewell
    await one.later(20)
    state = await one.state()
    assert (state.speaker, state.agent, state.enquiries) == (Speaker.BOT, None, ())
    assert await one.store.listed() == []
    result = await one.audit()
    assert result.is_sound
    assert result.outcomes == {"answered_by_agent": 1, "answered_by_bot": 1}


async def test_story_18_a_free_text_after_the_end_is_the_bots_and_not_a_rating(
    house: Callable[..., House],
) -> None:
    one = house()
    await one.says("转人工")
    await one.takes()
    await one.answers("好的。")
    await one.closes()
    assert await one.says("还满意，再问一下，几点开门") == "回答：还满意，再问一下，几点开门"
    assert (await one.state()).service is not None  # a tap may still come


async def test_story_18_a_follower_who_wants_a_person_again_is_new_in_the_queue(
    house: Callable[..., House],
) -> None:
    one = house()
    await one.says("转人工")
    await one.takes()
    await one.answers("好的。")
    await one.closes()
    await one.later(DAY)
    assert "您排在第 1 位" in await one.says("人工")
    state = await one.state()
    assert (state.speaker, state.agent, state.last_agent) == (Speaker.WAITING, None, "li")
    assert state.due_at == one.clock.now() + 180  # the first word is promised anew

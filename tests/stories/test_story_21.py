"""Story 21: a conversation stuck with an absent agent. It goes back to the queue, and its deadline stays."""

import asyncio
from dataclasses import replace

import pytest

from bot.conversation import Conversation, Speaker
from bot.desk.presence import State
from bot.desk.teams import DEFAULT, Team
from bot.enquiry import Stage
from bot.ledger import audit
from connectors.dispatching import Dispatcher
from connectors.store.desk.presence import Presence
from connectors.store.desk.teams import TeamShelf
from tests.desk.conftest import OPENID, SESSION_LIBRARY, Browser, Desk, desk, open_desk

__all__ = ["desk", "open_desk"]
pytestmark = SESSION_LIBRARY
ONE = f"/desk/conversations/{OPENID}"
TEAM = Team(DEFAULT, "客服", is_automatic=True, silent_seconds=3600, offer_seconds=60)


async def held_by_li(desk: Desk) -> tuple[Browser, Browser, Conversation]:
    """小李 has a follower who waits for a word; 王芳 is there and free."""
    await TeamShelf(desk.parts.connection.redis).put(TEAM)
    await desk.parts.reception.refresh()
    await desk.somebody_waits()
    li, wang = await desk.browser("li"), await desk.browser("wang")
    await wang.get("/desk/")
    assert (await li.post(f"{ONE}/take")).status == 200
    held = await desk.parts.conversations.read(OPENID)
    assert held.due_at > desk.clock.now()
    return li, wang, held


async def dispatched(desk: Desk) -> Conversation:
    """The conversation after the dispatcher has come by."""
    await Dispatcher.over([desk.parts]).step()
    return await desk.parts.conversations.read(OPENID)


async def check_back(desk: Desk, held: Conversation, after: Conversation, sentence: str) -> None:
    """Back in the queue with all that was promised, offered to the other one, and told in the transcript."""
    assert (after.speaker, after.agent) == (Speaker.WAITING, None)
    assert after.due_at == held.due_at
    assert after.since <= held.since
    assert after.enquiries == held.enquiries
    wang = await desk.browser("wang")
    assert sentence in (await wang.get(ONE))[1]
    assert (await dispatched(desk)).offered == "wang"
    # Whoever takes it now can answer, and the proof is whole.
    assert (await wang.post(f"{ONE}/take")).status == 200
    await wang.reply("您好，我接着帮您。")
    await desk.work()
    assert desk.postbox.sent[-1][1] == "【王芳 为您服务】\n您好，我接着帮您。"
    entries = [entry async for entry in desk.parts.conversations.ledger()]
    assert audit(entries, desk.clock.now()).is_sound


async def test_story_21_the_socket_dies_and_nothing_is_heard_any_more(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.desk.presence.ALIVE_SECONDS", 0.01)
    li, wang, held = await held_by_li(desk)
    limit = desk.parts.settings.agent_offline_seconds
    presence = Presence(desk.parts.connection.redis, desk.clock, limit)
    async with asyncio.timeout(20), li.client.get("/desk/events") as stream:
        await stream.content.readline()
        # The page sleeps for as long as the limit and more; its open stream speaks for it.
        for _ in range(3):
            desk.clock.at += limit / 2
            seen_at = desk.clock.at
            while await signed_at(desk, "li") < seen_at:
                await asyncio.sleep(0.01)
        assert (await dispatched(desk)).agent == "li"
        assert stream.connection
        assert stream.connection.transport
        stream.connection.transport.abort()
    await stream_has_ended(desk)
    desk.clock.at += limit - 1
    assert await presence.of("li") is State.AVAILABLE
    assert (await dispatched(desk)).speaker is Speaker.AGENT
    desk.clock.at += 1
    await wang.get("/desk/")
    await check_back(desk, held, await dispatched(desk), "小李 已离线，会话收回")


async def signed_at(desk: Desk, name: str) -> float:
    return float(await desk.parts.connection.redis.zscore("bida:desk:signs", name) or 0)


async def stream_has_ended(desk: Desk) -> None:
    """The server has noticed that nobody reads: the next word to the page fails."""
    news = 0
    while any("_keep_signing" in str(task.get_coro()) for task in asyncio.all_tasks()):
        news += 1
        await desk.parts.connection.redis.publish(desk.parts.conversations.keys.desk(), OPENID)
        await asyncio.sleep(0.01)


async def test_story_21_the_agent_logs_out(desk: Desk) -> None:
    li, _, held = await held_by_li(desk)
    await li.post("/desk/logout")
    await check_back(desk, held, await dispatched(desk), "小李 已离线，会话收回")


async def test_story_21_the_agent_goes_away(desk: Desk) -> None:
    li, _, held = await held_by_li(desk)
    await li.post("/desk/presence", state="away")
    await check_back(desk, held, await dispatched(desk), "小李 离开了，会话收回")


async def test_story_21_the_agent_is_silent(desk: Desk) -> None:
    li, wang, held = await held_by_li(desk)
    desk.clock.at += TEAM.silent_seconds - 1
    for browser in (li, wang):
        await browser.get("/desk/")
    assert (await dispatched(desk)).agent == "li"
    desk.clock.at += 1
    await check_back(desk, held, await dispatched(desk), "小李 超时没有回复，会话收回")


async def test_story_21_who_has_answered_is_not_silent(desk: Desk) -> None:
    li, _, _ = await held_by_li(desk)
    desk.clock.at += TEAM.silent_seconds - 1
    await li.reply("您好，请稍等。")
    await desk.work()
    desk.clock.at += TEAM.silent_seconds
    await li.get("/desk/")
    assert (await dispatched(desk)).agent == "li"


async def test_story_21_silence_at_night_does_not_count(desk: Desk) -> None:
    li, _, held = await held_by_li(desk)
    nights = replace(TEAM, week=((),) * 7)
    await TeamShelf(desk.parts.connection.redis).put(nights)
    await desk.parts.reception.refresh()
    desk.clock.at += TEAM.silent_seconds * 2
    await li.get("/desk/")
    after = await dispatched(desk)
    assert after.agent == "li"
    assert after.enquiries == held.enquiries


async def test_story_21_what_was_answered_goes_to_the_bot_when_the_agent_is_gone(
    desk: Desk,
) -> None:
    li, _, _ = await held_by_li(desk)
    await li.reply("您好，都办好了。")
    await desk.work()
    sent = len(desk.postbox.sent)
    await li.post("/desk/logout")
    after = await dispatched(desk)
    await desk.work()
    assert (after.speaker, after.agent) == (Speaker.BOT, None)
    assert not after.enquiries_at(Stage.ESCALATED)
    assert len(desk.postbox.sent) == sent

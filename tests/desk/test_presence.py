"""Who is there: chosen in the bar, shown by open pages, kept over a sleeping tab, ended by logging out."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from bot.desk.presence import State
from connectors.desk.presence import AgentsPresence
from connectors.dispatching import Dispatcher
from connectors.store.connection import Connection
from connectors.store.desk.presence import Presence
from connectors.store.keys import PRESENCE_NEWS
from tests.desk.conftest import SESSION_LIBRARY, Browser, Desk
from tests.doubles import SettableClock

pytestmark = SESSION_LIBRARY
LIMIT = 300.0


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def presence(connection: Connection, clock: SettableClock) -> Presence:
    return Presence(connection.redis, clock, LIMIT)


def of(desk: Desk) -> Presence:
    """Presence as another process sees it."""
    limit = desk.parts.settings.agent_offline_seconds
    return Presence(desk.parts.connection.redis, desk.clock, limit)


async def test_who_opens_a_page_is_available(desk: Desk) -> None:
    assert await of(desk).all() == {}
    await (await desk.browser("li")).get("/desk/")
    assert await of(desk).all() == {"li": State.AVAILABLE}


async def test_the_chosen_state_is_shown_and_stands(desk: Desk) -> None:
    li = await desk.browser("li")
    assert (await li.post("/desk/presence", state="busy")).status == 200
    assert await of(desk).of("li") is State.BUSY
    _, html = await li.get("/desk/")
    assert 'data-state="busy"' in html
    assert '<option value="busy" selected>忙碌</option>' in html
    # A new log-in on another day finds it as it was.
    desk.clock.at += 86400
    assert await of(desk).of("li") is State.OFFLINE
    await (await desk.browser("li")).get("/desk/")
    assert await of(desk).of("li") is State.BUSY


@pytest.mark.parametrize("wanted", ["", "offline", "asleep"])
async def test_only_three_states_can_be_chosen(desk: Desk, wanted: str) -> None:
    li = await desk.browser("li")
    assert (await li.post("/desk/presence", state=wanted)).status == 422
    assert await of(desk).of("li") is State.AVAILABLE


async def test_logging_out_is_offline_at_once(desk: Desk) -> None:
    li = await desk.browser("li")
    await li.post("/desk/logout")
    assert await of(desk).of("li") is State.OFFLINE


async def test_strangers_and_forged_forms_show_no_presence(desk: Desk) -> None:
    stranger, li = await desk.browser(), await desk.browser("li")
    await stranger.get("/desk/")
    async with li.client.post("/desk/presence", data={"csrf": "wrong", "state": "busy"}) as refused:
        assert refused.status == 403
    assert await of(desk).all() == {}


async def test_a_tab_that_sleeps_for_minutes_throws_nobody_out(
    presence: Presence, clock: SettableClock
) -> None:
    await presence.sign("li")
    clock.at += LIMIT - 1
    assert await presence.of("li") is State.AVAILABLE
    clock.at += 1
    assert await presence.of("li") is State.OFFLINE
    await presence.sign("li")
    assert await presence.of("li") is State.AVAILABLE


async def test_an_open_stream_is_a_sign_of_life(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.desk.presence.ALIVE_SECONDS", 0.01)
    li = await desk.browser("li")
    async with asyncio.timeout(10), li.client.get("/desk/events") as stream:
        await stream.content.readline()
        desk.clock.at += LIMIT
        # Nothing but the stream speaks for the agent now.
        while await of(desk).of("li") is State.OFFLINE:
            await asyncio.sleep(0.01)


async def test_a_stream_that_has_ended_signs_no_more(presence: Presence) -> None:
    attendance = AgentsPresence(presence)
    async with attendance._alive("li"):
        running = len(asyncio.all_tasks())
    assert len(asyncio.all_tasks()) == running - 1


async def test_what_was_chosen_goes_with_the_account(desk: Desk) -> None:
    li = await desk.browser("li")
    await li.post("/desk/presence", state="busy")
    await desk.accounts.remove("li")
    assert await of(desk).all() == {}


async def heard(browser: Browser, whose: str) -> None:
    """Wait until an open page is told of this agent's presence; of colleagues' it is told without a name."""
    wanted = f"event: presence\ndata: {whose}\n\n".encode()
    async with browser.client.get("/desk/events") as stream:
        while await stream.content.readuntil(b"\n\n") != wanted:
            pass


async def test_open_pages_hear_what_is_chosen(desk: Desk) -> None:
    li, other, board = [await desk.browser(name) for name in ("li", "li", "chen")]
    listening = asyncio.gather(heard(other, "li"), heard(board, ""))
    async with asyncio.timeout(10):
        while not listening.done():
            assert (await li.post("/desk/presence", state="busy")).status == 200
            await asyncio.sleep(0.05)
    assert (await other.get("/desk/presence"))[1] == "busy"


@contextlib.asynccontextmanager
async def published(redis: Redis) -> AsyncIterator[list[str]]:
    """Of whom pages are told meanwhile; filled at the end."""
    names: list[str] = []
    async with redis.pubsub(ignore_subscribe_messages=True) as channel:
        await channel.subscribe(PRESENCE_NEWS)
        yield names
        await redis.publish(PRESENCE_NEWS, "")
        async for message in channel.listen():
            if not message["data"]:
                break
            names.append(message["data"])


async def test_coming_and_going_is_told_once(presence: Presence, clock: SettableClock) -> None:
    async with published(presence.redis) as names:
        for moment in (0, 60, LIMIT + 60):
            clock.at = SettableClock().at + moment
            await presence.sign("li")
        await presence.leave("li")
    assert names == ["li", "li", "li"]


async def test_who_falls_silent_is_told_of_by_the_server(desk: Desk) -> None:
    dispatcher = Dispatcher.over([desk.parts])
    await (await desk.browser("li")).get("/desk/")
    await dispatcher.step()
    async with published(desk.parts.connection.redis) as names:
        await dispatcher.step()
        desk.clock.at += LIMIT
        await dispatcher.step()
        await dispatcher.step()
    assert names == ["li"]

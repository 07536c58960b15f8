"""Who is there: chosen in the bar, shown by open pages, kept over a sleeping tab, ended by logging out."""

import asyncio

import pytest

from bot.desk.presence import State
from connectors.desk.presence import AgentsPresence
from connectors.store.connection import Connection
from connectors.store.desk.presence import Presence
from tests.desk.conftest import SESSION_LIBRARY, Desk
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


async def test_what_was_chosen_goes_with_the_account(presence: Presence) -> None:
    await presence.sign("li")
    await presence.choose("li", State.BUSY)
    await presence.remove("li")
    assert await presence.all() == {}

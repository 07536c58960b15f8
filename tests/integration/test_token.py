"""One token and one pause for all processes, whatever WeChat does; each has its own connections to everything."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial

import pytest
from aiohttp import ClientSession, ClientTimeout
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from bot.messages import Bubble
from bot.ports import Unsent
from connectors.simulator.app import create_app
from connectors.simulator.client import Phone, Simulator
from connectors.simulator.clock import MovableClock
from connectors.simulator.settings import SimulatorSettings
from connectors.store.connection import Connection
from connectors.wechat import token as wechat_token
from connectors.wechat.api import Api
from connectors.wechat.library import Methods
from connectors.wechat.pauses import Pauses
from connectors.wechat.sender import CustomerMessages
from connectors.wechat.token import SharedToken

APP_ID, SECRET = "wx0123456789abcdef", "0" * 32
PROCESSES = 8
BUBBLE = Bubble("b1", "agent", "您好")


@dataclass
class Office:
    """Eight processes' senders, and the platform that they send to; both go by one clock."""

    simulator: Simulator
    senders: list[CustomerMessages]
    clock: MovableClock
    followers: list[Phone]

    async def send_all(self, times: int = 1) -> list[object]:
        """Each process sends to its own follower at the same moment; what went wrong is among the results."""
        sends = [
            sender.send(phone.openid, BUBBLE)
            for sender, phone in zip(self.senders, self.followers, strict=True)
            for _ in range(times)
        ]
        return await asyncio.gather(*sends, return_exceptions=True)

    async def calls(self, path: str) -> int:
        """How often an address of the API was called."""
        return len([entry for entry in await self.simulator.log("api") if path in entry["path"]])

    async def advance(self, seconds: float) -> None:
        """Move both clocks."""
        self.clock.offset += seconds
        await self.simulator.advance(seconds)


@pytest.fixture
async def office(store_url: str, connection: Connection) -> AsyncIterator[Office]:
    """Eight processes on the emptied store."""
    settings = SimulatorSettings(
        wechat_app_id=APP_ID,
        wechat_app_secret=SecretStr(SECRET),
        wechat_token=SecretStr("token"),
        simulator_callback_url="http://127.0.0.1:9/wechat",
        simulator_deliveries=1,
    )
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(TestServer(create_app(settings)))
        simulator = await stack.enter_async_context(Simulator.at(str(server.make_url("/"))))
        clock = MovableClock()
        senders = []
        for _ in range(PROCESSES):
            own = Connection(store_url)
            session = ClientSession(json_serialize=partial(json.dumps, ensure_ascii=False))
            stack.push_async_callback(own.close)
            await stack.enter_async_context(session)
            tokens = SharedToken(own.redis, session, simulator.url, APP_ID, SECRET, clock)
            methods = Methods(APP_ID, Api(session, simulator.url, tokens).call)
            senders.append(CustomerMessages(methods, True, True, clock, Pauses(own.redis, APP_ID)))
        yield Office(simulator, senders, clock, [await _follower(simulator) for _ in senders])


async def _follower(simulator: Simulator) -> Phone:
    phone = await simulator.new_phone()
    await phone.follow(wait=True)
    await phone.say("在吗", wait=True)
    return phone


async def test_story_6_eight_processes_whose_token_ends_in_a_burst_refresh_once(
    office: Office,
) -> None:
    assert await office.send_all() == [None] * PROCESSES
    await office.advance(7200 - 1)
    # In the last second of the old one: everybody sees that it is about to end.
    assert await office.send_all() == [None] * PROCESSES
    await office.advance(2)
    assert await office.send_all() == [None] * PROCESSES
    assert await office.calls("stable_token") == 2


async def test_story_6_a_token_voided_early_is_refreshed_once(office: Office) -> None:
    await office.send_all()
    await office.simulator.fault("void_token")
    assert await office.send_all(times=2) == [None] * PROCESSES * 2
    assert await office.calls("stable_token") == 2


async def test_story_7_a_thousand_sends_cost_one_token(
    office: Office, connection: Connection
) -> None:
    for _ in range(4):
        assert await office.send_all() == [None] * PROCESSES
    tokens = [await sender_token(sender) for sender in office.senders * 120]
    assert len(set(tokens)) == 1
    assert await office.calls("stable_token") == 1


async def sender_token(sender: CustomerMessages) -> str:
    """What this process would send with."""
    api: Api = sender.methods._call.__self__
    return await api.tokens.token()


async def test_a_platform_that_always_refuses_costs_one_refresh_and_then_a_pause(
    office: Office,
) -> None:
    await office.send_all()
    await office.simulator.fault("always_40001", count=None)
    for _ in range(5):
        results = await office.send_all()
        assert all(isinstance(result, Unsent) for result in results)
    # The first send and at most one repetition by each process; the pause spares all others the asking.
    assert await office.calls("custom/send") <= PROCESSES * 3
    assert await office.calls("stable_token") == 2
    await office.simulator.clear_faults()
    await office.advance(31)
    await _failure_forgotten(office)
    assert await office.send_all() == [None] * PROCESSES


async def _failure_forgotten(office: Office) -> None:
    """Let the seconds pass in which nobody asks for a token again."""
    api: Api = office.senders[0].methods._call.__self__
    tokens = api.tokens
    assert isinstance(tokens, SharedToken)
    await tokens.redis.delete(wechat_token.Keys(APP_ID).token_failure())


@pytest.mark.parametrize("has_old_one", [True, False])
async def test_a_token_address_that_hangs_is_asked_once_and_holds_nobody_up_for_long(
    office: Office, has_old_one: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wechat_token, "FETCH_TIMEOUT", ClientTimeout(total=0.5))
    if has_old_one:
        await office.send_all()
        await office.advance(7200 - 100)
    await office.simulator.fault("hang_token", count=None, seconds=1.0)
    results = await office.send_all(times=2)
    if has_old_one:
        # It lives for a hundred seconds more.
        assert results == [None] * PROCESSES * 2
    else:
        assert all(isinstance(result, Unsent) for result in results)
    assert await office.calls("stable_token") <= 1 + has_old_one
    await asyncio.sleep(1.0)


async def test_what_refuses_the_account_is_asked_once_and_pauses_all_processes(
    office: Office,
) -> None:
    await office.send_all()
    await office.simulator.fault("send_errcode", errcode=48004)
    with pytest.raises(Unsent):
        await office.senders[0].send(office.followers[0].openid, BUBBLE)
    before = await office.calls("custom/send")
    results = await office.send_all()
    now = office.clock.now()
    assert all(isinstance(each, Unsent) and each.retry_at > now + 3000 for each in results)
    assert await office.calls("custom/send") == before
    await office.advance(3601)
    assert await office.send_all() == [None] * PROCESSES

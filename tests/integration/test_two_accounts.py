"""Two accounts in one process, with one follower's id and one message's id in both: nothing crosses."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client import REGISTRY

from bot.ledger import audit
from bot.messages import Inbound
from connectors.app import _working, create_app
from connectors.parts import Parts, open_accounts
from connectors.settings import Settings
from connectors.store.connection import Connection
from connectors.wechat.library import sign
from tests.doubles import Postbox, SilentBrain, answer

OPENID = "oTheSameInBoth"
NAMES = {"first": "wx0000000000000001", "second": "wx0000000000000002"}


@dataclass
class Account:
    """One of the accounts, with a brain and a postbox of its own."""

    name: str
    parts: Parts
    brain: SilentBrain
    postbox: Postbox
    client: "TestClient[web.Request, web.Application]"
    stamp: str = field(default_factory=lambda: str(int(time.time())))
    """When everything is sent: a repeat of a push bears the same moment."""

    async def push(self, text: str, key: str, *, token: str = "", event: str = "") -> str:
        """WeChat pushes a message; the body of the response, or its status if that is not 200."""
        stamp, nonce = self.stamp, f"{self.name}{key}{token}"
        signature = sign(token or f"token-{self.name}", stamp, nonce)
        what = (
            f"<MsgType>event</MsgType><Event>{event}</Event>"
            if event
            else f"<MsgType>text</MsgType><Content>{text}</Content><MsgId>{key}</MsgId>"
        )
        body = (
            f"<xml><ToUserName>gh_{self.name}</ToUserName><FromUserName>{OPENID}</FromUserName>"
            f"<CreateTime>{stamp}</CreateTime>{what}</xml>"
        )
        query = {"signature": signature, "timestamp": stamp, "nonce": nonce}
        async with self.client.post(
            f"/wechat/{self.name}", params=query, data=body.encode()
        ) as response:
            return await response.text() if response.status == 200 else str(response.status)


def settings(name: str, store_url: str) -> Settings:
    """An account's settings."""
    return Settings(
        _env_file=None,
        wechat_account_name=name,
        wechat_app_id=NAMES[name],
        wechat_app_secret="secret",
        wechat_token=f"token-{name}",
        wechat_encoding_aes_key=None,
        redis_url=store_url,
    )


@pytest.fixture
async def accounts(
    connection: Connection, store_url: str, nlu_data: Path
) -> AsyncIterator[tuple[Account, Account]]:
    """Both accounts behind one address, each served by a worker."""
    async with AsyncExitStack() as opened:
        told = [settings(name, store_url) for name in NAMES]
        built = await opened.enter_async_context(open_accounts(told, nlu_data))
        doubles = [(SilentBrain([answer(f"{name} 答")]), Postbox()) for name in NAMES]
        every = [
            replace(parts, engine=replace(parts.engine, brain=brain, sender=postbox))
            for parts, (brain, postbox) in zip(built, doubles, strict=True)
        ]
        server = TestServer(create_app(every[0], {"callback"}, *every[1:]))
        client = await opened.enter_async_context(TestClient(server))
        await opened.enter_async_context(_working(every))
        first, second = (
            Account(name, parts, *double, client)
            for name, parts, double in zip(NAMES, every, doubles, strict=True)
        )
        yield first, second


async def texts(account: Account) -> list[str]:
    """What the account's transcript of the follower says."""
    told = await account.parts.conversations.transcript(OPENID)
    return [each.line.text for each in told]


async def test_each_account_answers_its_own_follower(accounts: tuple[Account, Account]) -> None:
    first, second = accounts
    said = await asyncio.gather(first.push("几点开门", "7"), second.push("在哪里", "7"))
    assert "first 答" in said[0]
    assert "second 答" in said[1]
    assert await texts(first) == ["几点开门", "first 答"]
    assert await texts(second) == ["在哪里", "second 答"]
    assert {message.account for message in second.brain.asked} == {NAMES["second"]}


async def test_one_accounts_token_opens_no_other_address(
    accounts: tuple[Account, Account],
) -> None:
    first, second = accounts
    assert await second.push("你好", "1", token="token-first") == "403"
    assert await texts(second) == []
    assert "first 答" in await first.push("你好", "1")


async def test_several_accounts_have_no_address_in_common(
    accounts: tuple[Account, Account],
) -> None:
    client = accounts[0].client
    for path in ("/wechat", "/wechat/third"):
        async with client.post(path, data=b"") as response:
            assert response.status == 404


async def test_waiting_with_one_account_is_not_waiting_with_the_other(
    accounts: tuple[Account, Account],
) -> None:
    first, second = accounts
    first.brain.turns = [answer("帮您找同事。", "notice", "unsure")]
    await first.push("拉链坏了", "1")
    await second.push("几点开门", "1")
    assert [each.openid for each in await first.parts.conversations.waiting()] == [OPENID]
    assert await second.parts.conversations.waiting() == []


async def test_who_unfollows_one_account_is_kept_by_the_other(
    accounts: tuple[Account, Account],
) -> None:
    first, second = accounts
    await first.push("几点开门", "1")
    await second.push("几点开门", "1")
    await first.push("", "2", event="unsubscribe")
    async with asyncio.timeout(10):
        while await texts(first):
            await asyncio.sleep(0.02)
    assert first.brain.forgotten == [OPENID]
    assert second.brain.forgotten == []
    assert len(await texts(second)) == 2


async def test_each_account_has_its_own_ledger(accounts: tuple[Account, Account]) -> None:
    first, second = accounts
    for key in ("1", "2"):
        await first.push("几点开门", key)
    await second.push("几点开门", "1")
    now = first.parts.clock.now()
    counts = [
        audit([e async for e in each.parts.conversations.ledger()], now).enquiries
        for each in accounts
    ]
    assert counts == [2, 1]


async def test_late_answers_go_out_through_the_right_account(
    accounts: tuple[Account, Account],
) -> None:
    first, second = accounts
    message = Inbound("9", NAMES["second"], OPENID, "text", second.parts.clock.now(), "几点")
    await second.parts.exchanges.answer(message, "digest", "signature", message.sent_at, 0.0)
    async with asyncio.timeout(10):
        while not second.postbox.sent:
            await asyncio.sleep(0.02)
    assert second.postbox.sent == [(OPENID, "second 答")]
    assert first.postbox.sent == []


async def test_one_account_keeps_the_short_address(
    connection: Connection, store_url: str, nlu_data: Path
) -> None:
    told = [settings("first", store_url)]
    async with open_accounts(told, nlu_data) as (parts,):
        paths = {
            resource.canonical for resource in create_app(parts, {"callback"}).router.resources()
        }
    # An account in the file may move its address before a second one comes.
    assert {"/wechat", "/wechat/first"} <= paths


async def test_what_comes_in_and_how_it_ends_is_counted(accounts: tuple[Account, Account]) -> None:
    def counted(name: str, **labels: str) -> float:
        return REGISTRY.get_sample_value(name, labels) or 0.0

    def all_counts() -> list[float]:
        return [
            counted("bida_messages_received_total", kind="text"),
            counted("bida_messages_received_total", kind="event_subscribe"),
            counted("bida_reply_seconds_count"),
            counted("bida_escalations_total", reason="unsure"),
            counted("bida_message_seconds_count"),
        ]

    first, second = accounts
    before = all_counts()
    first.brain.turns = [answer("帮您找同事。", "notice", "unsure")]
    await first.push("拉链坏了", "1")
    await first.push("拉链坏了", "1")
    await second.push("", "2", event="subscribe")
    grown = [now - then for now, then in zip(all_counts(), before, strict=True)]
    # The repeat is one more reply, and no message of its own.
    assert grown == [1, 1, 3, 1, 2]

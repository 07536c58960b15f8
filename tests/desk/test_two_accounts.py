"""One desk for two accounts, with one follower's id in both."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from bot.conversation import Speaker
from bot.messages import Inbound
from connectors.app import create_app
from connectors.desk.guard.accounts import Accounts
from connectors.parts import Parts, open_accounts
from connectors.settings import Settings
from connectors.store.connection import Connection
from connectors.store.keys import AGENTS as ACCOUNTS
from tests.desk.conftest import AGENTS, OPENID, PASSWORD, SESSION_LIBRARY, Desk, _account
from tests.doubles import Postbox, SettableClock, SilentBrain, answer

pytestmark = SESSION_LIBRARY
NAMES = {"lunelle": "wx0000000000000001", "lunelle-hk": "wx0000000000000002"}
HERE, THERE = (f"/desk/conversations/{name}.{OPENID}" for name in NAMES)


@pytest.fixture
async def desks(
    connection: Connection, store_url: str, nlu_data: Path
) -> AsyncIterator[tuple[Desk, Desk]]:
    """The desk, seen from each account; the same person waits with both."""
    async with AsyncExitStack() as opened:
        told = [
            Settings(
                _env_file=None,
                wechat_account_name=name,
                wechat_app_id=app_id,
                wechat_app_secret="secret",
                wechat_token="token",
                redis_url=store_url,
                desk_admin_password=PASSWORD,
                desk_undo_seconds=0,
            )
            for name, app_id in NAMES.items()
        ]
        built = await opened.enter_async_context(open_accounts(told, nlu_data))
        clock, accounts = SettableClock(), Accounts(connection.redis)
        for name, shown in AGENTS.items():
            await connection.redis.hset(ACCOUNTS, name, _account(name, shown))
        doubles = [(SilentBrain([answer("稍等", "notice", "unsure")]), Postbox()) for _ in NAMES]
        every: list[Parts] = [
            replace(
                parts,
                clock=clock,
                engine=replace(parts.engine, brain=brain, sender=postbox, clock=clock),
            )
            for parts, (brain, postbox) in zip(built, doubles, strict=True)
        ]
        app = create_app(every[0], {"desk"}, *every[1:])
        server = await opened.enter_async_context(TestServer(app))
        first, second = (
            Desk(parts, server, clock, *double, accounts, opened)
            for parts, double in zip(every, doubles, strict=True)
        )
        await waits(first, "拉链坏了")
        clock.at += 60
        await waits(second, "想退货")
        yield first, second


async def waits(desk: Desk, words: str) -> None:
    """A message that the bot cannot answer."""
    account = desk.parts.settings.wechat_app_id
    await desk.receive(Inbound(words, account, OPENID, "text", desk.clock.now(), words))


async def test_the_lists_show_both_accounts_and_name_them(desks: tuple[Desk, Desk]) -> None:
    _, html = await (await desks[0].browser("li")).get("/desk/")
    assert html.index(HERE) < html.index(THERE)
    for expected in ("拉链坏了", "想退货", ">lunelle<", ">lunelle-hk<"):
        assert expected in html


async def test_a_conversation_shows_its_own_accounts_words_only(
    desks: tuple[Desk, Desk],
) -> None:
    li = await desks[0].browser("li")
    _, html = await li.get(f"{THERE}/thread")
    assert "想退货" in html
    assert "拉链坏了" not in html


async def test_taking_and_replying_in_one_account_leaves_the_other_alone(
    desks: tuple[Desk, Desk],
) -> None:
    first, second = desks
    li = await first.browser("li")
    assert (await li.post(f"{THERE}/take")).status == 200
    assert (await li.post(f"{THERE}/reply", text="可以退。", key="0" * 32)).status == 200
    await first.work()
    await second.work()
    said = (OPENID, "【小李 为您服务】\n可以退。")
    assert second.postbox.sent[-1] == said
    assert said not in first.postbox.sent
    assert (await first.parts.conversations.read(OPENID)).speaker is Speaker.WAITING


async def test_a_mark_stays_with_its_account(desks: tuple[Desk, Desk]) -> None:
    first, second = desks
    li = await first.browser("li")
    told = await second.parts.conversations.transcript(OPENID)
    moment = repr(float(told[0].line.at))
    assert (await li.post(f"{THERE}/mark", moment=moment)).status == 200
    assert (await li.post(f"{HERE}/mark", moment=moment)).status == 404


@pytest.mark.parametrize("address", [OPENID, f"other.{OPENID}"])
async def test_an_account_that_is_not_here_is_not_found(
    desks: tuple[Desk, Desk], address: str
) -> None:
    li, one = await desks[0].browser("li"), f"/desk/conversations/{address}"
    for part in ("", "/thread", "/profile", "/member", "/suggestions", "/canned", "/transfer"):
        assert (await li.get(f"{one}{part}"))[0] == 404
    for move in ("take", "reply", "note", "undo", "viewing", "tags"):
        fields = {"text": "您好", "key": "0" * 32, "tag": "老客"}
        assert (await li.post(f"{one}/{move}", **fields)).status == 404

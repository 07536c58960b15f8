"""A member service that does not answer: the desk shows what it knows, says what it lacks, and waits for no one."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from connectors.store.desk.canned import Canned, CannedShelf
from tests.desk.conftest import OPENID, PATIENCE_SECONDS, SESSION_LIBRARY, Browser, Desk, OpenDesk
from tests.doubles import text

pytestmark = SESSION_LIBRARY
ONE = f"/desk/conversations/{OPENID}"
UNKNOWN = "会员系统没有回答"


@dataclass
class Crm:
    """Takes each question and never answers; with ``begins`` it sends half of an answer before."""

    begins: bool = False
    asked: list[str] = field(default_factory=list)
    url: str = ""

    async def member(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.match_info["openid"])
        if self.begins:
            response = web.StreamResponse(headers={"Content-Type": "application/json"})
            await response.prepare(request)
            await response.write(b'{"name": "')
        await asyncio.Event().wait()
        raise AssertionError


@pytest.fixture(params=[False, True], ids=["silent", "half an answer"])
async def crm(request: pytest.FixtureRequest) -> AsyncIterator[Crm]:
    """A member service that hangs, in two ways."""
    crm, app = Crm(request.param), web.Application()
    app.router.add_get("/members/{openid}", crm.member)
    server = TestServer(app)
    await server.start_server(shutdown_timeout=0)
    crm.url = str(server.make_url("")).rstrip("/")
    yield crm
    await server.close()


async def at_work(open_desk: OpenDesk, crm_url: str) -> tuple[Desk, Browser]:
    """A follower waits, whom an agent looks at."""
    desk = await open_desk(crm_url=crm_url)
    await desk.somebody_waits()
    return desk, await desk.browser("li")


async def test_page_and_panel_come_without_asking_for_the_member(
    open_desk: OpenDesk, crm: Crm
) -> None:
    _, li = await at_work(open_desk, crm.url)
    before = len(crm.asked)
    assert "拉链坏了" in await li.shown(ONE)
    assert "拉链坏了" in await li.shown(f"{ONE}/thread")
    assert "简体中文" in await li.shown(f"{ONE}/profile")
    assert len(crm.asked) == before


async def test_the_member_is_said_to_be_unknown_and_not_to_be_none(
    open_desk: OpenDesk, crm: Crm
) -> None:
    _, li = await at_work(open_desk, crm.url)
    before = len(crm.asked)
    html = await li.shown(f"{ONE}/member")
    assert crm.asked[before:] == [OPENID]
    assert UNKNOWN in html
    assert "没有绑定会员" not in html


async def test_a_member_service_that_is_down_is_said_to_be_so(open_desk: OpenDesk) -> None:
    _, li = await at_work(open_desk, f"http://127.0.0.1:{unused_port()}")
    assert UNKNOWN in await li.shown(f"{ONE}/member")


async def test_the_agent_reads_and_answers_while_the_member_is_waited_for(
    open_desk: OpenDesk, crm: Crm
) -> None:
    desk, li = await at_work(open_desk, crm.url)
    before = len(crm.asked)
    waiting = asyncio.create_task(li.shown(f"{ONE}/member"))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(crm.asked) == before:
            await asyncio.sleep(0.01)
        await li.post(f"{ONE}/take")
        assert (await li.reply("可以修")).status == 200
        assert not waiting.done()
        await desk.work()
        assert desk.postbox.sent[-1][1].endswith("可以修")
        assert UNKNOWN in await waiting


async def test_canned_replies_that_want_the_name_are_at_hand_without_it(
    open_desk: OpenDesk, crm: Crm
) -> None:
    desk, li = await at_work(open_desk, crm.url)
    await CannedShelf(desk.parts.connection.redis).put(
        Canned("", "hi", "{name}您好，拉链坏了可以修")
    )
    assert '"您好，拉链坏了可以修"' in await _decoded(li)
    assert 'data-text="您好，拉链坏了可以修"' in await li.shown(f"{ONE}/suggestions")


async def _decoded(browser: Browser) -> str:
    """The canned replies as text, whose JSON escapes what is not ASCII."""
    return (await browser.shown(f"{ONE}/canned")).encode().decode("unicode_escape")


async def test_a_follower_hears_at_once_that_a_person_comes(open_desk: OpenDesk, crm: Crm) -> None:
    """Whether a VIP waits is asked once the reply is on its way."""
    desk = await open_desk(crm_url=crm.url)
    message = text("拉链坏了", key="1", openid=OPENID)
    receiving = desk.parts.exchanges.answer(message, "d", "s", desk.clock.now(), PATIENCE_SECONDS)
    waiting = asyncio.create_task(receiving)
    async with asyncio.timeout(PATIENCE_SECONDS):
        working = asyncio.create_task(desk.work())
        while not crm.asked:
            if working.done():
                working = asyncio.create_task(desk.work())
            await asyncio.sleep(0.01)
        replied = await waiting
        assert not working.done()
        assert "".join(bubble.text for bubble in replied.reply or ())
        await working
    assert (await desk.parts.conversations.read(OPENID)).is_queued

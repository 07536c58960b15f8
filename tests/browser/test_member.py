"""The follower's panel in a real browser while the member service hangs."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, expect

from tests.browser.test_conversation import opened
from tests.desk.conftest import SESSION_LIBRARY, OpenDesk, open_desk

pytestmark = SESSION_LIBRARY
__all__ = ["open_desk"]


@pytest.fixture
async def silent_crm() -> AsyncIterator[str]:
    """The address of a member service that takes each question and never answers."""

    async def never(request: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    app = web.Application()
    app.router.add_get("/members/{openid}", never)
    server = TestServer(app)
    await server.start_server(shutdown_timeout=0)
    yield str(server.make_url("")).rstrip("/")
    await server.close()


async def test_the_panel_is_there_and_says_that_the_member_could_not_be_had(
    open_desk: OpenDesk, browser: Browser, silent_crm: str
) -> None:
    desk = await open_desk(crm_url=silent_crm)
    await desk.somebody_waits("拉链坏了")
    page = await opened(desk, browser, "li")
    await expect(page.locator(".line.follower .bubble")).to_have_text("拉链坏了")
    await expect(page.locator("#profile .member")).to_contain_text("会员系统没有回答")
    # What waits for the member holds up nothing else.
    await page.keyboard.press("t")
    await expect(page.locator("#text")).to_be_focused()

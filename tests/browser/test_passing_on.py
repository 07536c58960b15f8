"""Passing a conversation on in a real browser: by keyboard alone, and with a tab that the browser puts to sleep."""

import asyncio

import pytest
from playwright.async_api import Browser, Page, expect

from bot.conversation import Speaker
from bot.desk.presence import State
from connectors.dispatching import Dispatcher
from connectors.store.desk.presence import Presence
from connectors.store.keys import SIGNS
from tests.desk.conftest import OPENID, PASSWORD, SESSION_LIBRARY, Desk, desk, open_desk

__all__ = ["desk", "open_desk"]
pytestmark = SESSION_LIBRARY


async def page_of(desk: Desk, browser: Browser, agent: str) -> Page:
    """An agent's page, logged in, with a browser of its own."""
    context = await browser.new_context(locale="zh-CN", viewport={"width": 390, "height": 844})
    context.set_default_timeout(15_000)
    page = await context.new_page()
    await page.goto(str(desk.server.make_url("/desk/")))
    await page.fill("[name=name]", agent)
    await page.fill("[name=password]", PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.locator("#presence select")).to_be_visible()
    await page.wait_for_load_state("load")
    return page


def presence_of(desk: Desk) -> Presence:
    limit = desk.parts.settings.agent_offline_seconds
    return Presence(desk.parts.connection.redis, desk.clock, limit)


async def test_a_conversation_is_passed_on_by_keyboard_alone(desk: Desk, browser: Browser) -> None:
    await desk.somebody_waits()
    li, wang = await page_of(desk, browser, "li"), await page_of(desk, browser, "wang")
    for page in (li, wang):
        await page.goto(str(desk.server.make_url(f"/desk/conversations/{OPENID}")))
    await li.keyboard.press("t")
    await expect(li.locator("#text")).to_be_focused()
    await li.keyboard.press("Escape")
    await li.keyboard.press("x")
    await expect(li.locator("dialog.transfer input[value='agent:wang']")).to_be_focused()
    await li.keyboard.press("Space")
    await li.locator("[name=why]").focus()
    await li.keyboard.type("她懂维修")
    await li.keyboard.press("Enter")
    # Both pages tell at once, without being loaded anew.
    await expect(li.locator("#composer")).to_contain_text("王芳")
    await expect(li.locator("dialog.transfer")).to_be_hidden()
    await expect(wang.locator(".lines")).to_contain_text("小李 转给 王芳：她懂维修")
    await expect(wang.locator("#text")).to_be_visible()


async def test_presence_is_chosen_by_keyboard(desk: Desk, browser: Browser) -> None:
    li = await page_of(desk, browser, "li")
    await li.focus("#presence select")
    async with li.expect_response(lambda answer: answer.request.method == "POST"):
        await li.keyboard.press("ArrowDown")
    assert await presence_of(desk).of("li") is State.BUSY
    await li.reload()
    await expect(li.locator("#presence select")).to_have_value("busy")
    await expect(li.locator("#presence")).to_have_attribute("data-state", "busy")


async def test_presence_is_followed_on_every_open_page(desk: Desk, browser: Browser) -> None:
    await desk.somebody_waits()
    li, board = await page_of(desk, browser, "li"), await page_of(desk, browser, "chen")
    other = await li.context.new_page()
    await other.goto(str(desk.server.make_url("/desk/canned")))
    # What pages look at by themselves after a while is not what is tested here.
    await board.add_init_script("window.setInterval = () => 0")
    await board.goto(str(desk.server.make_url("/desk/board")))
    row = board.locator("[data-agent='li']")
    await expect(row).to_contain_text("在线")
    await board.get_by_role("button", name="改派").click()
    choice = board.locator("dialog.transfer input[value='agent:li']")
    await choice.check()
    await board.locator("[name=why]").fill("她懂维修")
    await li.select_option("#presence select", "busy")
    await expect(other.locator("#presence select")).to_have_value("busy")
    await expect(other.locator("#presence")).to_have_attribute("data-state", "busy")
    await expect(row).to_contain_text("忙碌")
    target = board.locator(".target", has=board.locator("[value='agent:li']"))
    await expect(target).to_contain_text("忙碌")
    await expect(choice).to_be_checked()
    await expect(board.locator("[name=why]")).to_have_value("她懂维修")
    await other.select_option("#presence select", "away")
    await expect(li.locator("#presence select")).to_have_value("away")
    await expect(choice).to_be_disabled()


async def test_a_tab_that_the_browser_puts_to_sleep_keeps_its_conversations(
    desk: Desk, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.desk.presence.ALIVE_SECONDS", 0.05)
    await desk.somebody_waits()
    li = await page_of(desk, browser, "li")
    await li.goto(str(desk.server.make_url(f"/desk/conversations/{OPENID}")))
    await li.keyboard.press("t")
    await expect(li.locator("#text")).to_be_visible()
    session = await li.context.new_cdp_session(li)
    await session.send("Page.setWebLifecycleState", {"state": "frozen"})
    async with asyncio.timeout(20):
        for _ in range(3):
            desk.clock.at += desk.parts.settings.agent_offline_seconds * 0.9
            # Asleep, the page asks for nothing: what is heard of it is its open stream.
            while await signed_at(desk) < desk.clock.at:
                await asyncio.sleep(0.02)
    await Dispatcher.over([desk.parts]).step()
    conversation = await desk.parts.conversations.read(OPENID)
    assert (conversation.speaker, conversation.agent) == (Speaker.AGENT, "li")
    await session.send("Page.setWebLifecycleState", {"state": "active"})


async def signed_at(desk: Desk) -> float:
    """When a page of 小李 was last heard of."""
    return float(await desk.parts.connection.redis.zscore(SIGNS, "li") or 0)

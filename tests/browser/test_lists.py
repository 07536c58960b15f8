"""The lists in a real browser: a day by keyboard alone, a line that breaks, a tab that slept, a phone."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from bot.desk.teams import Team
from tests.desk.conftest import PASSWORD, SESSION_LIBRARY, Desk, OpenDesk, open_desk
from tests.desk.test_transfers import changed, with_teams

pytestmark = SESSION_LIBRARY
__all__ = ["open_desk"]


@pytest.fixture
async def desk(open_desk: OpenDesk) -> AsyncIterator[Desk]:
    """A desk whose agents' words leave at once."""
    yield await open_desk(desk_undo_seconds=0)


async def opened(desk: Desk, browser: Browser, width: int = 1280, query: str = "") -> Page:
    """An agent's browser before the lists."""
    context = await browser.new_context(locale="zh-CN", viewport={"width": width, "height": 860})
    context.set_default_timeout(15_000)
    page = await context.new_page()
    await page.goto(str(desk.server.make_url("/desk/login")))
    await page.fill("[name=name]", "li")
    await page.fill("[name=password]", PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.locator("#lists .tabs")).to_be_visible()
    await expect(page.locator("#show-keys")).to_have_count(1)
    return page


async def test_the_next_one_is_the_most_urgent_that_one_may_take(
    desk: Desk, browser: Browser
) -> None:
    await with_teams(desk, Team("beijing", "北京门店", "Beijing", subjects=("store_hours",)))
    await changed(desk, "wang", teams=("beijing",))
    await desk.somebody_waits("北京店几点关门", "oOfBeijing")
    await with_teams(desk, Team("beijing", "北京门店", "Beijing", subjects=("elsewhere",)))
    desk.clock.at += 60
    await desk.somebody_waits("在吗", "oForAll")
    page = await opened(desk, browser)
    await expect(page.locator(".waiting .card")).to_have_count(2)
    await page.keyboard.press("n")
    await expect(page.locator(".line.follower .bubble")).to_have_text("在吗")


async def test_an_agents_day_ten_waiting_conversations_by_keyboard_alone(
    desk: Desk, browser: Browser
) -> None:
    for number in range(10):
        await desk.somebody_waits(f"第 {number} 个问题", f"oDay{number}")
        desk.clock.at += 60
    page = await opened(desk, browser)
    await expect(page.locator(".waiting .card")).to_have_count(10)
    assert await page.title() == "(10) 必答 · 客服台"
    for number in range(10):
        await page.keyboard.press("n")
        await expect(page.locator(".line.follower .bubble")).to_have_text(f"第 {number} 个问题")
        # The panel comes by script: then the keys are there as well.
        await expect(page.locator("#profile h2")).to_be_visible()
        await page.keyboard.press("t")
        await expect(page.locator("#text")).to_be_focused()
        await page.keyboard.type(f"第 {number} 个回答")
        await page.keyboard.press("Enter")
        await expect(page.locator(".line.agent .bubble")).to_contain_text(f"第 {number} 个回答")
        await page.keyboard.press("Escape")
        await desk.work()
        await page.keyboard.press("c")
        await expect(page.locator("#composer")).to_have_attribute("data-mode", "bot")
        await desk.work()
    await expect(page.locator(".waiting .card")).to_have_count(0)
    told = [words for _, words in desk.postbox.sent]
    for number in range(10):
        assert any(f"第 {number} 个回答" in words for words in told)


async def test_cards_tabs_and_filter_by_keyboard(desk: Desk, browser: Browser) -> None:
    for openid in ("oA", "oB"):
        await desk.somebody_waits("在吗", openid)
        desk.clock.at += 60
    page = await opened(desk, browser)
    await page.keyboard.press("j")
    await expect(page.locator('[data-openid="oA"]')).to_be_focused()
    await page.keyboard.press("j")
    await page.keyboard.press("k")
    await expect(page.locator('[data-openid="oA"]')).to_be_focused()
    await page.keyboard.press("2")
    await expect(page.locator('[data-tab="mine"]')).to_have_attribute("aria-current", "true")
    assert page.url.endswith("/desk/?tab=mine")
    await page.keyboard.press("4")
    await expect(page.locator(".card")).to_have_count(2)
    await page.keyboard.press("f")
    await expect(page.locator("#filter select").first).to_be_focused()
    await page.keyboard.press("Escape")
    await page.keyboard.press("?")
    await expect(page.locator("#keys")).to_be_visible()


async def test_a_lost_line_is_said_and_nothing_is_missed(desk: Desk, browser: Browser) -> None:
    page = await opened(desk, browser)
    await page.context.set_offline(True)
    await desk.somebody_waits("断线时来的", "oMeanwhile")
    await page.context.set_offline(False)
    await page.evaluate("window.dispatchEvent(new Event('online'))")
    await expect(page.locator('[data-openid="oMeanwhile"]')).to_be_visible(timeout=20_000)
    await expect(page.locator("#connection")).to_be_hidden()


async def test_a_phones_width_shows_the_list_and_then_the_conversation(
    desk: Desk, browser: Browser
) -> None:
    await desk.somebody_waits("手机上看", "oPhone")
    page = await opened(desk, browser, 390)
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    await page.locator('[data-openid="oPhone"]').click()
    await expect(page.locator("#lists")).to_be_hidden()
    await expect(page.locator(".line.follower .bubble")).to_have_text("手机上看")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    await page.locator(".back").click()
    await expect(page.locator("#lists")).to_be_visible()
    await page.locator("#account summary").click()
    await expect(page.get_by_role("button", name="退出")).to_be_in_viewport()


async def test_the_look_is_chosen_and_kept(desk: Desk, browser: Browser) -> None:
    page = await opened(desk, browser)
    await page.locator("#account summary").click()
    await page.locator("#theme select").select_option("dark")
    await expect(page.locator("html")).to_have_class("theme-dark")
    await page.reload()
    await expect(page.locator("html")).to_have_class("theme-dark")


async def test_sound_is_off_until_it_is_switched_on_and_remembered(
    desk: Desk, browser: Browser
) -> None:
    page = await opened(desk, browser)
    await page.locator("#account summary").click()
    await expect(page.locator("#sound")).to_have_attribute("aria-pressed", "false")
    await page.locator("#sound").click()
    await expect(page.locator("#sound")).to_have_attribute("aria-pressed", "true")
    await page.reload()
    await page.locator("#account summary").click()
    await expect(page.locator("#sound")).to_have_attribute("aria-pressed", "true")

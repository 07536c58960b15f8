"""What a follower may write to harm the page or its reader, in a real browser: it is text and nothing else."""

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.desk.conftest import OPENID, PASSWORD, SESSION_LIBRARY, Desk, desk, open_desk

pytestmark = SESSION_LIBRARY
__all__ = ["desk", "open_desk"]

ONE = f"/desk/conversations/{OPENID}"
HOSTILE = {
    "script": "<script>document.title='taken'</script><img src=x onerror=\"alert(1)\">",
    "attribute": '" onmouseover="alert(1)" x=\'',
    "template": "{{ 7 * 7 }}${alert(1)}",
    "link": "javascript:alert(1) https://example.com/?q=<b>",
    "mirrored": "\u202egnp.exe\u2066abc",
    "long": "长" * 5000,
    "unbroken": "A" * 5000,
    "emoji": "😀👨‍👩‍👧‍👦🏳️‍🌈" * 40,
    "stacked": "e" + "\u0301" * 400,
}


async def opened(desk: Desk, context: BrowserContext, faults: list[str]) -> Page:
    """An agent before the conversation; whatever runs or breaks there is noted."""
    page = await context.new_page()
    page.on("dialog", lambda dialog: faults.append(f"dialog: {dialog.message}"))
    page.on("pageerror", lambda error: faults.append(f"error: {error}"))
    page.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)
    await page.goto(f"{desk.server.make_url('/desk/login')}?next={ONE}")
    await page.fill("[name=name]", "li")
    await page.fill("[name=password]", PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.locator("#profile h2")).to_be_visible()
    return page


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("kind", HOSTILE)
async def test_hostile_text_is_shown_as_it_was_typed(
    desk: Desk, browser: Browser, kind: str, width: int
) -> None:
    faults: list[str] = []
    await desk.somebody_waits(HOSTILE[kind])
    context = await browser.new_context(locale="zh-CN", viewport={"width": width, "height": 860})
    page = await opened(desk, context, faults)
    await page.mouse.move(width / 2, 300)
    bubble = page.locator(".line.follower .bubble").first
    assert await bubble.evaluate("(bubble) => bubble.textContent.trim()") == HOSTILE[kind]
    assert await bubble.locator("script, img, b").count() == 0
    assert not faults
    # The page keeps its shape: nothing sticks out, and what stands beside the words is not mirrored.
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    time = page.locator(".line.follower time").first
    assert await time.evaluate("(time) => getComputedStyle(time).direction") == "ltr"
    assert await page.title() != "taken"

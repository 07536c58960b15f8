"""What a follower may write to harm the page or its reader, in a real browser: it is text and nothing else."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.desk.conftest import PASSWORD, SESSION_LIBRARY, Desk, desk, open_desk

pytestmark = SESSION_LIBRARY
__all__ = ["desk", "open_desk"]

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


async def watched(desk: Desk, browser: Browser, width: int, faults: list[str]) -> Page:
    """An agent's browser; whatever runs or breaks there is noted."""
    context = await browser.new_context(locale="zh-CN", viewport={"width": width, "height": 860})
    page = await context.new_page()
    page.on("dialog", lambda dialog: faults.append(f"dialog: {dialog.message}"))
    page.on("pageerror", lambda error: faults.append(f"error: {error}"))
    page.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)
    await page.goto(f"{desk.server.make_url('/desk/login')}")
    await page.fill("[name=name]", "li")
    await page.fill("[name=password]", PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.locator(".waiting .card")).to_have_count(len(HOSTILE))
    return page


@pytest.mark.parametrize("width", [1280, 390])
async def test_hostile_text_is_shown_as_it_was_typed(
    desk: Desk, browser: Browser, width: int
) -> None:
    faults: list[str] = []
    for kind, words in HOSTILE.items():
        await desk.somebody_waits(words, f"o{kind}")
    page = await watched(desk, browser, width, faults)
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    for kind, words in HOSTILE.items():
        await page.goto(str(desk.server.make_url(f"/desk/conversations/o{kind}")))
        await expect(page.locator("#profile h2")).to_have_count(1)
        bubble = page.locator(".line.follower .bubble").first
        await bubble.hover()
        assert await bubble.evaluate("(bubble) => bubble.textContent.trim()") == words
        assert await bubble.locator("script, img, b").count() == 0
        # The page keeps its shape: nothing sticks out, and what stands beside the words is not mirrored.
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        time = page.locator(".line.follower time").first
        assert await time.evaluate("(time) => getComputedStyle(time).direction") == "ltr"
        assert "必答" in await page.title()
    assert not faults

"""A supervisor's board in a real browser: it lives, one looks on from it, steps in, and gives to somebody else."""

import re

from playwright.async_api import BrowserContext, Locator, Page, expect

from tests.desk.conftest import OPENID, PASSWORD, SESSION_LIBRARY, Desk, desk, open_desk

__all__ = ["desk", "open_desk"]

pytestmark = SESSION_LIBRARY


async def log_in(desk: Desk, page: Page, path: str, name: str = "chen") -> None:
    """Log in and open a page of the desk."""
    await page.goto(f"{desk.server.make_url('/desk/login')}")
    await page.locator("input[name=name]").fill(name)
    await page.locator("input[name=password]").fill(PASSWORD)
    await page.get_by_role("button", name="登录").click()
    await expect(page.locator("#lists")).to_be_visible()
    await page.goto(f"{desk.server.make_url(path)}")


def tile(page: Page, title: str) -> Locator:
    """The tile of this title."""
    return page.locator(".tile", has_text=title).locator("dd").first


async def test_a_supervisors_board(desk: Desk, context: BrowserContext) -> None:
    faults: list[str] = []
    context.on("weberror", lambda error: faults.append(str(error.error)))
    board, agent = await context.new_page(), await desk.browser("li")
    await log_in(desk, board, "/desk/board")
    await expect(board.locator("#proof")).to_contain_text("遗漏：0")
    await expect(tile(board, "等待中")).to_contain_text("0")

    await desk.somebody_waits()
    row = board.locator(f'[data-address="{OPENID}"]')
    await expect(row).to_contain_text("还没人接")
    await expect(tile(board, "等待中")).to_contain_text("1")
    await expect(board.locator("#board-news")).to_have_text(re.compile("等待 1"))

    await agent.post(f"/desk/conversations/{OPENID}/take")
    await expect(row).to_contain_text("小李 在接待")
    await expect(board.locator('[data-agent="li"]')).to_contain_text("1 / 5")

    await row.get_by_role("link", name="旁观").click()
    await expect(board.locator("#thread")).to_contain_text("拉链坏了")
    await expect(board.locator("#text")).to_have_count(0)
    await board.go_back()

    await row.get_by_role("button", name="改派").click()
    dialog = board.locator("dialog.transfer")
    await expect(dialog).to_contain_text("王芳")
    await board.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()

    await row.get_by_role("button", name="接手").click()
    await expect(board.locator("#text")).to_be_visible()
    held = await desk.parts.conversations.read(OPENID)
    assert held.agent == "chen"
    assert faults == []


async def test_reports_and_teams_by_keyboard_on_a_phone(
    desk: Desk, context: BrowserContext
) -> None:
    page = await context.new_page()
    await page.set_viewport_size({"width": 390, "height": 844})
    await desk.somebody_waits()
    await log_in(desk, page, "/desk/reports?period=week")
    numbers = page.locator("summary", has_text="看数字").first
    await numbers.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("details[open] table").first).to_be_visible()
    for path in ("/desk/reports", "/desk/board", "/desk/teams", "/desk/teams/all"):
        await page.goto(f"{desk.server.make_url(path)}")
        assert await page.evaluate("document.documentElement.scrollWidth") == 390

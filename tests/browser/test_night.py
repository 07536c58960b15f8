"""Closing time and the next morning in a real browser: what is kept at night stands on top when the shop opens."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from playwright.async_api import BrowserContext, expect

from bot.desk.teams import Team
from connectors.store.desk.teams import TeamShelf
from tests.desk.conftest import PASSWORD, SESSION_LIBRARY, Desk, OpenDesk, open_desk
from tests.doubles import text
from tests.stories.people import OFFICE, at

pytestmark = SESSION_LIBRARY
__all__ = ["open_desk"]


@pytest.fixture
async def desk(open_desk: OpenDesk) -> AsyncIterator[Desk]:
    """A desk that is staffed from ten to seven, shortly before it closes on a Wednesday."""
    desk = await open_desk(desk_session_hours=24)
    await TeamShelf(desk.parts.connection.redis).put(Team("all", "客服", week=OFFICE))
    await desk.parts.reception.refresh()
    desk.clock.at = at("2026-11-25 18:58")
    yield desk


async def asks(desk: Desk, words: str, openid: str) -> None:
    """A follower writes at this moment."""
    await desk.receive(replace(text(words, key=openid, openid=openid), sent_at=desk.clock.at))


async def until(desk: Desk, moment: str, *openids: str) -> None:
    """Let time pass; the worker looks at these followers again, as it does whenever something falls due."""
    desk.clock.at = at(moment)
    for openid in openids:
        await desk.parts.inbox.schedule(openid)
    await desk.work()


async def test_closing_time_and_next_morning(desk: Desk, context: BrowserContext) -> None:
    page = await context.new_page()
    await page.goto(str(desk.server.make_url("/desk/login")))
    await page.fill("[name=name]", "li")
    await page.fill("[name=password]", PASSWORD)
    await page.keyboard.press("Enter")
    await asks(desk, "关门前问的", "oLate")
    late, night = (page.locator(f'[data-openid="{openid}"]') for openid in ("oLate", "oNight"))
    # The promise of three minutes runs on in the morning.
    await expect(late).to_contain_text("还剩 15 小时 3 分")

    await until(desk, "2026-11-25 19:01", "oLate")
    assert "明天 10:00" in desk.postbox.sent[-1][1]
    await asks(desk, "夜里问的", "oNight")
    await expect(page.locator(".waiting .card")).to_have_count(2)
    # Nobody is late while everybody is at home.
    await expect(page.locator(".card.is-overdue")).to_have_count(0)

    await until(desk, "2026-11-26 10:00", "oLate", "oNight")
    await asks(desk, "早上问的", "oMorning")
    await expect(page.locator(".waiting .card")).to_have_count(3)
    await expect(page.locator(".waiting .card").first).to_contain_text("关门前问的")
    await expect(night).to_contain_text("还剩 3 分钟")
    assert await page.title() == "(3) 必答 · 客服台"

    for question in ("关门前问的", "夜里问的"):
        await page.keyboard.press("n")
        await expect(page.locator(".line.follower .bubble").first).to_have_text(question)
        await expect(page.locator("#profile h2")).to_be_visible()
        await page.keyboard.press("t")
        await expect(page.locator("#text")).to_be_focused()
        await page.keyboard.type(f"早上好，{question}有答案了")
        await page.keyboard.press("Enter")
        await expect(page.locator(".line.agent .bubble")).to_contain_text("早上好")
        await desk.work()
        assert "早上好" in desk.postbox.sent[-1][1]
        await page.keyboard.press("Escape")

"""Every page of the desk before axe-core, light and dark: no serious fault."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from bot import handling
from tests.desk.conftest import OPENID, PASSWORD, SESSION_LIBRARY, Desk, OpenDesk, open_desk

pytestmark = SESSION_LIBRARY
__all__ = ["open_desk"]

PAGES = (
    "/desk/",
    f"/desk/conversations/{OPENID}",
    "/desk/board",
    "/desk/reports",
    "/desk/canned",
    "/desk/teams",
    "/desk/teams/all",
    "/desk/people",
    "/desk/people/li",
    "/desk/audit",
    "/desk/marked",
    "/desk/me",
)
SERIOUS = {"serious", "critical"}


async def faults(page: Page) -> list[str]:
    """What axe-core finds serious: the rule and where."""
    found = await Axe().run(page)
    return [
        f"{page.url} {violation['id']}: {node['target']}"
        for violation in found.response["violations"]
        if violation["impact"] in SERIOUS
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_no_page_has_a_serious_fault(
    open_desk: OpenDesk, browser: Browser, scheme: str
) -> None:
    desk: Desk = await open_desk()
    for openid in (OPENID, "oWaiting"):
        await desk.somebody_waits("拉链坏了", openid)
    now = desk.clock.now()
    await desk.parts.engine.apply(OPENID, lambda at: handling.take(at, "chen", now))
    context = await browser.new_context(
        locale="zh-CN",
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
        bypass_csp=True,
    )
    broken: list[str] = []
    context.on("weberror", lambda error: broken.append(f"{error.page}: {error.error}"))
    page = await context.new_page()
    await page.goto(str(desk.server.make_url("/desk/login")))
    found = await faults(page)
    await page.fill("[name=name]", "chen")
    await page.fill("[name=password]", PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#lists .card")
    for path in PAGES:
        await page.goto(str(desk.server.make_url(path)))
        await page.wait_for_load_state("load")
        found += await faults(page)
    assert "\n".join(found) == ""
    assert broken == []
    await context.close()

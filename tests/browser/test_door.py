"""The door of the desk in a real browser: a lock-out says so, accounts are made, sessions end."""

import re

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from connectors.desk.guard.attempts import PER_NAME
from tests.desk.conftest import PASSWORD, SESSION_LIBRARY, Desk, desk, open_desk
from tests.desk.test_roles import with_one_of_each_role

pytestmark = SESSION_LIBRARY
__all__ = ["desk", "open_desk"]


def at(desk: Desk, path: str) -> str:
    """The address of a page."""
    return str(desk.server.make_url(path))


async def typed(page: Page, name: str, password: str) -> None:
    """Fill in the log-in form and send it."""
    await page.get_by_label("账号").fill(name)
    await page.get_by_label("密码").fill(password)
    await page.get_by_role("button", name="登录").click()


async def logged_in(context: BrowserContext, desk: Desk, name: str, path: str) -> Page:
    """A page of somebody who has logged in."""
    page = await context.new_page()
    await page.goto(at(desk, f"/desk/login?next={path}"))
    await typed(page, name, PASSWORD)
    await expect(page).to_have_url(at(desk, path))
    return page


async def test_a_guesser_is_told_to_wait_and_the_right_password_does_not_help(
    desk: Desk, context: BrowserContext
) -> None:
    page = await context.new_page()
    await page.goto(at(desk, "/desk/login"))
    for _ in range(PER_NAME):
        await typed(page, "li", "wrong")
        await expect(page.get_by_role("alert")).to_have_text("账号或密码不对。")
    await typed(page, "li", PASSWORD)
    await expect(page.get_by_role("alert")).to_have_text("尝试次数过多，请 15 分钟后再试。")
    await expect(page.get_by_label("账号")).to_have_value("li")


async def test_a_supervisor_makes_an_account_and_its_password_opens_the_desk(
    desk: Desk, context: BrowserContext, browser: Browser
) -> None:
    await with_one_of_each_role(desk)
    page = await logged_in(context, desk, "the-supervisor", "/desk/people")
    await page.get_by_text("新建账号").first.click()
    await page.get_by_label("账号（登录用）").fill("zhou")
    await page.get_by_label("对外称呼").fill("小周")
    await page.get_by_role("button", name="新建账号").click()
    secret = page.locator(".secret code")
    await expect(secret).to_be_visible()
    password = await secret.inner_text()
    other = await browser.new_context(locale="zh-CN")
    phone = await other.new_page()
    await phone.goto(at(desk, "/desk/login"))
    await typed(phone, "zhou", password)
    await expect(phone.locator("#lists")).to_be_visible()
    await page.get_by_role("link", name="小周").click()
    await page.get_by_text("删除账号").click()
    await page.get_by_role("button", name="确定删除").click()
    await expect(page.get_by_role("link", name="小周")).to_have_count(0)
    await phone.goto(at(desk, "/desk/me"))
    await expect(phone).to_have_url(re.compile("/desk/login"))
    await other.close()


async def test_an_agent_sees_another_session_and_ends_it(
    desk: Desk, context: BrowserContext, browser: Browser
) -> None:
    page = await logged_in(context, desk, "li", "/desk/me")
    other = await browser.new_context(
        locale="zh-CN", user_agent="Mozilla/5.0 (iPhone) Safari/604.1"
    )
    phone = await logged_in(other, desk, "li", "/desk/me")
    await page.reload()
    await expect(page.locator(".sessions li")).to_have_count(2)
    await page.get_by_role("button", name="退出 Safari · iPhone").click()
    await expect(page.locator(".sessions li")).to_have_count(1)
    await phone.reload()
    await expect(phone).to_have_url(re.compile("/desk/login"))
    await other.close()


@pytest.mark.parametrize("path", ["/desk/people", "/desk/people/li", "/desk/me", "/desk/audit"])
async def test_pages_fit_a_phone_and_break_no_policy(
    desk: Desk, browser: Browser, path: str
) -> None:
    await with_one_of_each_role(desk)
    context = await browser.new_context(locale="zh-CN", viewport={"width": 390, "height": 844})
    page = await context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    await page.goto(at(desk, f"/desk/login?next={path}"))
    await typed(page, "the-admin", PASSWORD)
    await expect(page.locator("h1")).to_be_visible()
    wide = await page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    assert said == []
    await context.close()

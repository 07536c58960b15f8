"""The whole story in a real browser: a follower's phone in one tab, an agent's desk in another."""

import re

from playwright.async_api import BrowserContext, Page, expect

from tests.installations import Demo


async def say(phone: Page, text: str) -> None:
    """Type a message on the phone and send it."""
    await phone.get_by_role("textbox", name="消息").fill(text)
    await phone.keyboard.press("Enter")


async def hears(phone: Page, *parts: str | re.Pattern[str]) -> None:
    """The account's newest bubble holds all the parts."""
    newest = phone.locator(".speech.account").last
    for part in parts:
        await expect(newest).to_contain_text(part)


async def test_a_follower_is_answered_and_a_person_helps_where_the_bot_cannot(
    demo: Demo, context: BrowserContext
) -> None:
    faults: list[str] = []
    context.on("weberror", lambda error: faults.append(str(error.error)))
    phone, desk = await context.new_page(), await context.new_page()

    await phone.goto(demo.phone)
    await phone.get_by_role("button", name="新的顾客").click()
    await phone.get_by_role("button", name="关注公众号").click()
    await hears(phone, "自动回复", "人工", "会员有什么权益", "礼物", "门店")
    await say(phone, "你们上海店周末几点关门？")
    await hears(phone, re.compile(r"上海恒月广场店：.*\d\d:\d\d–\d\d:\d\d"))
    await say(phone, "想给女朋友买个生日礼物，一千块左右")
    await hears(phone, "女朋友", "生日", "¥920")
    await say(phone, "转人工")
    await hears(phone, "第 1 位")

    await log_in(desk, demo)
    waiting = desk.locator("#lists .card").first
    await expect(waiting).to_contain_text("要求人工")
    await waiting.click()
    thread = desk.locator("#thread")
    await expect(thread).to_contain_text("想给女朋友买个生日礼物")
    await expect(thread).to_contain_text("要求人工")
    await desk.get_by_role("button", name="接待", exact=True).click()

    await say(phone, "在吗")
    await expect(thread.locator(".line.follower").last).to_contain_text("在吗")
    await desk.locator("#text").fill("您好，项链可以刻字，两天就好。")
    await desk.keyboard.press("Control+Enter")
    await hears(phone, "项链可以刻字")
    await expect(phone.locator(".speech.account", has_text="在吗")).to_have_count(0)

    await desk.get_by_role("button", name="结束接待").click()
    await hears(phone, "人工服务已结束")
    await say(phone, "怎么加入会员")
    await hears(phone, "加入澜月会")
    assert faults == []


async def log_in(desk: Page, demo: Demo) -> None:
    """Log in at the desk as the demo's admin."""
    await desk.goto(f"{demo.connector}/desk/")
    await desk.locator("input[name=name]").fill("admin")
    await desk.locator("input[name=password]").fill(demo.password)
    await desk.get_by_role("button", name="登录").click()
    await expect(desk.locator("#lists")).to_be_visible()

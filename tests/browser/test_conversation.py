"""The page of one conversation in a real browser, by keyboard, over a real store."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from bot.ports import Refusal
from tests.desk.conftest import OPENID, PASSWORD, SESSION_LIBRARY, Desk, OpenDesk, open_desk
from tests.doubles import text

pytestmark = SESSION_LIBRARY
__all__ = ["open_desk"]
ONE = f"/desk/conversations/{OPENID}"
WAIT = 5.0


@pytest.fixture
async def desk(open_desk: OpenDesk) -> AsyncIterator[Desk]:
    """A desk where words wait."""
    yield await open_desk(desk_undo_seconds=WAIT)


async def opened(desk: Desk, browser: Browser, agent: str) -> Page:
    """An agent's own browser before the conversation."""
    context = await browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(15_000)
    page = await context.new_page()
    await page.goto(f"{desk.server.make_url('/desk/login')}?next={ONE}")
    await page.fill("[name=name]", agent)
    await page.fill("[name=password]", PASSWORD)
    await page.keyboard.press("Enter")
    # The panel comes by script: then the keys are there as well.
    await expect(page.locator("#profile h2")).to_be_visible()
    return page


async def later(desk: Desk) -> None:
    """The worker looks again when the words have waited."""
    desk.clock.at += WAIT
    await desk.parts.inbox.schedule(OPENID)
    await desk.work()


async def test_taking_writing_undoing_and_noting_by_keyboard(desk: Desk, browser: Browser) -> None:
    await desk.somebody_waits("<script>alert(1)</script>拉链坏了")
    page = await opened(desk, browser, "li")
    page.on("dialog", lambda dialog: pytest.fail(f"a follower's script ran: {dialog.message}"))
    await expect(page.locator(".line.follower .bubble")).to_have_text(
        "<script>alert(1)</script>拉链坏了"
    )
    await page.keyboard.press("t")
    await expect(page.locator("#text")).to_be_focused()
    await page.keyboard.type("写错了")
    await page.keyboard.press("Enter")
    await expect(page.locator(".undo")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.keyboard.press("u")
    await expect(page.locator(".is-withdrawn")).to_be_visible()
    # The words are back to be mended.
    await expect(page.locator("#text")).to_have_value("写错了")
    await page.fill("#text", "可以修")
    await page.keyboard.press("Enter")
    await expect(page.locator(".undo")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.keyboard.press("m")
    await page.keyboard.type("有纠纷，小心 @王")
    await expect(page.locator("#menu")).to_be_visible()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await expect(page.locator(".line.note")).to_contain_text("@王芳")
    await later(desk)
    assert desk.postbox.sent[-1][1] == "【小李 为您服务】\n可以修"
    assert "纠纷" not in str(desk.postbox.sent)
    await expect(page.locator(".delivery.delivered").last).to_be_visible()


async def test_two_agents_before_one_conversation_know_of_each_other(
    desk: Desk, browser: Browser
) -> None:
    await desk.somebody_waits()
    li, wang = await opened(desk, browser, "li"), await opened(desk, browser, "wang")
    await expect(li.locator(".viewer")).to_have_text("王芳 也在看")
    await li.keyboard.press("t")
    await expect(wang.locator("#composer")).to_contain_text("小李 在接待")
    await expect(li.locator("#text")).to_be_focused()
    await li.keyboard.type("您好")
    await expect(wang.locator(".viewer")).to_have_text("小李 正在输入…")


async def test_the_last_message_is_warned_of_and_the_next_one_waits(
    desk: Desk, browser: Browser
) -> None:
    await desk.somebody_waits()
    page = await opened(desk, browser, "li")
    await page.keyboard.press("t")
    await expect(page.locator("#text")).to_be_focused()
    conversation = await desk.parts.conversations.read(OPENID)
    left = conversation.allowance.remaining(desk.clock.now())
    for number in range(left - 1):
        await page.fill("#text", f"第 {number} 句")
        await page.keyboard.press("Enter")
        await expect(page.locator(".undo")).to_be_visible()
        await later(desk)
        await expect(page.locator(".undo")).to_have_count(0)
    await expect(page.locator("#warning")).to_contain_text("最后一条")
    for words in ("最后一句", "再说一句"):
        await page.fill("#text", words)
        await page.keyboard.press("Enter")
        await expect(page.locator(".bubble", has_text=words)).to_be_visible()
        await later(desk)
    await expect(page.locator("#warning")).to_contain_text("窗口已关闭")
    await expect(page.locator(".delivery.trouble")).to_contain_text("等顾客下次来消息")
    assert "再说一句" not in str(desk.postbox.sent)
    await desk.receive(text("在吗", key="2"))
    await later(desk)
    assert "再说一句" in str(desk.postbox.sent)


async def test_a_refused_message_says_why_and_its_words_are_not_lost(
    desk: Desk, browser: Browser
) -> None:
    await desk.somebody_waits()
    page = await opened(desk, browser, "li")
    desk.postbox.faults.append(Refusal(43004, "require subscribe", is_final=True))
    await written(page, "可以修，请寄来")
    await page.keyboard.press("Enter")
    await expect(page.locator(".undo")).to_be_visible()
    await later(desk)
    refused = page.locator(".line.agent", has_text="可以修，请寄来")
    await expect(refused.locator(".delivery.trouble")).to_contain_text("微信拒绝发送")
    await expect(refused).to_contain_text("没有关注公众号")
    assert "请寄来" not in str(desk.postbox.sent)


async def written(page: Page, words: str) -> None:
    """Take the follower and begin to write."""
    await page.keyboard.press("t")
    await expect(page.locator("#text")).to_be_focused()
    await page.keyboard.type(words)


async def come_back(desk: Desk, page: Page, agent: str) -> None:
    """Log in once more, in the same tab."""
    await page.goto(f"{desk.server.make_url('/desk/login')}?next={ONE}")
    await page.fill("[name=name]", agent)
    await page.fill("[name=password]", PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.locator("#profile h2")).to_be_visible()


async def test_a_draft_goes_with_the_log_out_on_whatever_page(desk: Desk, browser: Browser) -> None:
    await desk.somebody_waits()
    page = await opened(desk, browser, "li")
    await written(page, "写了一半")
    await page.goto(str(desk.server.make_url("/desk/me")))
    await page.goto(str(desk.server.make_url(ONE)))
    await expect(page.locator("#text")).to_have_value("写了一半")
    await page.goto(str(desk.server.make_url("/desk/me")))
    await page.click("#account summary")
    await page.click("#logout button")
    await expect(page.locator("[name=password]")).to_be_visible()
    await come_back(desk, page, "li")
    await expect(page.locator("#text")).to_have_value("")


async def test_a_draft_is_its_writers_alone(desk: Desk, browser: Browser) -> None:
    await desk.somebody_waits()
    page = await opened(desk, browser, "li")
    await written(page, "写了一半")
    # The log-in ends by itself, and a colleague sits down at the machine who has taken the follower over. The page is
    # left first, for it would go to the log-in by itself in the midst of it.
    await page.goto("about:blank")
    await page.context.clear_cookies()
    assert (await (await desk.browser("chen")).post(f"{ONE}/step-in")).status == 200
    await come_back(desk, page, "chen")
    await expect(page.locator("#text")).to_have_value("")


async def test_a_forgotten_followers_open_page_says_so(desk: Desk, browser: Browser) -> None:
    await desk.somebody_waits("拉链坏了")
    page = await opened(desk, browser, "li")
    await page.keyboard.press("t")
    await expect(page.locator("#text")).to_be_focused()
    await page.keyboard.type("您好")
    await desk.parts.engine.forgetting.on_request(OPENID)
    await expect(page.locator(".gone")).to_contain_text("全部删除")
    await expect(page.locator("#composer")).to_have_count(0)
    await expect(page.locator("#thread")).not_to_contain_text("拉链")

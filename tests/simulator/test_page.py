"""The phone page: its headers, its stream, and one walk through it in a real browser."""

import json
import shutil
from typing import Any

from aiohttp import web
from playwright.async_api import Page, async_playwright, expect

from connectors.simulator.client import Simulator
from tests.simulator.calling import post
from tests.simulator.conftest import Callback

CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


async def test_the_page_allows_no_foreign_or_inline_script(simulator: Simulator) -> None:
    async with simulator.session.get(simulator.url + "/") as response:
        policy, page = response.headers["Content-Security-Policy"], await response.text()
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "style=" not in page
    assert "onclick" not in page


async def test_other_sites_may_not_speak_to_the_simulator(simulator: Simulator) -> None:
    url = simulator.url + "/api/followers"
    async with simulator.session.post(url, headers={"Origin": "https://evil.example"}) as response:
        assert response.status == 403
    rebound = {"Host": "evil.example", "Origin": "http://evil.example"}
    async with simulator.session.post(url, headers=rebound) as response:
        assert response.status == 403
    async with simulator.session.post(url, headers={"Origin": simulator.url}) as response:
        assert response.status == 200


async def test_the_stream_tells_what_happens(simulator: Simulator) -> None:
    async with simulator.session.get(simulator.url + "/page/stream") as response:
        assert await response.content.readline() == b"retry: 1000\n"
        phone = await simulator.new_phone()
        await response.content.readline()
        news = json.loads((await response.content.readline()).removeprefix(b"data: "))
    assert news["follower"]["openid"] == phone.openid


async def test_the_stream_tells_of_a_new_menu(simulator: Simulator) -> None:
    async with simulator.session.get(simulator.url + "/page/stream") as response:
        await response.content.readline()
        button = {"type": "click", "name": "新菜单", "key": "new"}
        assert await post(simulator, "/cgi-bin/menu/create", {"button": [button]}) == 0
        told: dict[str, Any] = {}
        while told.get("type") != "account":
            line = await response.content.readline()
            told = json.loads(line.removeprefix(b"data: ")) if line.startswith(b"data: ") else {}
    assert told["account"]["menu"][0]["names"] == {"zh-Hans": "新菜单"}
    assert "secret" not in told["account"]


async def test_a_tester_plays_a_follower(simulator: Simulator, callback: Callback) -> None:
    link = '<a href="weixin://bizmsgmenu?msgmenucontent=看看礼物&msgmenuid=1">看看礼物</a>'

    async def answer(message: dict[str, str]) -> web.Response:
        said = message.get("Content", "")
        return callback.sealed(message, f"您说：{said}" if said else f"欢迎！{link}")

    callback.answer = answer
    faults: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM
        )
        page = await browser.new_page(locale="zh-CN")
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        await page.goto(simulator.url + "/")
        await _play(page)
        await browser.close()
    assert faults == []


async def _play(page: Page) -> None:
    await page.get_by_role("button", name="关注公众号").click()
    await page.get_by_role("button", name="看看礼物", exact=True).click()
    await expect(page.locator(".speech.account").last).to_contain_text("您说：看看礼物")
    await expect(page.locator("#remaining")).to_have_text("3")
    await page.get_by_role("textbox", name="消息").fill("<b>几点关门？</b>")
    await page.keyboard.press("Enter")
    await expect(page.locator(".speech.account").last).to_contain_text("您说：<b>几点关门？</b>")
    await expect(page.locator("#remaining")).to_have_text("5")
    await page.get_by_role("button", name="更多").click()
    await page.get_by_role("button", name="拍照").click()
    await expect(page.get_by_role("img", name="[图片]")).to_be_visible()
    await page.get_by_role("button", name="更多").click()
    await page.get_by_role("button", name="位置", exact=True).click()
    await expect(page.locator(".speech.follower").last).to_contain_text("上海市黄浦区")
    await page.get_by_role("button", name="拒收消息").click()
    await expect(page.get_by_role("button", name="拒收消息")).to_have_attribute(
        "aria-pressed", "true"
    )
    await page.get_by_role("button", name="扫码").click()
    await expect(page.locator(".system.scan")).to_contain_text("store-12")
    await page.get_by_role("button", name="+48 小时").click()
    await expect(page.locator("#remaining")).to_have_text("0")
    await page.get_by_role("button", name="绑定会员").click()
    await expect(page.locator("#member")).to_contain_text("2680 积分")
    await page.get_by_role("button", name="在菜单与键盘之间切换").click()
    await page.get_by_role("button", name="人工客服").click()
    await expect(page.locator(".system.menu")).to_contain_text("人工客服")
    await page.get_by_role("button", name="切换到英文").click()
    await expect(page.get_by_role("heading", name="Delivery details")).to_be_visible()
    await page.get_by_role("button", name="Unfollow").click()
    await expect(page.get_by_role("button", name="Follow", exact=True)).to_be_visible()
    await page.get_by_role("button", name="New follower").click()
    await expect(page.locator(".someone")).to_have_count(2)

"""What a follower lives through, with the real brain."""

import asyncio
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.brand import clock
from bot.brand_files import load_brand
from connectors.simulator.client import Phone, Simulator
from tests.installations import Demo

SATURDAY = 5
"""As Python counts weekdays."""


async def answer(phone: Phone, text: str, expected: str | None = None) -> str:
    """Say something; the first answer (that holds ``expected``)."""
    await phone.say(text)
    line = await phone.wait_for(expected, seconds=20)
    return str(line["text"])


async def test_a_new_follower_is_told_that_a_machine_answers(simulator: Simulator) -> None:
    phone = await simulator.new_phone()
    await phone.follow()
    welcome = await phone.wait_for("自动")
    assert "人工" in welcome["text"]
    assert [choice["content"] for choice in welcome["choices"]] == [
        "会员有什么权益",
        "想买个礼物，有什么推荐",
        "你们有哪些门店",
    ]


async def test_shop_hours_are_those_of_the_shop_and_the_day(phone: Phone, nlu_data: Path) -> None:
    said = await answer(phone, "你们上海店周六几点关门？")
    shop = next(
        each
        for each in load_brand(nlu_data / "brand").shops.values()
        if each.names["zh-Hans"] == "上海恒月广场店"
    )
    today = datetime.now(shop.zone).date()
    saturday = today + timedelta((SATURDAY - today.weekday()) % 7)
    *_, (_, closes) = shop.hours_on(saturday).open
    assert re.search(rf"上海恒月广场店：.*–{clock(closes)}", said)


async def test_the_city_is_asked_for_and_kept(phone: Phone) -> None:
    assert "哪个城市" in await answer(phone, "你们几点关门")
    assert "成都锦月里店" in await answer(phone, "成都")
    assert "成都" in await answer(phone, "那周末呢")
    assert "北京" in await answer(phone, "北京的呢")


async def test_gifts_fit_recipient_occasion_and_budget(phone: Phone) -> None:
    said = await answer(phone, "想给女朋友买个生日礼物，一千块左右")
    assert "女朋友" in said
    assert "¥920" in said
    assert "¥26,800" not in said


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("怎么加入会员", "加入"),
        ("會員有什麼優惠", "瀾月會"),
        ("What do members get on their birthday?", "birthday"),
        ("我有多少积分", "绑定"),
        ("你是机器人吗", "机器人"),
    ],
)
async def test_subjects_are_answered_in_the_followers_language(
    phone: Phone, asked: str, expected: str
) -> None:
    assert expected in await answer(phone, asked)


async def test_a_bound_member_hears_the_own_points(phone: Phone) -> None:
    await phone.bind(name="林女士", points=1280)
    said = await answer(phone, "帮我查一下积分")
    assert "林女士" in said
    assert "1280" in said.replace(",", "")


async def test_a_wish_for_a_person_gets_a_place_in_the_queue(phone: Phone) -> None:
    assert "位" in await answer(phone, "转人工")
    assert "取消" in await answer(phone, "在吗")
    assert "取消排队" in await answer(phone, "取消")
    assert "门店" in await answer(phone, "你们有哪些门店")


async def test_a_menu_tap_is_answered_like_its_words(phone: Phone) -> None:
    await phone.menu("shops")
    assert (await phone.wait_for("上海", seconds=20))["way"] == "passive"


async def test_an_unfollow_forgets_and_a_new_follow_starts_afresh(phone: Phone, demo: Demo) -> None:
    await answer(phone, "转人工")
    await phone.unfollow(wait=True)
    # WeChat tells two follows apart by their whole second.
    await asyncio.sleep(1)
    await phone.follow()
    await phone.wait_for("欢迎")
    assert "位" not in await answer(phone, "你好")


async def test_the_ledger_proves_that_nothing_was_forgotten(phone: Phone, demo: Demo) -> None:
    await answer(phone, "怎么加入会员")
    checked = demo.bida("ledger", "check", "--demo")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "orphans     0" in checked.stdout

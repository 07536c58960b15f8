"""Dates, budgets, phones and order numbers are found whole, and counts of other things are not taken for them."""

import time

import pytest
from components.entities import folded
from components.spans import spans


def found(text: str, entity: str) -> list[str]:
    """The pieces of one kind, as they were written."""
    return [text[span.start : span.end] for span in spans(folded(text)) if span.entity == entity]


DAYS = """
今天 明儿 后天 大後天 今晚 聽日 这周六 週末 下周三 禮拜日 星期天 下禮拜 周六日 国庆 大年初三 除夕 双十二 十一假期
12月25号 十二月二十五 下个月5号 25号 12/25 2026年12月25日 520 月底
"""
ENGLISH_DAYS = """
tomorrow, tonight, next Sunday, Friday night, the day after tomorrow, Xmas, the 25th, Christmas Eve,
Dec 25, 25th December, this weekend, weekdays, public holidays
"""
NO_DAYS = "第一次来 十一点关门吗 地铁2号线 最初一个 打8.8折吗 五百块 1号店在哪"
BUDGETS = """
一千左右 500以内 两千五 一千到两千 300-500 三到五百 预算5000 三百块 ¥800 1000-2000元 一两千 几百块 1500上下
一千五百 1万以内 1.5w 千把块 一百来块 千元以下 五百多 200欧 3k左右 不超过一千 千五蚊左右 别超800 2000块钱左右
"""
ENGLISH_BUDGETS = "3k up, 1k-2k, under 800, about 1000 rmb, 100 euros, HKD 2000, budget of 1500"
NO_BUDGETS = """
买一个 一起去 十点 3个月 千万别 1000积分 满5000送什么 两个人 三十五岁 500ml 100points 一百个人 百货 大概十点 月底
"""


def listed(text: str) -> list[str]:
    """What stands between commas."""
    return [each.strip() for each in text.split(",")]


@pytest.mark.parametrize("day", DAYS.split())
def test_a_chinese_day_is_found_whole(day: str) -> None:
    assert found(f"你们{day}开门吗", "weekday_or_date") == [day]


@pytest.mark.parametrize("day", listed(ENGLISH_DAYS))
def test_an_english_day_is_found_whole(day: str) -> None:
    assert found(f"are you open {day}?", "weekday_or_date") == [day]


@pytest.mark.parametrize("text", [*NO_DAYS.split(), "mayor of Paris"])
def test_no_day_is_seen_where_there_is_none(text: str) -> None:
    assert found(text, "weekday_or_date") == []


@pytest.mark.parametrize("budget", BUDGETS.split())
def test_a_budget_is_found_whole(budget: str) -> None:
    assert found(f"{budget}的礼物", "budget") == [budget]


@pytest.mark.parametrize("budget", listed(ENGLISH_BUDGETS))
def test_an_english_budget_is_found_whole(budget: str) -> None:
    assert found(f"something {budget} please", "budget") == [budget]


def test_a_bare_figure_is_a_budget() -> None:
    assert found("1500", "budget") == ["1500"]


@pytest.mark.parametrize("text", [*NO_BUDGETS.split(), "100 points"])
def test_no_budget_is_seen_where_there_is_none(text: str) -> None:
    assert found(text, "budget") == []


@pytest.mark.parametrize(
    "phone", listed("13812345678, 138 1234 5678, +86 138-1234-5678, １３８１２３４５６７８")
)
def test_a_mobile_phone_is_no_order(phone: str) -> None:
    assert found(f"我的手机{phone}", "phone") == [phone]
    assert found(f"我的手机{phone}", "order_no") == []


@pytest.mark.parametrize("order", ["202611230012345", "SF1234567890123", "LN-2026-0001234567"])
def test_an_order_is_found_with_its_letters(order: str) -> None:
    assert found(f"订单{order}到哪了", "order_no") == [order]


def test_a_long_text_takes_no_long_time() -> None:
    started = time.process_time()
    for text in ("1" * 5000, "一二三" * 1700, "周" * 5000, "1,000 " * 800, "预算" * 2500):
        list(spans(text))
    assert time.process_time() - started < 2

"""Quantities in messages."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.measures import MEASURES, measured, shown, since


@pytest.mark.parametrize(
    ("measure", "text", "quantity"),
    [
        ("days", "收到有九天了", 9),
        ("days", "第五天还能退吗", 5),
        ("days", "三个月前买的还来得及吗", 90),
        ("days", "买咗兩個多月", 61),
        ("days", "买了半年 这样保固有包吗", 182.5),
        ("days", "用了两年半", 912.5),
        ("days", "三周前买的", 21),
        ("days", "I bought it three weeks ago", 21),
        ("days", "day 20 now, still ok?", 20),
        ("days", "昨天收到的", 1),
        ("days", "今天看到打折了？我上周买的", None),
        ("days", "上周买的包包今天看降价了", None),
        ("days", "I bought it at your shop in shanghai yesterday", 1),
        ("days", "退款3天了还没到", None),
        ("days", "1月5日买的", None),
        ("days", "超过7天了", 8),
        ("days", "没超过7天", 7),
        ("days", "超了一天行不行", None),
        ("days", "one day late, still ok?", None),
        ("days", "没有超过7天能退吗", 7),
        ("letters", "刻initials多少钱", None),
        ("days", "not over 7 days", 7),
        ("days", "周五收到的", None),
        ("days", "两周年快乐", None),
        ("characters", "写了篇80字小作文", 80),
        ("characters", "五個漢字行嗎", 5),
        ("characters", "刻字多少钱", None),
        ("letters", "12个字母可以吗", 12),
        ("letters", "刻 Forever and Always 行吗", 16),
        ("letters", "那就刻wang yu可以吧", 6),
        ("letters", "可以刻 initials 吗", None),
        ("characters", "我想刻 永远爱你一生 可以不", 6),
        ("characters", '能刻"王总 荣升快乐"吗', 6),
        ("characters", "可以刻字吗", None),
        ("letters", "twelve letters", None),
        ("clock", "下午三点半付的款", 15 * 60 + 30),
        ("clock", "付款时间是16:32", 16 * 60 + 32),
        ("clock", "paid at 5 pm", 17 * 60),
        ("clock", "上午十点二十付的", 10 * 60 + 20),
        ("clock", "有点贵", None),
        ("yuan", "就买个三百多的 包邮不", 300),
        ("yuan", "我现在累计4200，还差多少", 4200),
        ("yuan", "包邮吗", None),
    ],
)
def test_a_quantity_is_read(measure: str, text: str, quantity: float | None) -> None:
    assert measured(measure, text) == quantity


def test_a_quantity_is_shown_as_people_write_it() -> None:
    assert shown("clock", 16 * 60 + 5) == "16:05"
    assert shown("yuan", 4200) == "4,200"
    assert shown("days", 9.0) == "9"


@pytest.mark.parametrize(
    ("measure", "text", "quantity"),
    [
        ("days", "第十五天还能退吗", 15),
        ("days", "收到十五六天了", 16),
        ("days", "两三天前买的", 3),
        ("days", "2025年买的", None),
        ("days", "百十天了", None),
        ("days", "٣天前买的", None),
        ("days", "9" * 400 + "天", None),
        ("days", "哪一天都行", None),
        ("days", "三天能到吗", None),
        ("days", "今天下单什么时候发货", None),
        ("days", "今天能发吗", None),
        ("clock", "五点下单今天能发吗", 17 * 60),
        ("clock", "快一点行吗", None),
        ("clock", "晚上12点付的", 24 * 60),
        ("clock", "99点", None),
        ("clock", "12:٣٤", None),
        ("characters", "十五六个字母", None),
    ],
)
def test_what_only_looks_like_a_quantity_is_none(
    measure: str, text: str, quantity: float | None
) -> None:
    assert measured(measure, text) == quantity


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(
    "text", ["", "一" * 5000, "零" * 9, "十" * 50, "9" * 5000, "点" * 5000, "半" * 99]
)
def test_no_text_breaks_the_measuring(measure: str, text: str) -> None:
    assert measured(measure, text) is None or measure == "yuan"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("我是六月一号买的 还来得及吗", 184),
        ("28号收到的 能退吗", 4),
        ("1月5日买的", 331),
        ("bought it on June 1st", 184),
        ("received 28 November", 4),
        ("12月24号能到吗", None),
        ("2号楼买的", None),
        ("99号买的", None),
        ("去年6月1号买的还能开发票吗", 549),
        ("2025年6月1日买的", 549),
        ("bought it on June 1st 2025", 549),
        ("我3号到的上海，能送酒店吗", None),
        ("上周二在小程序签收的 过了没", 8),
        ("received it last Monday", 2),
        ("上周二能到吗", None),
        ("买的戒指是12号，能退吗", None),
        ("买了3号色口红能退吗", None),
        ("我12月1号买，7天内降价能补吗", None),
        ("我28号买的话能退吗", None),
        ("i got 2 decorations, can i return them", None),
        ("received 3 separate parcels", None),
        ("我28号在南京店买的", 4),
        ("去年九月买的", 457),
        ("去年九月的", 457),
        ("bought in 2025 march in Paris", 641),
        ("received it in March 2025", 641),
        ("9月买的", None),
        ("去年12月买的", None),
        ("今年12月买的", None),
        ("前年12月买的", None),
        ("去年9月买的话", None),
        ("我是11月26下的单", 6),
        ("6月1号买的2000块的戒指能退吗", 184),
        ("bought june 1, paid 2000 yuan", 184),
        ("目前年卡 6月1号买的", 184),
    ],
)
def test_the_date_of_a_purchase_tells_how_long_ago_it_was(text: str, days: int | None) -> None:
    now = datetime(2026, 12, 2, 10, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp()
    assert measured("days", since(text, now)) == days


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("我买了20天了可以吗 哦不对 是12天", 12),
        ("20天了，说错了，12天", 12),
        ("买了12天，不对吧", 12),
        ("买了3天发现尺码不对，7天无理由能退吗", 3),
        ("买了20天对不对都给退？七天无理由吗", 20),
    ],
)
def test_what_is_said_after_a_slip_counts(text: str, days: int) -> None:
    assert measured("days", text) == days

"""Words for money become the range that a follower wants to spend."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.budget import Range, budget, near, plainly


def bounds(text: str) -> tuple[int, int | None] | None:
    """The lower and the upper end."""
    found = budget(text)
    return (found.low, found.high) if found else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一千左右", (700, 1300)),
        ("想给女朋友买个生日礼物，一千块左右", (700, 1300)),
        ("1000块上下", (700, 1300)),
        ("１０００元左右", (700, 1300)),
        ("大概1000", (700, 1300)),
        ("千把块", (700, 1300)),
        ("1000 or so", (700, 1300)),
        ("about two thousand", (1400, 2600)),
        ("around a grand", (700, 1300)),
        ("預算台幣一萬左右", (1540, 2860)),
        ("大概一千塊人民幣左右", (700, 1300)),
        ("about NT$10000", (1540, 2860)),
        ("人均一百左右，七个人", (490, 910)),
    ],
)
def test_about_a_figure_reaches_to_both_sides(text: str, expected: tuple[int, int]) -> None:
    assert bounds(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("千元", (700, 1100)),
        ("两千五", (1750, 2750)),
        ("千五", (1050, 1650)),
        ("兩千五百塊", (1750, 2750)),
        ("2千5", (1750, 2750)),
        ("2.5k", (1750, 2750)),
        ("一万二", (8400, 13200)),
        ("1.2万", (8400, 13200)),
        ("买份500的", (350, 550)),
        ("预算500", (350, 550)),
        ("¥ 1,200", (840, 1320)),
        ("1000 rmb", (700, 1100)),
        ("520元", (364, 572)),
        ("不是500，少打了个1，1500", (1050, 1650)),
        ("we are 9 people, 100 each", (630, 990)),
        ("三个同事凑份子，每人100", (210, 330)),
        ("我们12个人，一人一百", (840, 1320)),
    ],
)
def test_a_plain_figure_is_hardly_gone_beyond(text: str, expected: tuple[int, int]) -> None:
    assert bounds(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("500以内", (0, 500)),
        ("五百塊以內", (0, 500)),
        ("不超过一千五", (0, 1500)),
        ("别超过800", (0, 800)),
        ("最多三千", (0, 3000)),
        ("百元以内", (0, 100)),
        ("under 800", (0, 800)),
        ("less than 1,000", (0, 1000)),
        ("800 max", (0, 800)),
        ("a grand, tops", (0, 1000)),
        ("nothing over 400 yuan", (0, 400)),
        ("i don't want to go over 800", (0, 800)),
        ("上限是500", (0, 500)),
        ("500 limit", (0, 500)),
        ("cap is 300 rmb", (0, 300)),
        ("不要低于500", (500, None)),
        ("nothing under 500", (500, None)),
        ("3000太贵了，2000以内吧", (0, 2000)),
        ("预算从3000降到2000以内", (0, 2000)),
        ("我们8个人凑，每人300以内", (0, 2400)),
        ("大家一起凑，五个人每人1千以内", (0, 5000)),
        ("3位朋友一人一份，每份500以内", (0, 500)),
        ("给两个同事各买一份，每人500以内", (0, 500)),
        ("五六十人每人一百以内", (0, 100)),
        ("两个人每人一瓶香水，500以内", (0, 500)),
        ("600 of your yuans maximum", (0, 600)),
        ("一千往下就中", (0, 1000)),
        ("五百上下 再多没了", (0, 500)),
        ("up to 3k", (0, 3000)),
        ("3k up", (3000, None)),
        ("3000以上", (3000, None)),
        ("1000+", (1000, None)),
        ("两千起", (2000, None)),
        ("超过2000", (2000, None)),
        ("不低于800", (800, None)),
        ("at least 500", (500, None)),
    ],
)
def test_limits_leave_the_other_end_open(text: str, expected: tuple[int, int | None]) -> None:
    assert bounds(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一千到两千", (1000, 2000)),
        ("预算500-1000", (500, 1000)),
        ("1k-2k", (1000, 2000)),
        ("1-2k", (1000, 2000)),
        ("1到2千", (1000, 2000)),
        ("三到五百", (300, 500)),
        ("between 500 and 800", (500, 800)),
        ("500 to 800 yuan", (500, 800)),
        ("两三百", (200, 300)),
        ("一两千", (1000, 2000)),
        ("几百块", (200, 900)),
        ("五百多", (500, 600)),
        ("一千多块", (1000, 2000)),
        ("1500多", (1500, 1600)),
        ("三百以上五百以内", (300, 500)),
    ],
)
def test_ranges_have_two_ends(text: str, expected: tuple[int, int]) -> None:
    assert bounds(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("around 150 euros", (840, 1560)),
        ("€150", (840, 1320)),
        ("200到300欧", (1600, 2400)),
        ("2000港币以内", (0, 1840)),
        ("HK$2000", (1288, 2024)),
        ("under 100 dollars", (0, 720)),
    ],
)
def test_other_money_is_counted_in_yuan(text: str, expected: tuple[int, int]) -> None:
    assert bounds(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "送给2个人",
        "三十岁左右的女生",
        "18-25岁",
        "十周年纪念日",
        "10th anniversary",
        "520礼物",
        "1314",
        "千万不要太贵",
        "万一不喜欢",
        "13812345678",
        "订单 202611250001",
        "2026-11-28",
        "2026年",
        "10:00-22:00",
        "周一到周五",
        "12月25号",
        "一起去一样的",
        "500积分",
        "1000ml",
        "还有便宜点的吗",
        "几百块的拿不出手",
        "平安锁是足金还是18K",
        "18k gold bangle",
    ],
)
def test_other_figures_are_no_money(text: str) -> None:
    assert budget(text) is None


def test_about_a_thousand_takes_both_ends_and_no_more() -> None:
    about = near(1000)
    assert 700 in about
    assert 1300 in about
    assert 699 not in about
    assert 1301 not in about
    assert about.target == 1000


@pytest.mark.parametrize(
    ("range_", "labels"),
    [
        (near(1000), ("1000元左右", "1000元左右", "about ¥1,000")),
        (plainly(1000), ("1000元", "1000元", "¥1,000")),
        (Range(0, 500), ("500元以内", "500元以內", "up to ¥500")),
        (Range(3000, None), ("3000元以上", "3000元以上", "¥3,000 and up")),
        (Range(500, 1000), ("500–1000元", "500–1000元", "¥500–1,000")),
    ],
)
def test_ranges_are_called_as_people_call_them(range_: Range, labels: tuple[str, ...]) -> None:
    assert tuple(range_.label(language) for language in ("zh-Hans", "zh-Hant", "en")) == labels


PRICES = st.integers(100, 1_000_000)
RANGES = st.one_of(
    PRICES.map(near),
    PRICES.map(plainly),
    PRICES.map(lambda price: Range(0, price)),
    PRICES.map(lambda price: Range(price, None)),
    st.tuples(PRICES, PRICES).filter(lambda ends: ends[0] < ends[1]).map(lambda ends: Range(*ends)),
)


@given(RANGES, st.sampled_from(["zh-Hans", "zh-Hant", "en"]))
def test_every_label_is_read_again(range_: Range, language: str) -> None:
    assert budget(range_.label(language)) == range_


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading(text: str) -> None:
    found = budget(text)
    assert found is None or found.high is None or found.low <= found.high


@given(st.text("0123456789一二两三千百万kK到-至.,以内上左右多几$¥元 ", max_size=30))
@example("0$几")
def test_no_figures_break_the_reading(text: str) -> None:
    found = budget(text)
    assert found is None or found.high is None or found.low <= found.high

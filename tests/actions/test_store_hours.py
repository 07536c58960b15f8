"""Opening hours: the right shop, the right day, in the shop's own time."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.actions.conftest import SHANGHAI, Talk


async def test_a_city_with_several_shops_gets_a_line_for_each(talk: Talk) -> None:
    reply = await talk.say("你们上海店周末几点关门？", "store_hours", city="shanghai")
    assert reply["name"] == "utter_store_hours_city"
    assert "周末（11月28日至29日）" in reply["text"]
    assert "· 上海外滩店：10:00–22:00\n" in reply["text"]
    assert "· 上海徐汇店：周六（11月28日）10:00–22:00；周日（11月29日）10:00–20:00" in reply["text"]


async def test_a_named_shop_gets_its_own_answer(talk: Talk) -> None:
    reply = await talk.say("外滩店明天几点开门", "store_hours", store="bund")
    assert (reply["name"], reply["kind"]) == ("utter_store_hours", "answer")
    for words in ("上海外滩店", "明天（11月26日）", "10:00–22:00", "中山东一路1号"):
        assert words in reply["text"]


async def test_without_a_day_the_week_is_told_with_its_special_days(talk: Talk) -> None:
    talk.now = datetime(2026, 12, 24, 9, 0, tzinfo=SHANGHAI)
    reply = await talk.say("外滩店几点开门", "store_hours", store="bund")
    assert reply["name"] == "utter_store_hours_week"
    assert (
        "每天 10:00–22:00；周四（12月31日）10:00–18:00（跨年提前打烊）；"
        "周五（1月1日）10:00–20:00（元旦）" in reply["text"]
    )


async def test_equal_weekdays_are_told_together(talk: Talk) -> None:
    talk.language = "en"
    reply = await talk.say("opening hours in Xuhui?", "store_hours", store="xuhui")
    assert "Monday to Friday 11:00–21:00; Saturday 10:00–22:00; Sunday 10:00–20:00" in reply["text"]


async def test_a_holiday_changes_the_hours_and_is_named(talk: Talk) -> None:
    talk.now = datetime(2026, 9, 20, 9, 0, tzinfo=SHANGHAI)
    reply = await talk.say("北京店国庆开门吗", "store_hours", city="beijing")
    assert "国庆节（10月1日至7日）" in reply["text"]
    assert "10:00–20:00" in reply["text"]


async def test_a_holiday_of_one_place_is_none_elsewhere(talk: Talk) -> None:
    talk.language = "en"
    hong_kong, shanghai = await talk.turn(
        "open on christmas day?", "store_hours", city="hong_kong shanghai"
    )
    assert "10:00–20:00" in hong_kong["text"]
    assert "10:00–22:00" in shanghai["text"]


async def test_a_closed_day_is_told_with_its_reason(talk: Talk) -> None:
    reply = await talk.say("巴黎店圣诞营业吗", "store_hours", city="paris")
    assert reply["name"] == "utter_store_hours_closed"
    assert "圣诞节" in reply["text"]
    reply = await talk.say("那周日呢", "inform", weekday_or_date="周日")
    assert "每周日店休" in reply["text"]


async def test_now_is_the_shops_own_now(talk: Talk) -> None:
    talk.now = datetime(2026, 11, 25, 11, 0, tzinfo=ZoneInfo("Europe/Paris"))
    reply = await talk.say("巴黎店现在开着吗", "store_hours", city="paris")
    assert "现在营业中" in reply["text"]
    talk.now = talk.now.replace(hour=13, minute=30)
    reply = await talk.say("现在还开着吗", "inform")
    assert "现在未营业，14:00开门" in reply["text"]
    talk.now = talk.now.replace(hour=19, minute=0)
    reply = await talk.say("现在还开着吗", "inform")
    assert "今天已打烊" in reply["text"]


async def test_tomorrow_is_the_shops_own_tomorrow(talk: Talk) -> None:
    """At 02:00 on Thursday in Shanghai it is still Wednesday in Paris."""
    talk.now = datetime(2026, 11, 26, 2, 0, tzinfo=SHANGHAI)
    paris, shanghai = await talk.turn("明天几点开门", "store_hours", city="paris shanghai")
    assert "11月26日" in paris["text"]
    assert "11月27日" in shanghai["text"]


async def test_a_missing_city_is_asked_for_and_the_day_kept(talk: Talk) -> None:
    reply = await talk.say("周六几点关门", "store_hours", weekday_or_date="周六")
    assert (reply["name"], reply["kind"]) == ("utter_ask_city", "question")
    assert "上海、北京、香港、巴黎" in reply["text"]
    assert "拉萨" not in reply["text"]
    reply = await talk.say("北京", "inform", city="beijing")
    assert "周六（11月28日）" in reply["text"]
    assert "北京三里屯店" in reply["text"]
    assert talk.slots["awaiting"] is None


async def test_the_city_is_asked_for_once(talk: Talk) -> None:
    await talk.say("几点关门", "store_hours")
    reply = await talk.say("你们自己看", "affirm")
    assert reply["name"] == "utter_store_cities"


async def test_the_city_is_kept_and_varied(talk: Talk) -> None:
    await talk.say("外滩店周六几点关门", "store_hours", store="bund", weekday_or_date="周六")
    reply = await talk.say("那周日呢", "inform", weekday_or_date="周日")
    assert "上海外滩店" in reply["text"]
    assert "周日（11月29日）" in reply["text"]
    reply = await talk.say("北京的呢", "inform", city="beijing")
    assert "北京三里屯店" in reply["text"]
    assert "周日（11月29日）" in reply["text"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("转天呢", "2月6日"),
        ("and the next day?", "2月6日"),
        ("那前一天呢", "2月4日"),
        ("and the friday after that", "2月12日"),
    ],
)
async def test_a_day_may_be_named_by_the_one_talked_of(talk: Talk, text: str, day: str) -> None:
    await talk.say("大年三十开不开门", "store_hours", weekday_or_date="大年三十")
    reply = await talk.say("北京的", "inform", city="beijing")
    assert "（2月5日）" in reply["text"]
    assert f"（{day}）" in (await talk.say(text, "inform"))["text"]


async def test_a_day_is_forgotten_after_a_long_silence_but_the_city_is_not(talk: Talk) -> None:
    await talk.say("北京店周六几点关门", "store_hours", city="beijing", weekday_or_date="周六")
    talk.now += timedelta(hours=1)
    reply = await talk.say("几点开门", "store_hours")
    assert reply["name"] == "utter_store_hours_week"
    assert "北京三里屯店" in reply["text"]


async def test_a_city_without_a_shop_is_told_the_others(talk: Talk) -> None:
    reply = await talk.say("拉萨店几点开门", "store_hours", city="lhasa")
    assert reply["name"] == "utter_no_shop_in_city"
    assert "拉萨" in reply["text"]
    assert "上海、北京、香港、巴黎" in reply["text"]


async def test_a_shop_of_another_city_does_not_override_the_city(talk: Talk) -> None:
    reply = await talk.say("香港外滩店", "store_hours", city="hong_kong", store="bund")
    assert "香港中环店" in reply["text"]


async def test_traditional_and_english_are_answered_alike(talk: Talk) -> None:
    talk.language = "zh-Hant"
    reply = await talk.say("外灘店聽日幾點開", "store_hours", store="bund")
    assert "明天（11月26日）" in reply["text"]
    assert "中山東一路1號" in reply["text"]
    talk.language = "en"
    reply = await talk.say("is the Bund shop open on Saturday?", "store_hours", store="bund")
    assert "Saturday (28 November)" in reply["text"]


async def test_a_bare_day_after_a_holiday_lies_in_its_month(talk: Talk) -> None:
    talk.now = datetime(2026, 9, 20, 9, 0, tzinfo=SHANGHAI)
    await talk.say("北京店国庆开门吗", "store_hours", city="beijing")
    reply = await talk.say("五号呢", "inform")
    assert "10月5日" in reply["text"]


async def test_both_shops_are_told_to_who_asks_for_both(talk: Talk) -> None:
    await talk.say("外滩店周六几点关门", "store_hours", store="bund", weekday_or_date="周六")
    reply = await talk.say("那周日两家都开吗", "store_hours", weekday_or_date="周日")
    assert reply["name"] == "utter_store_hours_city"


@pytest.mark.parametrize(
    ("first", "then", "day"),
    [
        ("下周六", "那周日呢", "12月6日"),
        ("下周六", "这周日呢", "11月29日"),
        ("周六", "周日呢", "11月29日"),
    ],
)
async def test_a_bare_weekday_after_one_of_next_week_is_of_that_week(
    talk: Talk, first: str, then: str, day: str
) -> None:
    await talk.say(f"外滩店{first}几点关门", "store_hours", store="bund", weekday_or_date=first)
    reply = await talk.say(then, "inform", weekday_or_date=then)
    assert day in reply["text"]

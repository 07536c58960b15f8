"""Date words become the days that a follower means."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.brand import Holiday, HolidayCalendar
from bot.dates import when
from bot.festivals import FESTIVALS, Festival, easter, lunar, new_year_eve, qingming

WEDNESDAY = datetime(2026, 11, 25, 15, 0)
NO_CALENDAR = HolidayCalendar("none")


def _names(text: str) -> dict[str, str]:
    return {"zh-Hans": text, "zh-Hant": text, "en": text}


MAINLAND = HolidayCalendar(
    "mainland",
    (
        Holiday(date(2026, 10, 1), date(2026, 10, 7), _names("国庆节"), ("十一",)),
        Holiday(date(2027, 2, 4), date(2027, 2, 11), _names("春节")),
    ),
)
HONG_KONG = HolidayCalendar(
    "hong_kong",
    (
        Holiday(date(2026, 12, 25), date(2026, 12, 26), _names("圣诞节")),
        Holiday(date(2027, 5, 13), date(2027, 5, 13), _names("佛诞")),
    ),
)


def days(text: str, now: datetime = WEDNESDAY, calendar: HolidayCalendar = NO_CALENDAR) -> str:
    """The days in a short form: ``2026-11-28`` or ``2026-11-28/29``."""
    found = when(text, now, calendar)
    if found is None:
        return "-"
    return str(found.first) if found.first == found.last else f"{found.first}/{found.last}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("今天几点关门", "2026-11-25"),
        ("今晚开到几点", "2026-11-25"),
        ("明天呢", "2026-11-26"),
        ("明儿几点开门", "2026-11-26"),
        ("聽日開唔開門", "2026-11-26"),
        ("后天", "2026-11-27"),
        ("後天", "2026-11-27"),
        ("大后天去可以吗", "2026-11-28"),
        ("昨天你们开了吗", "2026-11-24"),
        ("三天后", "2026-11-28"),
        ("两天之后", "2026-11-27"),
        ("以后天天来", "-"),
        ("tomorrow", "2026-11-26"),
        ("the day after tomorrow", "2026-11-27"),
        ("tonight?", "2026-11-25"),
        ("in 3 days", "2026-11-28"),
        ("jintian ji dian guan men", "2026-11-25"),
        ("ming tian kai men ma", "2026-11-26"),
        ("houtian", "2026-11-27"),
        ("da hou tian", "2026-11-28"),
        ("zhoumo", "2026-11-28/2026-11-29"),
    ],
)
def test_near_days_count_from_today(text: str, expected: str) -> None:
    assert days(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("周三", "2026-11-25"),
        ("这周六几点", "2026-11-28"),
        ("星期天", "2026-11-29"),
        ("本周日", "2026-11-29"),
        ("禮拜六", "2026-11-28"),
        ("礼拜天", "2026-11-29"),
        ("周一", "2026-11-30"),
        ("这周一", "2026-11-30"),
        ("下周三", "2026-12-02"),
        ("下个星期天", "2026-12-06"),
        ("下下周一", "2026-12-07"),
        ("上周六", "2026-11-21"),
        ("周五一起去", "2026-11-27"),
        ("next Sunday", "2026-11-29"),
        ("next Wednesday", "2026-12-02"),
        ("this Saturday", "2026-11-28"),
        ("open on sat?", "2026-11-28"),
        ("Fridays", "2026-11-27"),
        ("wed", "-"),
        ("sunglasses", "-"),
        ("周年庆", "-"),
    ],
)
def test_weekdays_are_the_next_ones(text: str, expected: str) -> None:
    assert days(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("周末几点关门", "2026-11-28/2026-11-29"),
        ("这周末", "2026-11-28/2026-11-29"),
        ("週末", "2026-11-28/2026-11-29"),
        ("下周末", "2026-12-05/2026-12-06"),
        ("周六日", "2026-11-28/2026-11-29"),
        ("周六和周日", "2026-11-28/2026-11-29"),
        ("sat and sun", "2026-11-28/2026-11-29"),
        ("this weekend", "2026-11-28/2026-11-29"),
        ("下周", "2026-11-30/2026-12-06"),
        ("这周", "2026-11-25/2026-11-29"),
        ("next week", "2026-11-30/2026-12-06"),
        ("周一到周五", "2026-11-30/2026-12-04"),
        ("周四到周六", "2026-11-26/2026-11-28"),
        ("12月25到27号", "2026-12-25/2026-12-27"),
        ("24号到26号", "2026-11-24/2026-11-26"),
        ("12月30号到1月2号", "2026-12-30/2027-01-02"),
        ("明天和后天", "2026-11-26/2026-11-27"),
    ],
)
def test_several_days_are_one_range(text: str, expected: str) -> None:
    assert days(text) == expected


def test_on_a_sunday_the_weekend_is_what_is_left_of_it() -> None:
    assert days("周末", datetime(2026, 11, 29, 9, 0)) == "2026-11-29"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12月25号", "2026-12-25"),
        ("十二月二十五號", "2026-12-25"),
        ("１２月２５日", "2026-12-25"),
        ("12.25", "2026-12-25"),
        ("12/25营业吗", "2026-12-25"),
        ("Dec 25", "2026-12-25"),
        ("25th of December", "2026-12-25"),
        ("1月2号", "2027-01-02"),
        ("11月24日", "2027-11-24"),
        ("25号", "2026-11-25"),
        ("24号", "2026-12-24"),
        ("廿五号", "2026-11-25"),
        ("31号", "2026-12-31"),
        ("下个月3号", "2026-12-03"),
        ("the 3rd", "2026-12-03"),
        ("2月29号", "2028-02-29"),
        ("2月30号", "-"),
        ("2027年3月1日", "2027-03-01"),
        ("2027-03-01", "2027-03-01"),
        ("明年1月3号", "2027-01-03"),
        ("2号线哪个口", "-"),
        ("第3号", "-"),
        ("3号店", "-"),
        ("12.5折", "-"),
        ("9.9元", "-"),
        ("10:30", "-"),
        ("24/7", "-"),
        ("the 1st floor", "-"),
    ],
)
def test_written_dates_are_the_next_ones(text: str, expected: str) -> None:
    assert days(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("元旦", "2027-01-01"),
        ("跨年夜开到几点", "2026-12-31"),
        ("New Year's Eve", "2026-12-31"),
        ("除夕", "2027-02-05"),
        ("年三十", "2027-02-05"),
        ("大年三十开不开门", "2027-02-05"),
        ("看ring this sat得吗", "2026-11-28"),
        ("那sat呢", "2026-11-28"),
        ("what about xidan, 10th in the morning", "2026-12-10"),
        ("大年初一", "2027-02-06"),
        ("大年初三", "2027-02-08"),
        ("年初二", "2027-02-07"),
        ("初一上午", "2027-02-06"),
        ("国庆五号", "2027-10-05"),
        ("正月十五", "2027-02-20"),
        ("元宵节", "2027-02-20"),
        ("情人节", "2027-02-14"),
        ("三八节", "2027-03-08"),
        ("清明", "2027-04-05"),
        ("520", "2027-05-20"),
        ("520块", "-"),
        ("母亲节", "2027-05-09"),
        ("端午節", "2027-06-09"),
        ("六一", "2027-06-01"),
        ("周六一起去", "2026-11-28"),
        ("Father's Day", "2027-06-20"),
        ("七夕", "2027-08-08"),
        ("中秋", "2027-09-15"),
        ("平安夜", "2026-12-24"),
        ("聖誕節", "2026-12-25"),
        ("Christmas", "2026-12-25"),
        ("Thanksgiving", "2026-11-26"),
        ("Easter", "2027-03-28"),
        ("晚上十一点", "-"),
    ],
)
def test_festivals_are_the_next_ones(text: str, expected: str) -> None:
    assert days(text) == expected


@pytest.mark.parametrize(
    ("text", "now", "expected"),
    [
        ("国庆", datetime(2026, 9, 1), "2026-10-01/2026-10-07"),
        ("國慶", datetime(2026, 10, 5), "2026-10-01/2026-10-07"),
        ("十一", datetime(2026, 9, 1), "2026-10-01/2026-10-07"),
        ("十一假期", datetime(2026, 9, 1), "2026-10-01/2026-10-07"),
        ("晚上十一点", datetime(2026, 9, 1), "-"),
        ("国庆", datetime(2026, 10, 8), "2027-10-01/2027-10-03"),
        ("National Day", datetime(2026, 9, 1), "2026-10-01/2026-10-07"),
        ("春节", WEDNESDAY, "2027-02-04/2027-02-11"),
        ("过年", datetime(2027, 2, 9), "2027-02-04/2027-02-11"),
        ("除夕", WEDNESDAY, "2027-02-05"),
        ("明年国庆", datetime(2026, 9, 1), "2027-10-01/2027-10-03"),
    ],
)
def test_a_holiday_is_as_long_as_the_calendar_says(text: str, now: datetime, expected: str) -> None:
    assert days(text, now, MAINLAND) == expected


def test_a_holiday_of_one_place_is_known_there_alone() -> None:
    assert days("佛诞", calendar=HONG_KONG) == "2027-05-13"
    assert days("佛诞", calendar=MAINLAND) == "-"
    assert days("圣诞", calendar=HONG_KONG) == "2026-12-25/2026-12-26"
    assert days("圣诞", calendar=MAINLAND) == "2026-12-25"
    assert days("圣诞那两天", calendar=MAINLAND) == "2026-12-24/2026-12-25"
    assert days("元旦三天都开吗", calendar=MAINLAND) == "2027-01-01/2027-01-03"


@pytest.mark.parametrize(
    ("text", "now", "expected"),
    [
        ("明天", datetime(2026, 12, 31, 23, 59), "2027-01-01"),
        ("周六", datetime(2026, 12, 31), "2027-01-02"),
        ("周末", datetime(2026, 12, 31), "2027-01-02/2027-01-03"),
        ("元旦", datetime(2027, 1, 1), "2027-01-01"),
        ("元旦", datetime(2027, 1, 2), "2028-01-01"),
        ("除夕", datetime(2027, 2, 5), "2027-02-05"),
        ("除夕", datetime(2027, 2, 6), "2028-01-25"),
        ("大年初三", datetime(2027, 2, 6), "2027-02-08"),
        ("12月31号", datetime(2027, 1, 1), "2027-12-31"),
        ("31号", datetime(2027, 2, 1), "2027-03-31"),
        ("1号", datetime(2026, 12, 2), "2027-01-01"),
        ("平安夜", datetime(2026, 12, 25), "2027-12-24"),
    ],
)
def test_the_turn_of_the_year_is_no_border(text: str, now: datetime, expected: str) -> None:
    assert days(text, now) == expected


def test_the_day_is_the_shops_own() -> None:
    moment = datetime(2026, 11, 25, 23, 30, tzinfo=ZoneInfo("UTC"))
    assert days("今天", moment.astimezone(ZoneInfo("Asia/Shanghai"))) == "2026-11-26"
    assert days("今天", moment.astimezone(ZoneInfo("Europe/Paris"))) == "2026-11-26"
    assert days("今天", moment) == "2026-11-25"


@pytest.mark.parametrize(
    "text", ["现在还开着吗", "而家仲開門?", "Are you open right now?", "关门了吗"]
)
def test_now_is_this_moment(text: str) -> None:
    found = when(text, WEDNESDAY, NO_CALENDAR)
    assert found
    assert (found.first, found.is_now) == (WEDNESDAY.date(), True)


def test_a_corrected_day_does_not_count() -> None:
    assert days("不是周六，是周日") == "2026-11-29"


@pytest.mark.parametrize(
    "text", ["on Thursday, 10 December", "周四（12月10号）", "12月10日周四", "Thursday the 10th"]
)
def test_a_weekday_beside_a_date_is_that_day(text: str) -> None:
    assert days(text) == "2026-12-10"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the day after Christmas Eve", "2026-12-25"),
        ("平安夜第二天开门吗", "2026-12-25"),
        ("平安夜前一天", "2026-12-23"),
        ("coming Sunday 6 Dec", "2026-12-06"),
        ("16号晚上ok吗…啊不对 是9号", "2026-12-09"),
        ("on the 16th, no wait, the 9th", "2026-12-09"),
    ],
)
def test_a_day_beside_a_day(text: str, expected: str) -> None:
    assert days(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("周六、下周六都开吗", "2026-11-28"),
        ("今天，下周三呢", "2026-11-25"),
        ("10号 17号", "2026-12-10"),
        ("周四、12月10号都营业吗", "2026-11-26"),
    ],
)
def test_two_days_of_one_weekday_are_two(text: str, expected: str) -> None:
    assert days(text) == expected


def test_of_two_separate_days_the_first_counts() -> None:
    assert days("周五还是下周三") == "2026-11-27"


@pytest.mark.parametrize(
    ("text", "language", "label"),
    [
        ("周六", "zh-Hans", "周六（11月28日）"),
        ("周六", "zh-Hant", "週六（11月28日）"),
        ("周六", "en", "Saturday (28 November)"),
        ("周末", "zh-Hans", "周末（11月28日至29日）"),
        ("周末", "en", "the weekend (28–29 November)"),
        ("明天", "zh-Hant", "明天（11月26日）"),
        ("聖誕", "zh-Hans", "圣诞节（12月25日）"),
        ("12月30号到1月2号", "zh-Hans", "12月30日至1月2日"),
        ("12月30号到1月2号", "en", "30 December – 2 January"),
        ("大年初三", "en", "day 3 of the Lunar New Year (8 February)"),
    ],
)
def test_days_are_called_as_people_call_them(text: str, language: str, label: str) -> None:
    found = when(text, WEDNESDAY, NO_CALENDAR)
    assert found
    assert found.label(language) == label


@pytest.mark.parametrize(
    ("year", "eve", "clear", "sunday"),
    [
        (2024, "02-09", "04-04", "03-31"),
        (2025, "01-28", "04-04", "04-20"),
        (2026, "02-16", "04-05", "04-05"),
        (2027, "02-05", "04-05", "03-28"),
        (2028, "01-25", "04-04", "04-16"),
    ],
)
def test_moving_feasts_fall_where_almanacs_have_them(
    year: int, eve: str, clear: str, sunday: str
) -> None:
    feasts = new_year_eve(year), qingming(year), easter(year)
    assert [f"{feast:%m-%d}" for feast in feasts] == [eve, clear, sunday]


def test_lunar_days_are_solar_days() -> None:
    assert lunar(2026, 8, 15) == date(2026, 9, 25)


FUTURE = [
    *("周一", "周二", "周三", "周四", "周五", "周六", "周日", "周末", "今天", "明天", "后天"),
    *("25号", "12月25号", "2月29号", "元旦", "春节", "除夕", "大年初三", "清明", "五一", "端午"),
    *("七夕", "中秋", "国庆", "圣诞", "weekend", "Monday", "tomorrow", "Christmas"),
]


@given(
    st.sampled_from(FUTURE),
    st.datetimes(datetime(2024, 1, 1), datetime(2090, 12, 31)),
)
def test_every_word_means_a_day_that_is_not_over(text: str, now: datetime) -> None:
    found = when(text, now, MAINLAND)
    assert found
    assert found.last >= now.date()
    assert found.first <= found.last
    assert found.first - now.date() < timedelta(366 * 8 + 1)


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading(text: str) -> None:
    found = when(text, WEDNESDAY, HONG_KONG)
    assert found is None or found.first <= found.last


@given(st.sampled_from(FESTIVALS), st.integers(2000, 2089))
def test_every_festival_has_a_day_in_every_year(festival: Festival, year: int) -> None:
    first, last = festival.span(year)
    assert first <= last

"""When people are there: zones, summer time, holidays, make-up days, special days, nights, never and always."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.brand import HolidayCalendar, Hours, Special
from bot.brand_files import load_brand
from bot.desk.hours import Schedule
from bot.desk.reception import Reception
from bot.desk.teams import Team, Teams

SHANGHAI, PARIS = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Paris")
SHUT, DAY = Hours(()), Hours(((10 * 60, 22 * 60),))
HOUR = 3600.0


@pytest.fixture(scope="session")
def mainland(nlu_data: Path) -> HolidayCalendar:
    """The shipped calendar: 2026 is announced, 2027 is not."""
    return load_brand(nlu_data / "brand").calendars["mainland"]


def schedule(*week: Hours, zone: ZoneInfo = SHANGHAI, **fields: object) -> Schedule:
    """A week of ten to ten, or as told: weekdays and weekend, or all seven days."""
    days = week or (DAY,)
    told = days * 7 if len(days) == 1 else (days[0],) * 5 + (days[1],) * 2
    return Schedule(zone, told, **fields)  # type: ignore[arg-type]


def at(text: str, zone: ZoneInfo = SHANGHAI) -> float:
    """``2026-11-28 09:30`` as Unix seconds."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()


def told(moment: float | None, zone: ZoneInfo = SHANGHAI) -> str:
    """Unix seconds as ``2026-11-28 09:30``."""
    return "never" if moment is None else f"{datetime.fromtimestamp(moment, zone):%Y-%m-%d %H:%M}"


def test_people_are_there_from_the_first_minute_to_the_last() -> None:
    week = schedule()
    moments = ("09:59", "10:00", "21:59", "22:00")
    assert [week.is_open(at(f"2026-11-28 {each}")) for each in moments] == [
        False,
        True,
        True,
        False,
    ]
    assert told(week.opens_at(at("2026-11-28 22:00"))) == "2026-11-29 10:00"
    assert week.opens_at(at("2026-11-28 12:00")) == at("2026-11-28 12:00")
    assert told(week.closes_at(at("2026-11-28 12:00"))) == "2026-11-28 22:00"
    assert week.closes_at(at("2026-11-28 23:00")) is None


def test_a_moment_is_read_in_the_zone_of_the_team() -> None:
    moment = at("2026-11-28 18:00", SHANGHAI)
    assert schedule().is_open(moment)
    assert schedule(zone=PARIS).is_open(moment)  # eleven in the morning there
    assert not schedule(zone=PARIS).is_open(at("2026-11-28 16:00", SHANGHAI))
    assert told(schedule(zone=PARIS).opens_at(at("2026-11-28 16:00")), PARIS) == "2026-11-28 10:00"


def test_the_clock_of_a_promise_stands_still_at_night() -> None:
    assert told(schedule().after(at("2026-11-28 21:58"), 300)) == "2026-11-29 10:03"
    assert told(schedule().after(at("2026-11-28 03:00"), 300)) == "2026-11-28 10:05"
    assert told(schedule().after(at("2026-11-28 10:00"), 30 * HOUR)) == "2026-11-30 16:00"


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-03-28 23:00", "2026-03-29 05:00", 5),  # an hour is left out
        ("2026-10-24 23:00", "2026-10-25 05:00", 7),  # an hour comes twice
    ],
)
def test_summer_time_counts_the_hours_that_really_pass(start: str, end: str, hours: int) -> None:
    night = schedule(Hours(((22 * 60, 30 * 60),)), zone=PARIS)
    assert night.open_seconds(at(start, PARIS), at(end, PARIS)) == hours * HOUR
    assert told(night.after(at(start, PARIS), hours * HOUR), PARIS) == end


def test_a_span_in_the_hour_that_summer_time_leaves_out_is_none() -> None:
    early = schedule(Hours(((150, 180),)), zone=PARIS)
    assert told(early.opens_at(at("2026-03-29 01:00", PARIS)), PARIS) == "2026-03-30 02:30"


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    bar = schedule(SHUT, Hours(((20 * 60, 26 * 60),)))  # Saturday and Sunday, to two in the morning
    assert bar.is_open(at("2026-11-30 01:59"))  # a Monday
    assert not bar.is_open(at("2026-11-30 02:00"))
    assert not bar.is_open(at("2026-11-28 01:00"))
    assert told(bar.closes_at(at("2026-11-28 23:00"))) == "2026-11-29 02:00"


def test_hours_that_touch_or_overlap_are_one_stretch() -> None:
    shifts = schedule(Hours(((18 * 60, 24 * 60), (0, 6 * 60))))
    assert told(shifts.closes_at(at("2026-11-28 19:00"))) == "2026-11-29 06:00"
    short = Special(date(2026, 11, 29), date(2026, 11, 29), Hours(((60, 120),)))
    long = schedule(Hours(((20 * 60, 30 * 60),)), special=(short,))
    assert told(long.closes_at(at("2026-11-28 21:00"))) == "2026-11-29 06:00"
    assert long.open_seconds(at("2026-11-28 20:00"), at("2026-11-29 12:00")) == 10 * HOUR


def test_a_holiday_has_its_own_hours_or_those_of_its_weekday(mainland: HolidayCalendar) -> None:
    national_day = at("2026-10-01 12:00")  # a Thursday
    plain = schedule(DAY, SHUT, calendar=mainland)
    assert plain.is_open(national_day)
    closed = schedule(DAY, SHUT, calendar=mainland, holiday=SHUT)
    assert not closed.is_open(national_day)
    assert told(closed.opens_at(at("2026-09-30 23:00"))) == "2026-10-08 10:00"
    short = schedule(DAY, SHUT, calendar=mainland, holiday=Hours(((12 * 60, 18 * 60),)))
    assert told(short.opens_at(at("2026-09-30 23:00"))) == "2026-10-01 12:00"


def test_a_weekend_day_that_is_worked_instead_goes_like_a_monday(mainland: HolidayCalendar) -> None:
    office = schedule(DAY, SHUT, calendar=mainland, holiday=SHUT)
    assert office.is_open(at("2026-10-10 12:00"))  # a Saturday
    assert not office.is_open(at("2026-10-11 12:00"))
    assert told(office.opens_at(at("2026-10-09 22:00"))) == "2026-10-10 10:00"


def test_a_special_day_goes_before_everything(mainland: HolidayCalendar) -> None:
    sale = Special(date(2026, 10, 1), date(2026, 10, 2), Hours(((8 * 60, 24 * 60),)))
    shut = Special(date(2026, 10, 10), date(2026, 10, 10), SHUT)
    team = schedule(DAY, SHUT, calendar=mainland, holiday=SHUT, special=(sale, shut))
    assert team.is_open(at("2026-10-01 08:00"))
    assert team.is_open(at("2026-10-02 23:59"))
    assert not team.is_open(at("2026-10-03 12:00"))
    assert not team.is_open(at("2026-10-10 12:00"))


def test_who_is_never_there_promises_nothing() -> None:
    never = schedule(SHUT)
    now = at("2026-11-28 12:00")
    assert not never.is_open(now)
    assert (never.opens_at(now), never.closes_at(now), never.after(now, 1)) == (None, None, None)
    assert never.open_seconds(now, now + 1e6) == 0
    window_end = now + 48 * HOUR
    team = Team("never", "无人", week=((),) * 7)
    reception = Reception(Teams({"never": team}))
    assert reception.due_at("never", now, window_end, is_first=True) == window_end


def test_who_is_always_there_never_closes() -> None:
    always, now = Schedule(SHANGHAI, (Hours(((0, 24 * 60),)),) * 7), at("2026-11-28 03:00")
    assert always.is_open(now)
    assert always.opens_at(now) == now
    assert always.closes_at(now) is None
    assert always.after(now, 180) == now + 180
    assert always.open_seconds(now, now + 90 * 24 * HOUR) == 90 * 24 * HOUR


def test_a_year_without_a_notice_goes_by_the_statutory_days_and_says_so(
    mainland: HolidayCalendar,
) -> None:
    team = Team("all", "客服", week=((((600, 1320)),),) * 5 + ((),) * 2, holiday=())
    reception = Reception(Teams({"all": team}), {"mainland": mainland})
    assert not reception.is_open("all", at("2027-02-05 12:00"))  # New Year's Eve, a Friday
    assert not reception.is_provisional("all", 2026)
    assert reception.is_provisional("all", 2027)
    assert reception.is_provisional("all", 2031)  # no file at all
    assert not Reception().is_provisional("all", 2031)  # no calendar, nothing to announce


SPANS = st.lists(st.tuples(st.integers(0, 1440), st.integers(1, 900)), max_size=3)
WEEKS = st.lists(SPANS, min_size=7, max_size=7)


@given(WEEKS, st.floats(0, 366 * 24 * HOUR), st.sampled_from([SHANGHAI, PARIS]))
def test_opening_closing_and_waiting_agree_with_one_another(
    week: list[list[tuple[int, int]]], ahead: float, zone: ZoneInfo
) -> None:
    hours = tuple(Hours(tuple((start, start + long) for start, long in day)) for day in week)
    team, now = Schedule(zone, hours), at("2026-01-01 00:00") + ahead
    opens = team.opens_at(now)
    if opens is None:
        assert not any(week)
        return
    assert team.is_open(opens)
    assert team.is_open(now) == (opens == now)
    assert team.open_seconds(now, opens) == 0
    closes = team.closes_at(opens)
    if closes is not None:
        assert opens < closes
        assert not team.is_open(closes)
        assert team.open_seconds(opens, closes) == pytest.approx(closes - opens)
    reached = team.after(now, 240)
    assert reached is not None
    assert team.open_seconds(now, reached) == pytest.approx(240)

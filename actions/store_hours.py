"""When the shops are open."""

import re
from datetime import UTC, datetime, timedelta
from functools import partial

from actions.opening import closed_reason, hours_text, week_text
from actions.places import Place, ask_city, lines, places, tell_each
from actions.turn import Asked, Reply, Say, say
from bot.brand import Brand, HolidayCalendar, Shop
from bot.dates import DateRange, when
from bot.day_names import MONTH_NAMES
from bot.spelling import plain

BARE_DAY = re.compile(r"(?<![月\d一二三四五六七八九十])([\d一二三四五六七八九十]{1,3}[号日])")
"""五号 after a talk of National Day: of the month that was talked of."""

ENGLISH_DAY = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)\b(?! floor)", re.IGNORECASE)
"""And the 26th, where no month is named."""

ENGLISH_MONTH = re.compile(
    rf"\b(?:{'|'.join(rf'{name[:3]}(?:{name[3:]})?' for name in MONTH_NAMES)})\b", re.IGNORECASE
)

BARE_WEEKDAY = re.compile(
    r"(?<![上下这本今个])(?=(?:周|星期|礼拜)[一二三四五六日天末])"
    r"|(?<!next )(?<!this )(?<!coming )\b(?=(?:mon|tues|wednes|thurs|fri|satur|sun)day\b)"
)
"""Where 下 goes: 那周日呢 after 下周六 is of that week."""
NEXT_WEEK = re.compile(
    r"(?<!下)下个?(?:周|星期|礼拜)|\bnext (?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
)

NEXT_DAY = re.compile(
    r"转天|隔天|第二[天日]|翌日|次日|后一天|\b(?:next|following) day\b|\bday after(?! tomorrow)"
)
WEEK_AFTER = re.compile(r"\b(?:\w+day|week) after (?:that|this|it)\b|再下一?个?(?:周|礼拜|星期)")
DAY_BEFORE = re.compile(r"前一天|头一天|\bday before(?! yesterday)")
"""Said after a day was talked of: counted from that one, not from today."""

SERVICE = re.compile(
    r"客服|热线|人工|真人|hotline|customer (service|care)|support (team|staff)|(human|live) agents?"
)
"""Those who answer the phone, who have hours of their own."""

CLOSED = "utter_store_hours_closed"

USUALLY = {"zh-Hans": "平时", "zh-Hant": "平時", "en": "in general"}
"""Stands for the day where none was asked for."""


def store_hours(brand: Brand, asked: Asked) -> Reply:
    """The hours of the shops and days asked for, or of the service by phone; asks for the city if it is unknown."""
    if SERVICE.search(plain(asked.text)):
        return say("utter_store_contact")
    found = places(brand, asked)
    reply = (
        tell_each(brand, asked, "store_hours", found, partial(_hours, asked=asked))
        if found
        else ask_city(brand, asked, "store_hours")
    )
    return Reply(reply.says, {**reply.slots, "weekday_or_date": day_words(asked)})


def day_words(asked: Asked) -> str | None:
    """The message that named the day, this or an earlier one; each shop reads it by its own clock."""
    before = asked.kept("weekday_or_date")
    if beside := _beside(asked, before):
        return beside
    if not names_day(asked):
        return before
    return _of_week(asked, before) or _of_month(asked, before)


def _beside(asked: Asked, before: str | None) -> str | None:
    """The day after or before the one talked of: 转天呢 after 大年三十."""
    text = plain(asked.text)
    days = 7 if WEEK_AFTER.search(text) else 1 if NEXT_DAY.search(text) else 0
    days = days or -bool(DAY_BEFORE.search(text))
    now = datetime.fromtimestamp(asked.time, UTC)
    kept = when(before, now, HolidayCalendar("none")) if before and days else None
    if kept is None:
        return None
    day = (kept.last if days > 0 else kept.first) + timedelta(days)
    return f"{day.year}年{day.month}月{day.day}日"


def _of_week(asked: Asked, before: str | None) -> str | None:
    """The message, its bare weekday put into the next week if that was talked of."""
    if not before or not NEXT_WEEK.search(plain(before)):
        return None
    text = plain(asked.text)
    next_ = "next " if text.isascii() else "下"
    return BARE_WEEKDAY.sub(next_, text, count=1) if BARE_WEEKDAY.search(text) else None


def _of_month(asked: Asked, before: str | None) -> str:
    """The message, its bare days put into the month of the days named before, if that is a coming one."""
    now = datetime.fromtimestamp(asked.time, UTC)
    kept = when(before, now, HolidayCalendar("none")) if before else None
    if kept is None or kept.first.month == now.month:
        return asked.text
    told = BARE_DAY.sub(rf"{kept.first.month}月\1", asked.text)
    if ENGLISH_MONTH.search(told):
        return told
    return ENGLISH_DAY.sub(rf"{kept.first.month}月\1日", told)


def names_day(asked: Asked) -> bool:
    """Whether the message names a day, or one beside the day talked of."""
    now = datetime.fromtimestamp(asked.time, UTC)
    return bool(
        asked.said("weekday_or_date")
        or when(asked.text, now, HolidayCalendar("none"))
        or _beside(asked, asked.kept("weekday_or_date"))
    )


def _hours(place: Place, asked: Asked) -> Say:
    return shop_hours(place.shop, asked) if place.shop else _of_city(place, asked)


def shop_hours(shop: Shop, asked: Asked) -> Say:
    """Those of the days asked for, else of the week."""
    language, now, day = asked.language, _now(shop, asked), asked_day(shop, asked)
    values = {"shop": shop.names[language], "address": shop.address[language]}
    if day is None:
        week = week_text(shop, now.date(), language)
        return Say("utter_store_hours_week", {**values, "hours": week})
    values["day"] = day.label(language)
    if all(shop.hours_on(each).is_closed for each in day.days):
        values["reason"] = closed_reason(shop, day, language)
        return Say(CLOSED, values)
    return Say("utter_store_hours", {**values, "hours": hours_text(shop, day, now, language)})


def _of_city(place: Place, asked: Asked) -> Say:
    language, day = asked.language, asked_day(place.shops[0], asked)
    values = {
        "city": place.city.names[language],
        "day": day.label(language) if day else USUALLY[language],
        "hours": lines(((s.names[language], _line(s, asked)) for s in place.shops), language),
    }
    return Say("utter_store_hours_city", values)


def _line(shop: Shop, asked: Asked) -> str:
    now, day = _now(shop, asked), asked_day(shop, asked)
    if day is None:
        return week_text(shop, now.date(), asked.language)
    return hours_text(shop, day, now, asked.language)


def asked_day(shop: Shop, asked: Asked) -> DateRange | None:
    """The days asked for, as the shop's own clock and calendar have them."""
    words = day_words(asked)
    return when(words, _now(shop, asked), shop.calendar) if words else None


def _now(shop: Shop, asked: Asked) -> datetime:
    return datetime.fromtimestamp(asked.time, shop.zone)

"""Reads ``nlu_data/brand`` strictly; a refusal is one sentence naming file, line and field."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.brand import (
    WEEKDAYS,
    WORD_KINDS,
    Brand,
    Campaign,
    City,
    Gift,
    Holiday,
    HolidayCalendar,
    Hours,
    Shop,
    Special,
    Word,
)
from bot.entries import Entry, read_entry
from bot.hours_text import Spans, parsed
from bot.live import Live

CALENDARS = ("mainland", "hong_kong", "france")
_PLACE_FIELDS = ("city", "zone", "holidays", "address", "way", "phone", "latitude", "longitude")
SHOP_FIELDS = ("names", "also", *_PLACE_FIELDS, "hours", "special", "parking")
GIFT_FIELDS = ("names", "price", "category", "recipients", "occasions", "note")


def live_brand(folder: Path) -> Live[Brand]:
    """The brand, read again when a file changes. Raises FileError or OSError at the start."""
    return Live(lambda: sorted(folder.rglob("*.yml")), lambda: load_brand(folder))


def load_brand(folder: Path) -> Brand:
    """Read all files. Raises FileError for a wrong one, OSError for a missing one."""
    shops = read_entry(folder / "shops.yml")
    shops.only("cities", "shops")
    cities = _cities(shops.need("cities"))
    calendars = _calendars(sorted((folder / "holidays").glob("*.yml")))
    words = _words(read_entry(folder / "words.yml"))
    return Brand(
        cities=cities,
        shops=_each(shops.need("shops"), lambda id, entry: _shop(id, entry, cities, calendars)),
        gifts=_gifts(read_entry(folder / "gifts.yml"), words),
        recipient=words["recipient"],
        occasion=words["occasion"],
        product_category=words["product_category"],
        calendars=calendars,
        campaigns=_campaigns(read_entry(folder / "campaigns.yml")),
    )


T = TypeVar("T")


def _each(entries: Entry, make: Callable[[str, Entry], T]) -> dict[str, T]:
    return {id: make(id, entry) for id, entry in entries.items()}


def _cities(entries: Entry) -> dict[str, City]:
    ids = dict(entries.items())

    def make(id: str, entry: Entry) -> City:
        nearest = entry.only("names", "also", "nearest").get("nearest")
        known = _known(nearest, ids, "a city of this file") if nearest else None
        return City(id, entry.need("names").languages(), _also(entry), known)

    return _each(entries, make)


def _also(entry: Entry) -> tuple[str, ...]:
    return _texts(entry, "also")


def _texts(entry: Entry, field: str) -> tuple[str, ...]:
    texts = entry.get(field)
    return tuple(texts.texts()) if texts else ()


def _words(entry: Entry) -> dict[str, dict[str, Word]]:
    entry.only(*WORD_KINDS)
    return {kind: _words_of_kind(entry.need(kind)) for kind in WORD_KINDS}


def _words_of_kind(entries: Entry) -> dict[str, Word]:
    ids = dict(entries.items())

    def make(id: str, entry: Entry) -> Word:
        entry.only("names", "also", "of", "ruled_out_by")
        return Word(
            id=id,
            names=entry.need("names").languages(),
            also=_also(entry),
            of=_all_known(entry.get("of"), ids, "a name of this list"),
            ruled_out_by=_texts(entry, "ruled_out_by"),
        )

    return _each(entries, make)


def _shop(
    id: str,
    entry: Entry,
    cities: Mapping[str, City],
    calendars: Mapping[str, HolidayCalendar],
) -> Shop:
    entry.only(*SHOP_FIELDS)
    hours = entry.need("hours")
    hours.only(*WEEKDAYS, "holiday")
    holiday, special, parking = hours.get("holiday"), entry.get("special"), entry.get("parking")
    return Shop(
        id=id,
        city=_known(entry.need("city"), cities, "a city of this file"),
        names=entry.need("names").languages(),
        also=_also(entry),
        zone=_zone(entry.need("zone")),
        calendar=calendars[_known(entry.need("holidays"), calendars, "a holiday calendar")],
        address=entry.need("address").languages(),
        way=entry.need("way").languages(),
        phone=entry.need("phone").text(),
        latitude=_between(entry.need("latitude"), -90, 90),
        longitude=_between(entry.need("longitude"), -180, 180),
        week=tuple(Hours(_spans(hours.need(day))) for day in WEEKDAYS),
        holiday=Hours(_spans(holiday)) if holiday else None,
        special=tuple(_special(each) for each in special.list()) if special else (),
        parking=parking.languages() if parking else None,
    )


def _special(entry: Entry) -> Special:
    entry.only("from", "to", "hours", "reason")
    first, last = _from_to(entry)
    reason = entry.need("reason").languages()
    return Special(first, last, Hours(_spans(entry.need("hours")), reason))


def _spans(entry: Entry) -> Spans:
    """``10:00-13:00, 14:00-19:00`` in minutes after midnight, nothing for ``closed``."""
    try:
        return parsed(entry.text())
    except ValueError as error:
        entry.fail(f"{error}")


def _calendars(files: Iterable[Path]) -> dict[str, HolidayCalendar]:
    """The calendars over all years; a year is a file."""
    years = {path: read_entry(path) for path in files}
    parts = [(_year(entry), entry.need("calendars")) for entry in years.values()]
    for _, calendars in parts:
        calendars.only(*CALENDARS)
    return {id: _calendar(id, parts) for id in CALENDARS}


def _year(entry: Entry) -> int:
    entry.only("calendars")
    if not re.fullmatch(r"20\d\d", entry.path.stem):
        entry.fail("must be in a file named after its year, like 2026.yml")
    return int(entry.path.stem)


def _calendar(id: str, parts: Iterable[tuple[int, Entry]]) -> HolidayCalendar:
    found = [(year, part) for year, calendars in parts if (part := calendars.get(id))]
    for _, part in found:
        part.only("announced", "holidays", "workdays")
    holidays = [_holiday(each) for _, part in found for each in part.need("holidays").list()]
    return HolidayCalendar(
        id,
        tuple(sorted(holidays, key=lambda holiday: holiday.first)),
        frozenset(day for _, part in found for day in _dates(part.get("workdays"))),
        frozenset(year for year, part in found if part.need("announced").flag()),
    )


def _holiday(entry: Entry) -> Holiday:
    entry.only("from", "to", "names", "also")
    first, last = _from_to(entry)
    return Holiday(first, last, entry.need("names").languages(), _also(entry))


def _from_to(entry: Entry) -> tuple[date, date]:
    first, to = _date(entry.need("from")), entry.get("to")
    last = _date(to) if to else first
    if to and last < first:
        to.fail(f"is before {first}")
    return first, last


def _dates(entry: Entry | None) -> list[date]:
    return [_date(each) for each in entry.list()] if entry else []


def _date(entry: Entry) -> date:
    try:
        return date.fromisoformat(entry.text())
    except ValueError:
        entry.fail("must be a date like 2026-10-01")


def _gifts(entry: Entry, words: Mapping[str, Mapping[str, Word]]) -> dict[str, Gift]:
    def make(id: str, gift: Entry) -> Gift:
        gift.only(*GIFT_FIELDS)
        return Gift(
            id=id,
            names=gift.need("names").languages(),
            price=int(gift.need("price").match(r"[1-9]\d*", "a whole number of yuan")),
            category=_known(gift.need("category"), words["product_category"], "a product_category"),
            recipients=_all_known(gift.get("recipients"), words["recipient"], "a recipient"),
            occasions=_all_known(gift.get("occasions"), words["occasion"], "an occasion"),
            note=gift.need("note").languages(),
        )

    entry.only("gifts")
    return _each(entry.need("gifts"), make)


def _campaigns(entry: Entry) -> dict[str, Campaign]:
    def make(id: str, campaign: Entry) -> Campaign:
        campaign.only("from", "to", "names", "text")
        campaign.need("to")
        first, last = _from_to(campaign)
        return Campaign(
            id, first, last, campaign.need("names").languages(), campaign.need("text").languages()
        )

    entry.only("campaigns")
    return _each(entry.need("campaigns"), make)


def _all_known(entry: Entry | None, known: Mapping[str, object], what: str) -> frozenset[str]:
    return frozenset(_known(each, known, what) for each in entry.list()) if entry else frozenset()


def _known(entry: Entry, known: Mapping[str, object], what: str) -> str:
    text = entry.text()
    return text if text in known else entry.fail(f"must be {what}, and {text} is none")


def _zone(entry: Entry) -> ZoneInfo:
    try:
        return ZoneInfo(entry.text())
    except (ZoneInfoNotFoundError, ValueError, OSError):
        entry.fail("must be a time zone like Asia/Shanghai")


def _between(entry: Entry, low: float, high: float) -> float:
    number = entry.number()
    return number if low <= number <= high else entry.fail(f"must be from {low} to {high}")

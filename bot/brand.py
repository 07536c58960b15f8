"""The brand as its editors describe it: shops, hours, holidays, gifts and words. No I/O here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from bot.product_likeness import Likeness
from bot.product_names import unique_parts
from bot.spelling import plain

Names = Mapping[str, str]
"""A text in each language: ``zh-Hans``, ``zh-Hant``, ``en``."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WORD_KINDS = ("recipient", "occasion", "product_category")


@dataclass(frozen=True)
class City:
    """A city; ``also`` holds other spellings, ``nearest`` the city with shops that is next to one without."""

    id: str
    names: Names
    also: tuple[str, ...] = ()
    nearest: str | None = None


@dataclass(frozen=True)
class Word:
    """A recipient, an occasion or a product category as followers name it.

    ``of``: the ids that it takes in; ``ruled_out_by``: sayings that mean that it is not wanted.
    """

    id: str
    names: Names
    also: tuple[str, ...] = ()
    of: frozenset[str] = frozenset()
    ruled_out_by: tuple[str, ...] = ()

    def covers(self, id: str) -> bool:
        """Whether the id is its own or one that it takes in."""
        return id == self.id or id in self.of


@dataclass(frozen=True)
class Hours:
    """When a shop is open on a day: pairs of minutes after midnight, none if closed.

    ``reason`` says why the day is not like its weekday.
    """

    open: tuple[tuple[int, int], ...]
    reason: Names | None = None

    @property
    def is_closed(self) -> bool:
        """Whether the shop stays closed."""
        return not self.open

    def is_open_at(self, minute: int) -> bool:
        """Whether the shop is open at this minute of the day."""
        return any(start <= minute < end for start, end in self.open)

    def opens_after(self, minute: int) -> int | None:
        """The minute at which it opens next on this day."""
        return next((start for start, _ in self.open if start > minute), None)

    def __str__(self) -> str:
        return ", ".join(f"{clock(start)}–{clock(end)}" for start, end in self.open)


@dataclass(frozen=True)
class Special:
    """Days on which a shop departs from its week, both ends included."""

    first: date
    last: date
    hours: Hours


@dataclass(frozen=True)
class Shop:
    """A shop, its place and its hours.

    ``week`` runs from Monday; ``holiday`` holds the hours of public holidays if they differ.
    """

    id: str
    city: str
    names: Names
    also: tuple[str, ...]
    zone: ZoneInfo
    calendar: "HolidayCalendar"
    address: Names
    way: Names
    phone: str
    latitude: float
    longitude: float
    week: tuple[Hours, ...]
    holiday: Hours | None = None
    special: tuple[Special, ...] = ()
    parking: Names | None = None

    def hours_on(self, day: date) -> Hours:
        """The hours of a day: special day before public holiday before weekday."""
        for special in self.special:
            if special.first <= day <= special.last:
                return special.hours
        holiday = self.calendar.on(day)
        if holiday and self.holiday:
            return Hours(self.holiday.open, holiday.names)
        return self.week[day.weekday()]

    def is_special_on(self, day: date) -> bool:
        """Whether the hours of this day differ from those of its weekday."""
        return self.hours_on(day).open != self.week[day.weekday()].open


@dataclass(frozen=True)
class Holiday:
    """A public holiday, both ends included."""

    first: date
    last: date
    names: Names
    also: tuple[str, ...] = ()

    @cached_property
    def words(self) -> frozenset[str]:
        """All its names in plain spelling."""
        return frozenset(plain(word) for word in (*self.names.values(), *self.also))


@dataclass(frozen=True)
class HolidayCalendar:
    """A place's public holidays in order, and the weekend days that are worked instead."""

    id: str
    holidays: tuple[Holiday, ...] = ()
    workdays: frozenset[date] = frozenset()
    announced: frozenset[int] = frozenset()

    def on(self, day: date) -> Holiday | None:
        """The holiday that this day belongs to."""
        return next((h for h in self.holidays if h.first <= day <= h.last), None)

    def coming(self, day: date) -> Iterator[Holiday]:
        """The holidays that are not over on ``day``, the nearest first."""
        return (holiday for holiday in self.holidays if holiday.last >= day)


@dataclass(frozen=True)
class Gift:
    """Something to give; ``price`` in CNY. No recipients or occasions means all of them."""

    id: str
    names: Names
    price: int
    category: str
    recipients: frozenset[str]
    occasions: frozenset[str]
    note: Names


@dataclass(frozen=True)
class Campaign:
    """An offer and the days on which it holds, both ends included."""

    id: str
    first: date
    last: date
    names: Names
    text: Names


@dataclass(frozen=True)
class Brand:
    """Everything that ``nlu_data/brand`` tells the actions."""

    cities: Mapping[str, City]
    shops: Mapping[str, Shop]
    gifts: Mapping[str, Gift]
    recipient: Mapping[str, Word]
    occasion: Mapping[str, Word]
    product_category: Mapping[str, Word]
    calendars: Mapping[str, HolidayCalendar]
    campaigns: Mapping[str, Campaign] = field(default_factory=dict)

    @cached_property
    def product_parts(self) -> Mapping[str, str]:
        """The product's id by each part of a name, in plain spelling, that only this product has."""
        taken = _spellings((*self.recipient.values(), *self.occasion.values()))
        return unique_parts({gift.id: gift.names for gift in self.gifts.values()}, taken)

    @cached_property
    def product_likeness(self) -> Likeness:
        """Finds the products that a loose name means."""
        names = {gift.id: gift.names.values() for gift in self.gifts.values()}
        return Likeness.of(names, self.product_kinds)

    @cached_property
    def product_kinds(self) -> frozenset[str]:
        """All words for categories of products, in plain spelling."""
        return _spellings(self.product_category.values())

    def kinds(self, ids: Iterable[str]) -> list[Word]:
        """The categories of products that these ids name, in their order, without unknown ones."""
        return [self.product_category[id] for id in ids if id in self.product_category]

    def shops_in(self, city: str) -> list[Shop]:
        """The shops of a city, in the file's order."""
        return [shop for shop in self.shops.values() if shop.city == city]


def _spellings(words: Iterable[Word]) -> frozenset[str]:
    return frozenset(plain(name) for word in words for name in (*word.names.values(), *word.also))


def days(first: date, last: date) -> Sequence[date]:
    """Each day from first to last."""
    return [first + timedelta(number) for number in range((last - first).days + 1)]


def clock(minute: int) -> str:
    """``630`` as ``10:30``."""
    return f"{minute // 60}:{minute % 60:02}"

"""A VIP on the way to a shop: which shop it is, who is asked to be at the door, and whose turn it is next."""

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.brand import Brand, Names
from bot.spelling import plain

REASON = "vip_arrival"

SAME_SECONDS = 2 * 3600.0
"""Whoever says so again within so long is still the same arrival; a link to it holds for so long too."""

MOST_MOVES = 2
"""So often may one arrival go to another team that is no nearer: shops are not called to their doors for nothing."""

NAMELESS: Names = {"zh-Hans": "店", "zh-Hant": "店", "en": "the shop"}
"""What a shop is called that is not known."""


@dataclass(frozen=True)
class Place:
    """Where somebody arrives: ids of shop and city, as far as they are known."""

    shop: str = ""
    city: str = ""

    @property
    def exactness(self) -> int:
        """How much is known of it."""
        return bool(self.city) + bool(self.shop)


@dataclass(frozen=True)
class Asked:
    """Somebody of ``team`` who was asked at ``at`` to be at the door, by a link with this secret.

    ``manager`` is a log-in name, empty when a team was asked as a whole.
    """

    manager: str
    secret: str
    at: float
    team: str = ""


@dataclass(frozen=True)
class Arrival:
    """One arrival, announced at ``at``. ``met_by`` is what whoever will be at the door is called, ``met_by_name`` the
    log-in name; ``is_told``: the follower knows it. ``is_given_up``: all were asked, and nobody answered. ``asked`` are
    those of all teams, the latest last; ``moves`` counts how often another team began (see ``moved``).
    """

    at: float
    team: str
    place: Place
    asked: tuple[Asked, ...] = ()
    met_by: str = ""
    met_by_name: str = ""
    is_told: bool = False
    is_given_up: bool = False
    moves: int = 0

    @property
    def asked_here(self) -> tuple[Asked, ...]:
        """Those of the present team."""
        return tuple(each for each in self.asked if each.team == self.team)

    def moved(self, place: Place, team: str, now: float, patience_seconds: float) -> "Arrival":
        """The arrival where the follower's words now place it; what is less exact than what is known changes nothing.

        Another team begins at once if the place was not known so exactly before. Else it begins when the latest letter
        is ``patience_seconds`` old, and not more than MOST_MOVES times: whoever names one shop after the other calls
        not all of them.
        """
        gain = place.exactness - self.place.exactness
        is_same, is_nearer = team == self.team, gain > 0
        if gain < 0 or not (is_same or is_nearer or self._may_move(now, patience_seconds)):
            return self
        moves = self.moves + (not is_same and not is_nearer)
        is_given_up = self.is_given_up and is_same and not is_nearer
        return replace(self, place=place, team=team, is_given_up=is_given_up, moves=moves)

    def _may_move(self, now: float, patience_seconds: float) -> bool:
        latest = max((each.at for each in self.asked), default=self.at)
        return self.moves < MOST_MOVES and now >= latest + patience_seconds

    def is_over(self, now: float) -> bool:
        """Whether the next announcement is another arrival."""
        return now >= self.at + SAME_SECONDS

    def by_secret(self, secret: str) -> Asked | None:
        """Who was given the link with this secret; the time it takes to look tells nothing."""
        told = secret.encode()
        found = [each for each in self.asked if hmac.compare_digest(each.secret.encode(), told)]
        return found[0] if found else None

    def met(self, asked: Asked, shown: str) -> "Arrival":
        """The arrival with somebody at the door; the first one counts."""
        return self if self.met_by else replace(self, met_by=shown, met_by_name=asked.manager)


def place_of(brand: Brand, words: Sequence[str], city: str) -> Place:
    """Where a follower arrives by their own words, the latest first; else ``city``, or its shop if it has just one."""
    for text in map(plain, words):
        for shop in brand.shops.values():
            if _is_named(text, (*shop.names.values(), *shop.also)):
                return Place(shop.id, shop.city)
        for each in brand.cities.values():
            if _is_named(text, (*each.names.values(), *each.also)):
                return _in_city(brand, each.id)
    return _in_city(brand, city)


def shop_name(brand: Brand, place: Place, language: str) -> str:
    """What the place is called: the shop, else its city; empty when nothing is known."""
    known = brand.shops.get(place.shop) or brand.cities.get(place.city)
    return known.names.get(language, known.names["en"]) if known else ""


def next_to_ask(
    arrival: Arrival, managers: Sequence[str], now: float, patience_seconds: float
) -> str | None:
    """The manager whose turn it is, None while somebody else's turn lasts or nobody is left.

    Without managers the team is asked as a whole, which is the empty name.
    """
    asked = arrival.asked_here
    if arrival.met_by or (asked and now < asked[-1].at + patience_seconds):
        return None
    known = {each.manager for each in asked}
    return next((name for name in managers or ("",) if name not in known), None)


def _is_named(text: str, names: Iterable[str]) -> bool:
    # A single character, or two letters, stand in too many other words.
    return any(name in text for name in map(plain, names) if _is_telling(name))


def _is_telling(name: str) -> bool:
    return len(name) > 3 if name.isascii() else len(name) > 1


def _in_city(brand: Brand, city: str) -> Place:
    shops = brand.shops_in(city)
    return Place(shops[0].id if len(shops) == 1 else "", city)

"""The shops nearest to a place on the map."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from math import asin, cos, radians, sin, sqrt

from bot.brand import Brand, Shop
from bot.live import Live
from bot.messages import Position

EARTH_METRES = 6_371_000.0

MOST = 3
"""So many shops are told at most."""

NEAR_METRES = 50_000.0
"""Shops farther away are not told, except for the nearest of all."""


@dataclass(frozen=True)
class Near:
    """A shop, and how far it is in metres as the crow flies."""

    shop: Shop
    metres: float


def nearest(brand: Brand, position: Position) -> tuple[Near, ...]:
    """The nearest shops, the nearest first: up to three that are near, or else the one that is least far."""
    found = sorted(_distances(brand, position), key=lambda each: each.metres)
    return tuple(near for near in found[:MOST] if near.metres <= NEAR_METRES) or tuple(found[:1])


def metres_between(one: Position, other: Position) -> float:
    """The distance on a sphere, by the haversine formula.

    In mainland China maps are shifted by up to 600 m against satellites' coordinates, so that more would be idle.
    """
    north, east = other.latitude - one.latitude, other.longitude - one.longitude
    cosines = cos(radians(one.latitude)) * cos(radians(other.latitude))
    half_chord = sin(radians(north) / 2) ** 2 + cosines * sin(radians(east) / 2) ** 2
    return 2 * EARTH_METRES * asin(min(1.0, sqrt(half_chord)))


def distance(metres: float, language: str) -> str:
    """``约 800 米``, ``约 1.2 公里``, ``about 12 km``."""
    is_far = metres >= 950
    number = _round_kilometres(metres / 1000) if is_far else f"{max(1, round(metres / 100)) * 100}"
    units = {"zh-Hans": ("米", "公里"), "zh-Hant": ("米", "公里"), "en": ("m", "km")}[language]
    return f"{'about' if language == 'en' else '约' if language == 'zh-Hans' else '約'} {number} {units[is_far]}"


def _round_kilometres(kilometres: float) -> str:
    return f"{kilometres:.1f}" if kilometres < 10 else f"{kilometres:,.0f}"


def _distances(brand: Brand, position: Position) -> Iterator[Near]:
    for shop in brand.shops.values():
        there = Position(shop.latitude, shop.longitude)
        yield Near(shop, metres_between(position, there))


class NearestShops:
    """Implements ``bot.ports.Shops`` with the brand's own shops; reading them takes a while, and so is put off."""

    def __init__(self, read: Callable[[], Live[Brand]]) -> None:
        self._read = read

    @cached_property
    def brand(self) -> Live[Brand]:
        """The brand, read at the first use. Raises FileError or OSError."""
        return self._read()

    def near(self, position: Position, language: str | None) -> str:
        """One line for each of the nearest shops, with distance, address and telephone; empty if there is no shop."""
        language = language or "zh-Hans"
        found = nearest(self.brand.value, position)
        return "\n".join(_line(near, language) for near in found)


def _line(near: Near, language: str) -> str:
    shop, far = near.shop, distance(near.metres, language)
    if language == "en":
        return f"· {shop.names[language]} ({far}): {shop.address[language]}, {shop.phone}"
    return f"· {shop.names[language]}（{far}）：{shop.address[language]}，{shop.phone}"

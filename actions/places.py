"""Which shops a message is about."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from actions.turn import Asked, Reply, Say
from bot.brand import Brand, City, Shop
from bot.spelling import plain

OTHER = re.compile(
    r"(另外?|其[他它]|别)的?一?[几两]?(家(?![里人])|间|个?(门|分)?店)"
    r"|\bother (one|shop|store|branch|boutique|location)s?\b"
)


ALL = re.compile(
    r"(?<![第十\d])(?:[两二]|三)(家|间)(?![人房])|几[家间](店|都)|全部?店|全都开|每[家间](店|都)"
    r"|\bboth (shops|stores|of (them|the shops))|\ball (two|three|of (them|the shops))\b"
)
"""两家都开吗: all shops of the city in which one was talked of."""


@dataclass(frozen=True)
class Place:
    """A city and those of its shops that are meant; no shops means that the brand has none there."""

    city: City
    shops: tuple[Shop, ...]

    @property
    def shop(self) -> Shop | None:
        """The shop, if it is just one."""
        return self.shops[0] if len(self.shops) == 1 else None


def places(brand: Brand, asked: Asked) -> list[Place]:
    """The places named, else those talked of before; none if that is unknown.

    A city alone means all its shops, also after a shop elsewhere was talked of.
    """
    cities = [id for id in asked.said("city") if id in brand.cities]
    stores = [brand.shops[id] for id in asked.said("store") if id in brand.shops]
    stores = [shop for shop in stores if not cities or shop.city in cities]
    if stores:
        return [_at(brand, shop) for shop in stores]
    if others := _others(brand, asked, cities):
        return [others]
    if cities:
        return [_in(brand, city) for city in cities]
    return _before(brand, asked)


def _others(brand: Brand, asked: Asked, cities: list[str]) -> Place | None:
    """你们另一家呢, the other one in Paris: the city's shops without the one just talked of."""
    before = brand.shops.get(asked.kept("store") or "")
    if not before or not OTHER.search(plain(asked.text)) or cities not in ([], [before.city]):
        return None
    others = tuple(shop for shop in brand.shops_in(before.city) if shop is not before)
    return Place(brand.cities[before.city], others) if others else None


def _before(brand: Brand, asked: Asked) -> list[Place]:
    if shop := brand.shops.get(asked.kept("store") or ""):
        is_all = bool(ALL.search(plain(asked.text)))
        return [_in(brand, shop.city) if is_all else _at(brand, shop)]
    city = brand.cities.get(asked.kept("city") or "")
    # A city without a shop was named in passing: 我拿台湾护照.
    return [_in(brand, city.id)] if city and brand.shops_in(city.id) else []


def _at(brand: Brand, shop: Shop) -> Place:
    return Place(brand.cities[shop.city], (shop,))


def _in(brand: Brand, city: str) -> Place:
    return Place(brand.cities[city], tuple(brand.shops_in(city)))


def kept_place(brand: Brand, found: list[Place]) -> dict[str, str | None]:
    """The slots that keep the last of the places; of a city without a shop the nearest one with some."""
    place = found[-1]
    place = place if place.shops else _nearest(brand, place) or place
    return {"city": place.city.id, "store": place.shop.id if place.shop else None}


def ask_city(brand: Brand, asked: Asked, subject: str, question: str = "utter_ask_city") -> Reply:
    """Ask for the city; the second time, tell only where the shops are."""
    was_asked = asked.kept("awaiting") == "city"
    told = Say(
        "utter_store_cities" if was_asked else question, {"cities": cities(brand, asked.language)}
    )
    return Reply((told,), {"subject": subject, "awaiting": None if was_asked else "city"})


def tell_each(
    brand: Brand, asked: Asked, subject: str, found: list[Place], tell: Callable[[Place], Say]
) -> Reply:
    """What ``tell`` says of each place, or that there is no shop; the subject and the last place are kept."""
    says = tuple(
        tell(place) if place.shops else no_shop(brand, place, asked.language) for place in found
    )
    return Reply(says, {"subject": subject, "awaiting": None, **kept_place(brand, found)})


def no_shop(brand: Brand, place: Place, language: str) -> Say:
    """There is no shop in this city; those of the nearest one are told, else which cities have some."""
    name = place.city.names[language]
    if nearest := _nearest(brand, place):
        shops = ((shop.names[language], shop.address[language]) for shop in nearest.shops)
        values = {"city": name, "nearest": nearest.city.names[language]}
        return Say("utter_nearest_to_city", {**values, "shops": lines(shops, language)})
    return Say("utter_no_shop_in_city", {"city": name, "cities": cities(brand, language)})


def _nearest(brand: Brand, place: Place) -> Place | None:
    nearest = _in(brand, place.city.nearest) if place.city.nearest else None
    return nearest if nearest and nearest.shops else None


def cities(brand: Brand, language: str) -> str:
    """The names of all cities with a shop."""
    open_in = {shop.city for shop in brand.shops.values()}
    return listed((c.names[language] for c in brand.cities.values() if c.id in open_in), language)


def listed(words: Iterable[str], language: str) -> str:
    """``上海、北京``, ``Shanghai, Beijing``."""
    return (", " if language == "en" else "、").join(words)


def lines(heads_and_texts: Iterable[tuple[str, str]], language: str) -> str:
    """One line for each: ``· head：text``."""
    colon = ": " if language == "en" else "："
    return "\n".join(f"· {head}{colon}{text}" for head, text in heads_and_texts)

"""Where one parks at a shop."""

from actions.places import Place, ask_city, kept_place, lines, no_shop, places
from actions.turn import Asked, Reply, Say
from bot.brand import Brand, Shop

UNKNOWN = {
    "zh-Hans": "停车请以商场现场为准",
    "zh-Hant": "泊車請以商場現場為準",
    "en": "please follow the signs at the mall",
}
"""For a shop whose file says nothing of parking."""


def parking(brand: Brand, asked: Asked) -> Reply:
    """How one parks at the shops asked for; asks for the city if it is unknown."""
    found = places(brand, asked)
    if not found:
        return ask_city(brand, asked, "parking")
    says = tuple(_parking(brand, place, asked.language) for place in found)
    kept = {"subject": "parking", "awaiting": None}
    return Reply(says, {**kept, **kept_place(found)})


def _parking(brand: Brand, place: Place, language: str) -> Say:
    if not place.shops:
        return no_shop(brand, place, language)
    told = ((shop.names[language], _of_shop(shop, language)) for shop in place.shops)
    return Say("utter_parking", {"shops": lines(told, language)})


def _of_shop(shop: Shop, language: str) -> str:
    return (shop.parking or UNKNOWN)[language]

"""Where one parks at a shop."""

from functools import partial

from actions.places import Place, ask_city, lines, places, tell_each
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
    return tell_each(brand, asked, "parking", found, partial(_parking, language=asked.language))


def _parking(place: Place, language: str) -> Say:
    told = ((shop.names[language], _of_shop(shop, language)) for shop in place.shops)
    return Say("utter_parking", {"shops": lines(told, language)})


def _of_shop(shop: Shop, language: str) -> str:
    return (shop.parking or UNKNOWN)[language]

"""How the brand and its shops are reached."""

from functools import partial

from actions.places import Place, lines, places, tell_each
from actions.turn import Asked, Reply, Say
from bot.brand import Brand


def store_contact(brand: Brand, asked: Asked) -> Reply:
    """The phones of the shops named; the hotline, where none is."""
    found = places(brand, asked)
    if not found:
        slots = {"subject": "store_contact", "awaiting": "city"}
        return Reply((Say("utter_store_contact"),), slots)
    tell = partial(_contact, language=asked.language)
    return tell_each(brand, asked, "store_contact", found, tell)


def _contact(place: Place, language: str) -> Say:
    phones = ((shop.names[language], shop.phone) for shop in place.shops)
    return Say("utter_store_contact_shops", {"phones": lines(phones, language)})

"""How the brand and its shops are reached."""

from actions.places import Place, kept_place, lines, no_shop, places
from actions.turn import Asked, Reply, Say
from bot.brand import Brand


def store_contact(brand: Brand, asked: Asked) -> Reply:
    """The phones of the shops named; the hotline, where none is."""
    found = places(brand, asked)
    if not found:
        slots = {"subject": "store_contact", "awaiting": "city"}
        return Reply((Say("utter_store_contact"),), slots)
    says = tuple(_contact(brand, place, asked.language) for place in found)
    kept = {"subject": "store_contact", "awaiting": None}
    return Reply(says, {**kept, **kept_place(found)})


def _contact(brand: Brand, place: Place, language: str) -> Say:
    if not place.shops:
        return no_shop(brand, place, language)
    phones = ((shop.names[language], shop.phone) for shop in place.shops)
    return Say("utter_store_contact_shops", {"phones": lines(phones, language)})

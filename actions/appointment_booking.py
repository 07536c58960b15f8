"""Appointments: shop and day are asked for once each, then a person confirms."""

from actions.places import Place, ask_city, kept_place, no_shop, places
from actions.store_hours import day_words
from actions.turn import Asked, Reply, Say
from bot.brand import Brand

SUBJECT = "appointment_booking"


def appointment_booking(brand: Brand, asked: Asked) -> Reply:
    """The wish for a visit with its shop and day; a person has the diary and confirms it."""
    found, day = places(brand, asked), day_words(asked)
    kept = {"subject": SUBJECT, "weekday_or_date": day}
    if found and not found[-1].shops:
        nowhere = no_shop(brand, found[-1], asked.language)
        return Reply((nowhere,), {**kept, "awaiting": "city"})
    if not found and asked.kept("awaiting") != "city":
        question = ask_city(brand, asked, SUBJECT)
        return Reply(question.says, {**kept, **question.slots})
    place = kept_place(found) if found else {}
    if found and not day and asked.kept("awaiting") != "weekday_or_date":
        return Reply((Say("utter_ask_day"),), {**kept, **place, "awaiting": "weekday_or_date"})
    values = {"place": _place(found, asked.language)}
    return Reply((Say("utter_appointment", values),), {**kept, **place, "awaiting": None})


def _place(found: list[Place], language: str) -> str:
    if not found:
        return ""
    place = found[-1]
    return (place.shop or place.city).names[language]

"""Appointments: shop and day are asked for once each, then a person confirms; nobody comes to a closed door."""

import re

from actions.places import Place, ask_city, kept_place, no_shop, places
from actions.store_hours import CLOSED, asked_day, day_words, names_day, shop_hours
from actions.turn import Asked, Reply, Say
from bot.brand import Brand
from bot.spelling import plain

SUBJECT = "appointment_booking"

NEEDED = re.compile(
    r"(?<!维修)(?<!刻字)(要|需要|用|使|得)(先|提前|事先)?预约(吗|么|不(?=\W|$)|还是)|(要不要|用不用|需不需要|使唔使|要唔要)(先|提前)?预约"
    r"|(不|没|冇|唔)(用)?(先|提前)?预约(?!成).{0,6}(能|可以|行|得|吗|么)|直接(去|来|过去|过来|到店|上门).{0,4}(行|可以|得)(吗|么|不)"
    r"|walk[ -]?in|\bwithout (an )?(appointment|booking)"
    r"|\bdo (i|we) (need|have) (to )?(an |make |book|have )"
    r"|\bis (an )?(appointment|booking) (needed|necessary|required)\b"
)
"""要预约吗还是直接去就行 asks whether it takes one."""


def appointment_booking(brand: Brand, asked: Asked) -> Reply:
    """The wish for a visit with its shop and day; a person has the diary and confirms it."""
    found, day = places(brand, asked), day_words(asked)
    if NEEDED.search(plain(asked.text)) and not names_day(asked):
        return Reply((Say("utter_appointment_optional"),), {"subject": SUBJECT, "awaiting": None})
    kept = {"subject": SUBJECT, "weekday_or_date": day}
    place = kept_place(brand, found) if found else {}
    if found and not found[-1].shops:
        nowhere = no_shop(brand, found[-1], asked.language)
        return Reply((nowhere,), {**kept, **place, "awaiting": "city"})
    if not found and asked.kept("awaiting") != "city":
        question = ask_city(brand, asked, SUBJECT)
        return Reply(question.says, {**kept, **question.slots})
    if found and not day and asked.kept("awaiting") != "weekday_or_date":
        return Reply((Say("utter_ask_day"),), {**kept, **place, "awaiting": "weekday_or_date"})
    noted = Say("utter_appointment", {"place": _place(found, asked.language)})
    hours = _unusual_hours(found, asked)
    if hours and hours.name == CLOSED:
        again = {"weekday_or_date": None, "awaiting": "weekday_or_date"}
        return Reply((hours,), {**kept, **place, **again})
    says = (hours, noted) if hours else (noted,)
    return Reply(says, {**kept, **place, "awaiting": None})


def _unusual_hours(found: list[Place], asked: Asked) -> Say | None:
    """The hours of the day wanted, if the shop is closed then or has others than usual."""
    shop = found[-1].shop if found else None
    day = asked_day(shop, asked) if shop else None
    if shop is None or day is None:
        return None
    hours = shop_hours(shop, asked)
    is_unusual = hours.name == CLOSED or any(shop.is_special_on(each) for each in day.days)
    return hours if is_unusual else None


def _place(found: list[Place], language: str) -> str:
    if not found:
        return ""
    place = found[-1]
    return (place.shop or place.city).names[language]

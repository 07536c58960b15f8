"""Where the shops are."""

import re
from functools import partial

from actions.places import Place, ask_city, cities, lines, places, tell_each
from actions.store_hours import names_day, store_hours
from actions.turn import Asked, Reply, Say
from bot.brand import Brand, Shop
from bot.spelling import plain

WHICH_CITIES = re.compile(
    r"(哪些|哪几个|哪个|几个|什么|多少|边啲|其他|其它|别的)(城市|地方|国家)|(其他|其它|别的)(门|分)?店|(哪里|哪儿|哪些|边度)都?有(门)?店"
    r"|有(哪些|几家|多少家?|几间|边间)(门|分)?店|所有(的)?(门|分)?店|全部(门|分)?店|(门|分)?店(有)?(哪些|列表|名单)"
    r"|which (cities|countries|other)|what cities|all (your |the )?(shops|stores|boutiques)|list of"
    r"|how many (shops|stores|boutiques)"
)

COMES_ON = re.compile(r"去(?!年)|过来|来(?=[^的])|到店|\b(visit|come|coming|go|going)\b")
"""Beside a day: somebody who comes then."""

HOURS_TOO = re.compile(rf"{COMES_ON.pattern}|几点|开到|\b(till|until|how late)\b")
"""Which shop in Shenzhen, and till when on Saturday."""

NEAREST = re.compile(
    r"最近的(?!活动|优惠|地铁|车站|停车)|哪[家间个].{0,2}近|离(我|这|呢|公司|家).{0,4}近|附近(?!.*停)|近(我|呢)"
    r"|\b(nearest|closest|near me|near here)\b"
)


def store_location(brand: Brand, asked: Asked) -> Reply:
    """The addresses of the shops asked for; asks for the city if it is unknown."""
    if _asks_for_cities(asked):
        told = Say("utter_store_cities", {"cities": cities(brand, asked.language)})
        return Reply((told,), {"subject": "store_location", "awaiting": None})
    found = places(brand, asked)
    if _asks_for_nearest(asked) and not any(place.shops for place in found):
        return ask_city(brand, asked, "store_location", "utter_nearest_store")
    if not found:
        return ask_city(brand, asked, "store_location")
    tell = partial(_location, language=asked.language)
    reply = tell_each(brand, asked, "store_location", found, tell)
    if not HOURS_TOO.search(plain(asked.text)) or not names_day(asked):
        return reply
    # 那上海的呢，周六去: who says when they come wants to find the door open.
    hours = store_hours(brand, asked)
    return Reply((*reply.says, *hours.says), {**hours.slots, **reply.slots})


def _asks_for_cities(asked: Asked) -> bool:
    named = asked.said("city") or asked.said("store")
    return not named and bool(WHICH_CITIES.search(plain(asked.text)))


def _asks_for_nearest(asked: Asked) -> bool:
    return not asked.said("city") and bool(NEAREST.search(plain(asked.text)))


def _location(place: Place, language: str) -> Say:
    return _of_shop(place.shop, language) if place.shop else _of_city(place, language)


def _of_shop(shop: Shop, language: str) -> Say:
    values = {
        "shop": shop.names[language],
        "address": shop.address[language],
        "way": shop.way[language],
        "phone": shop.phone,
    }
    return Say("utter_store_location", values)


def _of_city(place: Place, language: str) -> Say:
    shops = ((shop.names[language], shop.address[language]) for shop in place.shops)
    values = {"city": place.city.names[language], "shops": lines(shops, language)}
    return Say("utter_store_location_city", values)

"""How the brand and its shops are reached."""

import re
from functools import partial

from actions.places import Place, lines, places, tell_each
from actions.turn import Asked, Reply, Say
from bot.brand import Brand
from bot.spelling import plain

OF_BRAND = re.compile(
    r"总部|总公司|品牌方|邮箱|邮件|电邮|热线|(?<!\d)400(?!\d)|投诉电话|客服电话"
    r"|\b(e-?mails?|head ?office|headquarters|hotline|press)\b"
)


NO_ANSWER = re.compile(
    r"[没冇]人(接|听)|打不通|打唔通|接不通|占线|一直忙音"
    r"|\b(no ?body|no one) (answers?|answered|picks?|picked)\b|\bno answer\b"
)


def store_contact(brand: Brand, asked: Asked) -> Reply:
    """The phones of the shops named; the hotline, where none is or the brand itself is asked for."""
    if NO_ANSWER.search(plain(asked.text)):
        return Reply((Say("utter_no_answer"),), {"subject": "store_contact", "awaiting": None})
    found = [] if OF_BRAND.search(plain(asked.text)) else places(brand, asked)
    if not found:
        slots = {"subject": "store_contact", "awaiting": "city"}
        return Reply((Say("utter_store_contact"),), slots)
    tell = partial(_contact, language=asked.language)
    return tell_each(brand, asked, "store_contact", found, tell)


def _contact(place: Place, language: str) -> Say:
    phones = ((shop.names[language], shop.phone) for shop in place.shops)
    return Say("utter_store_contact_shops", {"phones": lines(phones, language)})

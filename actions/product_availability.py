"""Whether something is to be had: what is made, the brand's files tell; what is in stock, a person looks up."""

import re
from collections.abc import Sequence

from actions.assortment import asks_for_unknown, asks_what_is_sold, unknown_goods, what_is_sold
from actions.places import places
from actions.product_info import after_line, told
from actions.product_recommendation import product_recommendation
from actions.products import named, spoken_of
from actions.turn import Asked, Reply, Say
from bot.brand import Brand, Gift
from bot.spelling import plain

STOCK = re.compile(
    r"货|实物|库存|小样|试用装|分装|码|(?<!\d)号|(?<!特)色|尺寸|断|补|预[定订购]|下架|停产|停售|调[货一]|留[一着]?|卖完|售罄|[这那哪呢嗰][个款条只枚支对件]"
    r"|\b(samples?|stock|sold out|sizes?|availab\w*|restock\w*|colou?rs?|reserved?|left|discontinued|this|that|the)\b"
)
"""Asks for a certain piece, size or colour, which only a look at the shelves tells."""


def product_availability(brand: Brand, asked: Asked) -> Reply:
    """Things of the kind named; a person for the stock, after the line of the one that the message names."""
    if asks_what_is_sold(asked):
        return what_is_sold(brand, asked)
    products = named(brand, asked)
    is_of_stock = bool(STOCK.search(plain(asked.text))) or asked.said("city") or asked.said("store")
    if not is_of_stock:
        if products:
            return told(products, asked)
        if brand.kinds(asked.said("product_category")):
            return product_recommendation(brand, asked)
        if asks_for_unknown(asked) and not spoken_of(brand, asked):
            return unknown_goods(brand, asked)
    return after_line(products, _check(brand, spoken_of(brand, asked), asked), asked)


def _check(brand: Brand, products: Sequence[Gift], asked: Asked) -> Say:
    """A person looks the stock up; what is to be sent first only where the piece is unknown."""
    language = asked.language
    found = [place for place in places(brand, asked) if place.shops]
    place = (found[-1].shop or found[-1].city).names[language] if found else ""
    if len(products) == 1:
        item = products[0].names[language]
        at_place = f"{item} ({place})" if language == "en" else f"{place}的{item}"
        return Say("utter_stock_check", {"item": at_place if place else item})
    if place:
        return Say("utter_stock_at_place", {"place": place})
    return Say("utter_product_availability")

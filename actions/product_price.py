"""What things cost."""

import re
from dataclasses import replace

from actions.gift_ideas import choose, described, gift_ideas
from actions.parking import parking
from actions.product_info import told
from actions.products import spoken_of
from actions.rule_told import rule_told
from actions.turn import Asked, Reply, Say, say
from actions.wishes import read_wish
from bot.brand import Brand
from bot.budget import budget
from bot.spelling import plain

BARE = re.compile(
    r"[\W_\d一二两三四五六七八九十百千万]|大概|大约|最低|起步|一共|总共|另外?|能|得|要|需|会|是|多少|几[块个多]?"
    r"|贵不贵|贵|钱|块|元|费|收|抵|值|算|换|那|这|个|呢|吗|啊|呀|的|了|分|来着"
    r"|\b(how much|what|same|minimum|is|it|that|does|do|cost|to|the|a|an|and|for|so"
    r"|will|would|be|charge|fee|i|need|spend)\b"
)
"""What is left of 八千多能抵多少钱 without this names nothing."""

WITH_SUMS = frozenset(
    {
        "points_rules",
        "membership_tier_upgrade",
        "tax_refund_travellers",
        "personalisation_engraving",
        "gift_wrapping",
        "shipping_delivery",
        "repair_aftersales",
    }
)
"""Who has just read of one of these rules and asks how much, naming nothing, asks for the sums that stand in it."""


def product_price(brand: Brand, asked: Asked) -> Reply:
    """The prices of the products spoken of; else a low, a middle and a high one of the category named.

    How prices are found, where nothing is named.
    """
    if rule := _rule_with_sums(asked):
        return say(f"utter_{rule}")
    if asked.kept("subject") == "parking" and _is_bare(asked):
        return parking(brand, asked)
    if spoken := spoken_of(brand, asked):
        return told(spoken, asked)
    said = budget(asked.text)
    wish = replace(read_wish(brand, asked), recipient=None, occasion=None, budget=said)
    category = wish.category
    products = [each for each in choose(brand, wish) if category and category.covers(each.category)]
    if asked.said("recipient") and not category:
        return gift_ideas(brand, asked)
    if not category or not products:
        slots = {"subject": "product_price", "awaiting": "product_category"}
        return Reply((Say("utter_product_price_general"),), slots)
    values = {
        "category": category.names[asked.language],
        "products": described(products, asked.language),
    }
    kept = {"subject": "product_price", "awaiting": None, "product_category": category.id}
    return Reply((Say("utter_product_price", values),), kept)


def _rule_with_sums(asked: Asked) -> str | None:
    rule = rule_told(asked)
    return rule if rule in WITH_SUMS and _is_bare(asked) else None


def _is_bare(asked: Asked) -> bool:
    return not BARE.sub("", plain(asked.text))

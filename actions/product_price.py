"""What things cost."""

import re
from collections.abc import Sequence
from dataclasses import replace

from actions.gift_ideas import choose, described, gift_ideas
from actions.parking import parking
from actions.product_info import told
from actions.products import (
    loosely_named,
    named,
    of_kinds,
    pointed_at,
    shown,
    shown_lately,
    spoken_of,
)
from actions.rule_told import rule_told
from actions.turn import Asked, Reply, Say, say
from actions.wishes import read_wish
from bot.brand import Brand, Gift
from bot.budget import budget
from bot.spelling import plain

BARE = re.compile(
    r"[\W_\d一二两三四五六七八九十百千万]|大概|大约|最低|起步|一共|总共|另外?|能|得|要|需|会|是|多少|几[块个多]?"
    r"|贵不贵|贵|钱|块|元|费|收|抵|值|算|换|那|这|个|些|呢|吗|啊|呀|的|了|分"
    r"|\b(how much|what|same|minimum|is|it|that|does|do|cost|to|the|a|an|and|for|so"
    r"|will|would|be|charge|fee|i|need|spend)\b"
)
"""What is left of 八千多能抵多少钱 without this names nothing.

多少钱来着 asks of what was talked of before the rule.
"""

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


ELSEWHERE = re.compile(
    r"港[币元纸]|欧元|美[元金]|台币|比(国内|内地|大陆|香港|巴黎|国外)|(国内|内地|香港|巴黎|欧洲|国外|法国).{0,6}(便宜|贵|差价|价格?一样|同价)"
    r"|\b(hkd|hk dollars?|euros?|eur|usd|dollars)\b"
    r"|\b(cheaper|same price|more expensive) (in|than( in)?) (china|hong kong|paris|the mainland|france|europe)\b"
)
"""In another currency, or another country."""

TOGETHER = re.compile(
    r"一共|总共|加起来|合计|一起(?!用)|都买|都要|\b(altogether|in total|together|both|all of them)\b"
)
FIRST_TWO = re.compile(r"[前头][两二俩](?![天周月年日])|\bfirst two\b")
COUNT = re.compile(r"(?<!第)([两二俩三四五])(?=[个款件样瓶只条枚支])|\b(two|both|three|four)\b")
COUNTS = {"三": 3, "three": 3, "四": 4, "four": 4, "五": 5}
"""How many are to be added; two, unless it is another number."""


def product_price(brand: Brand, asked: Asked) -> Reply:
    """The prices of the products spoken of; else a low, a middle and a high one of the category named.

    How prices are found, where nothing is named.
    """
    if rule := _rule_with_sums(asked):
        return say(f"utter_{rule}")
    if asked.kept("subject") == "parking" and _is_bare(asked):
        return parking(brand, asked)
    if ELSEWHERE.search(plain(asked.text)) and not budget(asked.text):
        return say("utter_price_elsewhere")
    if summed := _summed(brand, asked):
        return _sum(summed, asked)
    if spoken := spoken_of(brand, asked) or _asked_for_before(brand, asked):
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


def _asked_for_before(brand: Brand, asked: Asked) -> list[Gift]:
    """多少钱那个, after what was shown for a question: what that question meant, else all of it."""
    if not _is_bare(asked) or not asked.heard_before:
        return []
    meant = loosely_named(brand, replace(asked, text=asked.heard_before[-1]))
    gifts = shown(brand, asked)
    return [gift for gift in gifts if gift in meant] or gifts


def _summed(brand: Brand, asked: Asked) -> list[Gift]:
    """两瓶一起多少: those named, else those of the last two answers, if they are as many as are asked for."""
    text = plain(asked.text)
    if not TOGETHER.search(text):
        return []
    count = COUNT.search(text)
    wanted = COUNTS.get(count[0], 2) if count else 2
    if FIRST_TWO.search(text):
        gifts = shown_lately(brand, asked)[:2]
    else:
        gifts = named(brand, asked) or pointed_at(brand, asked) or _of_last_two(brand, asked)
    return gifts if len(gifts) == wanted else []


def _of_last_two(brand: Brand, asked: Asked) -> list[Gift]:
    """What the last two answers showed; in total with the scarf: only scarves of it."""
    lately = replace(asked, said_before=(*asked.said_earlier, *asked.said_before))
    return of_kinds(shown(brand, lately), brand.kinds(asked.said("product_category")))


def _sum(gifts: Sequence[Gift], asked: Asked) -> Reply:
    values = {
        "products": described(gifts, asked.language),
        "sum": f"{sum(gift.price for gift in gifts):,}",
    }
    return Reply((Say("utter_product_sum", values),), {"subject": "product_price"})


def _rule_with_sums(asked: Asked) -> str | None:
    rule = rule_told(asked)
    return rule if rule in WITH_SUMS and _is_bare(asked) else None


def _is_bare(asked: Asked) -> bool:
    return not BARE.sub("", plain(asked.text))

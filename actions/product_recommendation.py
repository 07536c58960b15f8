"""What suits the follower: the same choice as for gifts, without a recipient."""

import re
from dataclasses import replace

from actions.assortment import asks_what_is_sold, what_is_sold
from actions.gift_ideas import described, gift_ideas, proposed
from actions.product_info import told
from actions.products import named
from actions.tastes import wants_others
from actions.turn import Asked, Reply, Say
from actions.wishes import kept_wish, read_wish
from bot.brand import Brand
from bot.spelling import plain

SUBJECT = "product_recommendation"

LIKE_IT = re.compile(
    r"[大小长短轻薄]一?[点些啲]|便宜|平[啲d]|类似|差不多的|这种"
    r"|\b(smaller|bigger|larger|cheaper|similar|like (it|this|that))\b"
)
"""有没有小一点的, after a scarf, asks for another scarf."""

REFUSES = re.compile(r"除了|除开|不要|唔要|别的|\b(except|besides|other than|not)\b")
"""除了真丝发圈和真丝眼罩，还有什么推荐 compares nothing."""


def product_recommendation(brand: Brand, asked: Asked) -> Reply:
    """Those that are compared, or three of the kind and price wanted; asks once for the kind if neither is known."""
    if asks_what_is_sold(asked):
        return what_is_sold(brand, asked)
    compared = named(brand, asked)
    if len(compared) > 1 and not (wants_others(asked) or REFUSES.search(plain(asked.text))):
        return told(compared, asked)
    if _is_for_another(asked):
        return gift_ideas(brand, asked)
    wish = replace(read_wish(brand, asked), recipient=None, occasion=None)
    last = brand.gifts.get(asked.kept("product") or "")
    if last and not wish.category and LIKE_IT.search(plain(asked.text)):
        wish = replace(wish, category=brand.product_category.get(last.category))
    if wish.is_empty and asked.kept("awaiting") != "product_category":
        slots = {"subject": SUBJECT, "awaiting": "product_category"}
        return Reply((Say("utter_ask_category"),), slots)
    products = described(proposed(brand, wish, asked), asked.language)
    return Reply(
        (Say("utter_product_recommendation", {"products": products}),),
        kept_wish(wish, SUBJECT),
    )


def _is_for_another(asked: Asked) -> bool:
    """Whether something for somebody else is looked for: what would you recommend, in a talk of gifts."""
    recipient = asked.known("recipient")
    return asked.kept("subject") == "gift_ideas" and recipient not in (None, "self")

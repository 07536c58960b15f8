"""Requests that a person was called for, and what still belongs to them."""

import re
from collections.abc import Mapping

from actions.pieces import usable_pieces
from actions.turn import Asked, Reply, say
from bot.brand import Brand
from bot.budget import budget
from bot.intents import CALLS, FALLBACK, QUIET
from bot.spelling import plain

REQUESTS: Mapping[str, frozenset[str]] = {
    "utter_corporate_orders": frozenset(
        {
            "gift_wrapping",
            "how_to_order",
            "personalisation_engraving",
            "product_availability",
            "product_info",
            "product_price",
            "promotion_campaign",
            "shipping_delivery",
        }
    ),
    "utter_appointment": frozenset({"product_info"}),
}
"""By the answer that called a person, the intents whose rules do not hold: a company's price and dates are its own."""

IDEAS = re.compile(
    r"方案|推荐|建议|有什么|有咩|有啥|看看|\b(ideas?|options?|suggest\w*|recommend\w*)\b"
)
"""每份500左右，可以先给几个方案吗: a sum and ideas asked for are met with some, whoever quotes afterwards."""

VAGUE = frozenset({"inform", FALLBACK})


def noted(request: str) -> Reply:
    """What is said of what belongs to a request: said again, its answer becomes a word that it was noted."""
    return say(request, place="")


def asks_ideas(brand: Brand, asked: Asked) -> bool:
    """Whether a company that was told of a colleague asks for ideas for a sum."""
    is_of_company = asked.awaits_person and asked.has_just_heard("utter_corporate_orders")
    return is_of_company and bool(budget(asked.text)) and bool(IDEAS.search(plain(asked.text)))


def request_asked(brand: Brand, asked: Asked) -> str | None:
    """The answer to a request just made, if a message asks on or tells more of it: 多久交货, 可以带孩子吗.

    The colleague who was called answers. What names goods, a place or a day is left to the subject that can use it.
    """
    answer = asked.said_before[-1].name if asked.awaits_person else ""
    if answer not in REQUESTS or asked.is_aside or asked.said("product_category"):
        return None
    is_doubtful = asked.is_weak and asked.intent not in QUIET | CALLS
    is_of_it = is_doubtful or asked.intent in VAGUE | REQUESTS[answer]
    return answer if is_of_it and not usable_pieces(brand, asked) - {"trait"} else None

"""What suits the follower: the same choice as for gifts, without a recipient."""

from dataclasses import replace

from actions.gift_ideas import described, gift_ideas, proposed
from actions.product_info import told
from actions.products import named
from actions.turn import Asked, Reply, Say
from actions.wishes import kept_wish, read_wish
from bot.brand import Brand

SUBJECT = "product_recommendation"


def product_recommendation(brand: Brand, asked: Asked) -> Reply:
    """Those that are compared, or three of the kind and price wanted; asks once for the kind if neither is known."""
    if len(compared := named(brand, asked)) > 1:
        return told(compared, asked)
    if _is_for_another(asked):
        return gift_ideas(brand, asked)
    wish = replace(read_wish(brand, asked), recipient=None, occasion=None)
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

"""Rules that hold for all goods, with the line of the one that is named: its line may tell more than the rule."""

from actions.product_info import after_line
from actions.products import loosely_named, named, pointed_at, shown
from actions.turn import Asked, Reply, Say, say
from bot.brand import Brand

OF_PIECE = "personalisation_engraving"
"""What depends on the piece most."""

OF_OWNED = ("care_maintenance", "authenticity")
"""What is asked of a thing that one has: what it costs is not what they want to read."""


def product_rule(brand: Brand, asked: Asked) -> Reply:
    """The intent's rule; before it the product that the message itself names, if it is just one."""
    if asked.intent in OF_OWNED:
        return say(f"utter_{asked.intent}")
    products = named(brand, asked) or pointed_at(brand, asked) or loosely_named(brand, asked)
    if asked.intent == OF_PIECE:
        # 可以刻字吗 right after the line of a wallet asks of that wallet.
        kinds = brand.kinds(asked.said("product_category"))
        products = products or [
            gift
            for gift in shown(brand, asked)
            if not kinds or any(kind.covers(gift.category) for kind in kinds)
        ]
    return after_line(products, Say(f"utter_{asked.intent}"), asked)

"""Rules that hold for all goods, with the line of the one that is named: its line may tell more than the rule."""

import re
from collections.abc import Sequence

from actions.product_info import after_line
from actions.products import loosely_named, named, of_kinds, pointed_at, shown
from actions.turn import Asked, Reply, Say
from bot.brand import Brand, Gift, Word
from bot.spelling import plain

OF_PIECE = "personalisation_engraving"
"""What depends on the piece most."""

OF_OWNED = ("care_maintenance", "authenticity")
"""What is asked of a thing that one has: what it costs is not what they want to read."""


ENGRAVED = re.compile(r"刻|压印|\b(engrav\w*|initials)\b")


def product_rule(brand: Brand, asked: Asked) -> Reply:
    """The intent's rule; before it the product that the message itself names, if it is just one."""
    if asked.intent in OF_OWNED:
        # 怎么洗 after a cashmere scarf: how that is cared for.
        owned = brand.gifts.get(asked.kept("product") or "")
        about = owned.names[asked.language] if owned else ""
        return Reply((Say(f"utter_{asked.intent}", about=about),))
    products = named(brand, asked) or pointed_at(brand, asked) or loosely_named(brand, asked)
    if asked.intent == OF_PIECE:
        # 可以刻字吗 right after the line of a wallet asks of that wallet.
        kinds = brand.kinds(asked.said("product_category"))
        products = (
            products or of_kinds(shown(brand, asked), kinds) or _engraved(brand, asked, kinds)
        )
    return after_line(products, Say(f"utter_{asked.intent}"), asked)


def _engraved(brand: Brand, asked: Asked, kinds: Sequence[Word]) -> list[Gift]:
    """内圈刻字免费吧, some answers after a ring: the piece talked of, or those of the kind, whose lines tell of it."""
    last = brand.gifts.get(asked.kept("product") or "")
    pieces = of_kinds([last] if last else [], kinds)
    if not pieces and kinds:
        pieces = of_kinds(brand.gifts.values(), kinds)
    return [gift for gift in pieces if ENGRAVED.search(plain(gift.note[asked.language]))]

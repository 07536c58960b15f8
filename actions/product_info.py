"""What is known of a product; what is not, a person finds out."""

import re
from collections.abc import Sequence

from actions.gift_ideas import described
from actions.products import named_by_kind, pointed_at_by_name, spoken_of
from actions.turn import Asked, Reply, Say
from actions.wishes import describes
from bot.brand import Brand, Gift
from bot.spelling import plain

SUBJECT = "product_info"

MATERIAL = re.compile(
    r"金|银|皮|丝|羊绒|羊毛|珍珠|钻|玉|木|铜|珐琅|牛皮"
    r"|\b(gold|silver|leather|silk|cashmere|wool|pearls?|diamonds?|jade|wood|brass|enamel)\b"
)


def product_info(brand: Brand, asked: Asked) -> Reply:
    """The products' lines; a person where no product is known, or its line was told and did not do."""
    products = spoken_of(brand, asked) or named_by_kind(brand, asked)
    is_open = not (pointed_at_by_name(brand, asked) or _is_in_line(products, asked))
    if not products or (is_open and _was_told(products, asked)):
        return Reply(
            (Say("utter_product_info"),), {"subject": SUBJECT, "product": _single(products)}
        )
    return told(products, asked)


def _is_in_line(products: Sequence[Gift], asked: Asked) -> bool:
    """那个眼罩是真丝的吗: the line says what it is made of, so it is told again."""
    named = {match.group() for match in MATERIAL.finditer(plain(asked.text))}
    return bool(named) and all(describes(each, gift) for each in named for gift in products)


def _was_told(products: Sequence[Gift], asked: Asked) -> bool:
    lines = described(products, asked.language)
    return any(lines in said.text for said in asked.said_before)


def told(products: Sequence[Gift], asked: Asked) -> Reply:
    """Name, price and note of each; a single one is kept as the product spoken of."""
    lines = {"products": described(products, asked.language)}
    return Reply(
        (Say("utter_product_told", lines),),
        {"subject": SUBJECT, "awaiting": None, "product": _single(products)},
    )


def _single(products: Sequence[Gift]) -> str | None:
    return products[0].id if len(products) == 1 else None

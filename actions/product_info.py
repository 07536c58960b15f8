"""What is known of a product; what is not, a person finds out."""

from collections.abc import Sequence

from actions.gift_ideas import described
from actions.products import named_by_kind, pointed_at_by_name, spoken_of
from actions.turn import Asked, Reply, Say
from bot.brand import Brand, Gift

SUBJECT = "product_info"


def product_info(brand: Brand, asked: Asked) -> Reply:
    """The products' lines; a person where no product is known, or its line was told and did not do."""
    products = spoken_of(brand, asked) or named_by_kind(brand, asked)
    is_question = not pointed_at_by_name(brand, asked)
    if not products or (is_question and _was_told(products, asked)):
        return Reply(
            (Say("utter_product_info"),), {"subject": SUBJECT, "product": _single(products)}
        )
    return told(products, asked)


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

"""What is known of a product; what is not, a person finds out."""

import re
from collections.abc import Sequence

from actions.gift_ideas import described
from actions.pieces import GIFT_SUBJECTS
from actions.products import named_by_kind, pointed_at, pointed_at_by_name, spoken_of
from actions.tastes import describes
from actions.turn import Asked, Reply, Say
from bot.brand import Brand, Gift
from bot.spelling import plain

SUBJECT = "product_info"
TOLD = "utter_product_told"

MATERIAL = re.compile(
    r"金|银|皮|丝|羊绒|羊毛|珍珠|钻|玉|木|铜|珐琅|牛皮"
    r"|\b(gold|silver|leather|silk|cashmere|wool|pearl|diamond|jade|wood|enamel)\b"
)
WHETHER = re.compile(r"是|吗|真|纯|\b(is|are|real|pure|genuine|made)\b")
CHOICES = ("affirm", "deny", "inform")


def product_info(brand: Brand, asked: Asked) -> Reply:
    """The products' lines; a person where no product is known, or its line was told and did not do."""
    products = spoken_of(brand, asked) or named_by_kind(brand, asked)
    if not products or _is_asked_beyond_line(brand, asked, products):
        return Reply(
            (Say("utter_product_info"),),
            {"subject": SUBJECT, "awaiting": None, "product": _single(products)},
        )
    return told(products, asked)


def _is_asked_beyond_line(brand: Brand, asked: Asked, products: Sequence[Gift]) -> bool:
    """Whether the line was told already, and is no answer to what is asked now."""
    if not _was_told(products, asked):
        return False
    return not (_is_chosen(brand, asked) or _is_in_line(products, asked))


def _is_chosen(brand: Brand, asked: Asked) -> bool:
    """就要第二个, for her: who chooses one of those shown asks no more of it than its line."""
    is_choice = asked.intent in CHOICES and bool(pointed_at(brand, asked))
    return is_choice or bool(pointed_at_by_name(brand, asked))


def _is_in_line(products: Sequence[Gift], asked: Asked) -> bool:
    """那个眼罩是真丝的吗: the line says what it is made of, so it is told again."""
    text = plain(asked.text)
    named = {match.group() for match in MATERIAL.finditer(text)}
    is_in_line = all(describes(each, gift) for each in named for gift in products)
    return bool(named) and is_in_line and bool(WHETHER.search(text))


def _was_told(products: Sequence[Gift], asked: Asked) -> bool:
    """By itself: who was shown several may ask of one, and gets its line."""
    lines = described(products, asked.language)
    return any(lines in said.text for said in asked.said_before if said.name == TOLD)


def told(products: Sequence[Gift], asked: Asked) -> Reply:
    """Name, price and note of each; a single one is kept as the product spoken of."""
    lines = {"products": described(products, asked.language)}
    # Who asks of one of the gifts proposed may still want another.
    kept = asked.kept("subject")
    subject = kept if kept in GIFT_SUBJECTS else SUBJECT
    return Reply(
        (Say(TOLD, lines),),
        {"subject": subject, "awaiting": None, "product": _single(products)},
    )


def after_line(products: Sequence[Gift], then: Say, asked: Asked) -> Reply:
    """``then``; before it the line of the product that is meant, if it is just one."""
    if len(products) != 1:
        return Reply((then,))
    line = Say(TOLD, {"products": described(products, asked.language)})
    return Reply((line, then), {"product": products[0].id})


def _single(products: Sequence[Gift]) -> str | None:
    return products[0].id if len(products) == 1 else None

"""What is known of a product; what is not, a person finds out."""

import re
from collections.abc import Sequence

from actions.assortment import asks_what_is_sold, what_is_sold
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


DETAILS = (
    (
        r"颜色|(什么|几种|哪些|几个|啥|咩)色|色号|\bcolou?rs?\b",
        r"(?<![月夜])色|\b(black|white|blue|gold)\b",
    ),
    (
        r"多[大长宽高厚](?!年|岁|时间|久)|尺寸|直径|几(厘米|寸|公分)"
        r"|\bhow (big|large|wide|tall|thick)\b|\bhow long is (it|this|the (?!warranty|guarantee))"
        r"|\b(sizes?|dimensions?)\b",
        r"毫米|厘米|寸|\b(mm|cm|inch(es)?)\b",
    ),
    (r"多重|几克|克重|重量|多少克|\bhow heavy\b|\bweighs?\b", r"克|\bgrams?\b"),
    (r"里衬|内衬|夹层|内袋|隔层|\b(lining|pockets?)\b", r"衬|层|袋|\b(lining|pockets?)\b"),
    (
        r"[装放](得下|不下|得进)|容量|\bcapacity\b|\bwill\b.{0,40}\bfit\b",
        r"装|放|容量|\b(fits?|holds?|room)\b",
    ),
    (r"防水|\bwater ?(proof|resistant)\b", r"防水|\bwater\b"),
    (r"材质|材料|面料|料子|成分|[什啥咩]么?做|\bmade of\b|\bmaterials?\b", MATERIAL.pattern),
    (r"过敏|含?镍|\b(allerg\w*|nickel)\b", r"过敏|\ballerg"),
    (r"留香|持久|\bhow long does (it|the scent) last\b", r"留香|持久"),
    (r"产地|哪里?(产|做|制)|国产|进口|\bmade in\b|\bwhere\b.{0,40}\bmade\b", r"产|\bmade in\b"),
)
"""What is asked of a product, and what its line then holds if it answers that."""


def product_info(brand: Brand, asked: Asked) -> Reply:
    """The products' lines; a person where no product is known, or its line does not tell what is asked."""
    products = spoken_of(brand, asked) or named_by_kind(brand, asked)
    if not products and asks_what_is_sold(asked):
        return what_is_sold(brand, asked)
    is_told = _was_told(products, asked)
    if products and not (
        _lacks(products, asked) or (is_told and _is_asked_beyond(brand, asked, products))
    ):
        return told(products, asked)
    slots = _slots(products, asked)
    if len(products) != 1:
        return Reply((Say("utter_product_info"),), slots)
    check = Say("utter_product_check", {"item": products[0].names[asked.language]})
    return Reply((check,) if is_told else (_line(products, asked), check), slots)


def _lacks(products: Sequence[Gift], asked: Asked) -> bool:
    """Whether a detail is asked for that the line of the one product does not tell: 这个包有几个颜色."""
    if len(products) != 1:
        return False
    text, line = plain(asked.text), plain(described(products, asked.language))
    return any(re.search(asks, text) and not re.search(tells, line) for asks, tells in DETAILS)


def _is_asked_beyond(brand: Brand, asked: Asked, products: Sequence[Gift]) -> bool:
    """Whether the line, which was told already, is no answer to what is asked now."""
    return not (_is_chosen(brand, asked) or _is_in_line(products, asked))


def _is_chosen(brand: Brand, asked: Asked) -> bool:
    """就要第二个, for her: who chooses one of those shown asks no more of it than its line."""
    is_choice = asked.intent in CHOICES and bool(pointed_at(brand, asked))
    return is_choice or bool(pointed_at_by_name(brand, asked))


def _is_in_line(products: Sequence[Gift], asked: Asked) -> bool:
    """那个眼罩是真丝的吗, 放得下手机吗: the line says it, so it is told again."""
    text = plain(asked.text)
    named = {match.group() for match in MATERIAL.finditer(text)}
    is_in_line = all(describes(each, gift) for each in named for gift in products)
    is_detail = len(products) == 1 and any(re.search(asks, text) for asks, _ in DETAILS)
    is_detail = is_detail and not _lacks(products, asked)
    return is_detail or (bool(named) and is_in_line and bool(WHETHER.search(text)))


def _was_told(products: Sequence[Gift], asked: Asked) -> bool:
    """By itself: who was shown several may ask of one, and gets its line."""
    if not products:
        return False
    lines = described(products, asked.language)
    return any(lines in said.text for said in asked.said_before if said.name == TOLD)


def told(products: Sequence[Gift], asked: Asked) -> Reply:
    """Name, price and note of each; a single one is kept as the product spoken of."""
    return Reply((_line(products, asked),), _slots(products, asked))


def _line(products: Sequence[Gift], asked: Asked) -> Say:
    return Say(TOLD, {"products": described(products, asked.language)})


def _slots(products: Sequence[Gift], asked: Asked) -> dict[str, str | None]:
    """Who asks of one of the gifts proposed may still want another."""
    kept = asked.kept("subject")
    subject = kept if kept in GIFT_SUBJECTS else SUBJECT
    return {"subject": subject, "awaiting": None, "product": _single(products)}


def after_line(products: Sequence[Gift], then: Say, asked: Asked) -> Reply:
    """``then``; before it the line of the product that is meant, if it is just one."""
    if len(products) != 1:
        return Reply((then,))
    return Reply((_line(products, asked), then), {"product": products[0].id})


def _single(products: Sequence[Gift]) -> str | None:
    return products[0].id if len(products) == 1 else None

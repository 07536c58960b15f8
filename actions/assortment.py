"""What is sold at all: the kinds of goods in the brand's files, and what is none of them."""

import re

from actions.turn import Asked, Reply, Say
from bot.brand import Brand
from bot.spelling import plain

AWAITING = {"subject": "product_recommendation", "awaiting": "product_category"}

WHAT_IS_SOLD = re.compile(
    r"(卖|经营|主营|主打)(的|啲)?(都|些)?(有|是|系)?(些|哪些|什么|啥|咩|乜)"
    r"|(?<!没)(有|做)(些|哪些|什么|啥|咩|乜嘢?)(东西|嘢|产品|商品|货品|品类|种类|系列)(?!推荐|适合|送|可以)"
    r"|(哪些|什么|啥|几多)(产品|商品|品类|种类|系列)(呢|呀|啊|吗|\?|$)"
    r"|\bwhat (all |else |kinds? of \w+ |sort of \w+ |products |things |items )?(do|does|are)"
    r" (you( guys)?|your (shop|store)) (sell|selling|carry|make|offer)\b"
    r"|\bwhat('s| is) (sold )?in your (store|shop|range|collection)\b"
)
"""What do you sell: asks for no kind and no piece."""

WHETHER_SOLD = re.compile(
    r"[卖有](?!什么|啥|咩|多少|几)[^,;。?!？]{1,8}[吗嘛么没冇不]|(有没有|有冇|有无|卖不卖|卖唔卖|有卖).{1,8}|有[吗没冇无]|.{1,6}(有没有|有冇|卖不卖)"
    r"|\b(do|does) (you|your shop|the shop)( guys)? (sell|have|carry|stock|do)\b|\b(got|any) \w+"
)
"""Asks whether there is some kind of goods."""


def asks_what_is_sold(asked: Asked) -> bool:
    """那你们都卖什么: the kinds are wanted, and none of them is named."""
    names_kind = asked.said("product_category") or asked.said("budget") or asked.said("recipient")
    return not (asked.is_aside or names_kind) and bool(WHAT_IS_SOLD.search(plain(asked.text)))


def asks_for_unknown(asked: Asked) -> bool:
    """有手机壳吗, do you sell umbrellas: some goods are asked for, and none that the files know."""
    is_known = asked.said("product_category") or asked.kept("product")
    return not (asked.is_aside or is_known) and bool(WHETHER_SOLD.search(plain(asked.text)))


def what_is_sold(brand: Brand, asked: Asked) -> Reply:
    """The kinds; which one is asked for next."""
    return Reply((Say("utter_assortment", {"kinds": kinds(brand, asked.language)}),), AWAITING)


def unknown_goods(brand: Brand, asked: Asked) -> Reply:
    """A person finds out whether it is sold; meanwhile the kinds that are."""
    return Reply((Say("utter_not_in_assortment", {"kinds": kinds(brand, asked.language)}),))


def kinds(brand: Brand, language: str) -> str:
    """The names of all kinds that something is sold of, in the order of the trainers' file."""
    sold = {gift.category for gift in brand.gifts.values()}
    names = [kind.names[language] for kind in brand.product_category.values() if kind.id in sold]
    return (", " if language == "en" else "、").join(names)

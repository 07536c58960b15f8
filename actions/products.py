"""Which of the brand's products a message speaks of."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from actions.turn import Asked, Reply
from bot.brand import Brand, Gift, Word
from bot.budget import sums
from bot.product_likeness import ENOUGH
from bot.spelling import bounded, plain
from bot.spoken import PAUSE_SECONDS

FULL = 4
"""So many characters of a name are as good as the whole."""

POINTED = re.compile(
    r"那[个款条只枚支对块瓶盒](\w{1,3}?)的|(\w{1,3}?)的?那[个款条只枚支对块瓶盒]|\bthe (\w+) one\b"
)
END = re.compile(r"^(那|就|要)?个?|[款士]?[的嘅]?[呢吗么吧嘛呀啊]?[?!。~ ]*$")
ONE_SAYS = frozenset("大小男女金银")
"""Other single characters point at nothing."""
LONGEST = 30
"""A longer message is no mere part of a name."""
PRICED_ONE = re.compile(r" ?[块元蚊]?[的嘅]?[那嗰这][个款条只枚支对件]")
PRICED_BEFORE = re.compile(r"([那嗰这][个款条只枚支对件]|\bthe) ?$")
PRICED_AFTER = re.compile(r" ?[块元蚊]?[的嘅]| (yuan )?one\b")
ABOUT = 0.05
"""How near a price is called by a round sum."""
NTH = re.compile(
    r"第([一二三123])[个款条只件](?!月|星期|礼拜|问题)|(头)一?[个款条只件](?!月|星期|礼拜)"
    r"|\bthe (first|second|third)\b(?! (?:floor|time|order|shop|store|day|week|month))|\b(first|second|third) one\b"
)
NUMBERS = {
    "头": 0,
    "一": 0,
    "二": 1,
    "三": 2,
    "1": 0,
    "2": 1,
    "3": 2,
    "first": 0,
    "second": 1,
    "third": 2,
}

DEFINITE = re.compile(
    r"[那这嗰呢]一?[个款条只枚支对块瓶盒件双副串枝]|\b(the|that|this) (?!(one|shop|store)\b)"
)
"""Points at a certain thing: 那块表, the watch."""

MOST = 3
"""So many products a loose name may mean; of more, none is meant."""

GENERAL = re.compile(
    r"最(便宜|贵|低|高)|哪[些几款种]|起步|价位|都有(什么|啥)|有(什么|啥|咩)[款牌样]"
    r"|\b(cheapest|dearest|which|what kinds?|range)\b"
)
"""Asks of a kind as a whole, not of one of it."""


def spoken_of(brand: Brand, asked: Asked) -> list[Gift]:
    """The products named, else pointed at, else meant by a loose name; else the one spoken of last."""
    return (
        named(brand, asked)
        or pointed_at(brand, asked)
        or loosely_named(brand, asked)
        or _last(brand, asked)
        or _named_before(brand, asked)
    )


def spoken_of_shown(brand: Brand, asked: Asked) -> list[Gift]:
    """Those of the products just shown that the message points at or names."""
    if pointed := pointed_at(brand, asked):
        return pointed
    meant = loosely_named(brand, asked)
    return [gift for gift in shown(brand, asked) if gift in meant]


def loosely_named(brand: Brand, asked: Asked) -> list[Gift]:
    """18K那只金镯, the rabbit one: what is most like it among those just shown, else among all; the last one first."""
    if GENERAL.search(plain(asked.text)):
        return []
    of_kinds, last = _of_kinds_said(brand, asked), asked.kept("product")
    at_hand = [gift.id for gift in shown(brand, asked) if gift.id in of_kinds]
    find, least = brand.product_likeness.likeliest, ENOUGH
    if last and not asked.said("product_category"):
        # It is solid or hollow? asks of the bangle, not of the solid perfume.
        least *= 1.5
    ids = find(asked.text, of_kinds, least)
    if not ids or set(ids) & set(at_hand):
        ids = find(asked.text, at_hand, ENOUGH / 2) or ids
    if not ids and len(at_hand) == 1 and asked.said("product_category"):
        ids = at_hand
    ids = [last] if last in ids else ids
    return [brand.gifts[id] for id in ids] if len(ids) <= MOST else []


def _of_kinds_said(brand: Brand, asked: Asked) -> list[str]:
    """The products of the kinds that the message names; all, if it names none."""
    text, kinds = plain(asked.text), brand.kinds(asked.said("product_category"))
    gifts = of_kinds(brand.gifts.values(), kinds)
    # 满月那个对戒 is no 求婚钻戒, though that is a ring as well.
    said = [kind for kind in brand.product_kinds if kinds and kind in text]
    called = [gift for gift in gifts if any(kind in plain(gift.names["zh-Hans"]) for kind in said)]
    return [gift.id for gift in called or gifts]


def of_kinds(gifts: Iterable[Gift], kinds: Sequence[Word]) -> list[Gift]:
    """Those of the kinds; all, if there are none."""
    return [
        gift for gift in gifts if not kinds or any(kind.covers(gift.category) for kind in kinds)
    ]


def named(brand: Brand, asked: Asked) -> list[Gift]:
    """The products that the message names, in full or by a part that no other has and that names no kind."""
    return _of_parts(brand, _own_parts_in(brand, asked))


def named_by_kind(brand: Brand, asked: Asked) -> list[Gift]:
    """The products of whose kind there is no other: 枕套 where only one is called so."""
    return _of_parts(brand, _parts_in(brand, asked))


def is_named_in_full(brand: Brand, asked: Asked) -> bool:
    """Whether so much of a name stands in the message that nothing else can be meant."""
    parts = _own_parts_in(brand, asked)
    return any(" " in part if part.isascii() else len(part) >= FULL for part in parts)


def _own_parts_in(brand: Brand, asked: Asked) -> list[str]:
    return [part for part in _parts_in(brand, asked) if part not in brand.product_kinds]


def _parts_in(brand: Brand, asked: Asked) -> list[str]:
    text = plain(asked.text)
    return [each for each in brand.product_parts if each in text and re.search(bounded(each), text)]


def _of_parts(brand: Brand, parts: list[str]) -> list[Gift]:
    ids = {brand.product_parts[part] for part in parts}
    return [gift for gift in brand.gifts.values() if gift.id in ids]


def pointed_at_by_name(brand: Brand, asked: Asked) -> list[Gift]:
    """The only one with the message's words in its name: for her, of two watches; 小的呢, after the large one."""
    text = plain(asked.text)
    text = END.sub("", text).strip() if len(text) <= LONGEST else ""
    is_too_little = len(text) < 2 and text not in ONE_SAYS
    if is_too_little or text in brand.product_kinds:
        return []
    name = re.compile(bounded(text))
    having = [
        gift for gift in _at_hand(brand, asked) if name.search(plain(gift.names[asked.language]))
    ]
    return having if len(having) == 1 else []


def _pointed_at_by_price(asked: Asked, gifts: Sequence[Gift]) -> list[Gift]:
    """两万六那个 of three rings: the only one that costs about as much."""
    text = plain(asked.text)
    prices = [
        each.yuan() for each in sums(text) if _is_pointer(text[: each.start], text[each.end :])
    ]
    having = [
        gift for gift in gifts if any(abs(gift.price - each) <= ABOUT * each for each in prices)
    ]
    return having if len(having) == 1 else []


def _is_pointer(before: str, after: str) -> bool:
    """Whether what stands around a sum makes it a name: 1200的那条, 那个一千一的, the 1100 one."""
    is_named = PRICED_BEFORE.search(before) and PRICED_AFTER.match(after)
    return bool(is_named or PRICED_ONE.match(after))


def _at_hand(brand: Brand, asked: Asked) -> list[Gift]:
    """What was just shown; if that is a single product, the others of its category."""
    last = brand.gifts.get(asked.kept("product") or "")
    if not last:
        return shown(brand, asked)
    alike = (gift for gift in brand.gifts.values() if gift.category == last.category)
    return [gift for gift in alike if gift is not last]


def pointed_at(brand: Brand, asked: Asked) -> list[Gift]:
    """那个银的, 第二个, the first one: of what the last answer showed."""
    text, gifts = plain(asked.text), shown_lately(brand, asked)
    if places := [NUMBERS[next(filter(None, nth.groups()))] for nth in NTH.finditer(text)]:
        return [gifts[place] for place in dict.fromkeys(places) if place < len(gifts)]
    if found := pointed_at_by_name(brand, asked) or _pointed_at_by_price(asked, gifts):
        return found
    if not (trait := POINTED.search(text)):
        return _of_kind_shown(brand, asked)
    word = trait[1] or trait[2] or trait[3]
    having = [gift for gift in gifts if any(word in plain(name) for name in gift.names.values())]
    return having if len(having) == 1 else []


def _of_kind_shown(brand: Brand, asked: Asked) -> list[Gift]:
    """The back of the watch, 那块表: the only one of its kind among those shown last, or before the last one."""
    kinds = brand.kinds(asked.said("product_category"))
    if not kinds or not DEFINITE.search(plain(asked.text)):
        return []
    for gifts in (shown(brand, asked), _kept_shown(brand, asked)):
        if having := of_kinds(gifts, kinds):
            return having if len(having) == 1 else []
    return []


def _last(brand: Brand, asked: Asked) -> list[Gift]:
    """The product last spoken of, or shown alone, unless another kind is named."""
    last = brand.gifts.get(asked.kept("product") or "")
    if not last and len(alone := shown(brand, asked)) == 1:
        (last,) = alone
    if not last or not asked.said("product_category"):
        return [last] if last else []
    kinds = brand.kinds(asked.said("product_category"))
    return [last] if any(kind.covers(last.category) for kind in kinds) else []


def _named_before(brand: Brand, asked: Asked) -> list[Gift]:
    """The product that one of the last messages named, while something else about it was answered."""
    if asked.pause >= PAUSE_SECONDS or shown(brand, asked) or asked.said("product_category"):
        return []
    before = (named(brand, replace(asked, text=text)) for text in asked.heard_before)
    return next((found for found in before if found), [])


def shown(brand: Brand, asked: Asked) -> list[Gift]:
    """The gifts that the bot's last answer named, in its order."""
    return _named_in(brand, "\n".join(said.text for said in asked.said_before))


def shown_lately(brand: Brand, asked: Asked) -> list[Gift]:
    """The gifts shown last, whatever was talked of since."""
    return shown(brand, asked) or _kept_shown(brand, asked)


def _kept_shown(brand: Brand, asked: Asked) -> list[Gift]:
    """The last list of gifts that was shown."""
    ids = (asked.kept("shown") or "").split()
    return [brand.gifts[id] for id in ids if id in brand.gifts]


def remembered(brand: Brand, reply: Reply) -> Reply:
    """The reply, with what it shows kept for 刚才说的第三个; a single thing shown replaces no list."""
    text = "\n".join(str(value) for said in reply.says for value in said.values.values())
    ids = [gift.id for gift in _named_in(brand, text)]
    return replace(reply, slots={**reply.slots, "shown": " ".join(ids)}) if len(ids) > 1 else reply


def _named_in(brand: Brand, text: str) -> list[Gift]:
    places = {
        gift.id: [place for name in gift.names.values() if (place := text.find(name)) >= 0]
        for gift in brand.gifts.values()
    }
    named = (gift for gift in brand.gifts.values() if places[gift.id])
    return sorted(named, key=lambda gift: min(places[gift.id]))

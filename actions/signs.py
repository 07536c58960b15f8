"""Signs that a message goes on with the talk, whatever it is taken for."""

import re

from actions.places import OTHER
from actions.products import is_named_in_full, named, pointed_at
from actions.store_hours import names_day
from actions.turn import PAUSE_SECONDS, Asked
from actions.wishes import CHEAPER, refuses_kind, trait_in, varies_price, wants_others
from bot.brand import Brand
from bot.budget import budget
from bot.intents import DOUBTFUL, FALLBACK
from bot.spelling import plain

PIECES = {
    "store_hours": {"city", "store", "weekday_or_date"},
    "store_location": {"city", "store"},
    "store_contact": {"city", "store"},
    "parking": {"city", "store"},
    "gift_ideas": {"recipient", "occasion", "budget", "product_category", "trait"},
    "product_recommendation": {"budget", "product_category", "trait"},
    "product_price": {"product_category", "budget", "trait"},
    "appointment_booking": {"city", "store", "weekday_or_date"},
    "order_status": {"order_no", "phone"},
    "order_change": {"order_no", "phone"},
    "order_cancel": {"order_no", "phone"},
}
"""Which pieces of information a subject can use."""

GIFT_SUBJECTS = ("gift_ideas", "product_recommendation")
PRODUCT_SUBJECTS = (*GIFT_SUBJECTS, "product_info", "product_price")
"""In whose talk a product may be called by a part of its name."""

GIFT_PIECES = {"recipient", "occasion", "budget", "product_category"}
ENOUGH_OF_A_GIFT = 2
"""So many pieces of a wish make one."""

WAY = re.compile(
    r"哪|怎么|边度|边[间个]|点去|地址|位置|几楼|地铁|多远|\b(where|how|address|which|floor|metro|mtr|way)\b"
)
"""Asks for the place itself."""

VISITS = {"store_hours", "appointment_booking", "reservation_change_cancel", "vip_arrival_notice"}
"""Intents of who wants to come."""

NEW_SUBJECTS = ("gift_ideas", "store_location", "store_hours", "order_status")
"""Who else may take up what was said; of equals the first."""

RULES = frozenset(
    {
        "membership_join",
        "membership_benefits",
        "membership_birthday",
        "membership_tier_upgrade",
        "membership_card_problem",
        "points_rules",
        "how_to_order",
        "shipping_delivery",
        "return_exchange",
        "price_protection",
        "repair_aftersales",
        "care_maintenance",
        "authenticity",
        "size_fitting",
        "personalisation_engraving",
        "gift_wrapping",
        "payment_methods",
        "invoice",
        "tax_refund_travellers",
        "customs_overseas",
        "careers_jobs",
    }
)
"""What has one written answer, which tells the whole rule."""

NEWS = ("recipient", "occasion", "order_no", "phone")
"""What opens or belongs to a talk of its own."""

FRAGMENT = re.compile(
    r"^(那|咁|噉|and\b|what about|how about)|[呢吗嘛么](?=\W|$)|(吧|不|的)[?。~ ]*$|\?$"
)
"""六月二十号那笔呢, and in Paris: asks of the same for another case."""

LIKELY = 0.2
"""What is not understood is about the rule just told from this confidence on."""

LONGEST = 24
"""A message of more characters stands for itself; three Latin letters count as one."""
FILLERS = re.compile(
    r"[\W_]|那|噉|咁|[啊呃嗯哦噢诶哎呢吗么吧呀啦嘛喂]|打错字?了?|说错了?|口误|嘴瓢了?|秃噜嘴了?|换成?|改成?"
    r"|就|的|嘅|店|家|间|在|去|是|要|送|给|算了|不[是对]"
    r"|\b(sorry|typo|oops|ok|okay|ugh|hm+|um|oh|no|wait|i mean|meant|please|and|or|then|the|one)\b"
    r"|\b(in|at|on|for|of|to|what|how|about|is)\b"
)
"""What may stand around a bare piece of information: 啊？那西单, ok then the xidan one."""

SURE = 0.8
"""An out-of-scope guess of this confidence is not taken for a piece of information."""

ADDRESS = re.compile(
    r"[路街道巷弄村].{0,8}\d+ ?[号弄]|\d+ ?([号弄栋幢座]|单元|室)|小区|\b\d+ \w+ (street|road|st|rd|avenue|ave|lane)\b"
)
TIME = re.compile(
    r"(?<!有)[\d一二两三四五六七八九十]{1,3}[点时](?!心)|\d{1,2} ?[:：]\d\d|\d ?[ap]\.?m\b"
    r"|[上中下]午|傍晚|[早晚]上|早晨|下昼|朝早|夜晚|随时|看你们|都(行|可以|得|好)"
    r"|\b(morning|noon|afternoon|evening|lunch ?time|any ?time)\b"
)
"""A time of the day, or that any will do."""

THIS = re.compile(
    r"[这那呢][个款条只枚支对件]|第[一二三]|头一?[个款条只件]|\b(this|that|it|first|second|third)\b"
)


def subject_of(brand: Brand, asked: Asked) -> str | None:
    """The subject that can use most of what was said, of equals the present one."""
    pieces, subject = pieces_in(brand, asked), asked.kept("subject")
    if asked.kept("awaiting") == "order_no" and ADDRESS.search(plain(asked.text)):
        # 换成苏州园区星湖街88号 tells where an order goes, and asks for no shop.
        return subject
    if not pieces:
        return subject if asked.kept("awaiting") and subject in PIECES else None
    subjects = [*([subject] if subject in PIECES else []), *NEW_SUBJECTS]
    best = max(subjects, key=lambda each: len(pieces & PIECES[each]))
    return best if pieces & PIECES[best] else None


def pieces_in(brand: Brand, asked: Asked) -> set[str]:
    """The kinds of information in the message."""
    pieces = {kind for kind in asked.entities if asked.said(kind)}
    is_no = asked.intent == "deny" or not is_on_gifts(asked)
    if is_no and set(asked.said("recipient")) == {"self"}:
        # 我自己看, 你们自己的: nobody to give something to.
        pieces.discard("recipient")
    if names_day(asked) or (asked.kept("awaiting") == "weekday_or_date" and names_time(asked)):
        pieces.add("weekday_or_date")
    if asks_of_other_shop(asked):
        pieces.add("store")
    is_bare_day = "weekday_or_date" in pieces and not is_on_gifts(asked)
    if is_bare_day and not pieces & {"recipient", "budget", "product_category"}:
        # 圣诞正日呢 after an address asks for hours.
        pieces.discard("occasion")
    if budget(asked.text) or (is_on_gifts(asked) and varies_price(asked)):
        pieces.add("budget")
    is_loose = not pieces and _guess(asked) == "inform"
    if (is_on_gifts(asked) and (wants_others(asked) or is_loose)) or trait_in(brand, asked)[0]:
        pieces.add("trait")
    return pieces


def asks_of_other_shop(asked: Asked) -> bool:
    """And the other one? where a shop was talked of."""
    return bool(asked.kept("store")) and bool(OTHER.search(plain(asked.text)))


def names_time(asked: Asked) -> bool:
    """3pm, 下午都行: when on a day somebody comes."""
    return bool(TIME.search(plain(asked.text)))


def rule_told(asked: Asked) -> str | None:
    """The subject of the rule that was just told, if it was one."""
    if not asked.said_before or asked.pause >= PAUSE_SECONDS:
        return None
    subject = asked.said_before[-1].name.removeprefix("utter_")
    if subject.startswith("points_"):
        return "points_rules"
    return subject if subject in RULES else None


def asks_of_rule(brand: Brand, asked: Asked) -> bool:
    """六月二十号那笔呢 after invoices asks of the same rule, if no talk of before can use the day."""
    is_new = any(map(asked.said, NEWS)) or _usable(brand, asked)
    is_fragment = bool(FRAGMENT.search(plain(asked.text))) and not _is_aside(asked)
    return rule_told(asked) is not None and is_fragment and not is_new


def is_likely_of_rule(asked: Asked) -> bool:
    """Whether what was not understood is still most likely about the rule just told."""
    told = rule_told(asked)
    return told is not None and dict(_guesses(asked)[:2]).get(told, 0.0) >= LIKELY


def _useful(asked: Asked) -> set[str]:
    """The kinds of information that the present subject can use."""
    return PIECES.get(asked.kept("subject") or "", set())


def _usable(brand: Brand, asked: Asked) -> set[str]:
    """Those of them that are in the message."""
    return pieces_in(brand, asked) & _useful(asked)


def names_product(brand: Brand, asked: Asked) -> bool:
    """我说的是枕套 after some gifts; a whole name also before them. 枕套，五百以内 wishes for something instead."""
    is_on_products = asked.kept("subject") in PRODUCT_SUBJECTS
    if is_on_products and pointed_at(brand, asked) and not wants_others(asked):
        return True
    if pieces_in(brand, asked) & {"recipient", "occasion", "budget"}:
        return False
    return bool(named(brand, asked)) if is_on_products else is_named_in_full(brand, asked)


def asks_of_shown(brand: Brand, asked: Asked) -> bool:
    """你说的头一个是什么做的 asks of what was shown, if it is hardly more likely to ask of something else."""
    is_on_products = asked.kept("subject") in PRODUCT_SUBJECTS
    return is_on_products and _confidence(asked) < DOUBTFUL and bool(pointed_at(brand, asked))


def answers_which_city(brand: Brand, asked: Asked) -> bool:
    """徐家汇那边最方便 answers which shop; 上海店在哪 asks back."""
    is_asked = asked.kept("awaiting") == "city" and asked.kept("subject") != "store_location"
    names = bool(asked.said("city") or asked.said("store"))
    return is_asked and names and not WAY.search(plain(asked.text))


def wishes_for_gift(brand: Brand, asked: Asked) -> bool:
    """想揀條頸鏈畀女朋友，二千蚊內 tells enough of a gift, whatever it is taken for."""
    return len(pieces_in(brand, asked) & GIFT_PIECES) >= ENOUGH_OF_A_GIFT and bool(
        asked.said("recipient")
    )


def asks_if_open(brand: Brand, asked: Asked) -> bool:
    """十二月十六号过去行吗, where a shop was talked of: what is not understood is first of all whether it is open."""
    is_of_visit = bool({intent for intent, _ in _guesses(asked)[:2]} & VISITS)
    return is_of_visit and bool(asked.kept("store")) and names_day(asked) and not _is_aside(asked)


def wants_cheaper(brand: Brand, asked: Asked) -> bool:
    """有更便宜的吗 after some gifts asks for other gifts, not for a campaign; 这个能便宜吗 does."""
    text = plain(asked.text)
    return is_on_gifts(asked) and bool(CHEAPER.search(text)) and not THIS.search(text)


def is_bare(brand: Brand, asked: Asked) -> bool:
    """Whether the message is nothing but information that the present subject can use: then it goes on with it."""
    # A message without information needs no look at the brand.
    is_bare = bool(asked.entities) and not FILLERS.sub("", plain(asked.rest))
    return is_bare and bool(_usable(brand, asked))


def asks_of_place(brand: Brand, asked: Asked) -> bool:
    """深圳的呢，贵不贵 after car parks asks of those there, not of goods."""
    is_on_places = "city" in _useful(asked)
    names = asked.said("city") or asked.said("store")
    return bool(is_on_places and names) and not (
        named(brand, asked) or asked.said("product_category")
    )


def wants_trait(brand: Brand, asked: Asked) -> bool:
    """有没有真丝的 after some gifts asks for other gifts; 这个有银的吗 asks of the one pointed at."""
    is_open = is_on_gifts(asked) and not THIS.search(plain(asked.text)) and not named(brand, asked)
    return is_open and trait_in(brand, asked)[0] is not None


def rules_out(brand: Brand, asked: Asked) -> bool:
    """Whether some kind of gift is said not to be liked, after some gifts."""
    return is_on_gifts(asked) and refuses_kind(brand, asked)


def names_budget(brand: Brand, asked: Asked) -> bool:
    """Under 1,000 please, after some gifts, is a budget and no question."""
    return is_on_gifts(asked) and "budget" in pieces_in(brand, asked)


def names_place_or_day(brand: Brand, asked: Asked) -> bool:
    """Monday morning? is no greeting where hours were talked of."""
    names = any(asked.said(kind) for kind in ("weekday_or_date", "city", "store"))
    return names and subject_of(brand, asked) is not None


def is_continued(brand: Brand, asked: Asked) -> bool:
    """Whether a message that is like nothing learnt has what the present subject can use."""
    subject = asked.kept("subject")
    usable = _usable(brand, asked)
    likeliest = {intent for intent, _ in _guesses(asked)[:2]}
    if asked.kept("awaiting"):
        # Whoever was asked for an order's number and tells something else tells it of that order.
        is_order = asked.kept("awaiting") == "order_no" and asked.intent == FALLBACK
        return bool(usable) or is_order
    is_guessed = is_on_gifts(asked) or bool({"inform", subject} & likeliest)
    is_unlikely = _confidence(asked) < DOUBTFUL
    # 他妈闻不了香味的 tells of nobody's health, but of what not to propose.
    is_open = not is_sure(asked) or rules_out(brand, asked)
    return (is_guessed or is_unlikely) and bool(usable) and not _is_aside(asked) and is_open


def _is_aside(asked: Asked) -> bool:
    """Whether a message is too long, or too late, to go on with anything."""
    return asked.pause >= PAUSE_SECONDS or _length(asked.text) > LONGEST


def _length(text: str) -> float:
    latin = sum(map(str.isascii, text))
    return len(text) - latin * 2 / 3


def _guesses(asked: Asked) -> list[tuple[str, float]]:
    return [guess for guess in asked.ranking if guess[0] != FALLBACK]


def _guess(asked: Asked) -> str:
    """The likeliest intent, if it was too unlikely to count as well."""
    guesses = _guesses(asked)
    return guesses[0][0] if guesses and asked.intent == FALLBACK else asked.intent


def is_doubtful(brand: Brand, asked: Asked) -> bool:
    """Whether a message is hardly more likely of its own subject than a piece of information for the present one."""
    is_of_goods = asked.intent in PRODUCT_SUBJECTS and asked.said("product_category")
    if _confidence(asked) >= DOUBTFUL or _is_aside(asked) or is_of_goods:
        return False
    own, useful = PIECES.get(asked.intent, set()), _useful(asked)
    pieces = pieces_in(brand, asked)
    # 手表想看实物 我在武汉 has a piece for its own subject alone. An empty set is a part of every other.
    return not pieces & useful <= own and not (pieces & own) - useful


def _confidence(asked: Asked) -> float:
    return dict(asked.ranking).get(asked.intent, 1.0)


def is_sure(asked: Asked) -> bool:
    """Whether the best guess is likely: then it counts, whatever was talked of."""
    return bool(asked.ranking) and asked.ranking[0][1] >= SURE


def is_on_gifts(asked: Asked) -> bool:
    """Whether gifts or products were proposed, which may be cheaper, dearer or others."""
    return asked.kept("subject") in GIFT_SUBJECTS

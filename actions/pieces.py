"""What a message says besides its intent, and which subject can use it."""

import re

from actions.places import OTHER
from actions.spending import varies_price
from actions.store_hours import names_day
from actions.tastes import trait_in, wants_others
from actions.turn import Asked
from bot.brand import Brand
from bot.budget import budget
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

NEW_SUBJECTS = ("gift_ideas", "store_location", "store_hours", "order_status")
"""Who else may take up what was said; of equals the first."""

ADDRESS = re.compile(
    r"[路街道巷弄村].{0,8}\d+ ?[号弄]|\d+ ?([号弄栋幢座]|单元|室)|小区|\b\d+ \w+ (street|road|st|rd|avenue|ave|lane)\b"
)
BOUGHT = re.compile(
    r"(去年|前年|上个?月|上周|上礼拜|昨天|前天).{0,8}(买|收|到货|下的?单)"
    r"|\bbought\b|\b(arrived|received|delivered) (on|last)\b"
)
BOUGHT_AT = re.compile(r"(店|专柜|那[边里])里?买[的了嘅咗]|\bbought (it |this |them )?(in|at)\b")
"""我是武汉店买的: asks for no shop."""
COMPANION = re.compile(
    r"^(?!.*[送礼])(?:.*)(带(?!个)|陪|跟|同(?![事学])|和)[埋着上]?(我|咱)?.{1,4}(一起|一齐|一块儿?)?(去(?!年)|过去|过来|来|到店)"
    r"|\b(come|coming) with my\b|\bbring(ing)? my \w+ (along|with me)\b"
)
"""想带埋老公去 names who comes along."""
TIME = re.compile(
    r"(?<!有)[\d一二两三四五六七八九十]{1,3}[点时](?!心)|\d{1,2} ?[:：]\d\d|\d ?[ap]\.?m\b"
    r"|[上中下]午|傍晚|[早晚]上|早晨|下昼|朝早|夜晚|随时|看你们|都(行|可以|得|好)"
    r"|\b(morning|noon|afternoon|evening|lunch ?time|any ?time)\b"
)
"""A time of the day, or that any will do."""


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
    if not is_on_gifts(asked) and COMPANION.search(plain(asked.text)):
        pieces.discard("recipient")
    if names_day(asked) or (asked.kept("awaiting") == "weekday_or_date" and names_time(asked)):
        pieces.add("weekday_or_date")
    if asks_of_other_shop(asked):
        pieces.add("store")
    is_bare_day = "weekday_or_date" in pieces and not is_on_gifts(asked)
    if is_bare_day and not pieces & {"recipient", "budget", "product_category"}:
        # 圣诞正日呢 after an address asks for hours.
        pieces.discard("occasion")
    if BOUGHT.search(plain(asked.text)):
        # 我去年国庆买的: no day on which anybody comes.
        pieces.discard("weekday_or_date")
    if BOUGHT_AT.search(plain(asked.text)):
        pieces -= {"city", "store"}
    if budget(asked.text) or (is_on_products(asked) and varies_price(asked)):
        pieces.add("budget")
    is_loose = not pieces and asked.guess == "inform"
    if (is_on_gifts(asked) and (wants_others(asked) or is_loose)) or trait_in(brand, asked)[0]:
        pieces.add("trait")
    return pieces


def asks_of_other_shop(asked: Asked) -> bool:
    """And the other one? where a shop was talked of."""
    return bool(asked.kept("store")) and bool(OTHER.search(plain(asked.text)))


def names_time(asked: Asked) -> bool:
    """3pm, 下午都行: when on a day somebody comes."""
    return bool(TIME.search(plain(asked.text)))


def useful_pieces(asked: Asked) -> set[str]:
    """The kinds of information that the present subject can use."""
    return PIECES.get(asked.kept("subject") or "", set())


def usable_pieces(brand: Brand, asked: Asked) -> set[str]:
    """Those of them that are in the message."""
    return pieces_in(brand, asked) & useful_pieces(asked)


def wishes_for_gift(brand: Brand, asked: Asked) -> bool:
    """想揀條頸鏈畀女朋友，二千蚊內 tells enough of a gift, whatever it is taken for."""
    pieces = pieces_in(brand, asked) & GIFT_PIECES
    is_wish = bool(asked.said("recipient")) or any(
        pieces >= {"occasion", each} for each in ("product_category", "budget")
    )
    return len(pieces) >= ENOUGH_OF_A_GIFT and is_wish


def is_on_products(asked: Asked) -> bool:
    """Whether gifts, products or prices are talked of."""
    return asked.kept("subject") in PRODUCT_SUBJECTS


def is_on_gifts(asked: Asked) -> bool:
    """Whether gifts or products were proposed, which may be cheaper, dearer or others."""
    return asked.kept("subject") in GIFT_SUBJECTS

"""The rule that was just told, and what still asks of it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from actions.pieces import PIECES, pieces_in, usable_pieces, wishes_for_gift
from actions.store_hours import names_day
from actions.tastes import CLAUSE
from actions.turn import Asked, Said
from bot.answers import AnswerBook
from bot.brand import Brand
from bot.intents import CALLS, FALLBACK, OUT_OF_SCOPE, QUIET
from bot.measures import measured, since
from bot.spelling import length, plain
from bot.spoken import PAUSE_SECONDS

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
        "unsubscribe_privacy",
        "promotions",
        "parking",
    }
)
"""What has one answer, which tells the whole rule."""

NEWS = ("recipient", "occasion", "order_no", "phone")
"""What opens or belongs to a talk of its own."""

TRIED = re.compile(
    r"试[过了咗].{0,6}(不行|没用|不成|唔得|冇用|空白|打不开|没反应|一样|转圈|加载)"
    r"|(还是|仍然|仲系|依然|照样)(不行|不能|没用|唔得|不成|打不开|空白|登不|进不|没反应|没好|一样)|(不管|冇|没什么)用[啊呀了]*$|^没用[啊呀了]*$"
    r"|(照做|按.{0,4}(做|弄|试))[了过]|\b(tried (that|it|them|already)|i did (that|it|this))\b"
    r"|\bstill (blank|not work\w*|no (card|luck|change|code)|(doesn'?t|won'?t|can'?t) (work|open|load|log|show))\b"
    r"|\b(didn'?t|doesn'?t|not) (work|help)(ing|ed)?\b"
)

"""What was advised was done, and did not help."""

LOOKED = re.compile(
    r"([看查找翻]|检查)[了过咗].{0,10}(都|也|还是|仲|依然)(没有?|冇|空的?)[啊呀了]*$|(都|也)(没|冇)(收到|看到|找到|见到)$"
)
"""邮箱看了 垃圾箱也没有: looked where one of these rules says."""
TO_LOOK = frozenset({"invoice", "membership_card_problem", "membership_join"})

LISTED = "\n·"
"""A rule told in whole has its parts in lines."""

FRAGMENT = re.compile(
    r"^(那|咁|噉|and\b|what about|how about)|[呢吗嘛么](?=\W|$)|(吧|不|的|啊|呀)[?。~ ]*$|\?$"
)
"""六月二十号那笔呢, and in Paris: asks of the same for another case."""

SURE_NO = 0.85
"""A refusal of this confidence asks of nothing, 先不刻了, unless its form does: 运费算谁的."""

SURELY_OUTSIDE = 0.95
"""今天上海会下雨吗 has a word of what to do with wet leather, and asks nothing of it; 今天第九天了 may be a limit."""

SURELY_OTHER = 0.9
"""From this confidence on no single clause asks of the rule; below it one of 算了还是退吧，钱多久到 does."""

BARE = 5
"""A message of so few characters, how often, that is all of one detail is about nothing outside either."""

ASKS = re.compile(
    r"[吗嘛么呢?谁哪]|吧$|多少|几[个天时]|怎么|\b(who|what|how|which|does|is|are|can)\b"
)

ASKS_OR_LACKS = re.compile(
    rf"^((no|without|lost( the)?) (?!thanks|need)\w|没有?\w|冇\w)|{ASKS.pattern}"
)
"""No receipt, 冇单 after repairs: what is lacking, and no refusal."""

LIKELY = 0.2
"""What is not understood is about the rule just told from this confidence on."""

IN_SHOPS = frozenset(
    {
        "repair_aftersales",
        "care_maintenance",
        "authenticity",
        "size_fitting",
        "gift_wrapping",
        "personalisation_engraving",
    }
)
"""Rules of what shops do: 成都的 after one asks where there is a shop."""

WITH_DAYS = frozenset({"invoice", "return_exchange", "price_protection", "repair_aftersales"})
"""Rules that a bare date, 6月20号, is held against."""

PLACE_TOLD = ("utter_store_location", "utter_nearest")
"""Where a shop is, which may be asked in between."""

OF_INTENT = {
    "points_rules": "membership_points_balance",
    "promotions": "promotion_campaign",
}
"""The intents of rules that are not called by their own."""

OWN_RULE = {intent: rule for rule, intent in OF_INTENT.items()}

CASES = {
    "points_balance": "points_rules",
    "points_not_bound": "points_rules",
    "points_worth": "points_rules",
    "delivery_in_time": "shipping_delivery",
    "delivery_maybe": "shipping_delivery",
    "delivery_too_late": "shipping_delivery",
    "tier_reached": "membership_tier_upgrade",
    "top_tier_reached": "membership_tier_upgrade",
}
"""Answers of the follower's own case, and the rule that whoever asks on asks of."""

ELLIPTIC = re.compile(
    r"多久|几天|几耐|几时|哪天|多少|[行得]不[行得]|行[吗么]|可以吗|得唔得|能用|算不算|也算|要钱|另外收|期限|来得及|赶得上"
    r"|即刻|马上|\bhow (long|much|soon)\b|until when|\bmin(imum)?\b|from the day|in time\b"
)
"""一般多久: asks for something that most rules have, and names no subject."""


def rule_told(asked: Asked) -> str | None:
    """The subject of the rule that was just told, if it was one; after 武汉在哪换 still that of repairs."""
    if asked.pause >= PAUSE_SECONDS:
        return None
    is_place = bool(asked.said_before) and asked.said_before[-1].name.startswith(PLACE_TOLD)
    before = _rule_in(asked.said_earlier) if is_place else None
    return before if before in IN_SHOPS else _rule_in(asked.said_before)


def rule_asked(answers: AnswerBook, brand: Brand, asked: Asked) -> str | None:
    """The rule of which a message asks a detail: that just told, else the one before a short aside."""
    if asks_detail(answers, brand, asked):
        return rule_told(asked)
    before = replace(asked, said_before=asked.said_earlier)
    is_aside = rule_told(asked) is None and (asked.is_weak or asked.intent == "deny")
    return rule_told(before) if is_aside and asks_detail(answers, brand, before) else None


def _rule_in(said: Sequence[Said]) -> str | None:
    subject = said[-1].name.removeprefix("utter_") if said else ""
    rule = CASES.get(subject, subject)
    return rule if rule in RULES else None


def asks_of_rule(brand: Brand, asked: Asked) -> bool:
    """六月二十号那笔呢 after invoices asks of the same rule, if no talk of before can use the day."""
    if rule_told(asked) in IN_SHOPS and (asked.said("city") or asked.said("store")):
        return False
    is_part = tells_date(asked) or bool(FRAGMENT.search(plain(asked.text)))
    return rule_told(asked) is not None and is_part and not _is_of_talk(brand, asked)


def tells_date(asked: Asked) -> bool:
    """我是26号收到的, 6月20号 after a rule that counts days: the date of the purchase."""
    return rule_told(asked) in WITH_DAYS and since(asked.text, asked.time) != asked.text


def asks_on(asked: Asked) -> bool:
    """可以带朋友一起用吗, after a detail: of what is not understood the whole rule is the best answer, once."""
    if rule_told(asked) is None or _opens_talk(asked):
        return False
    # An offer is short, and asked of in many ways: 香薰蜡烛算吗.
    is_whole = LISTED in asked.said_before[-1].text and rule_told(asked) != "promotions"
    return bool(FRAGMENT.search(plain(asked.text))) and not is_whole


def asks_detail(answers: AnswerBook, brand: Brand, asked: Asked) -> bool:
    """运费算谁的 after returns asks of a detail of the rule just told, whatever it is taken for.

    With other words beside it, 三个月前买的还来得及吗, only if it is hardly of another subject.
    """
    rule = rule_told(asked)
    if rule is None or (asked.intent in CALLS and not asked.is_weak):
        return False
    if "budget" in pieces_in(brand, asked) and wishes_for_gift(brand, asked):
        return False
    name = f"utter_{rule}"
    is_no = asked.intent == "deny" and asked.confidence >= SURE_NO
    if is_no and not ASKS_OR_LACKS.search(plain(asked.text)):
        return False
    is_outside = asked.intent == OUT_OF_SCOPE and asked.confidence >= SURELY_OUTSIDE
    if is_outside and measured("days", asked.text) is None:
        return length(asked.text) <= BARE and answers.is_of_details(name, asked.text)
    # 我在长沙，要寄去哪 after repairs: where somebody is may stand beside it.
    # 算了还是退吧，钱多久到: one clause is enough, unless the message is surely about something else.
    own = {*QUIET, FALLBACK, OF_INTENT.get(rule, rule)}
    is_other = asked.intent not in own and asked.confidence >= SURELY_OTHER
    pieces = [] if is_other else [asked.rest, *CLAUSE.split(asked.text)]
    parts = dict.fromkeys((asked.text, *pieces))
    if any(answers.is_of_details(name, part) for part in parts if part.strip()):
        return True
    if is_no and not ASKS.search(plain(asked.text)):
        return False
    is_doubtful = asked.is_weak or asked.intent in (FALLBACK, "inform", "deny")
    # ship到澳门可以吗 has words of who may join, and of what is sent abroad.
    is_likely = not asks_own_detail(answers, asked) or _chance(asked, among=3) is not None
    is_free = is_doubtful and is_likely and not _is_of_talk(brand, asked)
    return is_free and answers.asks_details(name, asked.text)


def asks_own_detail(answers: AnswerBook, asked: Asked) -> bool:
    """Whether a message asks for a detail of the rule that it is taken for."""
    own = OWN_RULE.get(asked.intent, asked.intent)
    return answers.asks_details(f"utter_{own}", asked.text)


def has_tried(asked: Asked) -> bool:
    """试过了，还是不行 after a rule: what it advises did not help, so a person has to."""
    text = plain(asked.text)
    is_short = rule_told(asked) is not None and not asked.is_aside
    is_in_vain = bool(TRIED.search(text)) or (
        rule_told(asked) in TO_LOOK and bool(LOOKED.search(text))
    )
    return is_short and is_in_vain and not ASKS.search(text)


def leans_on_rule(brand: Brand, asked: Asked) -> bool:
    """一般多久 after invoices, 小票找不见了行不行 after repairs: a short message that is hardly of another subject."""
    if rule_told(asked) is None or not asked.is_weak:
        return False
    if asked.intent in CALLS or _is_of_talk(brand, asked):
        return False
    if tells_date(asked):
        return True
    if asked.intent in QUIET | {FALLBACK}:
        return is_likely_of_rule(asked)
    has_own = pieces_in(brand, asked) & PIECES.get(asked.intent, set())
    if not has_own:
        return bool(ELLIPTIC.search(plain(asked.text))) or _chance(asked, among=3) is not None
    is_day = has_own == {"weekday_or_date"} and asks_of_rule(brand, asked)
    return is_day or is_likely_of_rule(asked)


def is_likely_of_rule(asked: Asked) -> bool:
    """Whether what was not understood is still most likely about the rule just told."""
    return (_chance(asked, among=2) or 0.0) >= LIKELY


def _is_of_talk(brand: Brand, asked: Asked) -> bool:
    """Whether a message opens a talk of its own, or has what the present one can use."""
    return _opens_talk(asked) or bool(usable_pieces(brand, asked))


def _opens_talk(asked: Asked) -> bool:
    # 圣诞前来得及吗 names a day, and no occasion for a gift.
    is_day = names_day(asked) and not asked.said("recipient")
    news = (kind for kind in NEWS if not (is_day and kind == "occasion"))
    return asked.is_aside or any(map(asked.said, news))


def _chance(asked: Asked, among: int) -> float | None:
    """The probability of the rule just told, if it is one of so many likeliest intents."""
    told = rule_told(asked) or ""
    return dict(asked.guesses[:among]).get(OF_INTENT.get(told, told))

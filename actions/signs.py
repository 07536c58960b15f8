"""Signs that a message goes on with the talk, whatever it is taken for."""

import re
from dataclasses import replace

from actions.pieces import (
    PIECES,
    PRODUCT_SUBJECTS,
    is_on_gifts,
    is_on_products,
    pieces_in,
    subject_of,
    usable_pieces,
    useful_pieces,
)
from actions.products import (
    DEFINITE,
    is_named_in_full,
    loosely_named,
    named,
    pointed_at,
    shown,
    spoken_of,
    spoken_of_shown,
)
from actions.spending import CHEAPER
from actions.store_hours import names_day
from actions.tastes import CLAUSE, refuses_kind, trait_in, wants_others
from actions.turn import Asked
from bot.brand import Brand
from bot.intents import CALLS, DOUBTFUL, FALLBACK, LEANING, OUT_OF_SCOPE, QUIET
from bot.spelling import plain

WAY = re.compile(
    r"哪|怎么|边度|边[间个]|点去|地址|位置|几楼|地铁|多远"
    r"|\b(where|how|address|which|floor|metro|mtr|way|(come|drop|stop|pop) by)\b"
)
"""Asks for the place itself."""

BACK = re.compile(r"刚才|刚刚|回到|头先|\bback to\b")
PHONE = re.compile(r"电话(?!.{0,3}(没人|打不|不通))|\bphone number\b|\bnumber of\b")
VISITS = {"store_hours", "appointment_booking", "reservation_change_cancel", "vip_arrival_notice"}
"""Intents of who wants to come."""

DAYS_OWN = VISITS | {"shipping_delivery"}
"""Intents that have a use for a day: 圣诞前能到吗 after a shop's hours asks of a parcel."""

FILLERS = re.compile(
    r"[\W_]|那|噉|咁|[啊呃嗯哦噢诶哎呢吗么吧呀啦嘛喂]|打错字?了?|说错了?|口误|嘴瓢了?|秃噜嘴了?|换成?|改成?"
    r"|就|的|嘅|店|家|间|在|去|是|要|送|给|算了|不[是对]"
    r"|\b(sorry|typo|oops|ok|okay|ugh|hm+|um|oh|no|wait|i mean|meant|please|and|or|then|the|one)\b"
    r"|\b(in|at|on|for|of|to|what|how|about|is)\b|[上中下]午|[早晚]上|傍晚"
    r"|\b(lunch ?time|mornings?|afternoons?|evenings?|noon|late|early)\b"
)
"""What may stand around a bare piece of information: 啊？那西单, ok then the xidan one."""

OFFERS = re.compile(r"满|减|折|优惠|活动|券|促销|\b(deals?|sale|discounts?|off|offers?|promo\w*)\b")
ADDED = frozenset({"inform", FALLBACK})
"""Intents of what is added to something that a person was called for."""

TELL_ME = re.compile(r"(通知|告诉|联系|(?<!的)话|讲).{0,2}我|\b(let me know|tell me|notify me)\b")
"""没货的话到了通知我一声, after a person was asked to look the stock up, announces no visit."""

URGES = re.compile(
    r"快点|快啲|尽快|赶紧|抓紧|急死|好急|很急|着急|急用|等着用|\b(hurry|asap|urgent(ly)?)\b"
)
FESTIVE = frozenset({"membership_birthday", "gift_ideas"})
"""Pls hurry, it is a birthday gift, asks nothing of birthdays."""

SURELY = 0.9
"""改不了啊 没那个按钮 is no wish to cancel below this confidence, where an order is to be changed."""

TROUBLE = CALLS | {"repair_aftersales"}
"""Intents of who looks for no goods and no address."""

LEADING = re.compile(r"(^|[^\w\s])\s*[那咁噉]\w{1,8}呢(\W|$)|\b(what|how) about\b")
"""那明天早上呢: goes on with what was talked of, whatever follows."""

ASKING = re.compile(
    r"[吗嘛么呢几?？]|[以行能成]不$|多[少大重长久]|什么|啥|怎么|哪|是不是|有没有|\b(what|how|is|does|which|any)\b"
)
STATED = re.compile(r"(?<=[还仲])(没|未|不)\w{1,3}呢")
"""还没发货呢 asks nothing."""
HAGGLES = re.compile(
    r"(能不能|可不可以|能否|可以|能)(再|给我)?(便宜|少|打折)|老(顾客|客户|会员|主顾)"
)
"""能不能便宜点 wants another price, 有便宜点的吗 another thing."""
COMPARED = re.compile(
    r"更便宜|便宜一?[点些]?的|还有.{0,6}便宜|\b(anything|something|one|ones|any) cheaper\b|\bcheaper (ones?|options?)\b"
)
"""还有没有比它更便宜的, after a product; 能便宜吗 bargains."""
SAME = re.compile(r"同样的?价|一样的?价|同(一个)?价位|同样(的)?预算|\bsame (price|budget|range)\b")
"""首饰呢？同样的价 asks for other gifts, not for prices."""
SETS = re.compile(
    r"[加提涨升降减改](到|成|为)|提高|预算|最多|以内|左右|\b(budget|limit|cap|raised?|max(imum)?|up to|under)\b"
)
COUNTED = re.compile(
    r"几[间家个]|有店|门市|开门|开到|几点|在哪|\b(shops?|stores?|open|branch(es)?)\b"
)

ASKS = re.compile(rf"{ASKING.pattern}|想(了解|知道|问)|\b(do|can|could|where|when|who|why)\b")
"""Asks in any way, an English question without its mark too."""

SHOP = re.compile(
    r"有.{0,6}((?<![酒饭])店|专柜|门市|舖|boutiques?|shops?|stores?|branch(es)?)|(店|专柜|boutique|shop|store).{0,2}有[吗没冇]"
    r"|(?<![a-z])(any|a|you have) (shops?|stores?|boutiques?|branch(es)?)(?![a-z])"
)
WHAT_THERE_IS = re.compile(
    r"有(哪些|什么|啥|咩)(?!用|问题|区别|不同)|(哪些|什么|啥|几|多少)(款|牌|种|味道)|有[冇没]有?.{1,8}[的嘅]"
    r"|\b(which|what|any)\b.{0,20}\b(have|got|are there)\b"
)
STOCKED = re.compile(
    r"有[没冇]?有?(现?货(?![梯架])|得卖|卖|实物)|店里?[有冇][吗没冇]|看得?到.{0,3}(实物|吗|不|么)|实物|试[戴穿背]"
    r"|\b(got|have|has) (any|it|one|this|that|them)\b(?! (other |more )?(shop|store|boutique|branch|location|counter))"
    r"|\bin stock\b"
)
OPEN_TILL = re.compile(
    r"几点|几时|多晚|开到|开门|关门|打烊|收工|收铺"
    r"|\b(how late|until when|till when|open|close[sd]?|closing|hours|what time)\b"
)
"""Asks when a shop opens or closes."""

LEAVE = re.compile(
    r"(谢谢|多谢|谢了|谢啦|唔该晒?|辛苦了?|\b(thanks|thank you|thx|cheers))[你您啦了哈呀哦喔 ]*\W*$"
)

CORRECTS = re.compile(
    r"说错|打错|搞错|不是.{1,8}是|\b(i mean|i meant|meant|actually|not (for )?my|not boss)\b"
)

THIS = re.compile(
    r"[这那呢][个款条只枚支对件]|第[一二三]|头一?[个款条只件]|\b(this|that|it|first|second|third)\b"
)


def names_product(brand: Brand, asked: Asked) -> bool:
    """我说的是枕套 after some gifts; a whole name also before them. 枕套，五百以内 wishes for something instead."""
    trait, is_unwanted = trait_in(brand, asked)
    if is_unwanted or refuses_kind(brand, asked):
        return False
    if is_on_products(asked) and pointed_at(brand, asked) and not wants_others(asked):
        return True
    if pieces_in(brand, asked) & {"recipient", "occasion", "budget"}:
        return False
    if is_named_in_full(brand, asked):
        return True
    is_wish = trait or asked.said("product_category")
    is_loose = is_on_products(asked) and not is_wish and bool(loosely_named(brand, asked))
    return is_loose or (is_on_products(asked) and bool(named(brand, asked)))


def asks_of_one_shown(brand: Brand, asked: Asked) -> bool:
    """两万六那个主钻多大, love the clock: points at one of those shown, no other subject is as near."""
    if not is_on_products(asked):
        return False
    is_definite = bool(DEFINITE.search(plain(asked.text)))
    return bool(pointed_at(brand, asked)) or (is_definite and _is_shown(brand, asked))


def _is_shown(brand: Brand, asked: Asked) -> bool:
    meant = named(brand, asked)
    return any(gift in meant for gift in shown(brand, asked))


def asks_of_shown(brand: Brand, asked: Asked) -> bool:
    """你说的头一个是什么做的 asks of what was shown, if it is hardly more likely to ask of something else."""
    if not is_on_products(asked) or not asked.is_weak:
        return False
    # 领带夹挺好。寄贵阳收邮费不 asks of something else.
    asking = (each for each in CLAUSE.split(asked.text) if ASKING.search(plain(each)))
    return any(spoken_of_shown(brand, replace(asked, text=each)) for each in asking)


def answers_which_city(brand: Brand, asked: Asked) -> bool:
    """徐家汇那边最方便 answers which shop; 上海店在哪 asks back."""
    is_asked = asked.kept("awaiting") == "city" and asked.kept("subject") != "store_location"
    names = bool(asked.said("city") or asked.said("store"))
    return is_asked and names and not WAY.search(plain(asked.text))


def asks_way(asked: Asked) -> bool:
    """I will come to Nanshan shop, tell nearest metro: what is not understood beside a shop is how to get there."""
    return bool(asked.said("store") or asked.said("city")) and bool(WAY.search(plain(asked.text)))


def asks_phone(asked: Asked) -> bool:
    """恒月那家电话给我下: what is not understood beside a shop is its number."""
    return bool(asked.said("store")) and bool(PHONE.search(plain(asked.text)))


def asks_where_order_is(brand: Brand, asked: Asked) -> bool:
    """在哪看, where an order's number was asked for: the order, and no shop."""
    is_of_shop = asked.said("city") or asked.said("store")
    return asked.kept("awaiting") == "order_no" and not is_of_shop and not asked.is_aside


def adds_for_person(brand: Brand, asked: Asked) -> bool:
    """快点啊 周六要送人的, right after a person was called, tells more to that person, if no subject can use it."""
    is_doubtful = asked.is_weak and asked.intent not in (QUIET | CALLS) - {OUT_OF_SCOPE}
    is_vague = asked.intent in ADDED or is_doubtful
    is_vague = is_vague or (asked.intent in FESTIVE and bool(URGES.search(plain(asked.text))))
    is_vague = is_vague or (asked.intent in VISITS and bool(TELL_ME.search(plain(asked.text))))
    is_more = asked.awaits_person and is_vague and not ASKS.search(plain(asked.text))
    return is_more and not usable_pieces(brand, asked) - {"trait"}


def asks_for_shop(asked: Asked) -> bool:
    """那macau有boutique吗: what is not understood of a city and a shop is whether there is one."""
    return _is_calm(asked) and bool(asked.said("city")) and bool(SHOP.search(plain(asked.text)))


def asks_for_goods(asked: Asked) -> bool:
    """那香水有哪些男士的: what is not understood of a kind of goods is what there is of it."""
    is_of_goods = _is_calm(asked) and bool(asked.said("product_category"))
    return is_of_goods and bool(WHAT_THERE_IS.search(plain(asked.text)))


def _is_calm(asked: Asked) -> bool:
    """Whether nothing is broken, lost or complained of: 手表坏了有没有人管 looks for no watches."""
    return not TROUBLE & {intent for intent, _ in asked.guesses[:3]}


def asks_stock_there(brand: Brand, asked: Asked) -> bool:
    """Got any in the Pudong shop, after a clock: its stock there, and not the way."""
    is_there = bool(asked.said("city") or asked.said("store"))
    is_of_stock = asked.intent == "store_location" and bool(STOCKED.search(plain(asked.text)))
    return is_there and is_of_stock and len(spoken_of(brand, asked)) == 1


def asks_if_open(brand: Brand, asked: Asked) -> bool:
    """十二月十六号过去行吗, where a shop was talked of: what is not understood is first of all whether it is open."""
    is_of_visit = bool({intent for intent, _ in asked.guesses[:2]} & VISITS)
    return is_of_visit and bool(asked.kept("store")) and names_day(asked) and not asked.is_aside


def wants_cheaper(brand: Brand, asked: Asked) -> bool:
    """有更便宜的吗 after some gifts asks for other gifts, not for a campaign; 这个能便宜吗 does."""
    text = plain(asked.text)
    if HAGGLES.search(text):
        return False
    if is_on_gifts(asked):
        return bool(CHEAPER.search(text)) and not THIS.search(text)
    return is_on_products(asked) and bool(COMPARED.search(text))


def tells_of_order(brand: Brand, asked: Asked) -> bool:
    """刚下单十分钟还没发货, where an order that is to be changed was asked for, tells of that order."""
    is_changed = asked.kept("subject") in ("order_change", "order_cancel")
    is_asked_for = is_changed and asked.kept("awaiting") == "order_no"
    is_possible = asked.intent == "order_status" or asked.confidence < SURELY
    text = STATED.sub("", plain(asked.text))
    return is_asked_for and is_possible and not ASKING.search(text)


def takes_leave(brand: Brand, asked: Asked) -> bool:
    """好的 我周末去店里看看 谢谢: ends the talk, and asks nothing."""
    text = plain(asked.text)
    is_open = asked.kept("awaiting") or ASKS.search(text) or usable_pieces(brand, asked)
    return asked.is_weak and not asked.is_aside and not is_open and bool(LEAVE.search(text))


def asks_hours_again(brand: Brand, asked: Asked) -> bool:
    """And how late on Friday, two answers after a shop was talked of: no other rule has days and hours."""
    is_of_hours = bool(OPEN_TILL.search(plain(asked.text))) and names_day(asked)
    is_vague = asked.intent in ADDED and not asked.is_aside
    return is_of_hours and is_vague and bool(asked.kept("store") or asked.said("store"))


def is_bare(brand: Brand, asked: Asked) -> bool:
    """Whether the message is nothing but information that the present subject can use: then it goes on with it."""
    # A message without information needs no look at the brand.
    is_bare = bool(asked.entities) and not FILLERS.sub("", plain(asked.rest))
    return is_bare and bool(usable_pieces(brand, asked))


def asks_of_place(brand: Brand, asked: Asked) -> bool:
    """深圳的呢，贵不贵 after car parks asks of those there, not of goods."""
    is_on_places = "city" in useful_pieces(asked)
    names = asked.said("city") or asked.said("store")
    return bool(is_on_places and names) and not (
        named(brand, asked) or asked.said("product_category")
    )


def wants_trait(brand: Brand, asked: Asked) -> bool:
    """有没有真丝的 after some gifts asks for other gifts; 这个有银的吗 asks of the one pointed at."""
    is_open = is_on_gifts(asked) and not THIS.search(plain(asked.text)) and not named(brand, asked)
    return is_open and trait_in(brand, asked)[0] is not None


def wants_shown_again(asked: Asked) -> bool:
    """回到刚才，还有别的款吗, after other subjects: others than the gifts that were shown."""
    is_back = bool(BACK.search(plain(asked.text))) and wants_others(asked)
    return is_back and bool(asked.kept("shown")) and not asked.is_aside


def rules_out(brand: Brand, asked: Asked) -> bool:
    """Whether some kind of gift is said not to be liked, after some gifts."""
    return is_on_gifts(asked) and refuses_kind(brand, asked)


def names_budget(brand: Brand, asked: Asked) -> bool:
    """Under 1,000 please, after some gifts, is a budget and no question."""
    return is_on_gifts(asked) and "budget" in pieces_in(brand, asked)


def changes_budget(brand: Brand, asked: Asked) -> bool:
    """只能一千五以内了, after some goods, asks for no campaign; 满1000减多少 does."""
    text = plain(asked.text)
    is_of_price = OFFERS.search(text) or HAGGLES.search(text)
    return is_on_products(asked) and "budget" in pieces_in(brand, asked) and not is_of_price


def keeps_budget(brand: Brand, asked: Asked) -> bool:
    """首饰呢？同样的价, after some gifts."""
    return is_on_gifts(asked) and bool(SAME.search(plain(asked.text)))


def sets_budget(brand: Brand, asked: Asked) -> bool:
    """加到两千吧, after some gifts, whatever it is like."""
    return names_budget(brand, asked) and bool(SETS.search(plain(asked.text)))


def names_place_or_day(brand: Brand, asked: Asked) -> bool:
    """Monday morning? is no greeting where hours were talked of."""
    names = any(asked.said(kind) for kind in ("weekday_or_date", "city", "store"))
    return names and subject_of(brand, asked) is not None


def is_continued(brand: Brand, asked: Asked) -> bool:
    """Whether a message that is like nothing learnt has what the present subject can use."""
    subject = asked.kept("subject")
    usable = usable_pieces(brand, asked)
    if asked.kept("awaiting"):
        # Whoever was asked for an order's number and tells something else tells it of that order.
        is_order = asked.kept("awaiting") == "order_no" and asked.intent == FALLBACK
        return bool(usable) or is_order
    if asked.is_aside or not usable:
        return False
    likeliest = {intent for intent, _ in asked.guesses[:2]}
    is_guessed = is_on_gifts(asked) or bool({"inform", subject} & likeliest)
    is_possible = (is_guessed or asked.confidence < DOUBTFUL) and not asked.is_sure
    return is_possible or _is_plainly_continued(brand, asked)


def _is_plainly_continued(brand: Brand, asked: Asked) -> bool:
    """Whether the form of a message tells that it goes on: 他妈闻不了香味的 tells of nobody's health here."""
    text = plain(asked.text)
    is_of_place = asks_of_place(brand, asked) and bool(COUNTED.search(text))
    is_wish = rules_out(brand, asked) or sets_budget(brand, asked)
    is_wish = is_wish or (is_on_gifts(asked) and corrects_recipient(asked))
    return is_of_place or is_wish or bool(LEADING.search(text))


def corrects_recipient(asked: Asked) -> bool:
    """Sorry I meant it's for my teacher not boss."""
    return bool(asked.said("recipient")) and bool(CORRECTS.search(plain(asked.text)))


def is_doubtful(brand: Brand, asked: Asked) -> bool:
    """Whether a message is hardly more likely of its own subject than a piece of information for the present one."""
    is_of_goods = asked.intent in PRODUCT_SUBJECTS and asked.said("product_category")
    # 现在只剩一千二 after gifts is hardly the change of a reservation.
    is_of_wish = names_budget(brand, asked) or rules_out(brand, asked)
    # So is 那我12月16号去行不 after a shop's hours that of a size.
    is_of_visit = bool(asked.kept("store")) and names_day(asked) and asked.intent not in DAYS_OWN
    most = LEANING if is_of_wish or is_of_visit else DOUBTFUL
    if asked.confidence >= most or asked.is_aside or is_of_goods:
        return False
    own, useful = PIECES.get(asked.intent, set()), useful_pieces(asked)
    pieces = pieces_in(brand, asked)
    # 手表想看实物 我在武汉 has a piece for its own subject alone. An empty set is a part of every other.
    return not pieces & useful <= own and not (pieces & own) - useful

"""What may be spent: the sum named, or less, more or half of what was spoken of."""

import re
from collections.abc import Sequence

from actions.turn import Asked
from bot.brand import Gift
from bot.budget import Range, budget, sums
from bot.spelling import plain

PURSE = re.compile(
    r"(?:我|俺|手头|手里|最近|身上|学生|^)\w{0,3}没(有?什么|啥|多少)?钱(?![包夹])|钱不多|预算(不多|有限|不高|紧)|囊中羞涩|好穷"
    r"|tight budget|\b(i'?m|am|so|flat) broke\b"
)
"""They have little to spend, whatever else they tell of themselves."""
CHEAPER = re.compile(
    r"(?<![太最])便宜|(?<!最)实惠|太贵|贵了|有点贵|好贵|平(少少|[啲点些d])|低一?点"
    rf"|cheaper|less expensive|too expensive|affordable|{PURSE.pattern}"
)
TOO_DEAR = re.compile(
    r" ?[块元蚊]?的?(也|都|就|真|实在|有点|还是)*(太贵(?!的)|贵了|好贵)"
    r"|( yuan)? (is|'s) (way |far |a bit )?too (expensive|dear|much)\b"
)
"""Right after a sum, 两万六太贵了: what is not to be spent."""
MORE = re.compile(r"(再|还能|可以|多)加[^到至]{0,2}[\d一二两三四五六七八九]")
"""再加500也行: so much beside the budget."""
DEARER = re.compile(
    r"太便宜|(?<!最)贵一?[点些啲]|(更|再)(好(?![好不])|贵)|好一?点的|高一?点|高级|(?<!最)高档|上档次"
    r"|pricier|more expensive|dearer|upscale|fancier"
)
HALVED = re.compile(
    r"砍(一?半|对半)|减半|一半预算|\b(half|halve) (the|my|our|that) budget|cut in half\b"
)
"""预算要砍半."""


SMALL = re.compile(
    r"学生党|小礼物|小东西|小玩意|小心意|\b(small|little) (gift|present|something|thank you)"
)
LITTLE = Range(0, 500)
"""What who wants a small present is shown, unless they name a sum."""


CHEAPEST = re.compile(r"最(便宜|平|实惠)|价格?最低|\b(cheapest|least expensive|lowest pric\w+)\b")
DEAREST = re.compile(r"最(贵|高档|高端)|价格?最高|\b(most expensive|dearest|priciest)\b")


def extreme_in(asked: Asked) -> str | None:
    """``cheapest`` or ``dearest``, if those of a kind are asked for."""
    text = plain(asked.text)
    if CHEAPEST.search(text):
        return "cheapest"
    return "dearest" if DEAREST.search(text) else None


def varies_price(asked: Asked) -> bool:
    """Whether something cheaper or dearer is asked for."""
    text = plain(asked.text)
    return bool(CHEAPER.search(text) or DEARER.search(text) or HALVED.search(text))


def budget_in(asked: Asked, proposals: Sequence[Gift]) -> Range | None:
    """The sum named, else the one kept, moved down or up if they ask for cheaper or dearer ones."""
    said = budget(asked.text)
    kept = asked.kept("budget")
    before = budget(kept) if kept else None
    text = plain(asked.text)
    found = sums(text)
    too_dear = [each for each in found if TOO_DEAR.match(text[each.end :])]
    if len(too_dear) == 1 and len(found) == 1:
        return _below(None, [round(too_dear[0].yuan())])
    if said and before and MORE.search(text):
        return Range(
            before.low, (before.high or before.low) + (said.about or said.high or said.low)
        )
    if said:
        return said
    if not before and SMALL.search(text):
        return LITTLE
    if before and HALVED.search(text):
        return Range(0, round((before.about or before.high or before.low) / 2))
    if CHEAPER.search(text):
        return _below(before, [gift.price for gift in proposals])
    return _above(before, [gift.price for gift in proposals]) if DEARER.search(text) else before


def _below(before: Range | None, shown: list[int]) -> Range | None:
    """Cheaper than all that was shown, in round figures; else less than the budget."""
    if shown:
        cheapest = min(shown)
        return Range(0, max(0, (cheapest - 1) // 50 * 50) or cheapest)
    return Range(0, round(before.low or (before.high or 0) * 0.6)) if before else None


def _above(before: Range | None, shown: list[int]) -> Range | None:
    if shown:
        return Range(max(shown) // 50 * 50 + 50, None)
    return Range(before.high or before.low, None) if before else None

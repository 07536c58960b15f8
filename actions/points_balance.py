"""A member's own points."""

import re
from datetime import UTC, date, datetime

from actions.turn import Asked, Reply, say
from bot.answers import AnswerBook
from bot.day_names import date_text
from bot.entries import LANGUAGES
from bot.members import CrmUnavailable, Member, Members
from bot.numbers import number
from bot.spelling import plain

RULES = re.compile(
    r"怎么(攒|积|赚|得|获|累|算|用|换|兑|花)|如何(攒|积|赚|得|获|累|算|用|换|兑)|点样|规则|有效期|多久|几耐|几时|什么时候|到账|当钱|当现金|过期|清零|清掉|清空|没了|失效|到期|入账|[没未冇]有?(进|到|见|看[见到]|算|加|给)|顶(多少|几)"
    r"|[当抵换值](多少|好多|几多|几个)(钱|块|元)|兑换|能换|可以换|换什么|换礼|抵|能干(嘛|什么)|有什么用|几分|一块钱|消费.*积分|积分.*(用|换)|转(赠|给)|补(登|录|积)"
    r"|\b(earn|expir\w*|los(?:e|t)|finish|run out|rules?|redeem\w*|spend|use|worth|valid|convert|exchange|collect)\b"
)
OWN = re.compile(
    r"(有|剩|攒了?)(多少|几多?)|多少积?分(?!能|可以|才|换|抵|兑)|几多积?分|积分(有)?(多少|几多|几个)|余额|剩余|查(?!有效|规则)"
    r"|(在哪|去哪|哪里|哪儿|怎么|边度|点样)[^没未冇]{0,4}(看|睇|查(?!有效)|见)|我的积分(?!怎么|能|可以|会|什么时候)|我有"
    r"|how many points (?:do i have|have i|left|are)|balance|check my|\bmy points\b(?!.*(?:expire|worth|redeem))"
)
EXCHANGE = re.compile(
    r"[抵换].{0,6}[块元钱]|(攒|需要|要|得)多少积?分|\bto (redeem|get|save)\b|\blos(e|t) (my|the)\b"
)
"""想抵50块得攒多少分."""
POINTS = re.compile(
    r"(?<![0-9.,])(?!十分|万分|百分之)([0-9][0-9,]{0,8}(?:\.[0-9])?[百千万]?|[一二两三四五六七八九十百千万]{1,6})"
    r"个?(?:多)?(?:积分|分(?![钟店期类])| ?points?\b)"
)
EXPIRES = re.compile(r"过期|清零|清掉|清空|失效|作废|\bexpir")
"""我的积分年底是不是要清零了: whoever is not bound is best told when points end."""
HOW_MANY = re.compile(r"多少|几多|几个|\bhow many\b")
WORTH = re.compile(r"[抵换值当兑]|就是|等于|\b(worth|redeem|get|buy)\b")
NOT_BOUND = "utter_points_not_bound"
"""Who was told so and asks on asks of points in general."""


async def points_balance(answers: AnswerBook, members: Members, asked: Asked) -> Reply:
    """The follower's points; the rules, where they ask how points work."""
    if asks_for_rules(asked.text):
        return points_rules(answers, asked)
    try:
        member = await members.find(asked.openid)
    except CrmUnavailable:
        return say("utter_points_unavailable")
    if member:
        return _balance(member, asked)
    # Who is not bound, and was told so or asks for no number, is best served by the rules.
    was_told = NOT_BOUND in {said.name for said in asked.said_before}
    text = plain(asked.text)
    is_own = bool(OWN.search(text)) and not was_told
    is_own = is_own and not (EXPIRES.search(text) and not HOW_MANY.search(text))
    return say(NOT_BOUND) if is_own else points_rules(answers, asked)


def points_rules(answers: AnswerBook, asked: Asked) -> Reply:
    """How points work; what some are worth, if the message asks for that."""
    text = plain(asked.text)
    points = _points(text) if WORTH.search(text) else None
    fact = answers.fact("points_worth", LANGUAGES[0]).replace(",", "")
    rate = [int(each) for each in re.findall(r"[0-9]+", fact)]
    if points is None or len(rate) != 2 or not rate[0]:
        return say("utter_points_rules")
    worth = points * rate[1] // rate[0]
    return say("utter_points_worth", points=f"{points:,}", yuan=f"{worth:,}")


def _points(text: str) -> int | None:
    """The first number of points; None too for what only looks like one: 千分."""
    found = POINTS.search(text)
    points = number(found[1].replace(",", "")) if found else None
    return None if points is None else round(points)


def asks_for_rules(text: str) -> bool:
    """Whether the message asks how points work, not how many there are."""
    spelling = plain(text)
    is_own = OWN.search(spelling) and not EXCHANGE.search(spelling)
    return bool(RULES.search(spelling)) and not is_own


def _balance(member: Member, asked: Asked) -> Reply:
    year_end = date(datetime.fromtimestamp(asked.time, UTC).year, 12, 31)
    return say(
        "utter_points_balance",
        name=member.name,
        points=f"{member.points:,}",
        expiring=f"{member.expiring:,}",
        expires_on=date_text(member.expires_on or year_end, asked.language),
    )

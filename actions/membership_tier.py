"""Which tier a sum makes, and what is missing to the next one."""

import re

from actions.turn import Asked, Reply, say
from bot.answers import AnswerBook
from bot.budget import sums
from bot.entries import LANGUAGES
from bot.measures import measured
from bot.normalizing import LONGEST
from bot.spelling import plain
from bot.spoken import PAUSE_SECONDS

SPENT = re.compile(
    r"花|买|消费|用了|刷|累计|一共|总共|加起来|攒|使咗|洗咗|够|\b(spent|spend|bought|so far|total)\b"
)
"""A sum beside one of these was spent."""

SPENT_BEFORE = re.compile(
    r"花了|消费了|买了|用了|累计|一共|总共|加起来|攒了|使咗|洗咗|\b(spent|so far|total)\b"
)
"""The same in an earlier message: 想买个2000的项链 was no purchase."""

REQUIRED = re.compile(r"(满|够不够|达到|到|差|缺) ?$")
"""Right before a sum that was not spent: 满5000能升吗 asks for the rule, 差两千多 tells what is missing."""

TOTAL = re.compile(r"(一共|总共|累计|加起来|\btotal)[^,。]{0,6}$")

ASKS_WHERE = re.compile(
    r"差|哪一?[级等档]|什么(等?级|会员)|几级|够|算(?:是|做|作)?(?:什么|哪|几|新月|弦月|满月)|到.{0,4}没"
    r"|\b(what|which) tier\b|\b(missing|short|enough|more|count)\b"
)
"""Asks where somebody stands, whose sum may have been told before."""

MISSING = re.compile(r"差|[还要]得?多少|\b(missing|short|how much more)\b")

RULE = "utter_membership_tier_upgrade"

WONDERS_WHY = re.compile(r"为[什啥何]|怎么(还|就)?[没不]|咋(还|就)?[没不]|\bwhy\b")
"""花了三万为什么还没升 is told no tier: a person has to look."""

NOBODYS = 1e9
"""Yuan that nobody spends."""

TIERS = (("tier_1", None), ("tier_2", "tier_2_spend"), ("tier_3", "tier_3_spend"))
"""Names of the tiers and of the sums that they take, as ``facts.yml`` has them."""


def membership_tier(answers: AnswerBook, asked: Asked) -> Reply:
    """The tier of the sum that the follower has spent; the rule of the tiers where none was told."""
    spent = _spent(asked)
    # 老公买的能算我的吗, after a sum, asks for a detail of the rule.
    is_of_rule = not sums(plain(asked.text)) and answers.asks_details(RULE, asked.text)
    if spent is None or (is_of_rule and not MISSING.search(plain(asked.text))):
        return say(RULE)
    names = [answers.fact(name, asked.language) for name, _ in TIERS]
    takes = [_yuan(answers, spend) for _, spend in TIERS]
    reached = max(place for place, least in enumerate(takes) if spent >= least)
    values = {"spent": f"{spent:,}", "tier": names[reached]}
    if reached + 1 == len(TIERS):
        return say("utter_top_tier_reached", **values)
    missing = f"{round(takes[reached + 1] - spent):,}"
    return say("utter_tier_reached", **values, missing=missing, next=names[reached + 1])


def _spent(asked: Asked) -> int | None:
    """Yuan, rounded: the sum of all if one is told, else the first that was spent."""
    text = plain(asked.text[:LONGEST])
    if WONDERS_WHY.search(text):
        return None
    told = [text] if SPENT.search(text) else []
    if ASKS_WHERE.search(text) and asked.pause < PAUSE_SECONDS:
        before = (plain(each[:LONGEST]) for each in asked.heard_before)
        told += [each for each in before if SPENT_BEFORE.search(each)]
    found = [(words[: each.start], each) for words in told for each in sums(words)]
    spent = [(before, each) for before, each in found if not REQUIRED.search(before)]
    total = [(before, each) for before, each in spent if TOTAL.search(before)]
    return next((round(each.yuan()) for _, each in total or spent), None)


def _yuan(answers: AnswerBook, fact: str | None) -> float:
    """The sum of a fact; more than anybody spends where an editor has written none."""
    sum_told = measured("yuan", answers.fact(fact, LANGUAGES[0])) if fact else 0.0
    return NOBODYS if sum_told is None else sum_told

"""Which tier a sum makes, and what is missing to the next one."""

import re

from actions.turn import Asked, Reply, say
from bot.answers import AnswerBook
from bot.budget import sums
from bot.entries import LANGUAGES
from bot.spelling import plain

SPENT = re.compile(
    r"花|买|消费|用了|刷|累计|一共|总共|加起来|攒|使咗|洗咗|够|\b(spent|spend|bought|so far|total)\b"
)
"""A sum beside one of these was spent; 满5000能升吗 asks for the rule."""

ASKS_WHERE = re.compile(
    r"差|哪一?[级等档]|什么(等?级|会员)|几级|够|算|到.{0,4}没"
    r"|\b(what|which) tier\b|\b(missing|short|enough|more|count)\b"
)
"""Asks where somebody stands, whose sum may have been told before."""

WONDERS_WHY = re.compile(r"为[什啥何]|怎么(还|就)?[没不]|咋(还|就)?[没不]|\bwhy\b")
"""花了三万为什么还没升 is told no tier: a person has to look."""

TIERS = (("tier_1", None), ("tier_2", "tier_2_spend"), ("tier_3", "tier_3_spend"))
"""Names of the tiers and of the sums that they take, as ``facts.yml`` has them."""


def membership_tier(answers: AnswerBook, asked: Asked) -> Reply:
    """The tier of the sum that the follower has spent; the rule of the tiers where none was told."""
    spent = _spent(asked)
    if spent is None:
        return say("utter_membership_tier_upgrade")
    names = [answers.fact(name, asked.language) for name, _ in TIERS]
    takes = [_yuan(answers, spend) for _, spend in TIERS]
    reached = max(place for place, least in enumerate(takes) if spent >= least)
    values = {"spent": f"{spent:,}", "tier": names[reached]}
    if reached + 1 == len(TIERS):
        return say("utter_top_tier_reached", **values)
    missing = f"{takes[reached + 1] - spent:,}"
    return say("utter_tier_reached", **values, missing=missing, next=names[reached + 1])


def _spent(asked: Asked) -> int | None:
    """Yuan, rounded."""
    text = plain(asked.text)
    if WONDERS_WHY.search(text):
        return None
    told = [text] if SPENT.search(text) else []
    if ASKS_WHERE.search(text):
        told += [plain(before) for before in asked.heard_before if SPENT.search(plain(before))]
    return next((round(each.yuan()) for words in told for each in sums(words)), None)


def _yuan(answers: AnswerBook, fact: str | None) -> int:
    return int(re.sub(r"\D", "", answers.fact(fact, LANGUAGES[0]))) if fact else 0

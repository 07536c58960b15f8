"""Several questions in one message, a question behind a greeting, a wish behind a refusal: read clause by clause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.intents import DENY, OUT_OF_SCOPE, QUIET

from components.clauses import SURE, Clause, wishes
from components.refusals import CLEAR

ALIKE = {"product_recommendation": "gift_ideas"}
"""Intents that one answer does for."""

LIKELY = 0.5
"""Beside a refusal that puts all else aside a request is read as its clause's intent from this probability on."""

SEEN = 0.25
"""Beside a refusal a mere statement is one only if the whole message gives its intent at least this probability."""

HEARD = 0.02
"""In a message that clearly refuses, a request that stands before the refusal is one only from this probability on."""

HINTED, SURELY = 0.005, 0.92
"""The same for a request that stands after the refusal, unless it is surely one by itself."""

APART, SHARED = 0.8, 0.02
"""Of several questions one in the form of a question is surely one by itself, or the whole message gives its intent
some probability."""

WISHED, WISHED_TOO = 0.85, 0.001
"""One that is stated as a wish, 电话给一个, is both."""

MEANT = 0.4
"""A request with the intent that the whole message surely has is one from this probability on."""

STATED, STATED_TOO = 0.95, 0.05
"""So is a mere statement, 我快递丢了, and that by far: most are the background of the question beside them."""


@dataclass(frozen=True)
class Question:
    """One of the questions of a message: the clause that asks it, and the piece of text that it is asked with."""

    clause: Clause
    start: int
    end: int


def asking_clauses(whole: Mapping[str, float], clauses: Sequence[Clause]) -> Iterator[Clause]:
    """The clauses that ask; beside a refusal a mere statement only if the ``whole`` message says the same.

    关税不用讲了，我找人直接背回来 wants nobody.
    """
    denied = whole.get(DENY, 0.0)
    refused = {clause.about for clause in clauses if clause.is_refused}
    is_beside_refusal = denied >= SURE or any(clause.is_refused for clause in clauses)
    is_refused_before, wished, meant = False, wishes(clauses), _meant(whole)
    for clause in clauses:
        likely = whole.get(clause.intent, 0.0)
        # 别给我转人工，上次排了半小时没人理: what is refused is not wished for by a statement about it.
        is_said = likely >= max(SEEN, denied) and clause.intent not in refused
        # 又要给我攒积分，谢谢您嘞，用不着 asks in its form alone: a refusal speaks for what stands before it.
        is_apart = is_refused_before and (clause.confidence >= SURELY or likely >= HINTED)
        is_heard = denied < CLEAR or likely >= HEARD or is_apart
        is_asked = clause in wished and is_heard
        is_refused_before = is_refused_before or clause.is_refused
        is_meant = clause.intent == meant and clause.confidence >= MEANT and is_asked
        if (clause.asks or is_meant) and (is_asked or is_said or not is_beside_refusal):
            yield clause


def likely_wish(clauses: Sequence[Clause]) -> Clause | None:
    """The likeliest request beside what is refused, if no clause is surely one: 先不办会员，就想问下吊坠多少钱."""
    wished = [clause for clause in wishes(clauses) if clause.intent not in QUIET]
    best = max(wished, key=_confidence, default=None)
    return best if best and best.confidence >= LIKELY else None


def questions(whole: Mapping[str, float], clauses: Sequence[Clause], length: int) -> list[Question]:
    """The questions of a message in their order, its clauses' intents being surer than the whole's.

    ``whole``: the probabilities of the message as one, ``length``: of its text. Empty where the whole decides.
    """
    best = max(whole, key=whole.__getitem__)
    if best == OUT_OF_SCOPE and whole[best] >= SURE:
        return []
    asking = _distinct(asking_clauses(whole, clauses))
    if len(asking) > 1:
        asking = _apart(asking, whole) or [max(asking, key=_confidence)]
    is_sure = best not in QUIET and whole[best] >= SURE and not _is_put_aside(best, clauses)
    if not asking or (len(asking) == 1 and is_sure):
        return []
    starts = [0, *(before.end for before in asking[:-1])]
    ends = [*(clause.end for clause in asking[:-1]), length]
    return [Question(*each) for each in zip(asking, starts, ends, strict=True)]


def _apart(asking: Sequence[Clause], whole: Mapping[str, float]) -> list[Clause]:
    """Those of several that are not heard by chance."""
    return [clause for clause in asking if _is_apart(clause, whole.get(clause.intent, 0.0))]


def _meant(whole: Mapping[str, float]) -> str | None:
    """The intent that the whole message surely has, if it is one of a request."""
    best = max(whole, key=whole.__getitem__)
    return best if best not in QUIET and whole[best] >= SURE else None


def _is_apart(clause: Clause, likely: float) -> bool:
    """``likely``: what the whole message gives the clause's intent."""
    if clause.is_request:
        return clause.confidence >= APART or likely >= SHARED
    least, too = (WISHED, WISHED_TOO) if clause.is_demand else (STATED, STATED_TOO)
    return clause.confidence >= least and likely >= too


def _confidence(clause: Clause) -> float:
    return clause.confidence


def _is_put_aside(intent: str, clauses: Sequence[Clause]) -> bool:
    """Whether something is refused, and no other clause asks about this: Don't need a repair, what else can I do?"""
    wanted = {clause.intent for clause in clauses if not clause.is_refused}
    return intent not in wanted and any(clause.is_refused for clause in clauses)


def _distinct(clauses: Iterator[Clause]) -> list[Clause]:
    """The first clause of each intent, and of those that are alike."""
    first: dict[str, Clause] = {}
    for clause in clauses:
        first.setdefault(ALIKE.get(clause.intent, clause.intent), clause)
    return list(first.values())

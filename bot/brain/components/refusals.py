"""Whether a message says what is not wanted, whatever it is about.

One regression for all intents adds up words: those that name a subject outweigh the one that refuses it, and who needs
no invoice is told how to get one. So refusing is learnt apart from the subjects, from the same vectors and counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from bot.intents import DENY, OUT_OF_SCOPE
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from components.clauses import (
    Clause,
    asks_by_no,
    asks_either_way,
    begins_with_refusal,
    is_waved_off,
    keeps,
    wishes,
)

FEWEST = 100
"""With fewer examples of refusals nothing is learnt: they would hardly be more than a no."""

VECTOR_WEIGHT = 2.0
"""Scales the sentence vector against the counts."""

REFUSED = 0.4
"""A piece of a message is taken for a refusal from this probability on."""

CLEAR = 0.9
"""A piece that refuses with this probability speaks for the whole message; a message that refuses so is surely one."""

HINT = 0.15
"""Below this probability for the whole message no piece speaks for it: 上礼拜四收到的 没戴出去过 refuses nothing."""

LIKELY = 0.5
"""From this probability for the whole message on a refusal that ends it speaks for all of it, if nothing asks."""

LEAST = 0.03
"""What the odds of refusing and those of ``deny`` against the likeliest intent must come to, multiplied."""

LEAST_IN_FORM = 0.002
"""The same for a message that begins as a refusal does: its form is evidence as well."""

LEAST_AT_END = 0.1
"""The same where a piece that refuses ends the message, for it to speak against one that asks."""

CANNOT_BE_REFUSED = frozenset(
    {"greet", "thanks", "goodbye", "affirm", "unsubscribe_privacy", DENY, OUT_OF_SCOPE}
)
"""Intents that nobody refuses, or that refuse by themselves: 没别的事了，再见 is a farewell, 不想收推送了 a wish."""

SAID_BY_A_NO = frozenset({"order_cancel"})
"""Intents for which a piece that refuses is no sign against them: 算了，这单我不要了."""

LEAST_ALONE = 0.02
"""A message of one clause that has the form of a refusal must be at least so likely one by what was learnt."""

COMPLAINT = "complaint"
"""别跟我说自己去查！ is angry in the form of a refusal, which is no evidence there."""

_HARDLY = 1e-4


def ends_in_refusal(
    text: str, refusal: float, whole: Mapping[str, float], clauses: Sequence[Clause]
) -> bool:
    """Whether the last piece of a message refuses all that stands before it: 满多少送多少的，没兴趣.

    ``refusal``: the message's probability of refusing, learnt apart; ``whole``: those of its intents, by name.
    """
    best = max(whole, key=whole.__getitem__)
    is_beyond = best != DENY and best in CANNOT_BE_REFUSED | SAID_BY_A_NO
    if not clauses or is_beyond or DENY not in whole:
        return False
    is_refusal = clauses[-1].intent == DENY and clauses[-1].refusal >= REFUSED
    return (
        is_refusal
        and not asks_by_no(text)
        and is_denied(refusal, whole[DENY], whole[best], LEAST_AT_END)
    )


def refuses(
    text: str, refusal: float, whole: Mapping[str, float], clauses: Sequence[Clause]
) -> bool:
    """Whether a message that asks nothing refuses its likeliest intent; the arguments are those of ``ends_in_refusal``.

    A piece that clearly refuses, or puts that intent aside by its form, speaks for all, unless another one asks.
    """
    best = max(whole, key=whole.__getitem__)
    asking = {each.intent for each in wishes(clauses)}
    is_kept = keeps(text)
    is_beyond = best in asking or DENY not in whole
    if (
        is_beyond
        or (best in CANNOT_BE_REFUSED and not is_kept)
        or asks_by_no(text)
        or asks_either_way(text)
    ):
        return False
    if best not in SAID_BY_A_NO or is_kept:
        is_aside = _is_put_aside(best, refusal, clauses, bool(asking))
        # A single clause has nothing beside it that would say otherwise.
        if is_aside or (not clauses and refusal >= LEAST_ALONE and is_waved_off(text)):
            return True
    is_in_form = best != COMPLAINT and begins_with_refusal(text)
    return is_denied(refusal, whole[DENY], whole[best], LEAST_IN_FORM if is_in_form else LEAST)


def _is_put_aside(intent: str, refusal: float, clauses: Sequence[Clause], is_asking: bool) -> bool:
    """Whether one of the pieces refuses the intent for the whole message."""
    is_named = any(each.is_waved_off and each.about == intent for each in clauses)
    if is_named and not any(each.asks for each in wishes(clauses)):
        return True
    if is_asking:
        return False
    refusing = (each for each in clauses if each.intent in (DENY, intent))
    is_clear = any(each.refusal >= CLEAR or each.is_waved_off for each in refusing)
    is_ended = bool(clauses) and clauses[-1].is_refused and refusal >= LIKELY
    return is_ended or (is_clear and refusal >= HINT)


def is_denied(refusal: float, denied: float, likeliest: float, least: float = LEAST) -> bool:
    """Whether a message refuses what it seems to be about, though ``deny`` is not its likeliest intent.

    ``refusal``: the probability of refusing, learnt apart; ``denied``, ``likeliest``: those of ``deny`` and of the
    likeliest intent among all. Either alone takes one message in fifty for a refusal that is none.
    """
    odds = (refusal + _HARDLY) / (1 - refusal + _HARDLY)
    return odds * (denied + _HARDLY) / (likeliest + _HARDLY) >= least


class Refusals:
    """A regression in which refusals count as much as all other examples together."""

    def __init__(self) -> None:
        self._learner: LogisticRegression | None = None

    def fit(self, dense: np.ndarray, counts: csr_matrix, intents: Sequence[str]) -> None:
        """Learn from sentence vectors, shape (texts, vector), counts, shape (texts, counted), and intents."""
        refused = np.array([intent == DENY for intent in intents])
        if refused.sum() >= FEWEST:
            self._learner = LogisticRegression(
                C=1.0, class_weight="balanced", solver="liblinear", max_iter=300
            ).fit(_joined(dense, counts), refused)

    def probabilities(self, dense: np.ndarray, counts: csr_matrix) -> np.ndarray:
        """Shape (texts,); 0 where refusing was not learnt."""
        if self._learner is None:
            return np.zeros(counts.shape[0])
        weights, length = self._learner.coef_[0], dense.shape[1]
        scores = VECTOR_WEIGHT * (dense @ weights[:length]) + counts @ weights[length:]
        scores = scores + self._learner.intercept_[0]
        return np.asarray(1 / (1 + np.exp(-scores)))


def _joined(dense: np.ndarray, counts: csr_matrix) -> csr_matrix:
    return hstack([csr_matrix(VECTOR_WEIGHT * dense), counts], format="csr")

"""What an answer costs, and the threshold that follows from it: the one place where both stand."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from bot.intents import OUT_OF_SCOPE

COST_OF_ASKING = 1.0
"""To ask back, or to bring a person in: one minute of an agent. It is the unit of the others."""

COST_OF_WRONG = 2.0
"""A wrong answer: the follower asks again, and an agent, in the end, explains more than he would have answered."""

COST_OF_SILENCE = 1.5
"""A question taken for small talk: the polite line has a way to a person, and some followers take it."""

THRESHOLDS = np.round(np.arange(0.2, 0.91, 0.01), 2)


def costs(rows: Sequence[Any]) -> np.ndarray:
    """The mean cost of a message at each of THRESHOLDS, in minutes of an agent; ``rows`` as tools.evaluate has them."""
    best = np.array([row["ranking"][0][0] for row in rows])
    sure = np.array([row["ranking"][0][1] for row in rows])
    right = np.array([row["ranking"][0][0] in (row["intent"], row["also"]) for row in rows])
    silent = best == OUT_OF_SCOPE
    answered = np.where(silent, COST_OF_SILENCE, COST_OF_WRONG) * ~right
    return np.array(
        [np.where(silent | (sure >= each), answered, COST_OF_ASKING).mean() for each in THRESHOLDS]
    )


def chosen_threshold(rows: Sequence[Any]) -> float:
    """The cheapest threshold."""
    return float(THRESHOLDS[costs(rows).argmin()])

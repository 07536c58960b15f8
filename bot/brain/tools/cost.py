"""What an answer costs, and the threshold that follows from it: the one place where both stand."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from bot.intents import OUT_OF_SCOPE

from tools.scores import first_choices

CONFIG = Path(__file__).parents[1] / "config.yml"

COST_OF_ASKING = 1.0
"""To ask back, or to bring a person in: one minute of an agent. It is the unit of the others."""

COST_OF_WRONG = 2.0
"""A wrong answer: the follower asks again, and an agent, in the end, explains more than he would have answered."""

COST_OF_SILENCE = 1.5
"""A question taken for small talk: the polite line has a way to a person, and some followers take it."""

SHARE_OUT_OF_SCOPE = 0.4
"""Of what followers type: logs of shops' bots have 40 to 70 %, test messages far less."""

THRESHOLDS = np.round(np.arange(0.2, 0.91, 0.01), 2)


def costs(rows: Sequence[Any]) -> np.ndarray:
    """The mean cost of a message at each of THRESHOLDS, in minutes of an agent; ``rows`` as tools.evaluate has them."""
    best = np.array([row["ranking"][0][0] for row in rows])
    sure, right = first_choices(rows)
    silent = best == OUT_OF_SCOPE
    answered = np.where(silent, COST_OF_SILENCE, COST_OF_WRONG) * ~right
    weight = _weights(np.array([row["intent"] == OUT_OF_SCOPE for row in rows]))
    return np.array(
        [
            weight @ np.where(silent | (sure >= each), answered, COST_OF_ASKING)
            for each in THRESHOLDS
        ]
    )


def _weights(outside: np.ndarray) -> np.ndarray:
    """What each message counts, so that those out of scope have their real share; 1 together."""
    shares = np.where(outside, SHARE_OUT_OF_SCOPE, 1 - SHARE_OUT_OF_SCOPE)
    return shares / np.where(outside, outside.sum(), (~outside).sum())


def chosen_threshold(rows: Sequence[Any]) -> float:
    """The cheapest threshold."""
    return float(THRESHOLDS[costs(rows).argmin()])


def threshold_in_use() -> float:
    """The threshold of the pipeline."""
    pipeline = yaml.safe_load(CONFIG.read_text("utf-8"))["pipeline"]
    return next(float(each["threshold"]) for each in pipeline if "threshold" in each)

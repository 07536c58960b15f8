"""How well intents are told apart, how honest the confidences are, and what follows at a threshold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from bot.intents import OUT_OF_SCOPE, QUIET


@dataclass(frozen=True)
class Scores:
    """Shares from 0 to 1.

    ``accuracy``: of all messages, before any threshold; ``in_scope`` and ``out_of_scope``: of those.
    ``calibration``: expected calibration error over ten bins. At the threshold: ``unsure``, of the
    messages in scope; ``wrong``, another answer than theirs, of the messages in scope;
    ``nonsense``, an answer that states facts of the brand, of the messages out of scope.
    """

    accuracy: float
    in_scope: float
    out_of_scope: float
    calibration: float
    unsure: float
    wrong: float
    nonsense: float


def scores(
    wanted: Sequence[str], intents: Sequence[str], rows: np.ndarray, threshold: float
) -> Scores:
    """Judge ``rows`` (messages, intents) of probabilities against what was wanted."""
    truth, best, confidence = np.array(wanted), np.array(intents)[rows.argmax(1)], rows.max(1)
    right, outside = truth == best, truth == OUT_OF_SCOPE
    unsure = (confidence < threshold) & (best != OUT_OF_SCOPE)
    states_facts = ~np.isin(best, list(QUIET))
    return Scores(
        accuracy=_share(right),
        in_scope=_share(right[~outside]),
        out_of_scope=_share(right[outside]),
        calibration=calibration_error(confidence, right),
        unsure=_share(unsure[~outside]),
        wrong=_share((~right & ~unsure)[~outside]),
        nonsense=_share((states_facts & ~unsure)[outside]),
    )


def first_choices(rows: Sequence[Mapping[str, Any]]) -> tuple[np.ndarray, np.ndarray]:
    """How sure the model is of its first choice for each message, and whether that is right, whatever the threshold.

    ``rows`` as tools.evaluate has them.
    """
    sure = np.array([row["ranking"][0][1] for row in rows])
    right = np.array([row["ranking"][0][0] in (row["intent"], row["also"]) for row in rows])
    return sure, right


def calibration_error(confidence: np.ndarray, right: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error (Guo et al. 2017, https://arxiv.org/abs/1706.04599)."""
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        (place == each).mean() * abs(right[place == each].mean() - confidence[place == each].mean())
        for each in np.unique(place)
    ]
    return float(sum(gaps))


def _share(mask: np.ndarray) -> float:
    return float(mask.mean()) if len(mask) else float("nan")

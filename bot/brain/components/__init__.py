"""Rasa components of ours: understanding, answers, channel, tracker store. Python 3.10 only."""

import sys
from pathlib import Path

# The rules of the house stand in `bot/`, which is no installed package here. Rasa puts its own folder on the path
# and knows nothing of the one two floors up, also when somebody trains this pipeline with a bare `rasa train`.
_HOUSE = str(Path(__file__).resolve().parents[3])
if _HOUSE not in sys.path:
    sys.path.append(_HOUSE)

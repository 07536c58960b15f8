"""Messages that are no brand's business, for data that teach none themselves."""

from pathlib import Path

import numpy as np
from bot.normalizing import normalized

FILE = Path(__file__).with_suffix(".txt")


def background(most: int) -> list[str]:
    """Normalised messages, at most so many, evenly out of the whole file."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    chosen = np.linspace(0, len(lines) - 1, min(most, len(lines)), dtype=int)
    return [normalized(lines[i]) for i in chosen]

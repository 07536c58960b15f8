"""What was made of recent texts: followers tap the same choices and ask the same things all day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock

import numpy as np
from bot.normalizing import normalized
from cachetools import LRUCache

ROWS_KEPT = 20_000

Read = Callable[[Sequence[str]], np.ndarray]


class Remembered:
    """A row for each text, read once; texts are known by their normalised form.

    May be asked from several threads. ``reading`` is held while texts are read: an encoder serves one at a time.
    """

    def __init__(self, read: Read, reading: Lock) -> None:
        """``read`` takes texts and gives an array with a row for each."""
        self._read, self._reading = read, reading
        self._rows: LRUCache[str, np.ndarray] = LRUCache(ROWS_KEPT)
        self._keeping = Lock()

    def __call__(self, texts: Sequence[str]) -> list[np.ndarray]:
        """The rows of the texts, in their order."""
        plain = [normalized(text) for text in texts]
        known = self._known(plain)
        if any(text not in known for text in plain):
            with self._reading:
                # Another thread may have read them while this one waited.
                known = self._known(plain)
                if new := [text for text in dict.fromkeys(plain) if text not in known]:
                    known.update(zip(new, self._read(new), strict=True))
                    self._keep({text: known[text] for text in new})
        return [known[text] for text in plain]

    def _known(self, texts: Sequence[str]) -> dict[str, np.ndarray]:
        with self._keeping:
            return {text: self._rows[text] for text in texts if text in self._rows}

    def _keep(self, rows: dict[str, np.ndarray]) -> None:
        with self._keeping:
            self._rows.update(rows)

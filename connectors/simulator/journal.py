"""The simulator's journal: every push, every delivery of it and every API call, with its time."""

import time
from collections import deque
from typing import Any

from connectors.simulator.bulletin import Bulletin

KEPT = 20_000


class Journal:
    """Numbered entries, oldest first; the oldest are dropped beyond KEPT."""

    def __init__(self, bulletin: Bulletin) -> None:
        self._bulletin = bulletin
        self._entries: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._number = 0

    def add(self, kind: str, **details: Any) -> None:
        """Append an entry. ``at`` is real time in Unix seconds: deliveries follow the real clock."""
        self._number += 1
        entry = {"number": self._number, "at": time.time(), "kind": kind, **details}
        self._entries.append(entry)
        self._bulletin.publish({"type": "log", "entry": entry})

    def after(self, number: int) -> list[dict[str, Any]]:
        """The entries with greater numbers."""
        return [entry for entry in self._entries if entry["number"] > number]

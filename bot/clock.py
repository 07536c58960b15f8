"""What time it is: the one port through which every process reads the clock."""

import time
from typing import Protocol


class Clock(Protocol):
    """A source of Unix seconds."""

    def now(self) -> float:
        """The present moment in Unix seconds."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> float:
        """The present moment in Unix seconds."""
        return time.time()

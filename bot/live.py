"""Files edited while the engine runs: read again when they change, the last good version kept.

Standard library only, Python 3.10 or newer: both the connector and the brain use it.
"""

import logging
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")
Fingerprint = frozenset[tuple[Path, int, int, int]]

log = logging.getLogger(__name__)


class FileError(ValueError):
    """An edited file is broken; the message is one sentence: ``file:line: field x what is wrong``."""


class Live(Generic[T]):
    """What ``load`` makes of the files that ``paths`` names.

    ``load`` raises FileError or OSError when a file is broken. At the start that error reaches the
    caller; later the last good value stays and one sentence is logged for each broken edit.
    """

    def __init__(
        self,
        paths: Callable[[], Iterable[Path]],
        load: Callable[[], T],
        *,
        seconds: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``seconds``: how long a look at the files holds; ``clock``: seconds that only grow."""
        self._paths, self._load, self._seconds, self._clock = paths, load, seconds, clock
        self._looked = clock()
        self._seen = self._fingerprint()
        self._value = load()

    @property
    def value(self) -> T:
        """The newest good value; looks at the files at most once in ``seconds``."""
        if self._clock() - self._looked >= self._seconds:
            self._look()
        return self._value

    def _look(self) -> None:
        self._looked = self._clock()
        # Taken before reading: an edit during the reading is found by the next look.
        seen = self._fingerprint()
        if seen != self._seen:
            self._seen = seen
            self._reload()

    def _reload(self) -> None:
        try:
            self._value = self._load()
        except (FileError, OSError) as error:
            log.error("Kept the last good version: %s", error)

    def _fingerprint(self) -> Fingerprint:
        return frozenset(_stamp(path) for path in self._paths())


def _stamp(path: Path) -> tuple[Path, int, int, int]:
    try:
        stat = path.stat()
    except OSError:
        return path, 0, 0, 0
    return path, stat.st_mtime_ns, stat.st_size, stat.st_ino

"""Hours as people write them: ``10:00-13:00, 14:00-19:00``."""

import re
from collections.abc import Iterable
from itertools import pairwise

Spans = tuple[tuple[int, int], ...]
"""Minutes after midnight, from and to."""

_SPAN = re.compile(r"([01]?\d|2[0-3]):([0-5]\d) ?[-–] ?([01]?\d|2[0-4]):([0-5]\d)")


def parsed(text: str) -> Spans:
    """The spans of one day, none for ``closed``. Raises ValueError for what cannot be hours."""
    if text == "closed":
        return ()
    found = [_SPAN.fullmatch(part.strip()) for part in text.split(",")]
    spans = tuple(_minutes(match.groups()) for match in found if match)
    edges = [edge for span in spans for edge in span]
    if None in found or edges[-1] > 24 * 60 or any(a >= b for a, b in pairwise(edges)):
        raise ValueError('must be "closed" or hours like "10:00-13:00, 14:00-19:00"')
    return spans


def written(spans: Iterable[tuple[int, int]]) -> str:
    """The text that ``parsed`` reads."""
    return ", ".join(f"{_clock(start)}-{_clock(end)}" for start, end in spans) or "closed"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _minutes(numbers: Iterable[str]) -> tuple[int, int]:
    from_hour, from_minute, to_hour, to_minute = map(int, numbers)
    return from_hour * 60 + from_minute, to_hour * 60 + to_minute

"""Charts as plain values that a template draws as SVG: across in per cent of the width, down in pixels."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LEFT, TOP, PLOT = 6.0, 12.0, 168.0
"""Where the columns begin (per cent), and where and how high the plot is (pixels)."""

MOST_LABELS = 6
GAP = 0.28
"""The share of a column's place that stays empty."""

DAY_MINUTES = 24 * 60


@dataclass(frozen=True)
class Piece:
    """A rectangle; ``kind`` is the name of its series."""

    kind: str
    start: float
    length: float


@dataclass(frozen=True)
class Column:
    """One column with its pieces from below; ``label`` is empty where there is no room for one."""

    x: float
    width: float
    label: str
    told: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Columns:
    """A column chart: ``lines`` are the heights and words of its grid, ``legend`` the series with their names."""

    columns: tuple[Column, ...]
    lines: tuple[tuple[float, str], ...]
    legend: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Strip:
    """One whole, divided: pieces in per cent with name and value."""

    pieces: tuple[tuple[Piece, str, int], ...]


def columns(labels: Sequence[str], series: Mapping[str, tuple[str, Sequence[int]]]) -> Columns:
    """Columns of stacked series: each has a kind, a name and one value for each label."""
    heights = [sum(values[at] for _, values in series.values()) for at in range(len(labels))]
    top, lines = _scale(max(heights, default=0))
    place = (100 - LEFT) / max(1, len(labels))
    every = math.ceil(len(labels) / MOST_LABELS)
    return Columns(
        tuple(
            Column(
                round(LEFT + (at + GAP / 2) * place, 3),
                round((1 - GAP) * place, 3),
                label if at % every == 0 else "",
                f"{label}: "
                + ", ".join(f"{name} {values[at]}" for name, values in series.values()),
                _stacked([(kind, values[at]) for kind, (_, values) in series.items()], top),
            )
            for at, label in enumerate(labels)
        ),
        tuple((round(TOP + PLOT * (1 - line / top), 1), f"{line:,}") for line in lines),
        tuple((kind, name) for kind, (name, _) in series.items()),
    )


def strip(parts: Sequence[tuple[str, str, int]]) -> Strip:
    """A bar of parts: each has a kind, a name and a value."""
    whole, start, pieces = sum(value for *_, value in parts), 0.0, []
    for kind, name, value in parts:
        length = 100 * value / whole if whole else 0.0
        pieces.append((Piece(kind, round(start, 3), round(length, 3)), name, value))
        start += length
    return Strip(tuple(pieces))


def open_hours(spans: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    """The open stretches of a day (minutes after midnight), in per cent of the day."""
    shown = ((start, min(end, DAY_MINUTES)) for start, end in spans)
    return tuple(
        Piece(
            "open", round(100 * start / DAY_MINUTES, 3), round(100 * (end - start) / DAY_MINUTES, 3)
        )
        for start, end in shown
    )


def _stacked(parts: Sequence[tuple[str, int]], top: int) -> tuple[Piece, ...]:
    below, pieces = 0, []
    for kind, value in parts:
        if value:
            height = PLOT * value / top
            start = TOP + PLOT * (1 - below / top) - height
            pieces.append(Piece(kind, round(start, 2), round(height, 2)))
        below += value
    return tuple(pieces)


def _scale(highest: int) -> tuple[int, list[int]]:
    """The top of the axis and its grid: at most four steps of 1, 2 or 5 and their tens."""
    steps = (each * 10**power for power in range(12) for each in (1, 2, 5))
    step = next(each for each in steps if highest <= 4 * each)
    count = max(1, math.ceil(highest / step))
    return count * step, [line * step for line in range(count + 1)]

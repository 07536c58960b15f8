"""Tables of a report: one form for the page and for the file that spreadsheets open."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from connectors.desk.words import say

Kind = Literal["name", "count", "share", "span", "rating"]
Value = str | int | float | None

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel takes Chinese for another encoding."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


@dataclass(frozen=True)
class Column:
    """A column: ``title`` names one of the desk's words; spans are seconds, shares 0.0 to 1.0."""

    title: str
    kind: Kind = "count"


@dataclass(frozen=True)
class Table:
    """A table: ``id`` is its address, ``title`` names one of the desk's words.

    ``bar`` is the number of the column that is drawn as well, -1 for none.
    """

    id: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    bar: int = -1

    def shown(self, language: str) -> list[list[str]]:
        """The rows as people read them."""
        return [
            [
                shown(value, column.kind, language)
                for value, column in zip(row, self.columns, strict=True)
            ]
            for row in self.rows
        ]

    def lengths(self) -> list[float]:
        """How long each row's bar is, in per cent of the longest."""
        values = [float(row[self.bar] or 0) for row in self.rows] if self.bar >= 0 else []
        longest = max(values, default=0.0) or 1.0
        return [round(100 * value / longest, 2) for value in values]


def shown(value: Value, kind: Kind, language: str) -> str:
    """A value as people read it; what is not known is a dash."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    if kind == "share":
        return f"{value:.0%}" if value in {0, 1} or value >= 0.1 else f"{value:.1%}"
    if kind == "span":
        return _span(value, language)
    return f"{value:.1f}" if kind == "rating" else f"{value:,}"


def as_csv(table: Table, language: str) -> str:
    """The table for spreadsheets: bare numbers, spans in seconds, and no text that acts as a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_heading(column, language) for column in table.columns])
    for row in table.rows:
        writer.writerow([_cell(value) for value in row])
    return BYTE_ORDER_MARK + out.getvalue()


def _heading(column: Column, language: str) -> str:
    title = say(language, column.title)
    return say(language, "in_seconds", title=title) if column.kind == "span" else title


def _cell(value: Value) -> Value:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return round(value, 4) if isinstance(value, float) else value


def _span(seconds: float, language: str) -> str:
    whole = round(seconds)
    if whole < 60:
        return say(language, "seconds", count=whole)
    if whole < 3600:
        minutes, rest = divmod(whole, 60)
        name = "minutes_seconds" if minutes < 10 and rest else "minutes"
        return say(language, name, count=minutes, seconds=rest)
    if whole < 86400:
        return say(language, "hours", count=whole // 3600, minutes=whole % 3600 // 60)
    return say(language, "days", count=f"{whole / 86400:.1f}")


def by_size(groups: Mapping[str, int]) -> list[tuple[str, int]]:
    """Names and numbers, the largest first."""
    return sorted(groups.items(), key=lambda each: (-each[1], each[0]))

"""What changed between two models, by what they make of the same test messages."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
"""A judged message: ``text``, ``intent`` (the right one), ``given``, ``confidence`` and more."""

CONFUSIONS = 8
"""How many of the most frequent mistakes are told."""


def is_right(row: Row) -> bool:
    """Whether the intent is the wanted one, or one of the two of a message with two questions."""
    return row["given"] in (row["intent"], row.get("also") or row["intent"])


def changes(before: Sequence[Row], after: Sequence[Row]) -> Iterator[str]:
    """The lines that a trainer reads after a training: the whole, each intent that moved, the commonest mistakes."""
    if not after:
        yield "There are no test messages: write some into nlu_data/tests/messages.yml."
        return
    shared = {row["text"] for row in before} & {row["text"] for row in after}
    old, new = _by_intent(before, shared), _by_intent(after, shared)
    yield f"Of {len(after)} test messages {_percent(after)} are understood rightly{_than(before, shared)}."
    moved = sorted(
        ((_share(new[intent]) - _share(old[intent]), intent) for intent in new if intent in old),
        key=lambda each: each[0],
    )
    for change, intent in moved:
        if change:
            was, now = _percent(old[intent]), _percent(new[intent])
            yield f"  {'▲' if change > 0 else '▼'} {intent:28} {was:>7} → {now:>7} of {len(new[intent])}"
    if before and not any(change for change, _ in moved):
        yield "  No intent is understood better or worse than by the model before."
    yield from _confusions(after)


def _than(before: Sequence[Row], shared: set[str]) -> str:
    same = [row for row in before if row["text"] in shared]
    return f"; the model before: {_percent(same)}" if same else ""


def _by_intent(rows: Iterable[Row], texts: set[str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["text"] in texts:
            found[row["intent"]].append(row)
    return found


def _confusions(rows: Iterable[Row]) -> Iterator[str]:
    wrong = Counter((row["intent"], row["given"]) for row in rows if not is_right(row))
    if wrong:
        yield "Most often taken for another:"
    for (intent, given), count in wrong.most_common(CONFUSIONS):
        yield f"  {count:3} × {intent} taken for {given}"


def _share(rows: Sequence[Row]) -> float:
    return sum(map(is_right, rows)) / len(rows)


def _percent(rows: Sequence[Row]) -> str:
    return f"{_share(rows):.1%}"

"""A drill's result as tables for people."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from tests.drill.counting import Kill, Verdict
from tests.drill.house import MORTAL

Row = tuple[str, str, str]

LISTED = 20
"""How many of a list are printed; a drill that has gone wrong may have hundreds."""


def told(title: str, kills: Sequence[Kill], verdict: Verdict) -> Iterator[str]:
    """The tables, then what is counted by name."""
    yield f"## {title}"
    yield ""
    yield from _table(("killed", "times", "longest away"), _killed(kills))
    yield ""
    yield from _table(("what", "count", "promised"), _counts(kills, verdict))
    named = {
        "lost": verdict.lost,
        "doubled": verdict.doubled,
        "out of order": verdict.out_of_order,
        "orphans": verdict.orphans,
        "ledger faults": verdict.faults,
        "failure lines": verdict.failure_lines,
        "uncertain and not seen": verdict.uncertain,
    }
    for name, found in named.items():
        if found:
            yield f"\n{name}:"
            yield from (f"  {each}" for each in found[:LISTED])
            if len(found) > LISTED:
                yield f"  and {len(found) - LISTED} more"
    hits = [kill for kill in kills if kill.open_sends]
    if hits:
        yield "\nkills that hit an open send:"
        yield from (f"  {_hit(kill, kills[0].at)}" for kill in hits)
    yield ""
    yield f"BROKEN: {', '.join(verdict.broken)}." if verdict.broken else "Every promise was kept."


def _killed(kills: Sequence[Kill]) -> Iterator[Row]:
    times = Counter(kill.name for kill in kills)
    for name in MORTAL:
        away = max((kill.up_at - kill.at for kill in kills if kill.name == name), default=0.0)
        yield name, str(times[name]), f"{away:.1f} s"
    yield "all", str(len(kills)), ""


def _counts(kills: Sequence[Kill], verdict: Verdict) -> Iterator[Row]:
    cut = len({(send.openid, send.bubble) for kill in kills for send in kill.open_sends})
    yield "messages", str(verdict.messages), ""
    yield "answered", str(verdict.answered), ""
    yield "enquiries in the ledger", str(verdict.enquiries), ""
    yield "of these by an agent", str(verdict.by_agent), ""
    yield "lost", str(len(verdict.lost)), "0"
    yield "doubled", str(len(verdict.doubled)), "0"
    yield "out of order", str(len(verdict.out_of_order)), "0"
    yield "orphans", str(len(verdict.orphans)), "0"
    yield "unanswered", str(verdict.unanswered), "0"
    yield "contradictions in the ledger", str(len(verdict.faults)), "0"
    yield "sends open when a process was killed", str(cut), ""
    yield "of these not seen by the follower", str(len(verdict.uncertain)), f"at most {cut}"
    yield "failure lines", str(len(verdict.failure_lines)), "0"
    yield "failure lines while no connector was up", str(verdict.excused_failure_lines), ""
    yield "messages that no connector was up for", str(verdict.never_brought), ""
    yield "followers asked to send again", str(verdict.asked_again), ""


def _hit(kill: Kill, began: float) -> str:
    sends = ", ".join(f"{send.bubble} to {send.openid}" for send in kill.open_sends)
    return f"{kill.name} after {kill.at - began:.1f} s: {sends}"


def _table(head: Row, rows: Iterable[Row]) -> Iterator[str]:
    listed = [head, *rows]
    widths = [max(len(row[column]) for row in listed) for column in range(3)]
    for number, row in enumerate(listed):
        yield "| " + " | ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) + " |"
        if number == 0:
            yield "|" + "|".join("-" * (width + 2) for width in widths) + "|"

"""The ledger of enquiries: what is written of each, and the proof that none was forgotten.

A ledger holds no word of a follower and no openid: an enquiry's id is made of a random alias and a number.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from bot.enquiry import Outcome


class Event(StrEnum):
    """What can happen to an enquiry."""

    OPENED = "opened"
    EXTENDED = "extended"
    ESCALATED = "escalated"
    CLOSED = "closed"
    TAKEN = "taken"
    REPLIED = "replied"
    RATED = "rated"


OF_PEOPLE = frozenset({Event.TAKEN, Event.REPLIED, Event.RATED})
"""What an agent or the follower did about an enquiry; it neither opens nor ends it, and may come after the end."""


@dataclass(frozen=True)
class Entry:
    """One line of the ledger; ``at`` and ``deadline`` in Unix seconds.

    ``intent``, ``team`` and ``agent`` are told as far as they are known. REPLIED says as its reason whether these were
    the ``first`` words of a person or the ``next`` ones, and since when they were waited for; CLOSED says since when
    the enquiry was open. ``value`` is what a RATED one says: 1 (bad) to 3 (good).
    """

    event: Event
    enquiry: str
    at: float
    deadline: float = 0.0
    outcome: Outcome | None = None
    reason: str | None = None
    agent: str = ""
    team: str = ""
    intent: str = ""
    since: float = 0.0
    value: int = 0


@dataclass
class Audit:
    """What the ledger says at one moment."""

    enquiries: int = 0
    open: int = 0
    orphans: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    escalations: Counter[str] = field(default_factory=Counter)

    @property
    def unanswered(self) -> int:
        """Enquiries that ended, or should have ended, without an answer."""
        return (
            len(self.orphans)
            + self.outcomes[Outcome.EXPIRED]
            + self.outcomes[Outcome.UNDELIVERABLE]
        )

    @property
    def unanswered_share(self) -> float:
        """``unanswered`` as a share of all enquiries, 0.0 to 1.0."""
        return self.unanswered / self.enquiries if self.enquiries else 0.0

    @property
    def is_sound(self) -> bool:
        """Whether nothing is orphaned and no line contradicts another."""
        return not self.orphans and not self.faults


def audit(entries: Iterable[Entry], now: float) -> Audit:
    """Read the whole ledger and say what became of each enquiry by ``now`` (Unix seconds)."""
    result = Audit()
    deadlines: dict[str, float] = {}
    closed: set[str] = set()
    for entry in entries:
        _count(result, entry, deadlines, closed)
    result.enquiries = len(deadlines)
    still_open = {enquiry: end for enquiry, end in deadlines.items() if enquiry not in closed}
    result.open = len(still_open)
    result.orphans = sorted(enquiry for enquiry, end in still_open.items() if end < now)
    return result


def _count(result: Audit, entry: Entry, deadlines: dict[str, float], closed: set[str]) -> None:
    if entry.event in OF_PEOPLE:
        return
    known = entry.enquiry in deadlines
    if entry.event is Event.OPENED and not known:
        deadlines[entry.enquiry] = entry.deadline
    elif entry.event is Event.OPENED:
        result.faults.append(f"{entry.enquiry} was opened twice")
    elif not known:
        result.faults.append(f"{entry.enquiry} was {entry.event} but never opened")
    elif entry.enquiry in closed:
        result.faults.append(f"{entry.enquiry} was {entry.event} after its end")
    elif entry.event is Event.EXTENDED:
        deadlines[entry.enquiry] = entry.deadline
    elif entry.event is Event.ESCALATED:
        result.escalations[entry.reason or ""] += 1
    else:
        closed.add(entry.enquiry)
        result.outcomes[str(entry.outcome)] += 1
        result.reasons[f"{entry.outcome}({entry.reason or ''})"] += 1

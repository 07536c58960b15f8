"""The ledger's figures, kept up line by line: what a watch needs, without reading the ledger again each time.

It holds the open enquiries alone, so that its size does not grow with the ledger; contradictions are what
``bot.ledger.audit`` looks for.
"""

from dataclasses import dataclass, field

from bot.enquiry import Outcome
from bot.ledger import Entry, Event

LOST = frozenset({Outcome.EXPIRED, Outcome.UNDELIVERABLE})
"""Outcomes that are no answer."""


@dataclass
class Tally:
    """Counts over all lines that were added; ``deadlines`` of the open enquiries in Unix seconds."""

    enquiries: int = 0
    lost: int = 0
    deadlines: dict[str, float] = field(default_factory=dict)

    def add(self, entry: Entry) -> None:
        """Take one more line of the ledger into account."""
        if entry.event is Event.OPENED:
            self.enquiries += 1
            self.deadlines[entry.enquiry] = entry.deadline
        elif entry.event is Event.EXTENDED and entry.enquiry in self.deadlines:
            self.deadlines[entry.enquiry] = entry.deadline
        elif entry.event is Event.CLOSED and self.deadlines.pop(entry.enquiry, None) is not None:
            self.lost += entry.outcome in LOST

    def orphans(self, now: float) -> int:
        """How many open enquiries are past their deadline at ``now``."""
        return sum(deadline < now for deadline in self.deadlines.values())

    def unanswered_share(self, now: float) -> float:
        """Those without an answer as a share of all enquiries, 0.0 to 1.0; the same as an audit's."""
        return (self.lost + self.orphans(now)) / self.enquiries if self.enquiries else 0.0

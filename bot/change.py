"""One step of a conversation: its state afterwards, and what is written down because of it.

Every function takes a Change and gives the next one, so that a step is composed of small moves and committed whole.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot import ledger
from bot.conversation import Conversation
from bot.enquiry import Enquiry, Outcome, Stage
from bot.messages import Bubble, Delivery, Line

WINDOW_SECONDS = 48 * 3600.0
"""An enquiry's deadline: afterwards WeChat lets nobody answer any more."""


@dataclass(frozen=True)
class Change:
    """A conversation after a step, with the transcript's and the ledger's new lines and the bubbles' new states.

    ``refusals``: with which code WeChat refused a bubble.
    """

    conversation: Conversation
    lines: tuple[Line, ...] = ()
    entries: tuple[ledger.Entry, ...] = ()
    deliveries: tuple[tuple[str, Delivery], ...] = ()
    refusals: tuple[tuple[str, int], ...] = ()

    def updated(self, conversation: Conversation) -> "Change":
        """The same change with another state of the conversation."""
        return replace(self, conversation=conversation)

    def noted(self, line: Line) -> "Change":
        """The same change with one more line of the transcript."""
        return replace(self, lines=(*self.lines, line))


def open_enquiry(change: Change, at: float) -> tuple[Change, Enquiry]:
    """Open an enquiry with its deadline at the end of WeChat's window."""
    conversation = change.conversation
    serial = conversation.serial + 1
    alias = conversation.alias or secrets.token_hex(8)
    conversation = replace(conversation, alias=alias)
    enquiry = Enquiry(f"{alias}-{serial}", at, at + WINDOW_SECONDS)
    conversation = replace(
        conversation, serial=serial, enquiries=(*conversation.enquiries, enquiry)
    )
    entry = ledger.Entry(ledger.Event.OPENED, enquiry.id, at, deadline=enquiry.deadline)
    return replace(change, conversation=conversation, entries=(*change.entries, entry)), enquiry


def extend(change: Change, enquiry: Enquiry, deadline: float, at: float) -> Change:
    """Move an enquiry's deadline later: the follower wrote again, and WeChat's window with it."""
    if deadline <= enquiry.deadline:
        return change
    later = replace(enquiry, deadline=deadline)
    kept = tuple(later if each.id == enquiry.id else each for each in change.conversation.enquiries)
    entry = ledger.Entry(ledger.Event.EXTENDED, enquiry.id, at, deadline=deadline)
    return _with_enquiries(change, kept, [entry])


def mark(
    change: Change, ids: Iterable[str], stage: Stage, at: float, reason: str | None = None
) -> Change:
    """Move open enquiries to another stage; an escalation is written into the ledger with its reason."""
    chosen, before = set(ids), change.conversation.enquiries
    moved = tuple(_moved(each, stage, at) if each.id in chosen else each for each in before)
    entries: list[ledger.Entry] = []
    if stage is Stage.ESCALATED:
        escalated = [each for each in before if each.id in chosen and each.stage is not stage]
        entry = ledger.Entry(ledger.Event.ESCALATED, "", at, reason=reason)
        entry = replace(entry, team=change.conversation.team)
        entries = [replace(entry, enquiry=each.id, intent=each.intent) for each in escalated]
    return _with_enquiries(change, moved, entries)


def settle(
    change: Change, ids: Iterable[str], outcome: Outcome, at: float, reason: str | None = None
) -> Change:
    """End open enquiries; ids that are no longer open are passed over."""
    chosen = set(ids)
    ended = tuple(e for e in change.conversation.enquiries if e.id in chosen)
    kept = tuple(e for e in change.conversation.enquiries if e.id not in chosen)
    entries = [_closed(change.conversation, each, outcome, at, reason) for each in ended]
    return _with_enquiries(change, kept, entries)


def about(change: Change, id: str, intent: str) -> Change:
    """Note what an open enquiry is about, once the brain has told."""
    enquiries = tuple(
        replace(each, intent=intent) if each.id == id and intent else each
        for each in change.conversation.enquiries
    )
    return _with_enquiries(change, enquiries, ())


def told(change: Change, entry: ledger.Entry) -> Change:
    """Write into the ledger what people did about an enquiry, and what that was about if it is still open."""
    known = (each.intent for each in change.conversation.enquiries if each.id == entry.enquiry)
    return replace(change, entries=(*change.entries, replace(entry, intent=next(known, ""))))


def put(
    change: Change, draft: Bubble, details: dict[str, str] | None = None, at: float | None = None
) -> Change:
    """Put a bubble into the outbox under the next number, and its text with ``details`` into the transcript.

    ``at``: when it was said (Unix seconds), by default when it is to leave.
    """
    serial = change.conversation.serial + 1
    bubble = replace(draft, id=f"b{serial}")
    conversation = replace(
        change.conversation, serial=serial, outbox=(*change.conversation.outbox, bubble)
    )
    said_at = bubble.since if at is None else at
    kind = "handed_to_wechat_desk" if bubble.instead else "image" if bubble.picture else "text"
    line = Line(said_at, bubble.author, bubble.text, kind, bubble.id, details or {})
    deliveries = (*change.deliveries, (bubble.id, bubble.state))
    return replace(change, conversation=conversation, deliveries=deliveries).noted(line)


def move(change: Change, moved: Bubble) -> Change:
    """Put ``moved`` in the place of the outbox's bubble with the same id; see ``finish`` for a bubble's end."""
    return _swap(change, moved.id, (moved,), moved.state)


def finish(change: Change, bubble: Bubble, state: Delivery, at: float) -> Change:
    """Take a bubble out of the outbox; a delivered one ends the enquiries that it settles."""
    change = _swap(change, bubble.id, (), state)
    if state is Delivery.DELIVERED and bubble.outcome:
        return settle(change, bubble.settles, Outcome(bubble.outcome), at, bubble.reason)
    return change


def _closed(
    conversation: Conversation, enquiry: Enquiry, outcome: Outcome, at: float, reason: str | None
) -> ledger.Entry:
    """The end as the ledger tells it; who answered and for which team is told of what people had."""
    answered = outcome is Outcome.ANSWERED_BY_AGENT
    return ledger.Entry(
        ledger.Event.CLOSED,
        enquiry.id,
        at,
        outcome=outcome,
        reason=reason,
        # The last words may arrive when the agent has closed already.
        agent=(conversation.agent or conversation.last_agent) if answered else "",
        team=conversation.team if enquiry.escalated_at else "",
        intent=enquiry.intent,
        since=enquiry.opened_at,
    )


def _moved(enquiry: Enquiry, stage: Stage, at: float) -> Enquiry:
    is_new = stage is Stage.ESCALATED and enquiry.stage is not stage
    return replace(enquiry, stage=stage, escalated_at=at if is_new else enquiry.escalated_at)


def _with_enquiries(
    change: Change, enquiries: tuple[Enquiry, ...], entries: Iterable[ledger.Entry]
) -> Change:
    """The change with other open enquiries, and what the ledger is told about it."""
    conversation = replace(change.conversation, enquiries=enquiries)
    return replace(change, conversation=conversation, entries=(*change.entries, *entries))


def _swap(change: Change, id: str, by: tuple[Bubble, ...], state: Delivery) -> Change:
    outbox: list[Bubble] = []
    for bubble in change.conversation.outbox:
        outbox.extend(by if bubble.id == id else (bubble,))
    conversation = replace(change.conversation, outbox=tuple(outbox))
    return replace(change, conversation=conversation, deliveries=(*change.deliveries, (id, state)))

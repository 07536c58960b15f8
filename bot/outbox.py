"""What may be sent to a follower now, and what became of it: the rules of the allowance and of delivery."""

from collections.abc import Set
from dataclasses import replace

from bot.allowance import RESERVE_FOR_HUMAN
from bot.change import Change, finish, move, settle
from bot.conversation import Conversation, Speaker, leave_queue
from bot.enquiry import Enquiry, Outcome, Stage
from bot.messages import Bubble, Delivery
from bot.ports import Refusal

REPEAT_SECONDS = 12.0
"""WeChat repeats a push that it did not see answered within this time; silence means that the reply arrived."""

RETRY_SECONDS = (2.0, 10.0, 60.0, 300.0)
"""How long a bubble that certainly did not go out waits before each further attempt; then it is held."""


def next_to_send(conversation: Conversation, now: float, is_allowed: bool) -> Bubble | None:
    """The oldest queued bubble, if it may go out as a customer message at ``now``."""
    queued = conversation.bubbles(Delivery.QUEUED)
    if not queued or queued[0].since > now:
        return None
    return queued[0] if _affordable(conversation, queued[0], now, is_allowed) else None


def held_back(change: Change, now: float, is_allowed: bool) -> Change:
    """Settle what may not be sent now: answers wait for the follower's next contact, notices are dropped."""
    for bubble in change.conversation.bubbles(Delivery.QUEUED):
        if _affordable(change.conversation, bubble, now, is_allowed) or bubble.since > now:
            break
        change = _held(change, bubble, now)
    return change


def released(change: Change, now: float) -> Change:
    """The follower has come again: what was held may be sent."""
    for bubble in change.conversation.bubbles(Delivery.HELD):
        change = move(change, replace(bubble, state=Delivery.QUEUED, since=now, attempts=0))
    return change


def sending(change: Change, bubble: Bubble, now: float) -> Change:
    """The intention to send, written down before anything leaves: the allowance is spent from here on."""
    conversation = replace(change.conversation, allowance=change.conversation.allowance.spent())
    return move(change.updated(conversation), replace(bubble, state=Delivery.SENDING, since=now))


def sent(change: Change, bubble: Bubble, now: float) -> Change:
    """WeChat took the message."""
    return finish(change, bubble, Delivery.DELIVERED, now)


def uncertain(change: Change, bubble: Bubble, now: float) -> Change:
    """Nobody knows whether the message went out: it is not repeated by itself."""
    return move(change, replace(bubble, state=Delivery.UNCERTAIN, since=now))


def unsent(change: Change, bubble: Bubble, now: float) -> Change:
    """The message did not leave: try later a few times, then hold it for the follower's next contact."""
    if all(each.id != bubble.id for each in change.conversation.outbox):
        return change  # The follower was forgotten meanwhile: there is nothing left to give back or to send.
    allowance = replace(change.conversation.allowance, left=change.conversation.allowance.left + 1)
    change = change.updated(replace(change.conversation, allowance=allowance))
    attempts = bubble.attempts + 1
    if attempts > len(RETRY_SECONDS):
        return _held(change, replace(bubble, attempts=attempts), now)
    due = now + RETRY_SECONDS[attempts - 1]
    return move(change, replace(bubble, state=Delivery.QUEUED, since=due, attempts=attempts))


def refused(change: Change, bubble: Bubble, now: float, refusal: Refusal) -> Change:
    """WeChat said no: for good, which ends the enquiries, or until the follower's next contact."""
    if refusal.is_used_up:
        allowance = change.conversation.allowance.emptied()
        change = change.updated(replace(change.conversation, allowance=allowance))
    if not refusal.is_final:
        return _held(change, bubble, now)
    change = finish(change, bubble, Delivery.REFUSED, now)
    return settle(change, bubble.settles, Outcome.UNDELIVERABLE, now, f"refused_{refusal.errcode}")


def handed_long_ago(conversation: Conversation, now: float) -> tuple[Bubble, ...]:
    """The bubbles given to a callback whose repeats are over, unless one came late."""
    handed = conversation.bubbles(Delivery.HANDED)
    return tuple(bubble for bubble in handed if bubble.since + REPEAT_SECONDS <= now)


def handed_before(conversation: Conversation, bubble: Bubble) -> tuple[Bubble, ...]:
    """The bubbles given to a callback that the follower is to read before this one."""
    earlier = conversation.outbox[: conversation.outbox.index(bubble)]
    return tuple(each for each in earlier if each.state is Delivery.HANDED)


def put_back(change: Change, ids: Set[str], now: float) -> Change:
    """Send what was given to a callback, and withdrawn from it, as customer messages instead."""
    for bubble in change.conversation.bubbles(Delivery.HANDED):
        if bubble.id in ids:
            change = move(change, replace(bubble, state=Delivery.QUEUED, since=now))
    return change


def handed_result(change: Change, bubble: Bubble, taken_at: float, now: float) -> Change:
    """What became of a reply given to a callback: arrived unless WeChat repeated the push; sent if nobody took it."""
    if taken_at > bubble.since:
        bubble = replace(bubble, since=taken_at)
        change = move(change, bubble)
    if now < bubble.since + REPEAT_SECONDS:
        return change
    if taken_at:
        return finish(change, bubble, Delivery.DELIVERED, now)
    return move(change, replace(bubble, state=Delivery.QUEUED, since=now))


def expired(change: Change, now: float) -> Change:
    """End what is past its deadline, with the reason; nobody waits for a person without an open enquiry."""
    for enquiry in change.conversation.enquiries:
        if enquiry.deadline <= now:
            outcome, reason = _end_of(change.conversation, enquiry)
            change = settle(change, [enquiry.id], outcome, now, reason)
    if change.conversation.speaker is Speaker.WAITING and not change.conversation.enquiries_at(
        Stage.ESCALATED
    ):
        change = change.updated(leave_queue(change.conversation, now))
    return change


def next_wake(conversation: Conversation) -> float | None:
    """When something falls due (Unix seconds): a handed reply, a retry, a deadline; an unfollow's deletion at once."""
    if not conversation.is_following:
        return conversation.since
    dues = [bubble.since + REPEAT_SECONDS for bubble in conversation.bubbles(Delivery.HANDED)]
    # They go out in order, so that only the first can fall due.
    dues += [bubble.since for bubble in conversation.bubbles(Delivery.QUEUED)[:1]]
    dues += [enquiry.deadline for enquiry in conversation.enquiries]
    return min(dues, default=None)


def _held(change: Change, bubble: Bubble, now: float) -> Change:
    """Keep a bubble for the follower's next contact; a notice would be stale by then."""
    if bubble.author == "notice":
        return finish(change, bubble, Delivery.DROPPED, now)
    return move(change, replace(bubble, state=Delivery.HELD, since=now))


def _affordable(conversation: Conversation, bubble: Bubble, now: float, is_allowed: bool) -> bool:
    reserve = 0 if bubble.author == "agent" else RESERVE_FOR_HUMAN
    return (
        is_allowed and conversation.is_following and conversation.allowance.remaining(now) > reserve
    )


def _end_of(conversation: Conversation, enquiry: Enquiry) -> tuple[Outcome, str]:
    if enquiry.stage is Stage.ANSWERED:
        return Outcome.UNDELIVERABLE, "window_closed"
    if enquiry.stage is Stage.ASKED:
        return Outcome.EXPIRED, "follower_silent"
    return Outcome.EXPIRED, "no_agent" if conversation.speaker is Speaker.WAITING else "unanswered"

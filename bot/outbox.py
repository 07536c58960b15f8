"""What may be sent to a follower now, and what became of it: the rules of the allowance and of delivery."""

from collections.abc import Sequence, Set
from dataclasses import replace

from bot.allowance import RESERVE_FOR_HUMAN, Allowance
from bot.change import Change, finish, mark, move, settle
from bot.conversation import Conversation, Speaker, leave_queue
from bot.desk.promises import alarm_at
from bot.enquiry import Enquiry, Outcome, Stage
from bot.messages import Bubble, Delivery
from bot.ports import Refusal
from bot.text import TEXT_BYTES, weight

REPEAT_SECONDS = 12.0
"""WeChat repeats a push that it did not see answered within this time; silence means that the reply arrived."""

RETRY_SECONDS = (2.0, 10.0, 60.0, 300.0)
"""How long a bubble that certainly did not go out waits before each further attempt; then it is held."""


def next_to_send(conversation: Conversation, now: float, is_allowed: bool) -> tuple[Bubble, ...]:
    """The oldest queued bubbles that go out as one customer message at ``now``; none when that may not be.

    As many as one text can hold are sent as one, because WeChat counts messages and not words. Choices end a message.
    """
    together: list[Bubble] = []
    room = TEXT_BYTES
    for bubble in conversation.bubbles(Delivery.QUEUED):
        room -= weight(bubble)
        is_apart = together and (room < 0 or _is_apart(together[-1], bubble))
        if is_apart or bubble.since > now:
            break
        if not _affordable(conversation, bubble, now, is_allowed):
            break
        together.append(bubble)
        if bubble.choices:
            break
    return tuple(together)


def _is_apart(one: Bubble, other: Bubble) -> bool:
    """Whether two bubbles cannot be one message: pictures stand alone, and people's words apart from ours."""
    is_picture = bool(one.picture or other.picture)
    return is_picture or (one.author == "agent") != (other.author == "agent")


def as_one(bubbles: Sequence[Bubble]) -> Bubble:
    """Bubbles that go out together, as the one that WeChat is given: it ends with the last one's choices.

    Where one of them is marked as made by a machine, the whole is.
    """
    text = "\n\n".join(bubble.text for bubble in bubbles)
    mark = next((bubble.mark for bubble in bubbles if bubble.mark), "")
    return replace(bubbles[-1], text=text, mark=mark)


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


def sending(change: Change, bubbles: Sequence[Bubble], now: float) -> Change:
    """The intention to send, written down before anything leaves: the allowance is spent from here on."""
    change = _with_allowance(change, change.conversation.allowance.reserved())
    for bubble in bubbles:
        change = move(change, replace(bubble, state=Delivery.SENDING, since=now))
    return change


def sent(change: Change, bubbles: Sequence[Bubble], now: float) -> Change:
    """WeChat took the message."""
    change = _with_allowance(change, change.conversation.allowance.counted(now))
    for bubble in bubbles:
        change = finish(change, bubble, Delivery.DELIVERED, now)
    return change


def uncertain(change: Change, bubbles: Sequence[Bubble], now: float) -> Change:
    """Nobody knows whether the message went out: it is not repeated by itself."""
    change = _with_allowance(change, change.conversation.allowance.counted(now))
    for bubble in bubbles:
        change = move(change, replace(bubble, state=Delivery.UNCERTAIN, since=now))
    return change


def unsent(
    change: Change, bubbles: Sequence[Bubble], now: float, not_before: float = 0.0
) -> Change:
    """The message did not leave: try later a few times, then hold it for the follower's next contact.

    ``not_before``: when WeChat may be asked again at the earliest (Unix seconds).
    """
    known = {bubble.id for bubble in change.conversation.outbox}
    bubbles = [bubble for bubble in bubbles if bubble.id in known]
    if not bubbles:
        return change  # The follower was forgotten meanwhile: there is nothing left to give back or to send.
    change = _with_allowance(change, change.conversation.allowance.returned())
    for bubble in bubbles:
        attempts = bubble.attempts + 1
        again = replace(bubble, attempts=attempts)
        if attempts > len(RETRY_SECONDS):
            change = _held(change, again, now)
        else:
            due = max(now + RETRY_SECONDS[attempts - 1], not_before)
            change = move(change, replace(again, state=Delivery.QUEUED, since=due))
    return change


def refused(change: Change, bubbles: Sequence[Bubble], now: float, refusal: Refusal) -> Change:
    """WeChat said no: for good, which ends the enquiries, or until the follower's next contact."""
    allowance = change.conversation.allowance
    allowance = allowance.emptied(now) if refusal.is_used_up else allowance.returned()
    change = _with_allowance(change, allowance)
    if refusal.is_final:
        marked = replace(change.conversation, unreachable=refusal.errcode)
        change = change.updated(marked)
    said = tuple((bubble.id, refusal.errcode) for bubble in bubbles)
    change = replace(change, refusals=(*change.refusals, *said))
    for bubble in bubbles:
        change = (
            _undeliverable(change, bubble, now, refusal)
            if refusal.is_final
            else _held(change, bubble, now)
        )
    return change


def _undeliverable(change: Change, bubble: Bubble, now: float, refusal: Refusal) -> Change:
    change = finish(change, bubble, Delivery.REFUSED, now)
    return settle(change, bubble.settles, Outcome.UNDELIVERABLE, now, f"refused_{refusal.errcode}")


def _with_allowance(change: Change, allowance: Allowance) -> Change:
    return change.updated(replace(change.conversation, allowance=allowance))


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
            change = _queued(change, bubble, now)
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
    return _queued(change, bubble, now)


def _queued(change: Change, bubble: Bubble, now: float) -> Change:
    """What no callback took goes as a customer message; a hand-over to WeChat's desk cannot, and is asked for again."""
    if bubble.instead:
        change = mark(change, bubble.settles, Stage.ASKED, now)
        words = {"text": bubble.instead, "instead": "", "is_kept": True}
        bubble = replace(bubble, **words, settles=(), outcome=None, reason=None)  # type: ignore[arg-type]
    return move(change, replace(bubble, state=Delivery.QUEUED, since=now))


def expired(change: Change, now: float) -> Change:
    """End what is past its deadline, with the reason; nobody waits for a person without an open enquiry."""
    for enquiry in change.conversation.enquiries:
        if enquiry.deadline <= now:
            outcome, reason = _end_of(change.conversation, enquiry)
            change = settle(change, [enquiry.id], outcome, now, reason)
    is_waiting = change.conversation.speaker is Speaker.WAITING
    if is_waiting and not change.conversation.enquiries_at(Stage.ESCALATED):
        change = change.updated(leave_queue(change.conversation, now))
    return change


def next_wake(conversation: Conversation) -> float | None:
    """When something falls due (Unix seconds): a handed reply, a retry, a deadline, the hours of those who are waited
    for, the alarm before WeChat's window closes; an unfollow's deletion at once.
    """
    if not conversation.is_following:
        return conversation.since
    dues = [bubble.since + REPEAT_SECONDS for bubble in conversation.bubbles(Delivery.HANDED)]
    # They go out in order, so that only the first can fall due.
    dues += [bubble.since for bubble in conversation.bubbles(Delivery.QUEUED)[:1]]
    dues += [enquiry.deadline for enquiry in conversation.enquiries]
    dues += [conversation.turns_at] if conversation.turns_at else []
    alarm = None if conversation.alarmed_at else alarm_at(conversation)
    dues += [] if alarm is None else [alarm]
    return min(dues, default=None)


def _held(change: Change, bubble: Bubble, now: float) -> Change:
    """Keep a bubble for the follower's next contact; most notices would be stale by then."""
    if bubble.author == "notice" and not bubble.is_kept:
        return finish(change, bubble, Delivery.DROPPED, now)
    return move(change, replace(bubble, state=Delivery.HELD, since=now))


def _affordable(conversation: Conversation, bubble: Bubble, now: float, is_allowed: bool) -> bool:
    reserve = 0 if bubble.author == "agent" else RESERVE_FOR_HUMAN
    is_reachable = is_allowed and conversation.is_following and not conversation.unreachable
    return is_reachable and conversation.allowance.remaining(now) > reserve


def _end_of(conversation: Conversation, enquiry: Enquiry) -> tuple[Outcome, str]:
    if enquiry.stage is Stage.ANSWERED:
        return Outcome.UNDELIVERABLE, "window_closed"
    if enquiry.stage is Stage.ASKED:
        return Outcome.EXPIRED, "follower_silent"
    is_queued = enquiry.stage is Stage.ESCALATED and conversation.speaker is not Speaker.AGENT
    return Outcome.EXPIRED, "no_agent" if is_queued else "unanswered"

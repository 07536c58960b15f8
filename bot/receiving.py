"""What a message changes by itself, whoever answers it: transcript, allowance, and what waited for a contact."""

from dataclasses import replace

from bot.allowance import CONTACT, MESSAGE, Grant
from bot.change import (
    WINDOW_SECONDS,
    Change,
    extend,
    finish,
)
from bot.conversation import Conversation, Reason
from bot.enquiry import Stage
from bot.kinds import CONTACTS, PARTINGS, is_automatic
from bot.messages import Delivery, Inbound, Line
from bot.outbox import released
from bot.situation import Situation
from bot.turn import Turn


def received(conversation: Conversation, at_hand: Situation) -> Change:
    """What the message alone changes: the allowance, and what became of bubbles that waited for a contact."""
    message, bubbles = at_hand.message, at_hand.bubbles or (at_hand.message,)
    conversation = replace(
        conversation,
        is_following=message.event not in PARTINGS,
        language=(at_hand.turn and at_hand.turn.language) or conversation.language,
        pace=at_hand.pace or conversation.pace,
    )
    conversation = _located(conversation, at_hand.turn)
    if _grant(message) is None:
        change = Change(conversation)
        return change if is_automatic(message) else change.noted(_line(message, None, at_hand.now))
    for each in bubbles:
        conversation = _granted(conversation, each)
    change = Change(replace(conversation, last_message_at=at_hand.now, unreachable=0))
    *earlier, last = bubbles
    for before in earlier:
        change = change.noted(_line(before, None, at_hand.now))
    change = change.noted(_line(last, at_hand.turn, at_hand.now))
    # The follower writes on without a complaint: what was uncertain counts as arrived.
    for bubble in conversation.bubbles(Delivery.UNCERTAIN):
        change = finish(change, bubble, Delivery.DELIVERED, at_hand.now)
    return released(_prolonged(change, message, at_hand.now), at_hand.now)


def _located(conversation: Conversation, turn: Turn | None) -> Conversation:
    """The conversation at the city and the shop that the message names: the last ones named count."""
    if not turn or not (turn.city or turn.shop):
        return conversation
    return replace(conversation, city=turn.city, shop=turn.shop)


def _prolonged(change: Change, message: Inbound, now: float) -> Change:
    """Whatever people have can be answered for longer, because the follower has written again."""
    if _grant(message) is MESSAGE:
        for enquiry in change.conversation.enquiries_at(Stage.ESCALATED):
            change = extend(change, enquiry, message.sent_at + WINDOW_SECONDS, now)
    return change


def _granted(conversation: Conversation, message: Inbound) -> Conversation:
    grant = _grant(message)
    if grant is None:
        return conversation
    allowance = conversation.allowance.granted(grant, message.sent_at)
    return replace(conversation, allowance=allowance, source=_scene(message) or conversation.source)


def _scene(message: Inbound) -> str:
    """Of which QR code a follow or a scan tells; WeChat marks a follow's by a prefix."""
    is_code = message.event in ("subscribe", "scan")
    return message.event_key.removeprefix("qrscene_") if is_code else ""


def _grant(message: Inbound) -> Grant | None:
    if message.kind == "event":
        return CONTACT if message.event in CONTACTS else None
    return CONTACT if message.choice_id is not None else MESSAGE


def _line(message: Inbound, turn: Turn | None, now: float) -> Line:
    kind = message.event or message.kind
    details = _understood(turn) if turn and turn.intent else {}
    if turn and turn.trouble == Reason.BRAIN_SLOW:
        # The answer may still come, and is kept there for whoever is asked instead.
        details["exchange"] = message.key
    if message.media:
        details["media"] = message.key
    words = message.text or message.about or message.event_key
    return Line(now, "follower", words, kind=kind, details=details)


def _understood(turn: Turn) -> dict[str, str]:
    """What the brain made of the words, for the desk."""
    heard = "; ".join(f"{kind}={value}" for kind, value in turn.entities)
    further = {"candidates": " ".join(turn.candidates), "entities": heard}
    known = {"intent": turn.intent, "confidence": f"{turn.confidence:.2f}", "guess": turn.guess}
    return known | {name: value for name, value in further.items() if value}

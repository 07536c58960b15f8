"""Putting words on their way to the follower: as the reply to the message, or later."""

from dataclasses import replace

from bot.change import Change, move, put
from bot.conversation import Conversation
from bot.messages import Bubble, Delivery, Inbound
from bot.situation import Situation
from bot.spoken import Spoken
from bot.text import TEXT_BYTES, pieces, room_for_text, weight


def say(change: Change, at_hand: Situation, bubble: Bubble) -> Change:
    """Put the text on its way in as many bubbles as WeChat needs; the choices and the ending go with the last."""
    state = Delivery.HANDED if at_hand.is_passive else Delivery.QUEUED
    bubble = replace(bubble, state=state, since=at_hand.now, exchange=at_hand.message.key)
    change = change.updated(replace(change.conversation, choices=bubble.choices))
    *parts, last = pieces(bubble.text, room_for_text(bubble.choices, bubble.mark))
    for part in parts:
        change = put(change, replace(bubble, text=part, choices=(), settles=(), outcome=None))
    return put(change, replace(bubble, text=last))


def speak(change: Change, at_hand: Situation, name: str, **values: object) -> Change:
    """Say one of the house's notices in the follower's language."""
    spoken = at_hand.notices.speak(name, change.conversation.language, **values)
    return say(change, at_hand, as_notice(spoken))


def as_notice(spoken: Spoken) -> Bubble:
    """A bubble of the house itself, not yet on its way."""
    return Bubble("", "notice", spoken.text, spoken.choices)


def reply_to(conversation: Conversation, message: Inbound) -> tuple[Bubble, ...]:
    """The bubbles that go out as the HTTP response to this message's callback."""
    return tuple(b for b in conversation.bubbles(Delivery.HANDED) if b.exchange == message.key)


def riding_along(change: Change, at_hand: Situation) -> Change:
    """Fill the open callback: what waits to be sent goes with it, free of charge, as far as one text can hold.

    Bubbles keep their order, so that the first one that does not fit leaves the rest to customer messages. Choices that
    ride along may be named by their number, unless the answer brings its own.
    """
    handed = reply_to(change.conversation, at_hand.message)
    # A hand-over to WeChat's own desk has no room for words.
    if not at_hand.is_passive or any(bubble.instead for bubble in handed):
        return change
    room = TEXT_BYTES
    for bubble in change.conversation.bubbles(Delivery.HELD, Delivery.QUEUED, Delivery.HANDED):
        if bubble.state is Delivery.HANDED and bubble.exchange != at_hand.message.key:
            continue
        # A picture needs a message of its own, and what was said after it waits for it.
        room = -1 if bubble.picture else room - weight(bubble)
        state = Delivery.HANDED if room >= 0 else Delivery.QUEUED
        change = move(
            change, replace(bubble, state=state, since=at_hand.now, exchange=at_hand.message.key)
        )
    offered = [each.choices for each in reply_to(change.conversation, at_hand.message)]
    last = next((choices for choices in reversed(offered) if choices), ())
    return change.updated(replace(change.conversation, choices=change.conversation.choices or last))

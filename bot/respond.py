"""What to do with a follower's message: the rules, as plain functions of what is known."""

from dataclasses import replace

from bot.ai_label import mark_of
from bot.change import WINDOW_SECONDS, Change, about, extend, mark, open_enquiry, settle, told
from bot.choosing import as_chosen
from bot.conversation import Conversation, Reason, Speaker
from bot.desk.promises import promised
from bot.enquiry import Enquiry, Outcome, Stage
from bot.forgetting import gone
from bot.kinds import MEDIA, PARTINGS, TAPS, has_words, is_automatic
from bot.ledger import Entry, Event
from bot.messages import Bubble, Inbound, Position
from bot.ports import Menu
from bot.receiving import received
from bot.saying import riding_along, say, speak
from bot.situation import Situation
from bot.spoken import Spoken
from bot.text import pieces
from bot.turn import Turn
from bot.waiting import escalated, leaves, while_waiting

ALBUM_SECONDS = 10.0
"""Pictures that follow one another so quickly belong together: the first is answered for all of them."""


def as_typed(message: Inbound, menu: Menu, conversation: Conversation) -> Inbound:
    """A tap, or the number of a choice, as the words that it stands for; any other message as it is."""
    if message.event not in TAPS:
        return as_chosen(message, conversation.choices)
    said = menu.says(message.event_key, conversation.language)
    return replace(message, text=said) if said else message


def wants_brain(conversation: Conversation, message: Inbound) -> bool:
    """Whether the brain has to answer: the bot speaks, and there are words to answer to."""
    return has_words(message) and _bot_answers(conversation, message)


def respond(conversation: Conversation, at_hand: Situation) -> Change:
    """The whole step for one message: what is noted, who answers what, and what ends."""
    change = received(conversation, at_hand)
    if at_hand.message.event in PARTINGS:
        return gone(change, at_hand.message, at_hand.now)
    if is_automatic(at_hand.message):
        return change
    is_of_album = _is_of_album(conversation, at_hand)
    change, enquiry = _enquiry_for(change, at_hand, is_of_album=is_of_album)
    if is_of_album:
        change = mark(change, [enquiry.id], Stage.ESCALATED, at_hand.now, conversation.reason)
    else:
        change = _treated(change, enquiry, at_hand)
    change = riding_along(change, at_hand)
    return change.updated(promised(change.conversation, at_hand.reception, at_hand.now))


def _bot_answers(conversation: Conversation, message: Inbound) -> bool:
    """Whether the bot has a say: it speaks, or people only have to look at a picture and it can go on beside them."""
    if leaves(conversation, message) or _rating(conversation, message):
        return False
    if conversation.speaker is not Speaker.WAITING:
        return conversation.speaker is Speaker.BOT
    is_beside = conversation.reason == Reason.MESSAGE_TYPE
    return is_beside and (has_words(message) or message.position is not None)


def _is_of_album(before: Conversation, at_hand: Situation) -> bool:
    """Whether the message is a further picture of several, the first of which has put the follower into the queue."""
    is_quick = at_hand.now - before.last_message_at < ALBUM_SECONDS
    return before.is_queued and is_quick and at_hand.message.kind in MEDIA and not at_hand.turn


def _rating(conversation: Conversation, message: Inbound) -> int:
    """What the message says of the agent's service that was asked about; 0 if it is about something else."""
    is_asked = conversation.speaker is Speaker.BOT and conversation.service
    return conversation.service.value_of(message.text) if is_asked and conversation.service else 0


def _enquiry_for(
    change: Change, at_hand: Situation, *, is_of_album: bool
) -> tuple[Change, Enquiry]:
    """The enquiry that the message belongs to: the one the bot asked back about or people have, else a new one."""
    conversation = change.conversation
    if _rating(conversation, at_hand.message):
        return open_enquiry(change, at_hand.now)
    is_bots = _bot_answers(conversation, at_hand.message) and not is_of_album
    stage = Stage.ASKED if is_bots else Stage.ESCALATED
    joined = conversation.enquiries_at(stage)
    if joined and at_hand.message.kind != "event":
        deadline = at_hand.message.sent_at + WINDOW_SECONDS
        return extend(change, joined[-1], deadline, at_hand.now), joined[-1]
    return open_enquiry(change, at_hand.now)


def _treated(change: Change, enquiry: Enquiry, at_hand: Situation) -> Change:
    message, speaker = at_hand.message, change.conversation.speaker
    is_paused = change.conversation.reason == Reason.TOO_MANY and speaker is not Speaker.BOT
    if at_hand.is_over or is_paused:
        return _overrun(change, enquiry, at_hand)
    if message.kind == "event" and not has_words(message):
        return _event(change, enquiry, at_hand)
    if speaker is Speaker.AGENT:
        return mark(change, [enquiry.id], Stage.ESCALATED, at_hand.now, "with_agent")
    if value := _rating(change.conversation, message):
        return _rated(change, enquiry, at_hand, value)
    if not _bot_answers(change.conversation, message):
        return while_waiting(change, enquiry, at_hand)
    if at_hand.turn:
        return _answered(change, enquiry, at_hand, at_hand.turn)
    return _without_words(change, enquiry, at_hand)


def _event(change: Change, enquiry: Enquiry, at_hand: Situation) -> Change:
    notice = _EVENT_NOTICES.get(at_hand.message.event)
    # Nobody speaks in between while people have the follower.
    if notice and change.conversation.speaker is Speaker.BOT:
        change = speak(change, at_hand, notice)
    return settle(change, [enquiry.id], Outcome.NO_ANSWER_NEEDED, at_hand.now, "event")


_EVENT_NOTICES = {
    "subscribe": "notice_welcome",
    "scan": "notice_welcome",
    # A button that no longer means anything; phones show an old menu for a while.
    "click": "notice_unsupported",
    # The phone shows that it waits until something comes.
    "scancode_waitmsg": "notice_unsupported",
}


def _overrun(change: Change, enquiry: Enquiry, at_hand: Situation) -> Change:
    """Too many messages: the follower gets a person and is told so once; then whatever talks to itself stops."""
    if at_hand.message.kind == "event" and not has_words(at_hand.message):
        return settle(change, [enquiry.id], Outcome.NO_ANSWER_NEEDED, at_hand.now, "event")
    if not change.conversation.is_queued and change.conversation.speaker is Speaker.BOT:
        return escalated(change, enquiry, at_hand, Reason.TOO_MANY, "notice_too_many")
    if leaves(change.conversation, at_hand.message):
        return while_waiting(change, enquiry, at_hand)
    return mark(change, [enquiry.id], Stage.ESCALATED, at_hand.now, change.conversation.reason)


def _rated(change: Change, enquiry: Enquiry, at_hand: Situation, value: int) -> Change:
    """Count the follower's word on an agent's service, once, and say thank you."""
    service = change.conversation.service
    if service:
        entry = Entry(Event.RATED, service.enquiry, at_hand.now, value=value)
        change = told(change, replace(entry, agent=service.agent, team=service.team))
    change = change.updated(replace(change.conversation, service=None))
    change = settle(change, [enquiry.id], Outcome.NO_ANSWER_NEEDED, at_hand.now, "rated")
    return speak(change, at_hand, "notice_rated")


def _answered(change: Change, enquiry: Enquiry, at_hand: Situation, turn: Turn) -> Change:
    change = about(change, enquiry.id, turn.subject)
    if turn.hand_over:
        opening = "notice_brain_down" if turn.trouble else ""
        return escalated(change, enquiry, at_hand, turn.hand_over, opening)
    text = "\n\n".join(reply.text for reply in turn.replies)
    if not any(pieces(text)):
        return escalated(change, enquiry, at_hand, Reason.BRAIN_ERROR, "notice_brain_down")
    label = mark_of(turn.replies, change.conversation.language, at_hand.labelling)
    choices = tuple(dict.fromkeys(choice for reply in turn.replies for choice in reply.choices))
    outcome = turn.outcome()
    change = mark(change, [enquiry.id], Stage.ANSWERED if outcome else Stage.ASKED, at_hand.now)
    ends = (
        {"settles": (enquiry.id,), "outcome": str(outcome[0]), "reason": outcome[1]}
        if outcome
        else {}
    )
    return say(change, at_hand, Bubble("", "bot", text, choices, mark=label, **ends))  # type: ignore[arg-type]


def _without_words(change: Change, enquiry: Enquiry, at_hand: Situation) -> Change:
    message = at_hand.message
    if message.kind in MEDIA:
        return escalated(change, enquiry, at_hand, Reason.MESSAGE_TYPE, "notice_media_kept")
    if message.position and (shops := _shops_near(change, at_hand, message.position)):
        return _answered(change, enquiry, at_hand, Turn((shops,)))
    change = settle(change, [enquiry.id], Outcome.NO_ANSWER_NEEDED, at_hand.now, "unsupported_type")
    return speak(change, at_hand, "notice_link" if message.kind == "link" else "notice_unsupported")


def _shops_near(change: Change, at_hand: Situation, position: Position) -> Spoken | None:
    language = change.conversation.language
    shops = at_hand.shops.near(position, language)
    if not shops:
        return None
    return replace(at_hand.notices.speak("notice_location", language, shops=shops), kind="answer")

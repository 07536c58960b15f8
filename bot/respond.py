"""What to do with a follower's message: the rules, as plain functions of what is known."""

from dataclasses import dataclass, field, replace

from bot import conversation as speaking
from bot.ai_label import Labelling, mark_of
from bot.allowance import CONTACT, MESSAGE, Grant
from bot.change import WINDOW_SECONDS, Change, extend, finish, mark, move, open_enquiry, put, settle
from bot.choosing import as_chosen
from bot.conversation import Conversation, Reason, Speaker
from bot.desk.reception import Reception
from bot.desk.teams import Wanted
from bot.enquiry import Enquiry, Outcome, Stage
from bot.forgetting import gone
from bot.kinds import CONTACTS, MEDIA, PARTINGS, TAPS, has_words, is_automatic
from bot.messages import Bubble, Delivery, Inbound, Line, Position
from bot.outbox import released
from bot.pace import Pace
from bot.ports import Menu, NoShops, Notices, Shops
from bot.spoken import Spoken
from bot.text import TEXT_BYTES, pieces, room_for_text, weight
from bot.turn import Turn

CANCEL_WORDS = frozenset({"取消", "取消排队", "取消排隊", "不等了", "cancel", "leave the queue"})
ALBUM_SECONDS = 10.0
"""Pictures that follow one another so quickly belong together: the first is answered for all of them."""


@dataclass(frozen=True)
class Situation:
    """All that the answer to one message depends on. ``place`` is the follower's in the queue (1 = next);

    ``is_passive`` says whether WeChat still waits for the reply to this message; ``labelling`` what is marked as made
    by a machine; ``bubbles`` are the messages that it was joined from, where there are several; ``pace`` is the
    follower's with this message, ``is_over`` whether that is too much; ``reception`` is the desk as it is now.
    """

    message: Inbound
    turn: Turn | None
    notices: Notices
    place: int
    now: float
    is_passive: bool
    shops: Shops = field(default_factory=NoShops)
    labelling: Labelling = "generated"
    bubbles: tuple[Inbound, ...] = ()
    pace: Pace | None = None
    is_over: bool = False
    reception: Reception = field(default_factory=Reception)


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
    change = _received(conversation, at_hand)
    if at_hand.message.event in PARTINGS:
        return gone(change, at_hand.message, at_hand.now)
    if is_automatic(at_hand.message):
        return change
    change, enquiry = _enquiry_for(change, at_hand)
    if _is_of_album(conversation, at_hand):
        change = mark(change, [enquiry.id], Stage.ESCALATED, at_hand.now, conversation.reason)
    else:
        change = _treated(change, enquiry, at_hand)
    return _riding_along(change, at_hand)


def reply_to(conversation: Conversation, message: Inbound) -> tuple[Bubble, ...]:
    """The bubbles that go out as the HTTP response to this message's callback."""
    return tuple(b for b in conversation.bubbles(Delivery.HANDED) if b.exchange == message.key)


def _bot_answers(conversation: Conversation, message: Inbound) -> bool:
    """Whether the bot has a say: it speaks, or people only have to look at a picture and it can go on beside them."""
    if conversation.speaker is not Speaker.WAITING:
        return conversation.speaker is Speaker.BOT
    is_beside = conversation.reason == Reason.MESSAGE_TYPE and not _cancels(message)
    return is_beside and (has_words(message) or message.position is not None)


def _is_of_album(before: Conversation, at_hand: Situation) -> bool:
    """Whether the message is a further picture of several, the first of which has put the follower into the queue."""
    is_waiting = before.speaker is Speaker.WAITING
    is_quick = at_hand.now - before.last_message_at < ALBUM_SECONDS
    return is_waiting and is_quick and at_hand.message.kind in MEDIA and not at_hand.turn


def _cancels(message: Inbound) -> bool:
    return message.text.strip().lower() in CANCEL_WORDS


def _received(conversation: Conversation, at_hand: Situation) -> Change:
    """What the message alone changes: the allowance, and what became of bubbles that waited for a contact."""
    message, bubbles = at_hand.message, at_hand.bubbles or (at_hand.message,)
    conversation = replace(
        conversation,
        is_following=message.event not in PARTINGS,
        language=(at_hand.turn and at_hand.turn.language) or conversation.language,
        pace=at_hand.pace or conversation.pace,
    )
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
    return released(change, at_hand.now)


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


def _enquiry_for(change: Change, at_hand: Situation) -> tuple[Change, Enquiry]:
    """The enquiry that the message belongs to: the one the bot asked back about or people have, else a new one."""
    conversation = change.conversation
    is_bots = _bot_answers(conversation, at_hand.message)
    stage = Stage.ASKED if is_bots else Stage.ESCALATED
    joined = conversation.enquiries_at(stage)
    if joined and at_hand.message.kind != "event":
        deadline = at_hand.message.sent_at + WINDOW_SECONDS
        return extend(change, joined[-1], deadline, at_hand.now), joined[-1]
    return open_enquiry(change, at_hand.now)


def _treated(change: Change, enquiry: Enquiry, at_hand: Situation) -> Change:
    message, speaker = at_hand.message, change.conversation.speaker
    if at_hand.is_over or change.conversation.reason == Reason.TOO_MANY:
        return _overrun(change, enquiry, at_hand)
    if message.kind == "event" and not has_words(message):
        return _event(change, enquiry, at_hand)
    if speaker is Speaker.AGENT:
        return mark(change, [enquiry.id], Stage.ESCALATED, at_hand.now, "with_agent")
    if not _bot_answers(change.conversation, message):
        return _while_waiting(change, enquiry, at_hand)
    if at_hand.turn:
        return _answered(change, enquiry, at_hand, at_hand.turn)
    return _without_words(change, enquiry, at_hand)


def _event(change: Change, enquiry: Enquiry, at_hand: Situation) -> Change:
    notice = _EVENT_NOTICES.get(at_hand.message.event)
    # Nobody speaks in between while people have the follower.
    if notice and change.conversation.speaker is Speaker.BOT:
        change = _speak(change, at_hand, notice)
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
    if change.conversation.speaker is Speaker.BOT:
        return _escalated(change, enquiry, at_hand, Reason.TOO_MANY, "notice_too_many")
    if change.conversation.speaker is Speaker.WAITING and _cancels(at_hand.message):
        return _while_waiting(change, enquiry, at_hand)
    return mark(change, [enquiry.id], Stage.ESCALATED, at_hand.now, change.conversation.reason)


def _while_waiting(change: Change, enquiry: Enquiry, at_hand: Situation) -> Change:
    if _cancels(at_hand.message):
        waiting = [e.id for e in change.conversation.enquiries_at(Stage.ESCALATED)] + [enquiry.id]
        change = settle(
            change, waiting, Outcome.NO_ANSWER_NEEDED, at_hand.now, "cancelled_by_follower"
        )
        change = change.updated(speaking.leave_queue(change.conversation, at_hand.now))
        return _speak(change, at_hand, "notice_left_queue")
    change = mark(change, [enquiry.id], Stage.ESCALATED, at_hand.now, change.conversation.reason)
    return _speak(change, at_hand, "notice_still_waiting", place=at_hand.place)


def _answered(change: Change, enquiry: Enquiry, at_hand: Situation, turn: Turn) -> Change:
    if turn.hand_over:
        opening = "notice_brain_down" if turn.trouble else ""
        return _escalated(change, enquiry, at_hand, turn.hand_over, opening)
    text = "\n\n".join(reply.text for reply in turn.replies)
    if not any(pieces(text)):
        return _escalated(change, enquiry, at_hand, Reason.BRAIN_ERROR, "notice_brain_down")
    label = mark_of(turn.replies, change.conversation.language, at_hand.labelling)
    choices = tuple(dict.fromkeys(choice for reply in turn.replies for choice in reply.choices))
    outcome = turn.outcome()
    change = mark(change, [enquiry.id], Stage.ANSWERED if outcome else Stage.ASKED, at_hand.now)
    ends = (
        {"settles": (enquiry.id,), "outcome": str(outcome[0]), "reason": outcome[1]}
        if outcome
        else {}
    )
    return _say(change, at_hand, Bubble("", "bot", text, choices, mark=label, **ends))  # type: ignore[arg-type]


def _without_words(change: Change, enquiry: Enquiry, at_hand: Situation) -> Change:
    message = at_hand.message
    if message.kind in MEDIA:
        return _escalated(change, enquiry, at_hand, Reason.MESSAGE_TYPE, "notice_media_kept")
    if message.position and (shops := _shops_near(change, at_hand, message.position)):
        return _answered(change, enquiry, at_hand, Turn((shops,)))
    change = settle(change, [enquiry.id], Outcome.NO_ANSWER_NEEDED, at_hand.now, "unsupported_type")
    return _speak(
        change, at_hand, "notice_link" if message.kind == "link" else "notice_unsupported"
    )


def _shops_near(change: Change, at_hand: Situation, position: Position) -> Spoken | None:
    language = change.conversation.language
    shops = at_hand.shops.near(position, language)
    if not shops:
        return None
    return replace(at_hand.notices.speak("notice_location", language, shops=shops), kind="answer")


def _escalated(
    change: Change, enquiry: Enquiry, at_hand: Situation, reason: str, opening: str
) -> Change:
    """Queue the enquiry and say so in one bubble: what the brain or ``opening`` says, then the place in the queue."""
    language = change.conversation.language
    change = mark(change, [enquiry.id], Stage.ESCALATED, at_hand.now, reason)
    change = change.updated(_for_people(_queued(change.conversation, reason, at_hand.now), at_hand))
    said = [reply.text for reply in at_hand.turn.replies] if at_hand.turn else []
    if opening:
        said.append(at_hand.notices.speak(opening, language).text)
    queued = at_hand.notices.speak("notice_queued", language, place=at_hand.place)
    return _say(
        change, at_hand, Bubble("", "notice", "\n\n".join([*said, queued.text]), queued.choices)
    )


def _for_people(conversation: Conversation, at_hand: Situation) -> Conversation:
    """Whose question it is, and until when a word is promised."""
    subject = at_hand.turn.intent if at_hand.turn else ""
    wanted = Wanted(
        city=conversation.city,
        subject=subject,
        reason=conversation.reason or "",
        language=conversation.language or "",
    )
    team, window_end = at_hand.reception.team_for(wanted).id, conversation.allowance.until
    due_at = at_hand.reception.due_at(team, conversation.since, window_end, is_first=True)
    return replace(conversation, team=team, subject=subject, due_at=due_at)


def _queued(conversation: Conversation, reason: str, now: float) -> Conversation:
    if conversation.speaker is Speaker.WAITING:
        return speaking.wait_on(conversation, reason)
    return speaking.escalate(conversation, reason, now)


def _speak(change: Change, at_hand: Situation, name: str, **values: object) -> Change:
    spoken = at_hand.notices.speak(name, change.conversation.language, **values)
    return _say(change, at_hand, Bubble("", "notice", spoken.text, spoken.choices))


def _say(change: Change, at_hand: Situation, bubble: Bubble) -> Change:
    """Put the text on its way in as many bubbles as WeChat needs; the choices and the ending go with the last."""
    state = Delivery.HANDED if at_hand.is_passive else Delivery.QUEUED
    bubble = replace(bubble, state=state, since=at_hand.now, exchange=at_hand.message.key)
    change = change.updated(replace(change.conversation, choices=bubble.choices))
    *parts, last = pieces(bubble.text, room_for_text(bubble.choices, bubble.mark))
    for part in parts:
        change = put(change, replace(bubble, text=part, choices=(), settles=(), outcome=None))
    return put(change, replace(bubble, text=last))


def _riding_along(change: Change, at_hand: Situation) -> Change:
    """Fill the open callback: what waits to be sent goes with it, free of charge, as far as one text can hold.

    Bubbles keep their order, so that the first one that does not fit leaves the rest to customer messages.
    """
    if not at_hand.is_passive:
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
    return change

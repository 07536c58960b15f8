"""What to do with a follower's message: the rules, as plain functions of what is known."""

from dataclasses import dataclass, field, replace

from bot import conversation as speaking
from bot.ai_label import Labelling, mark_of
from bot.allowance import CONTACT, MESSAGE, Grant
from bot.change import (
    WINDOW_SECONDS,
    Change,
    about,
    extend,
    finish,
    mark,
    move,
    open_enquiry,
    put,
    settle,
    told,
)
from bot.choosing import as_chosen
from bot.conversation import Conversation, Reason, Speaker
from bot.desk.night import kept_words
from bot.desk.promises import promised
from bot.desk.reception import HumanDesk, Reception
from bot.desk.teams import REASON_NEEDS_HURRY, Wanted
from bot.desk.telling import until, wait
from bot.enquiry import Enquiry, Outcome, Stage
from bot.forgetting import gone
from bot.kinds import CONTACTS, MEDIA, PARTINGS, TAPS, has_words, is_automatic
from bot.ledger import Entry, Event
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
    """All that the answer to one message depends on. ``place`` is the follower's in the queue of the team (1 = next);

    ``is_passive`` says whether WeChat still waits for the reply to this message; ``labelling`` what is marked as made
    by a machine; ``bubbles`` are the messages that it was joined from, where there are several; ``pace`` is the
    follower's with this message, ``is_over`` whether that is too much; ``reception`` is the desk as it is now, and
    ``human_desk`` whose it is.
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
    human_desk: HumanDesk = "bida"


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
    is_of_album = _is_of_album(conversation, at_hand)
    change, enquiry = _enquiry_for(change, at_hand, is_of_album=is_of_album)
    if is_of_album:
        change = mark(change, [enquiry.id], Stage.ESCALATED, at_hand.now, conversation.reason)
    else:
        change = _treated(change, enquiry, at_hand)
    change = _riding_along(change, at_hand)
    return change.updated(promised(change.conversation, at_hand.reception, at_hand.now))


def reply_to(conversation: Conversation, message: Inbound) -> tuple[Bubble, ...]:
    """The bubbles that go out as the HTTP response to this message's callback."""
    return tuple(b for b in conversation.bubbles(Delivery.HANDED) if b.exchange == message.key)


def _bot_answers(conversation: Conversation, message: Inbound) -> bool:
    """Whether the bot has a say: it speaks, or people only have to look at a picture and it can go on beside them."""
    if _leaves(conversation, message) or _rating(conversation, message):
        return False
    if conversation.speaker is not Speaker.WAITING:
        return conversation.speaker is Speaker.BOT
    is_beside = conversation.reason == Reason.MESSAGE_TYPE
    return is_beside and (has_words(message) or message.position is not None)


def _is_of_album(before: Conversation, at_hand: Situation) -> bool:
    """Whether the message is a further picture of several, the first of which has put the follower into the queue."""
    is_quick = at_hand.now - before.last_message_at < ALBUM_SECONDS
    return before.is_queued and is_quick and at_hand.message.kind in MEDIA and not at_hand.turn


def _leaves(conversation: Conversation, message: Inbound) -> bool:
    """Whether the follower no longer wants to wait, by day or by night."""
    return conversation.is_queued and message.text.strip().lower() in CANCEL_WORDS


def _rating(conversation: Conversation, message: Inbound) -> int:
    """What the message says of the agent's service that was asked about; 0 if it is about something else."""
    is_asked = conversation.speaker is Speaker.BOT and conversation.service
    return conversation.service.value_of(message.text) if is_asked and conversation.service else 0


def _received(conversation: Conversation, at_hand: Situation) -> Change:
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
    if not change.conversation.is_queued and change.conversation.speaker is Speaker.BOT:
        return _escalated(change, enquiry, at_hand, Reason.TOO_MANY, "notice_too_many")
    if _leaves(change.conversation, at_hand.message):
        return _while_waiting(change, enquiry, at_hand)
    return mark(change, [enquiry.id], Stage.ESCALATED, at_hand.now, change.conversation.reason)


def _while_waiting(change: Change, enquiry: Enquiry, at_hand: Situation) -> Change:
    if _leaves(change.conversation, at_hand.message):
        waiting = [e.id for e in change.conversation.enquiries_at(Stage.ESCALATED)] + [enquiry.id]
        change = change.updated(speaking.leave_queue(change.conversation, at_hand.now))
        change = settle(
            change, waiting, Outcome.NO_ANSWER_NEEDED, at_hand.now, "cancelled_by_follower"
        )
        return _speak(change, at_hand, "notice_left_queue")
    change = mark(change, [enquiry.id], Stage.ESCALATED, at_hand.now, change.conversation.reason)
    return _say(change, at_hand, _bubble(_queue_words(change, at_hand, "notice_still_waiting")))


def _queue_words(change: Change, at_hand: Situation, name: str) -> Spoken:
    """What is said of the waiting: place and likely wait, or when people are back."""
    conversation, reception = change.conversation, at_hand.reception
    if conversation.speaker is Speaker.BOT:
        return kept_words(conversation, reception, at_hand.notices, at_hand.now)
    likely = reception.likely_wait(conversation.team, at_hand.place)
    language, closes = conversation.language, reception.closes_at(conversation.team, at_hand.now)
    values: dict[str, object] = {"place": at_hand.place, "wait": wait(likely, language)}
    if closes is not None:
        zone = reception.schedule(conversation.team).zone
        values["service_hours"] = until(closes, at_hand.now, zone, language)
    return at_hand.notices.speak(name, language, **values)


def _rated(change: Change, enquiry: Enquiry, at_hand: Situation, value: int) -> Change:
    """Count the follower's word on an agent's service, once, and say thank you."""
    service = change.conversation.service
    if service:
        entry = Entry(Event.RATED, service.enquiry, at_hand.now, value=value)
        change = told(change, replace(entry, agent=service.agent, team=service.team))
    change = change.updated(replace(change.conversation, service=None))
    change = settle(change, [enquiry.id], Outcome.NO_ANSWER_NEEDED, at_hand.now, "rated")
    return _speak(change, at_hand, "notice_rated")


def _answered(change: Change, enquiry: Enquiry, at_hand: Situation, turn: Turn) -> Change:
    change = about(change, enquiry.id, turn.subject)
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
    if at_hand.human_desk == "wechat" and not change.conversation.is_queued:
        return _to_wechats_desk(change, enquiry, at_hand, reason)
    language = change.conversation.language
    change = _with_people(change, enquiry, at_hand, reason)
    said = [reply.text for reply in at_hand.turn.replies] if at_hand.turn else []
    if opening:
        said.append(at_hand.notices.speak(opening, language).text)
    queued = _queue_words(change, at_hand, "notice_queued")
    return _say(
        change, at_hand, Bubble("", "notice", "\n\n".join([*said, queued.text]), queued.choices)
    )


def _with_people(change: Change, enquiry: Enquiry, at_hand: Situation, reason: str) -> Change:
    """Put the enquiry into the queue of a team: at night the bot goes on, and it is kept there."""
    before, now = change.conversation, at_hand.now
    if before.is_queued and not _counts_more(reason, before.reason):
        return mark(change, [enquiry.id], Stage.ESCALATED, now, reason)
    routed = _routed(before, at_hand, reason)
    change = mark(change.updated(routed), [enquiry.id], Stage.ESCALATED, now, reason)
    if before.is_queued:
        return change.updated(speaking.wait_on(change.conversation, reason))
    is_open = at_hand.reception.is_open(routed.team, now)
    move = speaking.escalate if is_open else speaking.escalate_kept
    return change.updated(move(change.conversation, reason, now))


def _counts_more(reason: str, than: str | None) -> bool:
    """Whether a further reason matters more than the one for which a follower is in the queue."""
    return than == Reason.MESSAGE_TYPE or reason in REASON_NEEDS_HURRY


def _to_wechats_desk(change: Change, enquiry: Enquiry, at_hand: Situation, reason: str) -> Change:
    """Hand the follower to WeChat's own desk. Only the reply to a message can do that, and it cannot carry words."""
    now, words = (
        at_hand.now,
        at_hand.notices.speak("notice_ask_again", change.conversation.language),
    )
    change = mark(change, [enquiry.id], Stage.ESCALATED, now, reason)
    if not at_hand.is_passive or at_hand.message.kind == "event":
        change = mark(change, [enquiry.id], Stage.ASKED, now)
        return _say(change, at_hand, replace(_bubble(words), is_kept=True))
    change = mark(change, [enquiry.id], Stage.ANSWERED, now)
    ending = replace(
        _bubble(words),
        text="",
        instead=words.text,
        state=Delivery.HANDED,
        since=now,
        exchange=at_hand.message.key,
        settles=(enquiry.id,),
        outcome=Outcome.NO_ANSWER_NEEDED,
        reason="handed_to_wechat_desk",
    )
    return put(change.updated(replace(change.conversation, choices=words.choices)), ending)


def _routed(conversation: Conversation, at_hand: Situation, reason: str) -> Conversation:
    """Whose question it is, what it is about, and whether the follower is expected at a door."""
    subject = at_hand.turn.subject if at_hand.turn else ""
    wanted = Wanted(
        city=conversation.city,
        shop=conversation.shop,
        subject=subject,
        reason=reason,
        language=conversation.language or "",
    )
    is_vip = reason == Reason.VIP_ARRIVAL or (conversation.is_queued and conversation.is_vip)
    team = at_hand.reception.team_for(wanted).id
    return replace(conversation, team=team, subject=subject, is_vip=is_vip)


def _bubble(spoken: Spoken) -> Bubble:
    return Bubble("", "notice", spoken.text, spoken.choices)


def _speak(change: Change, at_hand: Situation, name: str, **values: object) -> Change:
    spoken = at_hand.notices.speak(name, change.conversation.language, **values)
    return _say(change, at_hand, _bubble(spoken))


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

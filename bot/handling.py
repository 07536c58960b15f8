"""What people do with a conversation: take it, reply, take a word back, note something, close, expect the follower."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from bot import conversation as speaking
from bot.change import Change, finish, mark, move, put, settle, told
from bot.conversation import Conversation
from bot.enquiry import Enquiry, Outcome, Stage
from bot.ledger import Entry, Event
from bot.messages import Bubble, Delivery, Line
from bot.ports import Notices
from bot.rating import Service
from bot.text import pieces

MOST_KEYS = 10
"""So many replies back a repetition is known: pages repeat what got no answer, and nothing older."""

MOST_JOINED = 6
"""So many bubbles wait for one another at most: whoever writes on and on is not kept from being heard."""


class TooLate(Exception):
    """What was to be taken back has left, or was taken back already."""


def take(conversation: Conversation, agent: str, now: float) -> Change:
    """``agent`` takes the waiting follower. Raises IllegalMove, naming who has it, if nobody waits there."""
    change = Change(speaking.claim(conversation, agent, now))
    # What the bot asked back beside a waiting picture is now the agent's as well.
    asked = [enquiry.id for enquiry in conversation.enquiries_at(Stage.ASKED)]
    change = mark(change, asked, Stage.ESCALATED, now, "with_agent")
    for enquiry in conversation.enquiries_at(Stage.ESCALATED):
        entry = Entry(Event.TAKEN, enquiry.id, now, agent=agent, team=conversation.team)
        change = told(change, entry)
    # A farewell that could not be said any more would come in the midst of this.
    for bubble in change.conversation.bubbles(Delivery.HELD):
        if bubble.is_kept:
            change = finish(change, bubble, Delivery.DROPPED, now)
    change = change.updated(replace(change.conversation, service=None))
    return change.noted(Line(now, "system", "taken", kind="taken", details={"agent": agent}))


def reply(
    conversation: Conversation,
    agent: str,
    text: str,
    notices: Notices,
    now: float,
    *,
    shown: str = "",
    key: str = "",
    picture: str = "",
    wait: float = 0.0,
) -> Change:
    """The agent's words, on their way to the follower; they answer everything that is open with people.

    The first ones say who speaks, so that this costs no message of its own: ``shown`` is what followers call the agent,
    by default the log-in name. ``key`` tells the reply from others: one that is known is said already, and nothing
    changes; it goes into the transcript, too. ``picture`` is the name of a kept file that follows the words; then there
    may be none. They leave after ``wait`` seconds: until then further ones join them, and they can be withdrawn. Raises
    IllegalMove unless the agent holds the conversation.
    """
    if key in conversation.reply_keys:
        return Change(conversation)
    speaking.check_holder(conversation, agent, "reply")
    asked = conversation.enquiries_at(Stage.ESCALATED)
    open_ids = tuple(each.id for each in asked)
    greeted = conversation.greeted_by_agent
    # A picture alone has no room for a name: the next words bring it.
    is_opening = bool(text) and not greeted
    opening = f"{_opening(conversation, shown or agent, notices)}\n" if is_opening else ""
    change = _replied(Change(_keyed(conversation, key)), asked, agent, now)
    is_greeted = replace(change.conversation, greeted_by_agent=greeted or is_opening)
    change = mark(change.updated(is_greeted), open_ids, Stage.ANSWERED, now)
    noted = {"agent": agent, "key": key, "opening": opening}
    details = {name: value for name, value in noted.items() if value}
    change = _joined(change, now, now + wait)
    *parts, last = _bubbles(opening + text, picture)
    for part in parts:
        change = _put(change, replace(part, since=now + wait), details, now)
    ending = replace(last, settles=open_ids, outcome=Outcome.ANSWERED_BY_AGENT, since=now + wait)
    return _put(change, ending, details, now)


def withdraw(
    conversation: Conversation,
    agent: str,
    ids: Collection[str],
    now: float,
    *,
    is_opening: bool = False,
) -> Change:
    """Take back bubbles that have not left; what they were to answer is open again unless another answers it.

    ``is_opening``: they said who speaks, which the next words have to say instead. Raises TooLate when one of them has
    left, and IllegalMove unless the agent holds the conversation.
    """
    speaking.check_holder(conversation, agent, "take back")
    waiting = conversation.bubbles(Delivery.QUEUED, Delivery.HELD)
    taken = [bubble for bubble in waiting if bubble.author == "agent" and bubble.id in ids]
    if not taken or len(taken) < len(set(ids)):
        raise TooLate
    is_greeted = conversation.greeted_by_agent and not is_opening
    change = Change(replace(conversation, greeted_by_agent=is_greeted))
    for bubble in taken:
        change = finish(change, bubble, Delivery.WITHDRAWN, now)
    others = [each for each in waiting if each.author == "agent" and each not in taken]
    return _answered_by(change, others, [one for each in taken for one in each.settles], now)


def note(
    conversation: Conversation, agent: str, text: str, mentions: Iterable[str], now: float
) -> Change:
    """Write down something for colleagues, ``mentions`` of them by log-in name; the follower never sees it."""
    details = {"agent": agent, "mentions": " ".join(mentions)}
    line = Line(now, "note", text, "note", details={k: v for k, v in details.items() if v})
    # The number is used up, so that a note is a step like any other and nobody overwrites it.
    return Change(replace(conversation, serial=conversation.serial + 1)).noted(line)


def close(conversation: Conversation, agent: str, notices: Notices, now: float) -> Change:
    """The agent is done and the bot speaks again; what is still open needed no answer, in the agent's judgement.

    The closing words and, if the agent has answered, the question how it was are one message, which waits for the
    follower's next contact if it would cost the last one of the allowance. Raises IllegalMove unless the agent holds
    the conversation.
    """
    change = Change(speaking.hand_back(conversation, agent, now))
    left = [e.id for e in conversation.enquiries_at(Stage.ESCALATED)]
    change = settle(change, left, Outcome.NO_ANSWER_NEEDED, now, "closed_by_agent")
    change = change.noted(Line(now, "system", "closed", kind="closed", details={"agent": agent}))
    goodbye, service = notices.speak("notice_closed", conversation.language), conversation.service
    if service:
        question = notices.speak("notice_rating", conversation.language)
        goodbye = replace(question, text=f"{goodbye.text}\n{question.text}")
        service = replace(service, choices=question.choices)
    said, choices = goodbye.text, goodbye.choices
    change = change.updated(replace(change.conversation, service=service, choices=choices))
    return put(change, Bubble("", "notice", said, choices, since=now, is_kept=True))


def _replied(change: Change, asked: Sequence[Enquiry], agent: str, now: float) -> Change:
    """Note whose words these are, what they answer, and since when they were waited for."""
    before = change.conversation
    which = "next" if before.replied_at else "first"
    for enquiry in asked:
        entry = Entry(Event.REPLIED, enquiry.id, now, reason=which, agent=agent, team=before.team)
        change = told(change, replace(entry, since=enquiry.escalated_at or enquiry.opened_at))
    service = Service(asked[-1].id, agent, before.team) if asked else before.service
    answered = replace(
        before,
        choices=(),
        replied_at=now,
        last_agent=agent,
        due_at=0.0,
        service=service,
    )
    return change.updated(answered)


def _keyed(conversation: Conversation, key: str) -> Conversation:
    keys = (*conversation.reply_keys, *filter(None, [key]))
    return replace(conversation, reply_keys=keys[-MOST_KEYS:])


def expected(
    conversation: Conversation, shown: str, place: str, notices: Notices, now: float, *, key: str
) -> Change:
    """Tell a follower on the way who will be at the door; what is kept for the human's words is not spent on it.

    ``place`` is the shop's name in the follower's language; ``key`` goes into the transcript, so that it is told once.
    """
    told = notices.speak("notice_expected", conversation.language, agent=shown, place=place)
    change = Change(conversation).noted(
        Line(now, "system", "expected", kind="expected", details={"agent": shown})
    )
    return put(change, Bubble("", "notice", told.text, told.choices, since=now), {"key": key})


def _bubbles(text: str, picture: str) -> Iterator[Bubble]:
    for part in pieces(text):
        yield Bubble("", "agent", part)
    if picture:
        yield Bubble("", "agent", "", picture=picture)


def _put(change: Change, bubble: Bubble, details: dict[str, str], now: float) -> Change:
    """A picture's line names its file."""
    named = details | {"media": bubble.picture} if bubble.picture else details
    return put(change, bubble, named, now)


def _joined(change: Change, now: float, leaves_at: float) -> Change:
    """What has not left waits for the words that come now, so that all go as one message."""
    queued = change.conversation.bubbles(Delivery.QUEUED)
    waiting = [each for each in queued if each.author == "agent" and each.since > now]
    for bubble in waiting if len(waiting) < MOST_JOINED else ():
        if not bubble.attempts:
            change = move(change, replace(bubble, since=leaves_at))
    return change


def _answered_by(change: Change, others: list[Bubble], settles: list[str], now: float) -> Change:
    """Let the last of the other bubbles answer what a withdrawn one was to answer; without one it is open again."""
    if not settles:
        return change
    if not others:
        return mark(change, settles, Stage.ESCALATED, now, "with_agent")
    last = others[-1]
    return move(change, replace(last, settles=(*last.settles, *settles)))


def _opening(conversation: Conversation, agent: str, notices: Notices) -> str:
    return notices.speak("notice_taken", conversation.language, agent=agent).text

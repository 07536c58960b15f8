"""What people do with a conversation: take it, reply, close, expect the follower at the door."""

from collections.abc import Sequence
from dataclasses import replace

from bot import conversation as speaking
from bot.change import Change, finish, mark, put, settle, told
from bot.conversation import Conversation
from bot.enquiry import Enquiry, Outcome, Stage
from bot.ledger import Entry, Event
from bot.messages import Bubble, Delivery, Line
from bot.ports import Notices
from bot.rating import Service
from bot.text import pieces


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
) -> Change:
    """The agent's words, on their way to the follower; they answer everything that is open with people.

    The first ones say who speaks, so that this costs no message of its own: ``shown`` is what followers call the agent,
    by default the log-in name. ``key`` goes into the transcript, so that a reply sent twice can be told. Raises
    IllegalMove unless the agent holds the conversation.
    """
    speaking.check_holder(conversation, agent, "reply")
    asked = conversation.enquiries_at(Stage.ESCALATED)
    open_ids = tuple(each.id for each in asked)
    greeted = conversation.greeted_by_agent
    opening = "" if greeted else f"{_opening(conversation, shown or agent, notices)}\n"
    change = _replied(Change(conversation), asked, agent, now)
    change = mark(change, open_ids, Stage.ANSWERED, now)
    noted = {"agent": agent, "key": key, "opening": opening}
    details = {name: value for name, value in noted.items() if value}
    *parts, last = pieces(opening + text)
    for part in parts:
        change = put(change, Bubble("", "agent", part, since=now), details)
    ending = Bubble(
        "", "agent", last, settles=open_ids, outcome=Outcome.ANSWERED_BY_AGENT, since=now
    )
    return put(change, ending, details)


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
        greeted_by_agent=True,
        choices=(),
        replied_at=now,
        last_agent=agent,
        due_at=0.0,
        service=service,
    )
    return change.updated(answered)


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


def _opening(conversation: Conversation, agent: str, notices: Notices) -> str:
    return notices.speak("notice_taken", conversation.language, agent=agent).text

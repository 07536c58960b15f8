"""What people do with a conversation: take it, reply, close, expect the follower at the door."""

from dataclasses import replace

from bot import conversation as speaking
from bot.change import Change, mark, put, settle
from bot.conversation import Conversation
from bot.enquiry import Outcome, Stage
from bot.messages import Bubble, Line
from bot.ports import Notices
from bot.text import pieces


def take(conversation: Conversation, agent: str, now: float) -> Change:
    """``agent`` takes the waiting follower. Raises IllegalMove, naming who has it, if nobody waits there."""
    change = Change(speaking.claim(conversation, agent, now))
    # What the bot asked back beside a waiting picture is now the agent's as well.
    asked = [enquiry.id for enquiry in conversation.enquiries_at(Stage.ASKED)]
    change = mark(change, asked, Stage.ESCALATED, now, "with_agent")
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
    open_ids = tuple(e.id for e in conversation.enquiries_at(Stage.ESCALATED))
    greeted = conversation.greeted_by_agent
    opening = "" if greeted else f"{_opening(conversation, shown or agent, notices)}\n"
    change = mark(
        Change(replace(conversation, greeted_by_agent=True, choices=())),
        open_ids,
        Stage.ANSWERED,
        now,
    )
    told = {"agent": agent, "key": key, "opening": opening}
    details = {name: value for name, value in told.items() if value}
    *parts, last = pieces(opening + text)
    for part in parts:
        change = put(change, Bubble("", "agent", part, since=now), details)
    ending = Bubble(
        "", "agent", last, settles=open_ids, outcome=Outcome.ANSWERED_BY_AGENT, since=now
    )
    return put(change, ending, details)


def close(conversation: Conversation, agent: str, notices: Notices, now: float) -> Change:
    """The agent is done and the bot speaks again; what is still open needed no answer, in the agent's judgement.

    Raises IllegalMove unless the agent holds the conversation.
    """
    change = Change(speaking.hand_back(conversation, agent, now))
    left = [e.id for e in conversation.enquiries_at(Stage.ESCALATED)]
    change = settle(change, left, Outcome.NO_ANSWER_NEEDED, now, "closed_by_agent")
    change = change.noted(Line(now, "system", "closed", kind="closed", details={"agent": agent}))
    goodbye = notices.speak("notice_closed", conversation.language)
    return put(change, Bubble("", "notice", goodbye.text, goodbye.choices, since=now))


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

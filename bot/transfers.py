"""Passing a follower on: offers, transfers, stepping in, and taking back from agents who are not there.

The follower gets no message because of it, and none of the allowance is spent: the next agent's first words say who
speaks.
"""

from dataclasses import replace

from bot import conversation as speaking
from bot import handling
from bot.change import Change, mark, open_enquiry, settle
from bot.conversation import Conversation, IllegalMove, Speaker
from bot.desk.routing import Cause
from bot.desk.teams import Team
from bot.enquiry import Outcome, Stage
from bot.messages import Line


def offer(conversation: Conversation, agent: str, now: float) -> Change:
    """Offer a waiting follower to ``agent``, or to nobody if empty; everybody of the team may take it all the same.

    Raises IllegalMove unless the follower is queued.
    """
    return Change(speaking.offer(conversation, agent, now))


def take_back(conversation: Conversation, cause: Cause, now: float) -> Change:
    """Take the follower from an agent: back to the queue, and to the bot if nothing is unanswered.

    Raises IllegalMove unless an agent has the conversation.
    """
    agent = conversation.agent or ""
    if conversation.enquiries_at(Stage.ESCALATED):
        after = speaking.requeue(conversation, now)
    else:
        after = speaking.hand_back(conversation, agent, now)
    return _told(Change(after), "taken_back", now, agent=agent, cause=cause)


def to_agent(
    conversation: Conversation, by: str, to: str, why: str, now: float, *, leads: bool = False
) -> Change:
    """Give the follower to the agent ``to``; ``why`` is for colleagues.

    Raises IllegalMove unless ``by`` holds the conversation; who ``leads`` may pass on every one that people have.
    """
    _check_may_pass(conversation, by, leads=leads)
    change = _still_wanted(Change(conversation), now)
    if conversation.is_queued:
        change = handling.take(conversation, to, now)
    else:
        change = change.updated(speaking.assign(change.conversation, to, now))
    return _told(change, "given_to_agent", now, agent=by, to=to, why=why)


def to_team(
    conversation: Conversation, by: str, team: Team, why: str, now: float, *, leads: bool = False
) -> Change:
    """Give the follower to a team: somebody of it takes it from the queue. Raises IllegalMove as ``to_agent`` does."""
    _check_may_pass(conversation, by, leads=leads)
    change = _still_wanted(Change(conversation), now)
    if conversation.speaker is Speaker.AGENT:
        change = change.updated(speaking.requeue(change.conversation, now))
    elif conversation.offered:
        change = change.updated(speaking.offer(change.conversation, "", now))
    change = change.updated(replace(change.conversation, team=team.id))
    shown = {"team": team.shown, "team_en": team.shown_en or team.shown}
    return _told(change, "given_to_team", now, agent=by, why=why, **shown)


def to_bot(
    conversation: Conversation, by: str, why: str, now: float, *, leads: bool = False
) -> Change:
    """Give the follower back to the bot, without a farewell; what is open needed no answer, in the agent's judgement.

    Raises IllegalMove as ``to_agent`` does.
    """
    _check_may_pass(conversation, by, leads=leads)
    left = [each.id for each in conversation.enquiries_at(Stage.ESCALATED)]
    change = settle(Change(conversation), left, Outcome.NO_ANSWER_NEEDED, now, "given_to_bot")
    if conversation.speaker is Speaker.AGENT:
        holder = conversation.agent or ""
        after = speaking.hand_back(change.conversation, holder, now)
    else:
        after = speaking.leave_queue(change.conversation, now)
    return _told(change.updated(after), "given_to_bot", now, agent=by, why=why)


def step_in(conversation: Conversation, agent: str, now: float) -> Change:
    """``agent`` takes the follower over from a colleague; a waiting one is taken as by anybody.

    Raises IllegalMove while only the bot has to do with the follower.
    """
    if conversation.speaker is not Speaker.AGENT:
        return handling.take(conversation, agent, now)
    if conversation.agent == agent:
        return Change(conversation)
    change = Change(speaking.assign(conversation, agent, now))
    return _told(change, "stepped_in", now, agent=agent, holder=conversation.agent or "")


def introduce(conversation: Conversation, associate: str) -> Change:
    """``associate`` is the agent whom the follower knows from now on; empty for nobody."""
    return Change(replace(conversation, associate=associate))


def _check_may_pass(conversation: Conversation, by: str, *, leads: bool) -> None:
    is_with_people = conversation.is_queued or conversation.speaker is Speaker.AGENT
    if not leads:
        speaking.check_holder(conversation, by, "pass on")
    elif not is_with_people:
        raise IllegalMove("pass on", conversation)


def _still_wanted(change: Change, now: float) -> Change:
    """Whoever passes a follower on says that a person's word is still wanted: an enquiry stands for that."""
    if change.conversation.enquiries_at(Stage.ESCALATED):
        return change
    change, enquiry = open_enquiry(change, now)
    return mark(change, [enquiry.id], Stage.ESCALATED, now, "transferred")


def _told(change: Change, kind: str, now: float, why: str = "", **details: str) -> Change:
    return change.noted(Line(now, "system", why, kind=kind, details=details))

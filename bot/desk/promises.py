"""What is promised to whoever waits for people, put right after every step: by when, and what falls due in between."""

from dataclasses import replace

from bot.conversation import Conversation, Speaker
from bot.desk.reception import WINDOW_MARGIN_SECONDS, Reception
from bot.enquiry import Stage


def promised(conversation: Conversation, reception: Reception, now: float) -> Conversation:
    """The conversation with its deadline, its next opening or closing time and its alarm, as all else has them."""
    is_queued = conversation.is_queued
    alarm = alarm_at(conversation)
    is_bots = conversation.speaker is Speaker.BOT and not is_queued
    return replace(
        conversation,
        reason=None if is_bots else conversation.reason,
        due_at=0.0 if is_bots else _due_at(conversation, reception),
        turns_at=_turns_at(conversation, reception, now) if is_queued else 0.0,
        # The follower has written again, and there is time once more.
        alarmed_at=conversation.alarmed_at if alarm is not None and alarm <= now else 0.0,
    )


def alarm_at(conversation: Conversation) -> float | None:
    """When supervisors have to know that a question may stay unanswered (Unix seconds); None if none is queued."""
    ends = [each.deadline for each in conversation.enquiries_at(Stage.ESCALATED)]
    return min(ends) - WINDOW_MARGIN_SECONDS if ends and conversation.is_queued else None


def _due_at(conversation: Conversation, reception: Reception) -> float:
    """Until when a word is promised for what has waited longest; 0.0 while it is the follower's turn."""
    waiting = conversation.enquiries_at(Stage.ESCALATED)
    if not waiting:
        return 0.0
    since = min(each.escalated_at or each.opened_at for each in waiting)
    window_end, is_first = conversation.allowance.until, not conversation.replied_at
    return reception.due_at(conversation.team, since, window_end, is_first=is_first)


def _turns_at(conversation: Conversation, reception: Reception, now: float) -> float:
    """When the people go home, or come back; ``now`` if that has just come to pass, 0.0 for never."""
    schedule, is_waiting = (
        reception.schedule(conversation.team),
        conversation.speaker is Speaker.WAITING,
    )
    if is_waiting != schedule.is_open(now):
        return (schedule.opens_at(now) or 0.0) if not is_waiting else now
    return (schedule.closes_at(now) or 0.0) if is_waiting else now

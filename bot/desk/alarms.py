"""What people have to be told of outside the desk, as rules: who waits, what is nearly late, what is nearly lost."""

from enum import StrEnum

from bot.conversation import Speaker
from bot.desk.listing import Listed
from bot.desk.reception import WINDOW_MARGIN_SECONDS


class Alarm(StrEnum):
    """Kinds of alerts about conversations."""

    WAITING = "waiting"
    AT_RISK = "at_risk"
    WINDOW = "window"


def alarms(listed: Listed, now: float, notice_seconds: float) -> dict[Alarm, float]:
    """What a conversation calls for at ``now``, each with the moment that it is about (Unix seconds).

    The moment tells one alarm from the next: the same is given once. ``notice_seconds``: how long before a promise is
    broken it counts as at risk.
    """
    found: dict[Alarm, float] = {}
    if listed.speaker is Speaker.WAITING:
        found[Alarm.WAITING] = listed.since
    if _is_promised(listed) and listed.due_at - now <= notice_seconds:
        found[Alarm.AT_RISK] = listed.due_at
    if listed.is_waiting and now < listed.window_end <= now + WINDOW_MARGIN_SECONDS:
        found[Alarm.WINDOW] = listed.window_end
    return found


def _is_promised(listed: Listed) -> bool:
    """Whether a word is owed until ``due_at``; a deadline of before the follower's last question is none."""
    if listed.is_waiting:
        return listed.due_at > 0
    return 0 < listed.unanswered_since <= listed.due_at

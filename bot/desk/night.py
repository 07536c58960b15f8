"""Closing time, opening time, and the end of WeChat's window: what they do to a question that nobody has taken."""

from dataclasses import replace

from bot import conversation as speaking
from bot.change import Change, mark, put
from bot.conversation import Conversation, Speaker
from bot.desk.promises import alarm_at
from bot.desk.reception import Reception
from bot.desk.telling import opening
from bot.enquiry import Stage
from bot.messages import Bubble
from bot.ports import Notices
from bot.spoken import Spoken


def turned(change: Change, reception: Reception, notices: Notices, now: float) -> Change:
    """Do what has fallen due by ``now`` for a question in the queue: keep it, bring it back, raise the alarm."""
    if not change.conversation.is_queued:
        return change
    is_open = reception.is_open(change.conversation.team, now)
    if not is_open and change.conversation.speaker is Speaker.WAITING:
        change = change.updated(speaking.keep(change.conversation))
        change = _say(change, kept_words(change.conversation, reception, notices, now), now)
    elif is_open and change.conversation.speaker is Speaker.BOT:
        change = change.updated(speaking.reopen(change.conversation))
        # What the bot asked back meanwhile is the people's as well.
        asked = [enquiry.id for enquiry in change.conversation.enquiries_at(Stage.ASKED)]
        change = mark(change, asked, Stage.ESCALATED, now, change.conversation.reason)
    return _alarmed(change, notices, now)


def kept_words(
    conversation: Conversation, reception: Reception, notices: Notices, now: float
) -> Spoken:
    """What a follower is told whose question waits until people are back."""
    zone = reception.schedule(conversation.team).zone
    opens = opening(reception.opens_at(conversation.team, now), now, zone, conversation.language)
    return notices.speak("notice_night", conversation.language, opens=opens)


def _alarmed(change: Change, notices: Notices, now: float) -> Change:
    """Before WeChat closes the window: one honest sentence to the follower, and an alarm to the supervisors."""
    alarm = alarm_at(change.conversation)
    if alarm is None or alarm > now or change.conversation.alarmed_at:
        return change
    change = change.updated(replace(change.conversation, alarmed_at=now))
    return _say(change, notices.speak("notice_last_word", change.conversation.language), now)


def _say(change: Change, spoken: Spoken, now: float) -> Change:
    change = change.updated(replace(change.conversation, choices=spoken.choices))
    return put(change, Bubble("", "notice", spoken.text, spoken.choices, since=now))

"""The follower and the queue: coming into it, waiting in it, and leaving it."""

from dataclasses import replace

from bot import conversation as speaking
from bot.change import Change, mark, put, settle
from bot.conversation import Conversation, Reason, Speaker
from bot.desk.night import kept_words
from bot.desk.teams import REASON_NEEDS_HURRY, Wanted
from bot.desk.telling import until, wait
from bot.enquiry import Enquiry, Outcome, Stage
from bot.messages import Bubble, Delivery, Inbound
from bot.saying import as_notice, say, speak
from bot.situation import Situation
from bot.spoken import Spoken

CANCEL_WORDS = frozenset({"取消", "取消排队", "取消排隊", "不等了", "cancel", "leave the queue"})


def leaves(conversation: Conversation, message: Inbound) -> bool:
    """Whether the follower no longer wants to wait, by day or by night."""
    return conversation.is_queued and message.text.strip().lower() in CANCEL_WORDS


def escalated(
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
    return say(
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


def _to_wechats_desk(change: Change, enquiry: Enquiry, at_hand: Situation, reason: str) -> Change:
    """Hand the follower to WeChat's own desk. Only the reply to a message can do that, and it cannot carry words."""
    now, language = at_hand.now, change.conversation.language
    words = at_hand.notices.speak("notice_ask_again", language)
    change = mark(change, [enquiry.id], Stage.ESCALATED, now, reason)
    if not at_hand.is_passive or at_hand.message.kind == "event":
        change = mark(change, [enquiry.id], Stage.ASKED, now)
        return say(change, at_hand, replace(as_notice(words), is_kept=True))
    change = mark(change, [enquiry.id], Stage.ANSWERED, now)
    ending = replace(
        as_notice(words),
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


def while_waiting(change: Change, enquiry: Enquiry, at_hand: Situation) -> Change:
    """Who waits and writes on: the question is added for the people, or the follower leaves the queue."""
    if leaves(change.conversation, at_hand.message):
        waiting = [e.id for e in change.conversation.enquiries_at(Stage.ESCALATED)] + [enquiry.id]
        change = change.updated(speaking.leave_queue(change.conversation, at_hand.now))
        change = settle(
            change, waiting, Outcome.NO_ANSWER_NEEDED, at_hand.now, "cancelled_by_follower"
        )
        return speak(change, at_hand, "notice_left_queue")
    change = mark(change, [enquiry.id], Stage.ESCALATED, at_hand.now, change.conversation.reason)
    return say(change, at_hand, as_notice(_queue_words(change, at_hand, "notice_still_waiting")))


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

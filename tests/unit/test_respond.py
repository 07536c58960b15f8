"""What is done with a message: the rules alone, without I/O."""

from dataclasses import replace

import pytest

from bot.change import Change
from bot.conversation import Conversation, IllegalMove, Speaker, claim, hand_back, leave_queue
from bot.ledger import Event
from bot.messages import Delivery, Inbound
from bot.respond import STICKER_NOTICE, Situation, reply_to, respond, wants_brain
from bot.turn import Turn
from tests.doubles import PlainNotices, SettableClock, answer, text

NOW = SettableClock().at
BOT = Conversation("wxaccount", "oFollower", is_following=True)


def step(
    conversation: Conversation,
    message: Inbound,
    turn: Turn | None = None,
    *,
    place: int = 1,
    passive: bool = True,
) -> Change:
    """One step at NOW."""
    return respond(conversation, Situation(message, turn, PlainNotices(), place, NOW, passive))


def event(name: str, key: str = "") -> Inbound:
    """An event of the follower."""
    return Inbound("e1", "wxaccount", "oFollower", "event", NOW, "", name, key)


def outcomes(change: Change) -> list[str]:
    """The ends written into the ledger."""
    return [f"{entry.outcome}" for entry in change.entries if entry.event is Event.CLOSED]


def said(change: Change, message: Inbound) -> str:
    """What the passive reply says."""
    return "\n".join(bubble.text for bubble in reply_to(change.conversation, message))


def test_an_answer_goes_into_the_open_callback_and_ends_nothing_yet() -> None:
    change = step(BOT, text("几点开门"), answer())
    assert said(change, text("几点开门")) == "十点到十点"
    assert outcomes(change) == []
    assert change.conversation.enquiries[0].stage == "answered"


def test_a_late_answer_is_queued_as_a_customer_message() -> None:
    change = step(BOT, text("几点开门"), answer(), passive=False)
    assert change.conversation.outbox[0].state is Delivery.QUEUED


def test_a_question_back_keeps_the_enquiry_open_for_the_next_message() -> None:
    change = step(BOT, text("几点开门"), answer("哪个城市？", kind="question"))
    asked = change.conversation.enquiries[0]
    change = step(change.conversation, text("上海", key="2"), answer())
    assert [e.id for e in change.conversation.enquiries] == [asked.id]
    assert change.conversation.outbox[-1].settles == (asked.id,)


@pytest.mark.parametrize("kind", ["fallback", "clarify", "question"])
def test_a_fallback_is_no_outcome(kind: str) -> None:
    change = step(BOT, text("嗯"), answer("没听懂", kind=kind))
    assert change.conversation.outbox[-1].outcome is None


def test_a_wish_for_a_person_queues_the_follower_and_says_the_place() -> None:
    turn = answer("好的", kind="notice", hand_over="asked_for_human")
    change = step(BOT, text("转人工"), turn, place=3)
    assert change.conversation.speaker is Speaker.WAITING
    assert change.conversation.reason == "asked_for_human"
    assert "notice_queued 3" in said(change, text("转人工"))
    assert [entry.reason for entry in change.entries if entry.event is Event.ESCALATED] == [
        "asked_for_human"
    ]


def test_a_brain_in_trouble_hands_over_with_an_honest_sentence() -> None:
    change = step(BOT, text("几点"), Turn(trouble="brain_error"))
    assert change.conversation.speaker is Speaker.WAITING
    assert said(change, text("几点")).startswith("notice_brain_down")


def test_the_bot_is_silent_while_an_agent_speaks() -> None:
    waiting = step(BOT, text("人工"), answer("好", "notice", "asked_for_human")).conversation
    held = claim(waiting, "li", NOW)
    assert not wants_brain(held, text("在吗", key="2"))
    change = step(held, text("在吗", key="2"))
    assert said(change, text("在吗", key="2")) == ""
    assert change.conversation.enquiries_at() == ()
    assert change.lines[-1].text == "在吗"


@pytest.mark.parametrize("name", ["subscribe", "scan", "click"])
def test_no_event_makes_the_bot_speak_while_an_agent_does(name: str) -> None:
    waiting = step(BOT, text("人工"), answer("好", "notice", "asked_for_human")).conversation
    change = step(claim(waiting, "li", NOW), event(name))
    assert {line.author for line in change.lines} == {"follower"}


def test_a_waiting_follower_can_leave_the_queue() -> None:
    waiting = step(BOT, text("人工"), answer("好", "notice", "asked_for_human")).conversation
    change = step(waiting, text("取消", key="2"))
    assert change.conversation.speaker is Speaker.BOT
    assert outcomes(change) == ["no_answer_needed"]
    assert change.conversation.enquiries == ()


def test_a_follow_gets_the_welcome_and_needs_no_answer() -> None:
    change = step(BOT, event("subscribe"))
    assert said(change, event("subscribe")) == "notice_welcome"
    assert outcomes(change) == ["no_answer_needed"]
    assert change.conversation.allowance.left == 3


def test_an_unfollow_ends_all_that_is_open() -> None:
    open_one = step(BOT, text("几点"), answer("哪个城市", "question")).conversation
    change = step(open_one, event("unsubscribe"), passive=False)
    assert outcomes(change) == ["undeliverable"]
    assert change.conversation.outbox == ()


def test_a_sticker_is_answered_without_the_brain() -> None:
    sticker = text(STICKER_NOTICE)
    assert not wants_brain(BOT, sticker)
    assert said(step(BOT, sticker), sticker) == "notice_unsupported"


def test_a_picture_is_kept_for_a_person() -> None:
    picture = Inbound("9", "wxaccount", "oFollower", "image", NOW)
    change = step(BOT, picture)
    assert change.conversation.reason == "message_type"
    assert said(change, picture).startswith("notice_media_kept")


def test_a_tap_on_a_message_menu_grants_only_a_menu_taps_allowance() -> None:
    change = step(BOT, text("门店", choice_id="1"), answer())
    assert change.conversation.allowance.until == NOW + 60


def test_what_waits_to_be_sent_rides_on_the_open_callback() -> None:
    late = step(BOT, text("几点"), answer("迟到的回答"), passive=False).conversation
    change = step(late, text("你好", key="2"), answer("您好", "social"))
    assert said(change, text("你好", key="2")) == "迟到的回答\n您好"


def test_an_automatic_event_is_no_enquiry() -> None:
    change = step(BOT, event("location"), passive=False)
    assert change.entries == ()
    assert change.lines == ()


def test_writing_on_moves_the_deadline_with_the_window() -> None:
    waiting = step(BOT, text("人工"), answer("好", "notice", "asked_for_human")).conversation
    later = replace(text("还在吗", key="2"), sent_at=NOW + 3600)
    change = step(waiting, later)
    assert change.conversation.enquiries[0].deadline == NOW + 49 * 3600
    assert change.entries[0].event is Event.EXTENDED


def test_only_legal_moves_change_who_speaks() -> None:
    for move in (
        lambda: claim(BOT, "li", NOW),
        lambda: leave_queue(BOT, NOW),
        lambda: hand_back(BOT, "li", NOW),
    ):
        with pytest.raises(IllegalMove):
            move()

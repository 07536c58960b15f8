"""What is done with a message: the rules alone, without I/O."""

from dataclasses import replace

import pytest

from bot.ai_label import MARKS, Labelling
from bot.change import Change
from bot.conversation import Conversation, IllegalMove, Speaker, claim, hand_back, leave_queue
from bot.handling import take
from bot.kinds import STICKER_NOTICE
from bot.ledger import Event
from bot.messages import Delivery, Inbound, Media, Position
from bot.respond import as_typed, respond, wants_brain
from bot.saying import reply_to
from bot.situation import Situation
from bot.spoken import Spoken
from bot.turn import Turn
from tests.doubles import PlainMenu, PlainNotices, PlainShops, SettableClock, answer, text

NOW = SettableClock().at
BOT = Conversation("wxaccount", "oFollower", is_following=True)


def step(
    conversation: Conversation,
    message: Inbound,
    turn: Turn | None = None,
    *,
    place: int = 1,
    passive: bool = True,
    labelling: Labelling = "generated",
) -> Change:
    """One step at NOW."""
    notices, shops = PlainNotices(), PlainShops()
    situation = Situation(message, turn, notices, place, NOW, passive, shops, labelling)
    return respond(conversation, situation)


def other(kind: str, key: str = "7", **fields: object) -> Inbound:
    """A message that is no text."""
    return Inbound(key, "wxaccount", "oFollower", kind, NOW, **fields)  # type: ignore[arg-type]


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


@pytest.mark.parametrize("kind", ["image", "voice", "video", "shortvideo"])
def test_what_only_people_can_see_or_hear_goes_to_them(kind: str) -> None:
    message = other(kind, media=Media("m1"))
    change = step(BOT, message)
    assert change.conversation.speaker is Speaker.WAITING
    assert "notice_media_kept" in said(change, message)
    assert "notice_queued" in said(change, message)
    assert change.lines[0].details == {"media": "7"}


def test_a_typed_question_is_answered_beside_a_waiting_picture() -> None:
    waiting = step(BOT, other("image")).conversation
    asked = text("几点开门", key="8")
    assert wants_brain(waiting, asked)
    change = step(waiting, asked, answer())
    assert said(change, asked) == "十点到十点"
    assert change.conversation.speaker is Speaker.WAITING
    # The picture still waits for people; the question is an enquiry of its own.
    assert [enquiry.stage for enquiry in change.conversation.enquiries] == ["escalated", "answered"]
    assert change.conversation.outbox[-1].settles == (change.conversation.enquiries[1].id,)


def test_beside_a_waiting_picture_a_wish_for_a_person_silences_the_bot() -> None:
    waiting = step(BOT, other("image")).conversation
    turn = answer("好的", kind="notice", hand_over="asked_for_human")
    change = step(waiting, text("转人工", key="8"), turn)
    assert change.conversation.reason == "asked_for_human"
    assert not wants_brain(change.conversation, text("在吗", key="9"))


def test_a_waiting_picture_can_be_taken_back() -> None:
    waiting = step(BOT, other("image")).conversation
    assert not wants_brain(waiting, text("取消", key="8"))
    assert step(waiting, text("取消", key="8")).conversation.speaker is Speaker.BOT


def test_what_the_bot_asked_beside_a_picture_is_the_agents_once_taken() -> None:
    waiting = step(BOT, other("image")).conversation
    asked = step(waiting, text("几点", key="8"), answer("哪个城市？", "question")).conversation
    held = take(asked, "li", NOW).conversation
    assert [enquiry.stage for enquiry in held.enquiries] == ["escalated", "escalated"]


def test_an_album_is_thanked_for_once() -> None:
    conversation, spoken = BOT, []
    for number in range(9):
        picture = other("image", key=f"p{number}", media=Media(f"m{number}"))
        change = step(conversation, picture)
        spoken.append(said(change, picture))
        conversation = change.conversation
    assert spoken[0].startswith("notice_media_kept")
    assert spoken[1:] == [""] * 8
    assert [enquiry.stage for enquiry in conversation.enquiries] == ["escalated"]


def test_a_picture_that_comes_later_is_acknowledged() -> None:
    waiting = step(BOT, other("image")).conversation
    later = replace(waiting, last_message_at=NOW - 60)
    assert said(step(later, other("image", key="8")), other("image", key="8")) == (
        "notice_still_waiting 1"
    )


def test_a_location_gets_the_nearest_shops() -> None:
    here = other("location", position=Position(31.2, 121.5), about="外滩")
    change = step(BOT, here)
    assert said(change, here) == "notice_location one shop near 31.2, 121.5"
    assert change.conversation.outbox[-1].outcome == "answered_by_bot"
    assert change.lines[0].text == "外滩"


def test_a_location_that_cannot_be_read_is_answered_kindly() -> None:
    assert said(step(BOT, other("location")), other("location")) == "notice_unsupported"


def test_a_link_is_answered_kindly_and_shown_to_people() -> None:
    link = other("link", about="新品 https://x.example")
    change = step(BOT, link)
    assert said(change, link) == "notice_link"
    assert change.lines[0].text == "新品 https://x.example"
    assert outcomes(change) == ["no_answer_needed"]


@pytest.mark.parametrize("kind", ["hologram", "miniprogrampage", "file"])
def test_an_unknown_type_is_answered_kindly(kind: str) -> None:
    assert said(step(BOT, other(kind)), other(kind)) == "notice_unsupported"


def test_an_empty_text_is_answered_kindly() -> None:
    assert said(step(BOT, text("")), text("")) == "notice_unsupported"


def test_a_voice_that_wechat_wrote_down_is_answered_by_the_brain() -> None:
    assert wants_brain(BOT, other("voice", text="几点关门"))
    assert not wants_brain(BOT, other("voice"))


def test_a_scan_that_the_phone_waits_for_is_answered() -> None:
    scan = event("scancode_waitmsg", "unknown")
    assert said(step(BOT, scan), scan) == "notice_unsupported"


def test_a_button_that_means_nothing_any_more_is_answered() -> None:
    assert said(step(BOT, event("click", "old")), event("click", "old")) == "notice_unsupported"


@pytest.mark.parametrize("name", ["subscribe", "scan", "click", "scancode_waitmsg"])
def test_no_event_makes_the_bot_speak_while_an_agent_does(name: str) -> None:
    waiting = step(BOT, text("人工"), answer("好", "notice", "asked_for_human")).conversation
    held = replace(claim(waiting, "li", NOW), outbox=())
    change = step(held, event(name, "old"))
    assert said(change, event(name, "old")) == ""


@pytest.mark.parametrize(
    "name",
    [
        "view",
        "location",
        "templatesendjobfinish",
        "kf_create_session",
        "pic_weixin",
        "moon_landing",
    ],
)
def test_events_that_ask_for_nothing_make_no_noise(name: str) -> None:
    change = step(BOT, event(name), passive=False)
    assert (change.entries, change.lines, change.conversation.outbox) == ((), (), ())


def test_a_brain_that_says_nothing_is_a_brain_in_trouble() -> None:
    change = step(BOT, text("几点"), answer(" \u202e"))
    assert said(change, text("几点")).startswith("notice_brain_down")


def offered(*choices: str) -> Conversation:
    """A conversation in which the bot has just offered these."""
    reply = Spoken("utter_x", "clarify", "您想问？", choices)
    return step(BOT, text("嗯"), Turn((reply,), "zh-Hans")).conversation


def test_a_typed_number_is_the_choice_that_bears_it() -> None:
    conversation = offered("门店", "礼物")
    assert as_typed(text("2", key="2"), PlainMenu(), conversation).text == "礼物"


def test_a_number_means_what_was_offered_last_and_nothing_earlier() -> None:
    change = step(
        offered("门店", "礼物"), text("多少钱", key="2"), answer("您的预算？", "question")
    )
    assert as_typed(text("2", key="3"), PlainMenu(), change.conversation).text == "2"


def test_a_tap_without_its_id_grants_only_a_menu_taps_allowance() -> None:
    conversation = replace(offered("门店"), allowance=BOT.allowance)
    tapped = as_typed(text("门店", key="2"), PlainMenu(), conversation)
    assert step(conversation, tapped, answer()).conversation.allowance.until == NOW + 60


@pytest.mark.parametrize(
    ("labelling", "is_generated", "mark"),
    [
        ("generated", True, MARKS["zh-Hans"]),
        ("generated", False, ""),
        ("bot", False, MARKS["zh-Hans"]),
        ("never", True, ""),
    ],
)
def test_generated_text_bears_its_mark(labelling: Labelling, is_generated: bool, mark: str) -> None:
    reply = Spoken("utter_x", "answer", "一段话", is_generated=is_generated)
    change = step(BOT, text("嗯"), Turn((reply,), "zh-Hans"), labelling=labelling)
    assert change.conversation.outbox[-1].mark == mark


def test_notices_bear_no_mark() -> None:
    change = step(BOT, event("subscribe"), labelling="bot")
    assert change.conversation.outbox[-1].mark == ""

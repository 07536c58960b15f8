"""The rules of the allowance and of delivery."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import outbox
from bot.allowance import CONTACT, MESSAGE, Allowance
from bot.change import Change, open_enquiry, put
from bot.conversation import Conversation
from bot.enquiry import Stage
from bot.ledger import audit
from bot.messages import Bubble, Delivery
from bot.ports import Refusal
from tests.doubles import SettableClock

NOW = SettableClock().at
OPEN = Conversation("wxaccount", "oFollower", allowance=Allowance(5, NOW + 100))


def with_bubble(author: str = "bot", left: int = 5, **fields: object) -> Change:
    """A conversation with one bubble that ends one enquiry."""
    conversation = replace(OPEN, allowance=Allowance(left, NOW + 100))
    change, enquiry = open_enquiry(Change(conversation), NOW)
    draft = Bubble("", author, "回答", settles=(enquiry.id,), outcome="answered_by_bot", since=NOW)  # type: ignore[arg-type]
    return put(change, replace(draft, **fields))  # type: ignore[arg-type]


def bubble_of(change: Change) -> Bubble:
    """The only bubble."""
    return change.conversation.outbox[0]


@given(
    st.lists(st.tuples(st.sampled_from([MESSAGE, CONTACT]), st.floats(0, 100)), max_size=6),
    st.floats(0, 10**6),
)
def test_grants_never_add_up_and_never_shrink(actions: list[tuple], later: float) -> None:  # type: ignore[type-arg]
    allowance, at = Allowance(), NOW
    for grant, seconds in actions:
        at += seconds
        before = allowance.remaining(at)
        allowance = allowance.granted(grant, at)
        assert allowance.left == max(before, grant.count) <= 5
    assert 0 <= allowance.remaining(at + later) <= 5


def test_the_last_message_is_kept_for_a_person() -> None:
    assert outbox.next_to_send(with_bubble("bot", left=1).conversation, NOW, True) == ()
    assert outbox.next_to_send(with_bubble("agent", left=1).conversation, NOW, True)


def test_an_account_without_the_right_sends_nothing() -> None:
    assert outbox.next_to_send(with_bubble().conversation, NOW, False) == ()


@pytest.mark.parametrize(
    ("author", "state"), [("bot", Delivery.HELD), ("notice", Delivery.DROPPED)]
)
def test_what_cannot_be_afforded_waits_or_is_dropped(author: str, state: Delivery) -> None:
    change = outbox.held_back(with_bubble(author, left=1), NOW, True)
    assert dict(change.deliveries)["b2"] is state


def test_a_handed_reply_arrived_when_nobody_repeats_the_push() -> None:
    change = with_bubble(state=Delivery.HANDED, exchange="1")
    taken = NOW + 0.1
    early = outbox.handed_result(change, bubble_of(change), taken, NOW + 5)
    assert bubble_of(early).state is Delivery.HANDED
    late = outbox.handed_result(early, bubble_of(early), taken, NOW + 13)
    assert late.conversation.outbox == ()
    assert late.conversation.enquiries == ()


def test_a_handed_reply_that_no_callback_took_is_sent() -> None:
    change = with_bubble(state=Delivery.HANDED, exchange="1")
    change = outbox.handed_result(change, bubble_of(change), 0.0, NOW + 13)
    assert bubble_of(change).state is Delivery.QUEUED


def test_sending_spends_before_anything_leaves_and_a_failure_gives_it_back() -> None:
    change = with_bubble()
    sending = outbox.sending(change, [bubble_of(change)], NOW)
    assert sending.conversation.allowance.left == 4
    again = outbox.unsent(sending, [bubble_of(sending)], NOW)
    assert again.conversation.allowance.left == 5
    assert bubble_of(again).since > NOW


def test_retries_end() -> None:
    change = with_bubble()
    for _ in range(10):
        change = outbox.unsent(change, [bubble_of(change)], NOW)
    assert bubble_of(change).state is Delivery.HELD


def test_a_final_refusal_ends_the_enquiry_undeliverable() -> None:
    change = with_bubble()
    change = outbox.refused(change, [bubble_of(change)], NOW, Refusal(43004, "gone", is_final=True))
    assert change.entries[-1].outcome == "undeliverable"
    assert change.entries[-1].reason == "refused_43004"


def test_the_platforms_word_on_the_allowance_is_final() -> None:
    change = with_bubble()
    change = outbox.refused(
        change, [bubble_of(change)], NOW, Refusal(45047, "used up", is_used_up=True)
    )
    assert change.conversation.allowance.left == 0
    assert bubble_of(change).state is Delivery.HELD


def test_a_deadline_leaves_no_orphan() -> None:
    change, _ = open_enquiry(Change(OPEN), NOW)
    later = NOW + 49 * 3600
    assert audit(change.entries, later).orphans
    ended = outbox.expired(change, later)
    result = audit(ended.entries, later)
    assert result.is_sound
    assert result.unanswered_share == 1.0


def handed_over() -> Change:
    """A reply that hands the follower to WeChat's own desk, given to a callback."""
    change = with_bubble("notice", state=Delivery.HANDED, text="", instead="请再说一次", since=NOW)
    ending = {"outcome": "no_answer_needed", "reason": "handed_to_wechat_desk"}
    bubble = replace(bubble_of(change), **ending)  # type: ignore[arg-type]
    return replace(change, conversation=replace(change.conversation, outbox=(bubble,)))


def test_a_hand_over_that_was_taken_ends_the_enquiry() -> None:
    change = handed_over()
    later = NOW + outbox.REPEAT_SECONDS
    change = outbox.handed_result(change, bubble_of(change), NOW, later)
    assert audit(change.entries, later).reasons == {"no_answer_needed(handed_to_wechat_desk)": 1}


@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_a_hand_over_that_no_callback_took_is_asked_for_in_words_and_ends_nothing(
    is_withdrawn: bool,
) -> None:
    change, later = handed_over(), NOW + outbox.REPEAT_SECONDS
    if is_withdrawn:
        change = outbox.put_back(change, {bubble_of(change).id}, later)
    else:
        change = outbox.handed_result(change, bubble_of(change), 0.0, later)
    assert (bubble_of(change).text, bubble_of(change).state) == ("请再说一次", Delivery.QUEUED)
    assert change.conversation.enquiries[0].stage is Stage.ASKED
    change = outbox.sent(change, [bubble_of(change)], later)
    assert audit(change.entries, later).open == 1


def test_a_notice_that_is_kept_waits_and_leaves_one_message_to_a_person() -> None:
    kept = with_bubble("notice", left=1, is_kept=True)
    change = outbox.held_back(kept, NOW, True)
    assert bubble_of(change).state is Delivery.HELD
    assert outbox.next_to_send(with_bubble("notice", left=2, is_kept=True).conversation, NOW, True)

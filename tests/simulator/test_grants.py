"""What a follower's actions allow, by the table of the page on customer-service messages."""

import pytest

from connectors.simulator.model.codes import Refusal
from connectors.simulator.model.grants import CONTACT, MESSAGE, Allowance

DAY = 86400.0


def used(allowance: Allowance, times: int, now: float) -> Allowance:
    for _ in range(times):
        allowance = allowance.spent(now)
    return allowance


def code(allowance: Allowance, now: float) -> int:
    with pytest.raises(Refusal) as refused:
        allowance.spent(now)
    return refused.value.errcode


def test_a_message_allows_five_within_48_hours() -> None:
    allowance = Allowance().granted(MESSAGE, 0)
    assert used(allowance, 5, 2 * DAY - 1).remaining == 0
    assert code(used(allowance, 5, 1), 1) == 45047
    assert code(allowance, 2 * DAY) == 45015


def test_a_contact_allows_three_within_a_minute() -> None:
    allowance = Allowance().granted(CONTACT, 0)
    assert code(used(allowance, 3, 59), 59) == 45047
    assert code(allowance, 60) == 45015


def test_nothing_is_allowed_before_any_contact() -> None:
    assert code(Allowance(), 0) == 45015


def test_grants_do_not_add_up() -> None:
    allowance = Allowance().granted(MESSAGE, 0).granted(MESSAGE, 10)
    assert (allowance.remaining, allowance.deadline) == (5, 10 + 2 * DAY)


def test_a_contact_lifts_a_used_up_count_and_leaves_the_later_deadline() -> None:
    allowance = used(Allowance().granted(MESSAGE, 0), 5, 1).granted(CONTACT, 100)
    assert (allowance.remaining, allowance.deadline) == (3, 2 * DAY)


def test_what_was_left_of_a_closed_window_does_not_come_back() -> None:
    allowance = Allowance().granted(MESSAGE, 0).granted(CONTACT, 3 * DAY)
    assert (allowance.remaining, allowance.deadline) == (3, 3 * DAY + 60)

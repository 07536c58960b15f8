"""What each code of a refusal asks for."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from connectors.wechat.codes import TREATMENTS, Action, treatment
from tests.doubles import SettableClock

NOW = SettableClock().at


@pytest.mark.parametrize(
    ("errcode", "action"),
    [
        (-1, Action.AGAIN),
        (40001, Action.PAUSE),
        (45009, Action.PAUSE),
        (45015, Action.CONTACT),
        (45047, Action.CONTACT),
        (43004, Action.FOLLOWER),
        (40200, Action.PLAINER),
        (48004, Action.PAUSE),
        (40164, Action.PAUSE),
        (40035, Action.HOLD),
        (99999, Action.HOLD),
    ],
)
def test_each_class_of_code_has_its_action(errcode: int, action: Action) -> None:
    assert treatment(errcode).action is action


@pytest.mark.parametrize(
    ("errcode", "action"),
    [
        (45009, Action.HOLD),
        (48001, Action.HOLD),
        (48004, Action.HOLD),
        (45011, Action.AGAIN),
        (40005, Action.HOLD),
        (-1, Action.AGAIN),
        (40001, Action.PAUSE),
        (40164, Action.PAUSE),
    ],
)
def test_an_uploads_refusal_stops_the_account_only_where_all_its_calls_would_meet_the_same(
    errcode: int, action: Action
) -> None:
    assert treatment(errcode, of_upload=True).action is action


def test_every_pause_ends_and_lies_ahead() -> None:
    for told in TREATMENTS.values():
        if told.action is Action.PAUSE:
            assert NOW < told.until(NOW) <= NOW + 86400


def test_a_days_quota_comes_back_at_midnight_in_china() -> None:
    moment = datetime.fromtimestamp(treatment(45009).until(NOW), ZoneInfo("Asia/Shanghai"))
    assert (moment.hour, moment.minute, moment.second) == (0, 0, 0)


def test_a_minutes_quota_comes_back_with_the_next_minute() -> None:
    assert treatment(45011).until(NOW + 7) == NOW - NOW % 60 + 60


def test_what_needs_a_person_says_so() -> None:
    for errcode in (40001, 40164, 45009, 48001, 48004, 50002, 40035):
        assert treatment(errcode).is_alert

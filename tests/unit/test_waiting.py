"""Who is served first, what is promised, and how it is told: pure rules, without I/O."""

import math
from dataclasses import replace
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.allowance import Allowance
from bot.conversation import Conversation, Speaker
from bot.desk.listing import AGE_SECONDS, SAME_SECONDS, Listed, in_order, listed
from bot.desk.promises import alarm_at, promised
from bot.desk.reception import Reception
from bot.desk.teams import Team, Teams
from bot.desk.telling import opening, until, wait
from bot.enquiry import Enquiry, Stage
from tests.doubles import SettableClock
from tests.stories.people import OFFICE, SHANGHAI, at

NOW = SettableClock().at
HOUR = 3600.0

MOMENTS = st.floats(NOW, NOW + 90 * 24 * HOUR)
LISTED = st.builds(
    Listed,
    openid=st.uuids().map(str),
    speaker=st.just(Speaker.WAITING),
    since=MOMENTS,
    due_at=MOMENTS,
    reason=st.sampled_from(["unsure", "complaint", "vip_arrival", ""]),
    is_vip=st.booleans(),
)


@given(st.lists(LISTED, max_size=8))
def test_deadline_before_hurry_before_age(chosen: list[Listed]) -> None:
    ordered = in_order(chosen)
    for first, second in pairwise(ordered):
        minutes = [each.due_at // SAME_SECONDS for each in (first, second)]
        assert minutes[0] <= minutes[1]
        if minutes[0] == minutes[1]:
            assert first.is_hurried >= second.is_hurried
            if first.is_hurried == second.is_hurried:
                # A sixteenth of a second is what one number can tell; ages beyond 48 days are alike.
                ages = [first.due_at - each.since for each in (first, second)]
                is_alike = max(ages) >= AGE_SECONDS - SAME_SECONDS or min(ages) < SAME_SECONDS
                assert first.since <= second.since + 1 / 16 or is_alike


@given(st.lists(LISTED, max_size=8))
def test_the_store_sorts_as_the_desk_does(chosen: list[Listed]) -> None:
    orders = [each.order for each in in_order(chosen)]
    assert orders == sorted(orders)
    assert all(math.isfinite(order) for order in orders)


def test_who_was_answered_and_has_the_word_stands_last() -> None:
    owed = Listed("oOwed", Speaker.AGENT, NOW, due_at=NOW + HOUR)
    answered = Listed("oAnswered", Speaker.AGENT, NOW - HOUR)
    assert [each.openid for each in in_order([answered, owed])] == ["oOwed", "oAnswered"]


TEAM = Team("all", "客服", week=OFFICE, first_reply_seconds=180, next_reply_seconds=300)
RECEPTION = Reception(Teams({"all": TEAM}))
STAGES = st.sampled_from([Stage.OPEN, Stage.ASKED, Stage.ESCALATED, Stage.ANSWERED])
ENQUIRIES = st.lists(
    st.builds(
        lambda stage, at: Enquiry("a-1", at, at + 48 * HOUR, stage, escalated_at=at),
        STAGES,
        MOMENTS,
    ),
    max_size=4,
)
CONVERSATIONS = st.builds(
    lambda speaker, enquiries, until, replied_at: Conversation(
        "wxaccount",
        "oFollower",
        speaker=speaker,
        agent="li" if speaker is Speaker.AGENT else None,
        team="all",
        allowance=Allowance(5, until),
        enquiries=tuple(enquiries),
        replied_at=replied_at,
    ),
    st.sampled_from(list(Speaker)),
    ENQUIRIES,
    MOMENTS,
    st.one_of(st.just(0.0), MOMENTS),
)


@given(CONVERSATIONS, MOMENTS)
def test_nothing_is_promised_for_later_than_the_windows_end(
    conversation: Conversation, now: float
) -> None:
    after = promised(conversation, RECEPTION, now)
    assert after.due_at <= conversation.allowance.until
    owed = bool(conversation.enquiries_at(Stage.ESCALATED))
    assert bool(after.due_at) == owed
    assert promised(after, RECEPTION, now) == after
    # Whoever is queued is looked at again, at the latest when the hours turn.
    assert bool(after.turns_at) == after.is_queued
    if after.is_queued:
        is_right = (after.speaker is Speaker.WAITING) == RECEPTION.is_open("all", now)
        assert after.turns_at > now if is_right else after.turns_at == now


def with_people(*waiting_since: float, **fields: object) -> Conversation:
    """A conversation whose enquiries people have had since these moments."""
    enquiries = tuple(
        Enquiry(f"a-{number}", at - 600, at + 47 * HOUR, Stage.ESCALATED, escalated_at=at)
        for number, at in enumerate(waiting_since)
    )
    conversation = Conversation(
        "wxaccount",
        "oFollower",
        speaker=Speaker.WAITING,
        team="all",
        allowance=Allowance(5, NOW + 48 * HOUR),
        enquiries=enquiries,
    )
    return replace(conversation, **fields)  # type: ignore[arg-type]


def test_a_list_knows_the_whole_case() -> None:
    known = {"subject": "repair_aftersales", "passed": ("wang",), "is_vip": True, "alarmed_at": NOW}
    conversation = with_people(NOW, **known)
    shown = listed(conversation)
    assert shown
    assert shown.case() == conversation.case()
    assert known.items() <= shown.case().items()


def due(conversation: Conversation, reception: Reception | None = None) -> float:
    """Until when a word is promised, as seen from NOW, in seconds from then."""
    return promised(conversation, reception or Reception(), NOW).due_at - NOW


def test_the_first_word_and_the_next_ones_have_clocks_of_their_own() -> None:
    assert due(with_people(NOW)) == 180
    held = {"speaker": Speaker.AGENT, "agent": "li", "replied_at": NOW - 60}
    assert due(with_people(NOW, **held)) == 300
    assert due(with_people(**held)) == -NOW  # the follower has the word


def test_what_has_waited_longest_counts_since_people_have_it() -> None:
    assert due(with_people(NOW, NOW - 100)) == 80


def test_the_windows_end_goes_before_a_promise() -> None:
    assert due(with_people(NOW, allowance=Allowance(5, NOW + 60))) == 60


def test_the_alarm_comes_an_hour_before_the_first_question_ends_and_only_for_the_queue() -> None:
    assert alarm_at(with_people(NOW, NOW - HOUR)) == NOW + 45 * HOUR
    assert alarm_at(with_people(NOW, speaker=Speaker.AGENT, agent="li")) is None
    assert alarm_at(with_people()) is None


def test_an_alarm_is_seen_in_the_lists_until_the_follower_writes_again() -> None:
    alarmed = with_people(NOW - 46.5 * HOUR, alarmed_at=NOW)
    shown = listed(promised(alarmed, Reception(), NOW))
    assert shown is not None
    assert shown.alarmed_at == NOW
    longer = replace(alarmed.enquiries[0], deadline=NOW + 48 * HOUR)
    assert promised(replace(alarmed, enquiries=(longer,)), Reception(), NOW).alarmed_at == 0


@pytest.mark.parametrize(
    ("now", "opens", "language", "told"),
    [
        ("2026-11-25 08:00", "2026-11-25 10:00", "zh-Hans", "今天 10:00"),
        ("2026-11-25 23:00", "2026-11-26 10:00", None, "明天 10:00"),
        ("2026-11-28 12:00", "2026-11-30 10:00", "zh-Hans", "周一 10:00"),
        ("2026-11-28 12:00", "2026-11-30 10:00", "zh-Hant", "週一 10:00"),
        ("2026-11-23 12:00", "2026-11-30 10:00", "zh-Hans", "11月30日 10:00"),  # not this Monday
        ("2026-11-25 08:00", "2026-11-25 09:30", "en", "today at 09:30"),
        ("2026-11-25 23:00", "2026-11-26 10:00", "en", "tomorrow at 10:00"),
        ("2026-11-28 12:00", "2026-11-30 10:00", "en", "on Monday at 10:00"),
        ("2027-02-04 12:00", "2027-02-17 10:00", "en", "on 17 February at 10:00"),
    ],
)
def test_when_people_are_back_is_told_in_words(
    now: str, opens: str, language: str | None, told: str
) -> None:
    assert opening(at(opens), at(now), SHANGHAI, language) == told


def test_when_people_are_back_is_told_in_the_zone_of_the_team() -> None:
    paris = ZoneInfo("Europe/Paris")
    assert opening(at("2026-11-26 17:00"), at("2026-11-26 05:00"), paris, "en") == (
        "tomorrow at 10:00"
    )


def test_what_nobody_can_tell_is_not_told() -> None:
    assert opening(None, NOW, SHANGHAI, "en") == "as soon as they can"
    assert wait(None, "zh-Hans") == ""


@pytest.mark.parametrize(
    ("seconds", "language", "told"),
    [
        (5, "zh-Hans", "，大约要等 1 分钟"),
        (290, None, "，大约要等 5 分钟"),
        (290, "zh-Hant", "，大約要等 5 分鐘"),
        (13 * 60, "en", ", about 15 min to wait"),
        (5 * HOUR, "zh-Hans", "，大约要等 5 小时"),
    ],
)
def test_a_likely_wait_is_told_in_round_figures(
    seconds: float, language: str | None, told: str
) -> None:
    assert wait(seconds, language) == told


def test_until_when_people_are_there_is_told_in_words() -> None:
    now = at("2026-11-25 15:00")
    assert until(at("2026-11-25 22:00"), now, SHANGHAI, "zh-Hans") == "今天 22:00 前"
    assert until(at("2026-11-25 22:00"), now, SHANGHAI, "en") == "until 22:00"
    assert until(at("2026-11-26 02:00"), now, SHANGHAI, "en") == "until tomorrow at 02:00"


def test_a_likely_wait_is_the_median_of_the_last_hours_times_the_place() -> None:
    reception = Reception()
    waits = [(NOW - 60, NOW), (NOW - 400, NOW - 100), (NOW - 720, NOW - 600)]
    usual = reception.usual_wait("all", waits, NOW)
    assert usual == 120
    told = replace(reception, waits={"all": usual})
    assert told.likely_wait("all", 3) == 360
    assert told.likely_wait("other", 3) is None


def test_few_or_old_waits_foretell_nothing_and_nights_do_not_count() -> None:
    assert Reception().usual_wait("all", [(NOW - 60, NOW)] * 2, NOW) is None
    assert Reception().usual_wait("all", [(NOW - 8 * HOUR, NOW - 7 * HOUR)] * 9, NOW) is None
    opened = at("2026-11-25 10:00")
    night = [(opened - 9 * HOUR, opened + 120)] * 3
    assert RECEPTION.usual_wait("all", night, opened + 600) == 120

"""What reports count, from lines of the ledger."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.figures import Figures, Spans, day_of, total
from bot.desk.subjects import SUBJECTS, Subject, subject_of
from bot.enquiry import Outcome
from bot.ledger import Entry, Event

NOON = 1_795_838_400.0
"""12:00 in China on 28 November 2026."""

ENTRIES = st.builds(
    Entry,
    st.sampled_from(Event),
    st.sampled_from(["a-1", "a-2", "b-1"]),
    st.floats(NOON, NOON + 9e5),
    outcome=st.sampled_from(Outcome),
    reason=st.sampled_from([None, "first", "unsure"]),
    agent=st.sampled_from(["", "li", "wang"]),
    team=st.sampled_from(["", "all"]),
    intent=st.sampled_from(["", "store_hours", "complaint", "long_gone"]),
    since=st.floats(NOON - 9e4, NOON),
    value=st.integers(1, 3),
)


def test_every_intent_of_the_data_has_its_group(nlu_data: Path) -> None:
    known = {path.stem for path in (nlu_data / "nlu").glob("*.yml")}
    assert set(SUBJECTS) == known


def test_a_picture_without_intent_belongs_to_no_group() -> None:
    assert subject_of("") is Subject.OTHER


@given(st.lists(st.floats(1, 400_000), min_size=1), st.data())
def test_a_percentile_is_right_within_three_per_cent(
    seconds: list[float], data: st.DataObject
) -> None:
    spans, rank = Spans(), data.draw(st.integers(1, len(seconds)))
    for each in seconds:
        spans.add(each)
    found = spans.quantile(rank / len(seconds))
    assert found is not None
    assert 0.97 <= found / sorted(seconds)[rank - 1] <= 1.03


def test_nothing_took_no_time() -> None:
    assert Spans().quantile(0.5) is None


@given(st.lists(ENTRIES), st.integers(0, 20))
def test_days_add_up_to_their_period(entries: list[Entry], cut: int) -> None:
    parts = Figures(), Figures()
    whole = Figures()
    for number, entry in enumerate(entries):
        parts[number >= cut].add(entry)
        whole.add(entry)
    assert total(parts) == whole


@given(st.lists(ENTRIES))
def test_each_hour_intent_and_subject_adds_up_to_the_whole(entries: list[Entry]) -> None:
    figures = total([])
    for entry in entries:
        figures.add(entry)
    hours = figures.groups("hour").values()
    assert sum(group.opened for group in hours) == figures.whole.opened
    for split in (figures.groups("intent"), figures.subjects()):
        assert sum(group.closed for group in split.values()) == figures.whole.closed
        assert sum(group.escalated for group in split.values()) == figures.whole.escalated


def test_an_enquiry_is_counted_for_its_team_agent_and_intent() -> None:
    figures = Figures()
    about = Entry(Event.OPENED, "a-1", NOON, intent="complaint", team="all", agent="li")
    for entry in (
        Entry(Event.OPENED, "a-1", NOON),
        replace(about, event=Event.ESCALATED, reason="unsure", agent=""),
        replace(about, event=Event.TAKEN, at=NOON + 60),
        replace(about, event=Event.REPLIED, at=NOON + 120, since=NOON, reason="first"),
        replace(about, event=Event.REPLIED, at=NOON + 500, since=NOON + 400, reason="next"),
        replace(
            about,
            event=Event.CLOSED,
            at=NOON + 600,
            since=NOON,
            outcome=Outcome.ANSWERED_BY_AGENT,
        ),
        replace(about, event=Event.RATED, at=NOON + 700, value=3),
    ):
        figures.add(entry)
    group = figures.groups("agent")["li"]
    assert (group.taken, group.first.total, group.resolution.total) == (1, 1, 1)
    assert group.rating == 3
    assert figures.groups("team")["all"].escalations == {"unsure": 1}
    assert figures.groups("intent")["complaint"].outcomes == {"answered_by_agent": 1}
    assert figures.subjects()[Subject.CRM].closed == 1
    assert figures.groups("hour")["12"].opened == 1
    assert group.first.quantile(0.5) == pytest.approx(120, rel=0.03)
    assert group.resolution.quantile(0.9) == pytest.approx(600, rel=0.03)


def test_a_day_ends_at_midnight_in_china() -> None:
    assert day_of(NOON + 12 * 3600 - 1) == date(2026, 11, 28)
    assert day_of(NOON + 12 * 3600) == date(2026, 11, 29)

"""Whom a conversation is offered to, and when it is taken back."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.conversation import Speaker
from bot.desk.listing import Listed
from bot.desk.presence import State
from bot.desk.reception import Reception
from bot.desk.routing import (
    Cause,
    Colleague,
    Floor,
    choose,
    offer_seconds,
    offered,
    why_taken_back,
    with_loads,
)
from bot.desk.teams import DEFAULT, Team, Teams
from tests.doubles import SettableClock

NOW = SettableClock().at
NAMES = ("chen", "li", "wang", "zhao")
TEAMS = (DEFAULT, "beijing", "nobody's")

EVERYONE = Team(DEFAULT, "客服", is_automatic=True)
BEIJING = Team("beijing", "北京", is_automatic=True)
EMPTY = Team("nobody's", "新店", is_automatic=True)
RECEPTION = Reception(Teams({team.id: team for team in (EVERYONE, BEIJING, EMPTY)}))

COLLEAGUES = st.builds(
    Colleague,
    st.just(""),
    st.sampled_from([State.AVAILABLE] * 6 + list(State)),
    st.lists(st.sampled_from(TEAMS[:2]), unique=True).map(tuple),
    st.lists(st.sampled_from(["gift_ideas", "repair", "en"]), unique=True).map(tuple),
    st.integers(1, 4),
    st.integers(0, 3),
    st.sampled_from([True, True, True, False]),
)
FLOORS = st.lists(COLLEAGUES, min_size=1, max_size=len(NAMES)).map(
    lambda found: Floor(
        {name: replace(each, name=name) for name, each in zip(NAMES, found, strict=False)}
    )
)
SOMEBODY = st.sampled_from(["", *NAMES, "gone"])
WAITING = st.builds(
    Listed,
    st.just("oFollower"),
    st.just(Speaker.WAITING),
    st.just(NOW - 100),
    team=st.sampled_from(TEAMS),
    subject=st.sampled_from(["", "gift_ideas", "repair"]),
    language=st.sampled_from(["", "en"]),
    offered=SOMEBODY,
    offered_at=st.floats(NOW - 200, NOW),
    passed=st.lists(st.sampled_from(NAMES), unique=True).map(tuple),
    associate=SOMEBODY,
    last_agent=SOMEBODY,
)


def floor_of(*colleagues: Colleague) -> Floor:
    return Floor({each.name: each for each in colleagues})


def waiting(**fields: object) -> Listed:
    return Listed("oFollower", Speaker.WAITING, NOW, team=DEFAULT, **fields)  # type: ignore[arg-type]


def held(agent: str = "li", **fields: object) -> Listed:
    return Listed("oFollower", Speaker.AGENT, NOW, agent=agent, team=DEFAULT, **fields)  # type: ignore[arg-type]


@given(WAITING, FLOORS)
def test_only_who_is_free_and_in_place_is_chosen(each: Listed, floor: Floor) -> None:
    name = choose(each, floor)
    assume(name)
    chosen = floor.colleagues[name]
    assert chosen.is_routed
    assert chosen.state is State.AVAILABLE
    assert chosen.load - (name == each.offered) < chosen.limit
    assert floor.is_member(name, each.team) or name == each.associate


@given(WAITING, FLOORS)
def test_somebody_is_chosen_whenever_somebody_is_free(each: Listed, floor: Floor) -> None:
    each = replace(each, team="nobody's", offered="")
    free = [
        one
        for one in floor.colleagues.values()
        if one.is_routed and one.state is State.AVAILABLE and one.load < one.limit
    ]
    assert bool(choose(each, floor)) == bool(free)


@given(WAITING, FLOORS)
def test_an_offer_that_was_let_go_goes_to_another_one_while_others_are_free(
    each: Listed, floor: Floor
) -> None:
    team = RECEPTION.teams.get(each.team)
    each = replace(each, passed=(), offered_at=NOW - team.offer_seconds)
    after = offered(each, floor, RECEPTION, NOW)
    others = Floor({n: one for n, one in floor.colleagues.items() if n != each.offered})
    # Whether others are of the team does not depend on who has let it go.
    is_manned = all(
        floor.is_member(name, each.team) == others.is_member(name, each.team)
        for name in others.colleagues
    )
    assume(is_manned and each.offered)
    if choose(each, others):
        assert after != each.offered


@given(WAITING, FLOORS)
def test_the_decision_stands_once_it_is_made(each: Listed, floor: Floor) -> None:
    """Two processes that decide one after the other do not take turns."""
    each = replace(each, offered="")
    chosen = offered(each, floor, RECEPTION, NOW)
    assume(chosen)
    after = replace(each, offered=chosen, offered_at=NOW)
    assert offered(after, floor.loaded(chosen, 1), RECEPTION, NOW) == chosen


@given(WAITING, FLOORS, st.sampled_from(NAMES))
def test_the_own_associate_goes_before_all_others(
    each: Listed, floor: Floor, associate: str
) -> None:
    one = Colleague(associate, teams=("elsewhere",))
    floor = Floor({**floor.colleagues, associate: one})
    assert choose(replace(each, associate=associate, passed=()), floor) == associate


def test_skills_go_before_the_last_agent_and_that_before_the_load() -> None:
    li, wang = Colleague("li", load=0), Colleague("wang", load=3)
    assert choose(waiting(), floor_of(li, wang)) == "li"
    assert choose(waiting(last_agent="wang"), floor_of(li, wang)) == "wang"
    skilled = replace(li, load=4, skills=("repair",))
    assert choose(waiting(last_agent="wang", subject="repair"), floor_of(skilled, wang)) == "li"
    english = replace(wang, skills=("repair", "en"))
    both = waiting(subject="repair", language="en")
    assert choose(both, floor_of(skilled, english)) == "wang"


def test_who_is_in_no_team_is_in_the_one_for_everything_and_no_other() -> None:
    floor = floor_of(Colleague("li"), Colleague("wang", teams=("beijing",)))
    assert choose(replace(waiting(), team="beijing"), floor) == "wang"
    assert choose(waiting(), floor) == "li"
    assert choose(replace(waiting(), team="nobody's"), floor) == "li"


def test_those_who_lead_are_offered_only_what_their_teams_get() -> None:
    boss = Colleague("boss", is_routed=False)
    assert choose(waiting(), floor_of(boss)) == ""


def test_loads_count_what_is_held_and_what_is_offered() -> None:
    listed = [held(), held(), waiting(offered="wang"), waiting()]
    floor = with_loads([Colleague("li"), Colleague("wang"), Colleague("chen")], listed)
    assert {name: each.load for name, each in floor.colleagues.items()} == {
        "li": 2,
        "wang": 1,
        "chen": 0,
    }


@pytest.mark.parametrize("team", [replace(EVERYONE, is_automatic=False), None])
def test_nothing_is_offered_by_hand_or_out_of_hours(team: Team | None) -> None:
    nights = replace(EVERYONE, week=((),) * 7)
    reception = Reception(Teams({DEFAULT: team or nights}))
    assert offered(waiting(offered="li"), floor_of(Colleague("li")), reception, NOW) == ""


def test_an_offer_runs_for_its_seconds_and_stays_if_nobody_else_is_free() -> None:
    each = waiting(offered="li", offered_at=NOW)
    li, wang = Colleague("li", load=1), Colleague("wang", load=2)
    assert offer_seconds(each, RECEPTION, NOW + 59.5) == 1
    assert offered(each, floor_of(li, wang), RECEPTION, NOW + 59) == "li"
    assert offered(each, floor_of(li, wang), RECEPTION, NOW + 60) == "wang"
    assert offered(each, floor_of(li), RECEPTION, NOW + 60) == "li"
    away = replace(li, state=State.AWAY)
    assert offered(each, floor_of(away, wang), RECEPTION, NOW + 1) == "wang"
    assert offered(each, floor_of(away), RECEPTION, NOW + 1) == ""


def test_offers_go_round_when_everybody_lets_them_go() -> None:
    floor, each, seen = floor_of(*map(Colleague, NAMES)), waiting(), []
    for number in range(8):
        at = NOW + number * 60
        name = offered(each, floor, RECEPTION, at)
        passed = (*(one for one in each.passed if one != each.offered), each.offered)
        each = replace(each, passed=passed if each.offered else (), offered=name, offered_at=at)
        seen.append(name)
    assert seen == [*NAMES, *NAMES]


@pytest.mark.parametrize(
    ("state", "unanswered_since", "expected"),
    [
        (State.AVAILABLE, 0.0, None),
        (State.BUSY, NOW - 100, None),
        (State.AWAY, NOW - 100, Cause.AWAY),
        (State.AWAY, 0.0, None),
        (State.OFFLINE, NOW - 100, Cause.OFFLINE),
        (State.OFFLINE, 0.0, Cause.OFFLINE),
    ],
)
def test_a_conversation_leaves_who_is_not_there(
    state: State, unanswered_since: float, expected: Cause | None
) -> None:
    floor = floor_of(Colleague("li", state))
    each = held(unanswered_since=unanswered_since)
    assert why_taken_back(each, floor, RECEPTION, NOW) is expected


def test_a_conversation_leaves_an_account_that_is_no_more() -> None:
    assert why_taken_back(held("gone"), floor_of(Colleague("li")), RECEPTION, NOW) is Cause.GONE


def test_silence_counts_from_the_taking_and_only_while_the_team_is_there() -> None:
    zone = ZoneInfo(EVERYONE.zone)
    day = NOW // 86400 * 86400 + 86400 - 8 * 3600  # midnight in Shanghai, UTC+8
    assert zone.key == "Asia/Shanghai"
    office = replace(EVERYONE, week=(((600, 1200),),) * 7, calendar="")
    reception, floor = Reception(Teams({DEFAULT: office})), floor_of(Colleague("li"))
    taken_at = day + 1190 * 60  # ten minutes before closing time
    each = replace(held(), since=taken_at, unanswered_since=taken_at - 3600)
    assert why_taken_back(each, floor, reception, taken_at + 599) is None
    assert why_taken_back(each, floor, reception, taken_at + 8 * 3600) is None
    opening = day + 86400 + 600 * 60
    assert why_taken_back(each, floor, reception, opening + 299) is None
    assert why_taken_back(each, floor, reception, opening + 300) is Cause.SILENT

"""What a fresh demo begins with, and that no other store gets it."""

from pathlib import Path

from bot.brand_files import load_brand
from bot.desk.teams import DEFAULT, Team
from connectors.cli.demo_desk import EXAMPLE_TEAMS, PEOPLE, SERVED, WAITING, begin
from connectors.desk.guard.accounts import Accounts
from connectors.store.connection import Connection
from connectors.store.desk.teams import TeamShelf


async def test_a_fresh_demo_has_teams_and_people_with_one_password(connection: Connection) -> None:
    await Accounts(connection.redis).ensure_admin("a password")
    password = await begin(connection.redis)
    accounts = Accounts(connection.redis)
    assert (await accounts.log_in("chen", password, "::1")).role == "supervisor"
    assert {agent.name for agent in await accounts.all()} == {
        "admin",
        *(each.name for each in PEOPLE),
    }
    assert set((await TeamShelf(connection.redis).load()).by_id) == {
        team.id for team in EXAMPLE_TEAMS
    }


async def test_a_store_that_is_in_use_gets_none(connection: Connection) -> None:
    assert await begin(connection.redis)
    assert await begin(connection.redis) == ""


async def test_teams_of_ones_own_stay(connection: Connection) -> None:
    await TeamShelf(connection.redis).put(Team("ours", "我们"))
    assert await begin(connection.redis) == ""
    assert set((await TeamShelf(connection.redis).load()).by_id) == {"ours", DEFAULT}


def test_the_examples_name_what_the_brand_has(nlu_data: Path) -> None:
    brand, teams = load_brand(nlu_data / "brand"), {team.id: team for team in EXAMPLE_TEAMS}
    for team in EXAMPLE_TEAMS:
        assert set(team.cities) <= set(brand.cities)
        assert team.calendar in brand.calendars
    assert {team for person in PEOPLE for team in person.teams} <= set(teams)
    assert {talk.agent for talk in (*SERVED, *WAITING)} - {""} <= {each.name for each in PEOPLE}


def test_somebody_is_always_there() -> None:
    everyone = next(team for team in EXAMPLE_TEAMS if team.id == DEFAULT)
    assert everyone.week == (((0, 24 * 60),),) * 7

"""What a waiting follower is told of place and time, and who goes before whom: over the real store."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.brand_files import load_brand
from bot.conversation import Speaker
from bot.desk.teams import Team, Teams
from bot.ledger import Event
from bot.members import CrmUnavailable, Member
from connectors.changed_hours import ChangedHours
from connectors.reception import LiveReception
from connectors.store.connection import Connection
from connectors.store.desk.teams import TeamShelf
from connectors.store.desk.waits import KEPT, WaitShelf
from tests.stories.people import ACCOUNT, TEN_TO_TEN, House, at


@pytest.fixture
def house(connection: Connection, nlu_data: Path) -> House:
    """An account with people from ten to ten."""
    return House(connection, nlu_data)


async def served(house: House, openid: str, seconds: float) -> None:
    """A follower gets the first word of a person after so many seconds."""
    await house.says("转人工", openid)
    await house.takes(openid)
    await house.later(seconds)
    await house.answers("您好", openid)


def live(house: House, connection: Connection, nlu_data: Path) -> LiveReception:
    """The reception as a connector keeps it."""
    brand = load_brand(nlu_data / "brand")
    shelf, waits = TeamShelf(connection.redis), [WaitShelf(connection.redis, ACCOUNT)]
    return LiveReception(shelf, lambda: brand, waits, house.clock)


async def test_a_likely_wait_is_told_once_the_last_hours_have_shown_it(
    house: House, connection: Connection, nlu_data: Path
) -> None:
    reception = live(house, connection, nlu_data)
    for number, seconds in enumerate((60, 300, 290)):
        await reception.refresh()
        house.desk.reception = reception.reception
        assert "大约" not in await house.says("转人工", f"oBefore{number}")
        await house.says("取消", f"oBefore{number}")
        await served(house, f"oServed{number}", seconds)
    await reception.refresh()
    house.desk.reception = reception.reception
    assert "您排在第 1 位，大约要等 5 分钟" in await house.says("转人工", "oOne")
    await house.later(1)
    assert "您排在第 2 位，大约要等 10 分钟" in await house.says("转人工", "oTwo")
    assert "您现在排在第 2 位，大约要等 10 分钟" in await house.says("还在吗", "oTwo")
    # Waits of hours ago say nothing of now.
    house.clock.at += 4 * 3600
    await reception.refresh()
    assert reception.reception.waits == {}


async def test_only_first_words_count_and_only_the_latest_are_kept(
    house: House, connection: Connection
) -> None:
    shelf = WaitShelf(connection.redis, ACCOUNT)
    await served(house, "oServed", 60)
    (first,) = await shelf.latest("all")
    assert first[1] - first[0] == 60
    await house.says("还有一个问题", "oServed")
    await house.answers("请说", "oServed")
    assert await shelf.latest("all") == [first]
    replies = await house.entries(Event.REPLIED)
    assert [entry.reason for entry in replies] == ["first", "next"]
    for number in range(KEPT + 3):
        key = house.store.keys.waits("all")
        await connection.redis.lpush(key, f"{float(number)!r} {float(number)!r}")
    await served(house, "oLast", 1)
    assert len(await shelf.latest("all")) == KEPT


async def test_the_ledger_tells_who_took_and_answered_for_which_team_and_about_what(
    house: House,
) -> None:
    await served(house, "oServed", 60)
    await house.later(20)
    told = await house.entries(*Event)
    kinds = [Event.OPENED, Event.ESCALATED, Event.TAKEN, Event.REPLIED, Event.CLOSED]
    assert [entry.event for entry in told] == kinds
    assert {entry.enquiry for entry in told} == {told[0].enquiry}
    assert [entry.intent for entry in told] == ["", *["asked_for_human"] * 4]
    assert [(entry.agent, entry.team) for entry in told[2:4]] == [("li", "all")] * 2
    assert told[3].at - told[3].since == 60


async def test_the_place_is_that_within_the_team_in_the_order_of_the_lists(house: House) -> None:
    gold = Team("gold", "投诉组", week=TEN_TO_TEN, subjects=("complaint",))
    everyone = Team("all", "客服", week=TEN_TO_TEN)
    house.desk.reception = replace(
        house.desk.reception, teams=Teams({"all": everyone, "gold": gold})
    )
    assert "第 1 位" in await house.says("转人工", "oFirst")
    await house.later(1)
    assert "第 2 位" in await house.says("转人工", "oSecond")
    assert "第 1 位" in await house.says("我要投诉", "oAngry")  # of another team
    await house.later(61)
    house.register.members["oGuest"] = Member("林", 9, is_vip=True)
    assert "第 3 位" in await house.says("转人工", "oGuest")
    # The CRM is asked beside the reply; its VIP goes before others with the same deadline, not before an earlier one.
    assert (await house.state("oGuest")).is_vip
    assert "第 3 位" in await house.says("转人工", "oGuest")
    await house.later(1)
    assert "第 4 位" in await house.says("转人工", "oLast")
    order = [each.openid for each in await house.store.listed()]
    assert [name for name in order if name != "oAngry"] == ["oFirst", "oSecond", "oGuest", "oLast"]
    waiting = [await house.state(name) for name in order if name != "oAngry"]
    assert [await house.store.place(each) for each in waiting] == [1, 2, 3, 4]


async def test_a_vip_goes_before_others_of_the_same_minute(house: House) -> None:
    house.register.members["oGuest"] = Member("林", 9, is_vip=True)
    await house.says("转人工", "oFirst")
    await house.says("转人工", "oGuest")
    assert [each.openid for each in await house.store.listed()] == ["oGuest", "oFirst"]
    assert "第 1 位" in await house.says("我在等", "oGuest")
    assert "第 2 位" in await house.says("我在等", "oFirst")


async def test_a_register_that_is_away_keeps_nobody_from_the_queue(house: House) -> None:
    class Away:
        async def find(self, openid: str) -> Member | None:
            raise CrmUnavailable("TimeoutError")

    house.engine = replace(house.engine, members=Away())
    assert "第 1 位" in await house.says("转人工")
    assert (await house.state()).is_queued


async def test_deadlines_are_kept_right_from_the_first_word_to_the_last(house: House) -> None:
    now = house.clock.at
    await house.says("转人工")
    assert (await house.state()).due_at == now + 180
    await house.later(30)
    await house.says("在吗")  # no new clock: the first word is still owed
    await house.takes()
    assert (await house.state()).due_at == now + 180
    await house.answers("您好")
    assert (await house.state()).due_at == 0
    await house.later(100)
    await house.says("国金店几点关门")
    assert (await house.state()).due_at == house.clock.at + 300
    await house.says("？")
    assert (await house.state()).due_at == house.clock.at + 300
    await house.answers("十点")
    await house.closes()
    state = await house.state()
    assert (state.due_at, state.replied_at, state.last_agent) == (0, 0, "li")


async def test_changed_hours_count_at_once_for_those_who_wait_already(house: House) -> None:
    await house.until("2026-11-25 23:00")
    assert "明天 10:00" in await house.says("转人工")
    hours = ChangedHours(house.engine, house.store)
    await hours.step()
    before = await house.state()
    house.hours((((8 * 60, 22 * 60),),) * 7)
    await hours.step()
    state = await house.state()
    assert (before.turns_at, state.turns_at) == (at("2026-11-26 10:00"), at("2026-11-26 08:00"))
    assert state.due_at == at("2026-11-26 08:03")
    await house.until("2026-11-26 08:00")
    assert (await house.state()).speaker is Speaker.WAITING
    version = (await house.state()).version
    await hours.step()
    assert (await house.state()).version == version


async def test_who_waits_is_told_until_when_people_are_there(house: House) -> None:
    assert "人工服务时间：今天 22:00 前" in await house.says("转人工")

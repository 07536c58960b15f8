"""Offers and takings back, over the real store, with a clock that is moved."""

import asyncio

import pytest

from bot import transfers
from bot.conversation import Conversation, Speaker
from bot.desk.teams import DEFAULT, Team
from connectors.dispatching import Dispatcher
from connectors.store.keys import AGENTS, DISPATCH_LEASE
from connectors.store.lease import Lease
from tests.desk.conftest import OPENID, SESSION_LIBRARY, Browser, Desk
from tests.desk.test_transfers import changed, with_teams

pytestmark = SESSION_LIBRARY
ONE = f"/desk/conversations/{OPENID}"
AUTOMATIC = Team(DEFAULT, "客服", is_automatic=True, offer_seconds=60)


async def now_at(desk: Desk) -> Conversation:
    return await desk.parts.conversations.read(OPENID)


async def here(desk: Desk, *names: str) -> list[Browser]:
    """These agents' pages are open now."""
    browsers = [await desk.browser(name) for name in names]
    for browser in browsers:
        await browser.get("/desk/")
    return browsers


async def dispatch(desk: Desk) -> None:
    await Dispatcher.over([desk.parts]).step()


async def test_a_waiting_follower_is_offered_and_shown_on_top(desk: Desk) -> None:
    await with_teams(desk, AUTOMATIC)
    await desk.somebody_waits()
    (li,) = await here(desk, "li")
    await dispatch(desk)
    assert (await now_at(desk)).offered == "li"
    desk.clock.at += 18
    lists = (await li.get("/desk/lists"))[1]
    assert "派给您" in lists
    assert "还有 42 秒" in lists
    # To colleagues it is one of those who wait, and they may take it.
    (wang,) = await here(desk, "wang")
    assert "派给您" not in (await wang.get("/desk/lists"))[1]
    assert (await wang.post(f"{ONE}/take")).status == 200
    conversation = await now_at(desk)
    assert (conversation.agent, conversation.offered, conversation.passed) == ("wang", "", ())


async def test_an_offer_goes_on_when_it_is_not_taken(desk: Desk) -> None:
    await with_teams(desk, AUTOMATIC)
    await desk.somebody_waits()
    li, wang = await here(desk, "li", "wang")
    seen = []
    for _ in range(3):
        await dispatch(desk)
        seen.append((await now_at(desk)).offered)
        desk.clock.at += 60
        await li.get("/desk/")
        await wang.get("/desk/")
    assert seen == ["li", "wang", "li"]


async def test_manual_teams_offer_nothing(desk: Desk) -> None:
    await desk.somebody_waits()
    await here(desk, "li")
    await dispatch(desk)
    assert (await now_at(desk)).offered == ""


async def test_nobody_gets_more_than_their_limit(desk: Desk) -> None:
    await with_teams(desk, AUTOMATIC)
    await changed(desk, "li", limit=2)
    for number in range(3):
        await desk.somebody_waits(openid=f"oFollower{number}")
    await here(desk, "li")
    await dispatch(desk)
    offered = [each.offered for each in await desk.parts.conversations.listed()]
    assert sorted(offered) == ["", "li", "li"]


async def test_the_load_is_shared(desk: Desk) -> None:
    await with_teams(desk, AUTOMATIC)
    for number in range(4):
        await desk.somebody_waits(openid=f"oFollower{number}")
    await here(desk, "li", "wang")
    await dispatch(desk)
    offered = [each.offered for each in await desk.parts.conversations.listed()]
    assert sorted(offered) == ["li", "li", "wang", "wang"]


async def test_nothing_is_written_when_nothing_is_due(desk: Desk) -> None:
    await with_teams(desk, AUTOMATIC)
    await desk.somebody_waits()
    await here(desk, "li")
    await dispatch(desk)
    before = await now_at(desk)
    await dispatch(desk)
    assert await now_at(desk) == before


async def test_several_processes_do_the_work_once(desk: Desk) -> None:
    """Without the lease, all at once: every follower is offered to somebody, once."""
    await with_teams(desk, AUTOMATIC)
    for number in range(6):
        await desk.somebody_waits(openid=f"oFollower{number}")
    versions = {one.openid: one.version for one in await desk.parts.conversations.waiting()}
    await here(desk, "li", "wang")
    await asyncio.gather(*(dispatch(desk) for _ in range(5)))
    for each in await desk.parts.conversations.waiting():
        assert each.offered in {"li", "wang"}
        assert each.passed == ()
        assert each.version == versions[each.openid] + 1


async def test_one_process_at_a_time_has_the_lease(desk: Desk) -> None:
    first, second = (Lease(desk.parts.connection.redis, DISPATCH_LEASE) for _ in range(2))
    assert await first.is_ours()
    assert not await second.is_ours()
    await first.let_go()
    assert await second.is_ours()


async def test_a_conversation_of_a_removed_account_is_taken_back(desk: Desk) -> None:
    await desk.somebody_waits()
    li, wang = await here(desk, "li", "wang")
    await li.post(f"{ONE}/take")
    due_at = (await now_at(desk)).due_at
    await desk.parts.connection.redis.hdel(AGENTS, "li")
    await dispatch(desk)
    conversation = await now_at(desk)
    assert conversation.speaker is Speaker.WAITING
    assert conversation.due_at == due_at
    assert "li 的账号已删除，会话收回" in (await wang.get(ONE))[1]


async def test_an_agent_who_goes_away_keeps_what_waits_for_the_follower(desk: Desk) -> None:
    await desk.somebody_waits()
    await desk.somebody_waits(openid="oOther")
    (li,) = await here(desk, "li")
    for openid in (OPENID, "oOther"):
        await li.post(f"/desk/conversations/{openid}/take")
    await li.reply("您好，请问订单号？")
    await desk.work()
    await li.post("/desk/presence", state="away")
    await dispatch(desk)
    held = {each.openid: each.agent for each in await desk.parts.conversations.listed()}
    assert held == {OPENID: "li", "oOther": ""}
    # The follower writes: now a word is wanted, and somebody else has to say it.
    await desk.somebody_waits("订单号 123")
    await dispatch(desk)
    assert (await now_at(desk)).speaker is Speaker.WAITING


async def test_who_had_the_follower_before_is_offered_again_what_comes_back(desk: Desk) -> None:
    await with_teams(desk, AUTOMATIC)
    await desk.somebody_waits()
    (wang,) = await here(desk, "wang")
    await wang.post(f"{ONE}/take")
    await wang.reply("您好")
    await wang.post(f"{ONE}/close")
    await desk.work()
    await here(desk, "li")
    await desk.somebody_waits("还是坏的")
    await dispatch(desk)
    assert (await now_at(desk)).offered == "wang"


@pytest.mark.parametrize(("is_there", "expected"), [(True, "wang"), (False, "li")])
async def test_a_vip_goes_to_the_own_associate_who_is_there(
    desk: Desk, is_there: bool, expected: str
) -> None:
    await with_teams(desk, AUTOMATIC)
    await changed(desk, "wang", teams=("elsewhere",))
    await desk.somebody_waits()
    await here(desk, *(["li", "wang"] if is_there else ["li"]))
    await desk.parts.engine.apply(OPENID, lambda at: transfers.introduce(at, "wang"))
    await dispatch(desk)
    assert (await now_at(desk)).offered == expected
    if is_there:
        wang = await desk.browser("wang")
        assert (await wang.post(f"{ONE}/take")).status == 200

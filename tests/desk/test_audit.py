"""The audit log: what is written, what is not, who reads it, and how long it stays."""

import re

import pytest

from connectors.app import create_app
from connectors.desk.guard.audit import EXPORTS, QUIET, VIEWS
from connectors.desk.guard.security import WRITES
from connectors.desk.words.door import ACTIONS
from connectors.store.desk.audit import AuditLog, Entry, OldAudit, Wanted
from connectors.store.keys import AUDIT
from tests.desk.conftest import OPENID, SESSION_LIBRARY, Desk
from tests.desk.test_roles import routes, with_one_of_each_role

pytestmark = SESSION_LIBRARY
ONE = f"/desk/conversations/{OPENID}"
ALL = Wanted()


async def actions(desk: Desk, wanted: Wanted = ALL) -> list[tuple[str, str]]:
    """Who did what, oldest first."""
    entries, _ = await AuditLog(desk.parts.connection.redis).page(wanted, "", 100)
    return [(each.agent, each.action) for each in reversed(entries)]


async def test_a_days_work_is_written_down_without_words_or_openids(desk: Desk) -> None:
    await desk.somebody_waits("拉链坏了，电话 13800138000")
    li = await desk.browser("li")
    await li.get(ONE)
    await li.get(f"{ONE}/thread")
    await li.post(f"{ONE}/take")
    await li.post(f"{ONE}/typing")
    await li.reply("可以免费换")
    await li.post(f"{ONE}/close")
    await li.post("/desk/logout")
    done = ["logged_in", "viewed", "take", "reply", "close", "log_out"]
    assert await actions(desk) == [("li", each) for each in done]
    kept = str(await desk.parts.connection.redis.xrange(AUDIT))
    assert not [each for each in (OPENID, "拉链", "13800138000", "可以免费换") if each in kept]
    alias = (await desk.parts.conversations.read(OPENID)).alias
    assert kept.count(alias) == 4


async def test_reading_only_the_part_of_a_page_is_reading(desk: Desk) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    await li.get(f"{ONE}/thread")
    assert ("li", "viewed") in await actions(desk)


async def test_looking_on_and_writing_on_fills_no_log(desk: Desk) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    for number in range(10):
        fields = {"typing": "1"} if number % 2 else {}
        assert (await li.post(f"{ONE}/viewing", **fields)).status == 200
    assert await actions(desk) == [("li", "logged_in")]


@pytest.mark.parametrize("part", ["profile", "member", "suggestions", "canned"])
async def test_reading_what_is_known_of_a_follower_is_reading(desk: Desk, part: str) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    for _ in range(2):
        assert (await li.get(f"{ONE}/{part}"))[0] == 200
    assert await actions(desk) == [("li", "logged_in"), ("li", "viewed")]
    await li.get(ONE)
    assert len(await actions(desk)) == 2


async def test_reading_what_is_marked_is_written_down(desk: Desk) -> None:
    chen = await desk.browser("chen")
    for _ in range(2):
        assert (await chen.get("/desk/marked"))[0] == 200
    assert await actions(desk) == [("chen", "logged_in"), ("chen", "viewed_marked")]


async def test_what_was_refused_is_not_written_as_done(desk: Desk) -> None:
    await desk.somebody_waits()
    li, wang = await desk.browser("li"), await desk.browser("wang")
    await li.post(f"{ONE}/take")
    assert (await wang.post(f"{ONE}/take")).status == 409
    async with wang.client.post(f"{ONE}/close", data={"csrf": "wrong"}) as answered:
        assert answered.status == 403
    assert [each for each in await actions(desk) if each[0] == "wang"] == [("wang", "logged_in")]


async def test_failed_log_ins_are_written_and_what_was_typed_is_not(desk: Desk) -> None:
    stranger = await desk.browser()
    await stranger.log_in("li", "hunter2hunter2")
    await stranger.log_in("hunter2hunter2", "x")
    assert await actions(desk) == [("li", "login_failed"), ("", "login_failed")]
    kept = str(await desk.parts.connection.redis.xrange(AUDIT))
    assert "hunter2" not in kept
    assert "127.0.0.1" in kept


async def test_a_lock_out_is_written_once_and_not_with_every_try(desk: Desk) -> None:
    stranger = await desk.browser()
    for _ in range(14):
        await stranger.log_in("li", "wrong")
    told = await actions(desk)
    assert told.count(("li", "login_failed")) == 10
    assert told.count(("li", "login_locked")) == 1


async def test_changes_of_accounts_are_written_with_name_and_role(desk: Desk) -> None:
    await with_one_of_each_role(desk)
    boss = await desk.browser("the-admin")
    await boss.post("/desk/people", name="zhou", shown="小周", role="trainer", limit="3")
    await boss.post("/desk/people/zhou/password")
    await boss.post("/desk/people/zhou/remove")
    entries, _ = await AuditLog(desk.parts.connection.redis).page(Wanted("the-admin"), "", 10)
    assert [(each.action, each.about) for each in reversed(entries)][1:] == [
        ("add_person", "zhou trainer"),
        ("renew_password", "zhou"),
        ("remove_person", "zhou"),
    ]


async def test_passing_on_and_taking_data_out_are_written_down(desk: Desk) -> None:
    await desk.somebody_waits()
    await with_one_of_each_role(desk)
    li, boss = await desk.browser("li"), await desk.browser("the-supervisor")
    await li.post(f"{ONE}/take")
    assert (await li.post(f"{ONE}/transfer", to="team:all", why="下班了")).status == 200
    await boss.post("/desk/teams", id="night", shown="夜班")
    html = (await boss.get("/desk/reports"))[1]
    table = re.search(r'href="(/desk/reports/[a-z]+\.csv[^"]*)"', html)
    assert table
    await boss.get(table[1].replace("&amp;", "&"))
    entries, _ = await AuditLog(desk.parts.connection.redis).page(ALL, "", 20)
    told = {each.action: (each.agent, each.about) for each in entries}
    assert told["transfer"] == ("li", "team:all")
    assert told["report_table"][0] == "the-supervisor"
    assert "下班了" not in str(entries)


async def test_the_page_shows_filters_and_pages_and_resolves_who_still_exists(desk: Desk) -> None:
    await desk.somebody_waits()
    await with_one_of_each_role(desk)
    li, boss = await desk.browser("li"), await desk.browser("the-supervisor")
    await li.get(ONE)
    html = (await boss.get("/desk/audit?action=viewed"))[1]
    assert f'href="{ONE}"' in html
    alias = (await desk.parts.conversations.read(OPENID)).alias
    await desk.parts.engine.forgetting.on_request(OPENID)
    html = (await boss.get(f"/desk/audit?alias={alias}"))[1]
    assert alias in html
    assert OPENID not in html
    log = AuditLog(desk.parts.connection.redis)
    for number in range(120):
        await log.write(Entry(desk.clock.now(), "wang", "take", about=f"n{number}"))
    first = (await boss.get("/desk/audit?agent=wang"))[1]
    older = re.search(r'href="(/desk/audit\?[^"]+)" rel="next"', first)
    assert older
    second = (await boss.get(older[1].replace("&amp;", "&")))[1]
    assert "n119" in first
    assert "n69" in second
    assert "n119" not in second
    assert "n69" not in first


@pytest.mark.parametrize(
    "query",
    [
        "before=x",
        "before=1-1-1",
        "day=never",
        "agent=%3Cscript%3E",
        "before=0-0",
        "alias=*",
        "day=9999-12-31",
    ],
)
async def test_a_strange_filter_is_no_fault(desk: Desk, query: str) -> None:
    await with_one_of_each_role(desk)
    boss = await desk.browser("the-admin")
    status, html = await boss.get(f"/desk/audit?{query}")
    assert status == 200
    assert "<script>" not in html


async def test_old_entries_go_by_their_own_time(desk: Desk) -> None:
    log, day = AuditLog(desk.parts.connection.redis), 86400.0
    for number in range(5):
        await log.write(Entry(number * day, "li", "take"))
    keeping = OldAudit(log, 2)
    await keeping.step(4 * day)
    entries, _ = await log.page(ALL, "", 10)
    assert [each.at / day for each in reversed(entries)] == [2.0, 3.0, 4.0]


async def test_whatever_is_written_down_has_a_word(desk: Desk) -> None:
    told = {"logged_in", "login_failed", "login_locked", *VIEWS.values(), *EXPORTS}
    for name, method, _ in routes(create_app(desk.parts, {"desk"})):
        if method in WRITES and name != "log_in":
            told.add(name)
    assert sorted(told - QUIET - ACTIONS.keys()) == []

"""The desk over a store that was restored from a backup: all that agents have written and set is there, and goes on."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from connectors.backup import backup, restore
from connectors.desk.guard.accounts import Accounts, Agent
from connectors.store.connection import Connection
from connectors.store.desk.audit import AuditLog, Entry, Wanted
from connectors.store.desk.canned import Canned, CannedShelf
from connectors.store.desk.teams import TeamShelf
from tests.desk.conftest import OPENID, SESSION_LIBRARY, Desk, OpenDesk
from tests.desk.test_pictures import PNG, A, send
from tests.desk.test_teams import sent
from tests.doubles import text
from tests.stories.test_story_35 import running_store

pytestmark = SESSION_LIBRARY
ONE = f"/desk/conversations/{OPENID}"
NOTE = "上次退货有纠纷 @王芳 @小周"
ZHOU = {"name": "zhou", "shown": "小周", "role": "agent", "skills": "en", "limit": "3"}


@dataclass
class Moved:
    """A desk after a day's work, and the one over what was restored of it.

    ``password`` is that of the new agent; ``people`` and ``keys`` are what lay in the restored store before anybody
    opened a desk there.
    """

    before: Desk
    after: Desk
    password: str
    people: list[Agent]
    keys: list[str]


async def a_days_work(desk: Desk) -> str:
    """People, a team, canned replies, a conversation with all that belongs to it; the new agent's password."""
    chen, li = await desk.browser("chen"), await desk.browser("li")
    made = await chen.post("/desk/people", **ZHOU)
    found = re.search(r"<code>([^<]+)</code>", await made.text())
    assert found
    assert (await sent(chen, "/desk/teams", cities="paris", managers="chen, li"))[0] == 303
    await CannedShelf(desk.parts.connection.redis).put(Canned("", "bye", "再见，祝您愉快"))
    assert (await li.post("/desk/canned", shortcut="fix", text="拉链可以寄修")).status == 303
    await desk.somebody_waits()
    await li.post(f"{ONE}/take")
    await li.post(f"{ONE}/note", text=NOTE)
    await li.post(f"{ONE}/tags", tag="老客")
    await li.post(f"{ONE}/tags", tag="爱 <b>")
    await li.reply("可以修")
    assert (await send(li, PNG)).status == 200
    await desk.work()
    await desk.receive(text("要多久？", key="2"))
    return found[1]


@pytest.fixture
async def moved(
    open_desk: OpenDesk, connection: Connection, store_url: str, tmp_path: Path
) -> AsyncIterator[Moved]:
    """A day's work, backed up and restored into another store and another folder."""
    first = await open_desk(media_dir=tmp_path / "media")
    password = await a_days_work(first)
    (tmp_path / "second").mkdir()
    async with running_store(tmp_path / "second") as url:
        await backup(store_url, tmp_path / "media", tmp_path / "b.tar.gz")
        await restore(url, tmp_path / "back", tmp_path / "b.tar.gz")
        restored = Connection(url)
        people, keys = await Accounts(restored.redis).all(), await restored.redis.keys()
        await restored.close()
        second = await open_desk(redis_url=url, media_dir=tmp_path / "back")
        yield Moved(first, second, password, people, keys)
        await second.opened.aclose()


async def test_people_log_in_as_before_and_have_to(moved: Moved) -> None:
    people = {each.name: each for each in moved.people}
    for name in ("li", "wang", "chen", "zhou"):
        assert people[name] == await moved.before.accounts.find(name)
    assert (people["zhou"].shown, people["zhou"].skills, people["zhou"].limit) == (
        "小周",
        ("en",),
        3,
    )
    # Whoever has a backup has nobody's session.
    assert not [key for key in moved.keys if key.startswith("bida_desk") or ":sessions:" in key]
    zhou = await moved.after.browser()
    assert (await zhou.log_in("zhou", moved.password)).status == 303
    assert "小周" in (await zhou.get("/desk/"))[1]


async def test_the_conversation_is_whole_with_its_notes_and_pictures(moved: Moved) -> None:
    li = await moved.after.browser("li")
    _, html = await li.get(ONE)
    for words in ("拉链坏了", "可以修", "要多久？", "上次退货有纠纷"):
        assert words in html
    assert 'class="line note"' in html
    assert 'id="text"' in html
    async with li.client.get(f"{ONE}/media/agent-{A}") as answered:
        assert (answered.status, await answered.read()) == (200, PNG)


async def test_tags_are_there(moved: Moved) -> None:
    li = await moved.after.browser("li")
    _, html = await li.get(f"{ONE}/profile")
    assert "老客" in html
    assert "爱 &lt;b&gt;" in html


async def test_canned_replies_are_their_owners_and_everybodys_as_before(moved: Moved) -> None:
    li, wang = await moved.after.browser("li"), await moved.after.browser("wang")
    async with li.client.get(f"{ONE}/canned", headers=li.headers) as answered:
        mine = json.loads(await answered.text())
    assert {each["shortcut"]: each["text"] for each in mine} == {
        "bye": "再见，祝您愉快",
        "fix": "拉链可以寄修",
    }
    _, html = await wang.get("/desk/canned")
    assert "再见，祝您愉快" in html
    assert "拉链可以寄修" not in html


async def test_who_was_called_still_sees_it(moved: Moved) -> None:
    wang, zhou = await moved.after.browser("wang"), await moved.after.browser()
    await zhou.log_in("zhou", moved.password)
    for called in (wang, zhou):
        assert f'href="{ONE}"' in (await called.get("/desk/mentions"))[1]
    li = await moved.after.browser("li")
    assert ONE not in (await li.get("/desk/mentions"))[1]


async def test_teams_are_as_they_were(moved: Moved) -> None:
    before = await TeamShelf(moved.before.parts.connection.redis).load()
    assert (await TeamShelf(moved.after.parts.connection.redis).load()) == before
    paris = next(team for team in before.by_id.values() if team.shown == "巴黎店")
    assert (paris.cities, paris.managers) == (("paris",), ("chen", "li"))
    chen = await moved.after.browser("chen")
    assert "巴黎店" in (await chen.get("/desk/teams"))[1]


async def test_the_audit_log_still_says_who_did_what(moved: Moved) -> None:
    async def told(desk: Desk) -> list[Entry]:
        entries, _ = await AuditLog(desk.parts.connection.redis).page(Wanted(), "", 1000)
        return entries

    before = await told(moved.before)
    assert {"take", "note", "reply", "picture"} <= {each.action for each in before}
    assert await told(moved.after) == before


async def test_the_agent_goes_on_where_the_conversation_was(moved: Moved) -> None:
    li = await moved.after.browser("li")
    assert ONE in (await li.get("/desk/"))[1]
    assert (await li.reply("三天", key="c" * 32)).status == 200
    await moved.after.work()
    assert moved.after.postbox.sent[-1] == (OPENID, "三天")
    # What was sent before is not sent again.
    assert len(moved.after.postbox.sent) == 1

"""The live board: what waits, what is late, who is there; and that words of pages are told once."""

import importlib
import pkgutil
import re
from dataclasses import replace

from bot import handling
from bot.desk.teams import Team
from bot.enquiry import Outcome
from bot.ledger import Entry, Event
from connectors.desk import words
from connectors.store.desk.teams import TeamShelf
from connectors.store.entries import ledger_command
from tests.desk.conftest import OPENID, SESSION_LIBRARY, Browser, Desk

pytestmark = SESSION_LIBRARY


def figure(html: str, title: str) -> str:
    """The number of a tile."""
    found = re.search(rf"<dt>{title}</dt><dd>([^<]*)", html)
    assert found
    return found[1]


async def board(browser: Browser) -> str:
    status, html = await browser.get("/desk/board/now")
    assert status == 200
    return html


async def test_waiting_risk_and_overdue_are_told_apart(desk: Desk) -> None:
    chen = await desk.browser("chen")
    await desk.somebody_waits()
    html = await board(chen)
    assert (figure(html, "等待中"), figure(html, "已超时"), figure(html, "快超时")) == (
        "1",
        "0",
        "0",
    )
    desk.clock.at += 150
    assert figure(await board(chen), "快超时") == "1"
    desk.clock.at += 60
    html = await board(chen)
    assert (figure(html, "已超时"), figure(html, "最久等待")) == ("1", "3 分钟")
    assert "超时 不到 1 分钟" in html


async def test_the_window_that_closes_without_a_person_is_told(desk: Desk) -> None:
    closed = Team("all", "客服", week=((),) * 7)
    await TeamShelf(desk.parts.connection.redis).put(closed)
    await desk.parts.reception.refresh()
    await desk.somebody_waits()
    desk.clock.at += 47.5 * 3600
    await desk.parts.inbox.schedule(OPENID)
    await desk.work()
    chen = await desk.browser("chen")
    assert figure(await board(chen), "窗口将关") == "1"


async def test_an_agents_load_and_presence_are_shown(desk: Desk) -> None:
    chen, li = await desk.browser("chen"), await desk.browser("li")
    await desk.somebody_waits()
    await li.get("/desk/")
    await desk.parts.engine.apply(OPENID, lambda at: handling.take(at, "li", desk.clock.now()))
    html = await board(chen)
    found = re.search(r'<li data-agent="li">.*?</li>', html, re.S)
    assert found
    assert "在线" in found[0]
    assert "1 / 5" in found[0]
    assert f"/desk/conversations/{OPENID}" in found[0]
    assert '王芳</bdi></b> <span class="soft">离线' in html


async def test_a_supervisor_steps_in_from_the_board(desk: Desk) -> None:
    chen = await desk.browser("chen")
    await desk.somebody_waits()
    await desk.parts.engine.apply(OPENID, lambda at: handling.take(at, "li", desk.clock.now()))
    action = f"/desk/conversations/{OPENID}/step-in"
    assert f'action="{action}"' in await board(chen)
    await chen.post(action)
    assert (await desk.parts.conversations.read(OPENID)).agent == "chen"


async def test_orphans_and_the_unanswered_share_stand_on_top(desk: Desk) -> None:
    chen, now = await desk.browser("chen"), desk.clock.now()
    lost = Entry(Event.CLOSED, "a-1", now, outcome=Outcome.EXPIRED)
    forgotten = Entry(Event.OPENED, "b-1", now - 99, deadline=now - 1)
    for entry in (Entry(Event.OPENED, "a-1", now, deadline=now + 9), lost, forgotten):
        keys = desk.parts.conversations.keys
        await desk.parts.connection.redis.execute_command(*ledger_command(keys.ledger(), entry))
    html = ""
    while "共 2 条" not in html:
        html = await board(chen)
    assert "遗漏：1" in html
    assert "未答复：100.0 %" in html


async def test_several_teams_are_counted_apart(desk: Desk) -> None:
    shelf = TeamShelf(desk.parts.connection.redis)
    await shelf.put(Team("paris", "巴黎店", "Paris", subjects=("complaint",)))
    await desk.accounts.change("wang", lambda agent: replace(agent, teams=("paris",)))
    chen = await desk.browser("chen")
    chen.headers["Accept-Language"] = "en"
    await desk.parts.reception.refresh()
    await desk.somebody_waits()
    html = await board(chen)
    waiting = dict(
        re.findall(
            r'<th scope="row">([\w ]+) <small.*?<td class="number"><\w+[^>]*>(\d+)<', html, re.S
        )
    )
    assert waiting == {"Customer service": "1", "Paris": "0"}


def test_no_page_takes_anothers_words() -> None:
    seen: dict[str, str] = {}
    for module in pkgutil.iter_modules(words.__path__):
        told = importlib.import_module(f"{words.__name__}.{module.name}")
        for name, text in getattr(told, "WORDS", {}).items():
            assert seen.setdefault(name, text) == text, f"{name} of {module.name}"

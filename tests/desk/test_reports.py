"""The reports page: what it shows of the ledger, for whom, and the files for spreadsheets."""

import csv
import io
import re
from dataclasses import replace
from typing import Any

import pytest

from bot.enquiry import Outcome
from bot.ledger import Entry, Event
from connectors.desk.views.tables import BYTE_ORDER_MARK, Column, Table, as_csv
from connectors.store.entries import ledger_command
from tests.desk.conftest import SESSION_LIBRARY, Desk

pytestmark = SESSION_LIBRARY


async def write(desk: Desk, *entries: Entry) -> None:
    redis, keys = desk.parts.connection.redis, desk.parts.conversations.keys
    for entry in entries:
        await redis.execute_command(*ledger_command(keys.ledger(), entry))


def ended(desk: Desk, number: int, outcome: Outcome, **told: Any) -> tuple[Entry, Entry]:
    at = desk.clock.now()
    opened = Entry(Event.OPENED, f"a-{number}", at)
    closed = Entry(Event.CLOSED, f"a-{number}", at, outcome=outcome, since=at - 90)
    return opened, replace(closed, **told)


async def test_a_supervisor_reads_what_became_of_enquiries(desk: Desk) -> None:
    await write(desk, *ended(desk, 1, Outcome.ANSWERED_BY_BOT, intent="store_hours"))
    await write(
        desk, *ended(desk, 2, Outcome.ANSWERED_BY_AGENT, intent="complaint", agent="li", team="all")
    )
    browser = await desk.browser("chen")
    status, html = await browser.get("/desk/reports?period=today")
    assert status == 200
    assert "小李" in html
    assert "投诉、不满" in html
    assert re.search(r"<title[^>]*>咨询结果</title>", html)
    assert html.count('<rect class="c-bot"') >= 1
    assert "style=" not in html


async def test_an_agent_has_no_reports(desk: Desk) -> None:
    browser = await desk.browser("li")
    for path in ("/desk/reports", "/desk/reports/teams.csv"):
        assert (await browser.get(path))[0] == 403


async def test_each_table_is_a_file_that_excel_opens(desk: Desk) -> None:
    await write(
        desk, *ended(desk, 1, Outcome.ANSWERED_BY_AGENT, intent="complaint", agent="li", team="all")
    )
    browser = await desk.browser("chen")
    async with browser.client.get("/desk/reports/agents.csv?period=today") as response:
        body = await response.read()
        assert response.content_type == "text/csv"
        assert "attachment" in response.headers["Content-Disposition"]
    text = body.decode("utf-8")
    assert text.startswith(BYTE_ORDER_MARK)
    heading, row = csv.reader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK)))
    cells = dict(zip(heading, row, strict=True))
    assert cells["名称"] == "小李"
    assert cells["人工答复"] == "1"
    assert float(cells["解决 p50（秒）"]) == pytest.approx(90, rel=0.03)


async def test_a_table_that_is_not_there_is_not_found(desk: Desk) -> None:
    browser = await desk.browser("chen")
    assert (await browser.get("/desk/reports/nothing.csv"))[0] == 404


@pytest.mark.parametrize(
    "query", ["period=range&from=x&to=y", "period=range&to=2019-01-01", "period=%27"]
)
async def test_an_impossible_period_is_put_right(desk: Desk, query: str) -> None:
    browser = await desk.browser("chen")
    assert (await browser.get(f"/desk/reports?{query}"))[0] == 200


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_text_acts_as_a_formula(text: str) -> None:
    table = Table("t", "teams", (Column("named", "name"), Column("count")), [[text, -3]])
    rows = list(
        csv.reader(io.StringIO(as_csv(table, "en").removeprefix(BYTE_ORDER_MARK), newline=""))
    )
    assert rows[1] == [f"'{text}", "-3"]

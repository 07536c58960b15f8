"""The lists: what stands where, under which filter, and how little it costs when many look."""

import asyncio
import re
from dataclasses import replace

import pytest

from bot import handling
from bot.conversation import Speaker
from bot.desk.listing import Listed
from connectors.desk.pages.filtering import PAGE, Filter, Viewer, counts
from tests.desk.conftest import SESSION_LIBRARY, Browser, Desk
from tests.doubles import answer, text

pytestmark = SESSION_LIBRARY

VIEWER = Viewer("li", {"shanghai"})
EACH = Listed("oA", Speaker.WAITING, 0.0, due_at=100.0, reason="unsure", city="shanghai")


async def waiting(desk: Desk, *openids: str, reason: str = "unsure") -> None:
    for openid in openids:
        desk.brain.turns = [answer("好，帮您找同事。", "notice", reason)]
        await desk.receive(text("在吗", key=openid, openid=openid))
        desk.clock.at += 60


async def take(desk: Desk, openid: str, agent: str) -> None:
    now = desk.clock.now()
    await desk.parts.engine.apply(openid, lambda at: handling.take(at, agent, now))


async def shown(browser: Browser, query: str = "") -> list[str]:
    status, html = await browser.get(f"/desk/lists{query}")
    assert status == 200
    return re.findall(r'data-openid="([^"]+)"', html)


async def test_the_most_urgent_stands_on_top_and_each_tab_has_its_own(desk: Desk) -> None:
    await waiting(desk, "oFirst", "oSecond", "oMine", "oTheirs")
    await take(desk, "oMine", "li")
    await take(desk, "oTheirs", "wang")
    li = await desk.browser("li")
    assert await shown(li) == ["oMine", "oFirst", "oSecond", "oTheirs"]
    assert await shown(li, "?tab=waiting") == ["oFirst", "oSecond"]
    assert await shown(li, "?tab=mine") == ["oMine"]
    assert await shown(li, "?tab=nonsense&pages=x") == ["oMine", "oFirst", "oSecond", "oTheirs"]


async def test_a_complaint_goes_before_the_rest_of_its_minute(desk: Desk) -> None:
    await waiting(desk, "oCalm")
    desk.clock.at -= 60
    await waiting(desk, "oAngry", reason="complaint")
    assert await shown(await desk.browser("li")) == ["oAngry", "oCalm"]


async def test_filters_stand_in_the_address_and_reach_the_cards_links(desk: Desk) -> None:
    await waiting(desk, "oUnsure")
    await waiting(desk, "oAngry", reason="complaint")
    li = await desk.browser("li")
    assert await shown(li, "?reason=complaint") == ["oAngry"]
    assert await shown(li, "?reason=complaint&vip=1") == []
    _, html = await li.get("/desk/lists?tab=waiting&reason=complaint")
    assert "/desk/conversations/oAngry?tab=waiting&amp;reason=complaint" in html


async def test_what_is_overdue_can_be_looked_at_alone(desk: Desk) -> None:
    await waiting(desk, "oLate")
    desk.clock.at += 3600
    await waiting(desk, "oFresh")
    assert await shown(await desk.browser("li"), "?overdue=1") == ["oLate"]


async def test_long_lists_are_shown_in_pages(desk: Desk) -> None:
    await waiting(desk, *(f"o{number:03}" for number in range(PAGE + 3)))
    li = await desk.browser("li")
    assert await shown(li) == [f"o{number:03}" for number in range(PAGE)]
    _, html = await li.get("/desk/lists")
    assert "还有 3 个" in html
    assert "?pages=2" in html
    assert len(await shown(li, "?pages=2")) == PAGE + 3


async def test_many_pages_share_one_reading_until_something_changes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await waiting(desk, "oA")
    li, read = await desk.browser("li"), []
    conversations = desk.parts.conversations
    listed = conversations.listed

    async def counted() -> list[Listed]:
        read.append("read")
        return await listed()

    monkeypatch.setattr(conversations, "listed", counted)
    assert await asyncio.gather(*(shown(li) for _ in range(20))) == [["oA"]] * 20
    before = len(read)
    assert before < 10
    await waiting(desk, "oB")
    async with asyncio.timeout(5):
        while await shown(li) != ["oA", "oB"]:
            await asyncio.sleep(0.02)
    assert len(read) > before


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        (Filter(), True),
        (Filter(tab="mine"), False),
        (Filter(tab="team"), False),
        (Filter(tab="waiting"), True),
        (Filter(reason="unsure", city="shanghai"), True),
        (Filter(city="beijing"), False),
        (Filter(is_vip=True), False),
        (Filter(is_overdue=True), True),
    ],
)
def test_a_filter_says_what_fits(wanted: Filter, fits: bool) -> None:
    assert wanted.fits(EACH, VIEWER, 101.0) is fits


def test_tabs_count_what_stands_under_them() -> None:
    held = replace(EACH, speaker=Speaker.AGENT, agent="li", team="shanghai")
    offered = replace(EACH, offered="li")
    assert counts([EACH, held, offered], VIEWER) == {
        "all": 3,
        "mine": 2,
        "team": 1,
        "waiting": 2,
    }


def test_a_filter_reads_what_it_writes() -> None:
    wanted = Filter("team", "complaint", "paris", True, True, 3)
    query = dict(pair.split("=") for pair in wanted.query().removeprefix("?").split("&"))
    assert Filter.of(query) == wanted
    assert Filter().query() == ""

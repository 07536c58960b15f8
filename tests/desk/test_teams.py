"""The pages of teams: what a form may say, what is refused and why, and what becomes of those who wait."""

import re
from dataclasses import replace

import pytest
from aiohttp import ClientResponse
from hypothesis import given
from hypothesis import strategies as st

from bot.change import Change
from bot.desk.teams import DEFAULT, Teams
from bot.hours_text import parsed, written
from connectors.store.desk.teams import TeamShelf
from tests.desk.conftest import OPENID, SESSION_LIBRARY, Browser, Desk

pytestmark = SESSION_LIBRARY

WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat"), "10:00-19:00")
FORM = {
    "shown": "巴黎店",
    "shown_en": "Paris",
    "zone": "Europe/Paris",
    "calendar": "france",
    **WEEK,
    "sun": "closed",
    "first_reply_seconds": "5",
    "next_reply_seconds": "10",
    "silent_seconds": "15",
    "offer_seconds": "45",
}


async def sent(browser: Browser, path: str, **changes: str) -> tuple[int, str]:
    """Send the form and read the answer."""
    answered: ClientResponse = await browser.post(path, **(FORM | changes))
    return answered.status, await answered.text()


async def teams(desk: Desk) -> Teams:
    return await TeamShelf(desk.parts.connection.redis).load()


async def version(browser: Browser, team: str) -> str:
    _, html = await browser.get(f"/desk/teams/{team}")
    found = re.search(r'name="version" value="([0-9a-f]+)"', html)
    assert found
    return found[1]


async def test_a_supervisor_makes_a_team_that_counts_at_once(desk: Desk) -> None:
    chen = await desk.browser("chen")
    status, _ = await sent(
        chen,
        "/desk/teams",
        cities="paris",
        special="2026-12-24: 10:00-16:00\n2026-12-31 至 2027-01-01：休息",
        mon="10:00–13:00，14:00–19:00",
        tue="全天",
        managers="chen, li",
        is_automatic="on",
    )
    assert status == 303
    made = (await teams(desk)).by_id["paris"]
    assert made.week[0] == ((600, 780), (840, 1140))
    assert made.week[1] == ((0, 1440),)
    assert made.week[6] == ()
    assert made.managers == ("chen", "li")
    assert made.is_automatic
    assert (made.first_reply_seconds, made.offer_seconds) == (300, 45)
    assert [(str(each.first), str(each.last), each.open) for each in made.special] == [
        ("2026-12-24", "2026-12-24", ((600, 960),)),
        ("2026-12-31", "2027-01-01", ()),
    ]
    assert desk.parts.reception.reception.teams.get("paris").shown == "巴黎店"
    html = (await chen.get("/desk/teams/paris"))[1]
    assert html.count('class="day-strip"') == 14
    assert "style=" not in html


async def test_a_day_off_is_written_in_the_language_of_the_form(desk: Desk) -> None:
    chen = await desk.browser("chen")
    await sent(chen, "/desk/teams", special="2026-12-31: closed")
    _, html = await chen.get("/desk/teams/paris")
    assert 'name="sun" value="休息"' in html
    assert "2026-12-31: 休息</textarea>" in html


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("shown", "", "请写名称"),
        ("zone", "Mars/Base", "没有这个时区"),
        ("mon", "19:00-10:00", "看不懂"),
        ("holiday", "morning", "看不懂"),
        ("special", "at Christmas", "每行写"),
        ("special", "2026-12-26 – 2026-12-24: closed", "后一天不能早于前一天"),
        ("managers", "nobody", "没有这个账号"),
        ("first_reply_seconds", "0", "大于 0"),
        ("mail_to", "not a mail", "邮箱的写法不对"),
        ("wecom_url", "http://169.254.169.254/", "qyapi.weixin.qq.com"),
        ("calendar", "moon", "请从列表里选"),
    ],
)
async def test_a_wrong_field_says_what_is_wrong(
    desk: Desk, field: str, typed: str, sentence: str
) -> None:
    chen = await desk.browser("chen")
    status, html = await sent(chen, "/desk/teams", **{field: typed})
    assert status == 422
    assert re.search(rf'id="wrong-{field}">[^<]*{re.escape(sentence)}', html)
    assert set((await teams(desk)).by_id) == {DEFAULT}


async def test_the_second_save_of_an_old_form_is_refused(desk: Desk) -> None:
    chen, other = await desk.browser("chen"), await desk.browser("chen")
    await sent(chen, "/desk/teams")
    opened = await version(chen, "paris")
    assert (await sent(other, "/desk/teams/paris", version=opened, shown="巴黎一店"))[0] == 303
    status, html = await sent(chen, "/desk/teams/paris", version=opened, shown="巴黎二店")
    assert status == 409
    assert "别人刚改过这个团队" in html
    assert "巴黎二店" in html
    assert (await teams(desk)).by_id["paris"].shown == "巴黎一店"


async def test_a_removed_team_leaves_its_followers_and_members_to_the_others(desk: Desk) -> None:
    chen = await desk.browser("chen")
    await sent(chen, "/desk/teams")
    await desk.accounts.change("li", lambda agent: replace(agent, teams=("paris", DEFAULT)))
    await desk.somebody_waits()
    waiting = await desk.parts.conversations.read(OPENID)
    await desk.parts.engine.store.commit(Change(replace(waiting, team="paris")), desk.clock.now())
    html = (await chen.get("/desk/teams/paris"))[1]
    assert "1 位等待的顾客" in html
    answered = await chen.post("/desk/teams/paris/remove")
    assert answered.headers["Location"] == "/desk/teams?moved=1"
    assert "1 位等待的顾客转到了" in (await chen.get("/desk/teams?moved=1"))[1]
    assert (await desk.parts.conversations.read(OPENID)).team == DEFAULT
    li = await desk.accounts.find("li")
    assert li
    assert li.teams == (DEFAULT,)
    assert set((await teams(desk)).by_id) == {DEFAULT}


async def test_the_robots_address_is_never_shown_again_and_stays_when_left_empty(
    desk: Desk,
) -> None:
    chen = await desk.browser("chen")
    secret = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=hush"
    await sent(chen, "/desk/teams", wecom_url=secret)
    assert "hush" not in (await chen.get("/desk/teams/paris"))[1]
    await sent(chen, "/desk/teams/paris", version=await version(chen, "paris"))
    assert (await teams(desk)).by_id["paris"].wecom_url == secret
    await sent(chen, "/desk/teams/paris", version=await version(chen, "paris"), wecom_url="-")
    assert (await teams(desk)).by_id["paris"].wecom_url == ""


async def test_a_year_without_its_notice_is_said_to_be_provisional(desk: Desk) -> None:
    desk.clock.at = 1_798_300_000.0  # 26 December 2026
    chen = await desk.browser("chen")
    html = (await chen.get(f"/desk/teams/{DEFAULT}"))[1]
    assert "2027 年的放假安排尚未公布" in html


async def test_a_hostile_name_is_text(desk: Desk) -> None:
    chen = await desk.browser("chen")
    await sent(chen, "/desk/teams", shown="<img src=x>")
    for path in ("/desk/teams", "/desk/teams/paris", "/desk/board", "/desk/reports"):
        assert "<img src=x>" not in (await chen.get(path))[1]


@given(st.lists(st.integers(0, 1440), unique=True, max_size=8).map(sorted))
def test_hours_that_are_written_are_read_again(edges: list[int]) -> None:
    spans = tuple(zip(edges[::2], edges[1::2], strict=False))
    assert parsed(written(spans)) == spans

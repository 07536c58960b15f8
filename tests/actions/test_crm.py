"""The customer register over HTTP."""

from collections.abc import AsyncIterator
from datetime import date

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.members import CrmUnavailable, Member
from connectors.crm import HttpMembers

ANSWERS: dict[str, tuple[int, str]] = {
    "full": (200, '{"name": "林", "points": 9, "expiring": 2, "expires_on": "2026-12-31"}'),
    "vip": (200, '{"name": "林", "points": 9, "tier": "黑金", "vip": true}'),
    "short": (200, '{"name": "林", "points": 9}'),
    "stranger": (404, "{}"),
    "broken": (500, "{}"),
    "lost": (200, '{"points": 9}'),
    "no_date": (200, '{"name": "林", "points": 9, "expires_on": "soon"}'),
    "no_json": (200, "<html>"),
    "a list": (200, "[]"),
    "endless": (200, '{"name": "林", "points": 1e999}'),
}


@pytest.fixture
async def members() -> AsyncIterator[HttpMembers]:
    """A register that answers each member in another way."""

    async def member(request: web.Request) -> web.Response:
        status, body = ANSWERS[request.match_info["openid"]]
        return web.Response(status=status, text=body, content_type="application/json")

    app = web.Application()
    app.router.add_get("/crm/members/{openid}", member)
    async with TestServer(app) as server, ClientSession() as session:
        yield HttpMembers(session, str(server.make_url("/crm/")))


async def test_a_member_is_read(members: HttpMembers) -> None:
    assert await members.find("full") == Member("林", 9, 2, date(2026, 12, 31))
    assert await members.find("short") == Member("林", 9)


async def test_a_members_tier_is_read_and_whether_it_goes_before_others(
    members: HttpMembers,
) -> None:
    vip, short = await members.find("vip"), await members.find("short")
    assert vip is not None
    assert short is not None
    assert (vip.tier, vip.is_vip) == ("黑金", True)
    assert (short.tier, short.is_vip) == ("", False)


async def test_a_stranger_is_nobody(members: HttpMembers) -> None:
    assert await members.find("stranger") is None


@pytest.mark.parametrize("openid", ["broken", "lost", "no_date", "no_json", "a list", "endless"])
async def test_any_other_answer_is_unavailable(members: HttpMembers, openid: str) -> None:
    with pytest.raises(CrmUnavailable):
        await members.find(openid)


async def test_without_a_register_nobody_is_bound() -> None:
    async with ClientSession() as session:
        assert await HttpMembers(session, None).find("full") is None


async def test_a_register_that_cannot_be_reached_is_unavailable(unused_tcp_port: int) -> None:
    async with ClientSession() as session:
        with pytest.raises(CrmUnavailable):
            await HttpMembers(session, f"http://127.0.0.1:{unused_tcp_port}").find("full")

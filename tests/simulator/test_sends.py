"""Customer messages: whom they may go to, every refusal at will, and answers that never come."""

import asyncio
from typing import Any

import aiohttp
import pytest

from connectors.simulator.client import Phone, Refused, Simulator
from connectors.simulator.model import samples
from tests.simulator.calling import CREDENTIALS, SEND, call, post, send, token
from tests.simulator.conftest import StartSimulator
from tests.simulator.test_media import upload


@pytest.fixture
async def phone(simulator: Simulator) -> Phone:
    """A follower who wrote something."""
    phone = await simulator.new_phone()
    await phone.follow()
    await phone.say("在吗")
    return phone


@pytest.mark.parametrize(
    ("mark", "errcode"), [("blocked", 48002), ("blacklisted", 43019), ("minor", 70000)]
)
async def test_a_mark_refuses_sending_until_it_is_taken_away(
    simulator: Simulator, phone: Phone, mark: str, errcode: int
) -> None:
    await phone.mark(**{mark: True})
    assert (await phone.state())["marks"] == [mark]
    assert await send(simulator, phone.openid) == errcode
    await phone.mark(**{mark: False})
    assert await send(simulator, phone.openid) == 0
    with pytest.raises(Refused, match="a mark is one of"):
        await phone.mark(tired=True)


@pytest.mark.parametrize("errcode", [-1, 45015, 45047, 48004, 45009, 45011, 40001, 70000])
async def test_any_code_can_be_made_the_answer(
    simulator: Simulator, phone: Phone, errcode: int
) -> None:
    await simulator.fault("send_errcode", errcode=errcode)
    assert await send(simulator, phone.openid) == errcode
    assert await send(simulator, phone.openid) == 0
    assert (await phone.state())["remaining"] == 4


async def test_a_refusal_can_strike_a_share_of_the_sends(
    simulator: Simulator, phone: Phone
) -> None:
    await simulator.fault("send_errcode", count=None, errcode=-1, rate=0.4)
    answers = []
    for _ in range(3):
        await phone.say("再问")
        answers += [await send(simulator, phone.openid) for _ in range(5)]
    assert answers.count(-1) == 6
    assert answers[:5] == [0, 0, -1, 0, -1]


@pytest.mark.parametrize("accepted", [True, False])
async def test_an_answer_can_be_cut_off_with_or_without_the_message(
    simulator: Simulator, phone: Phone, accepted: bool
) -> None:
    await simulator.fault("cut_send", accepted=accepted)
    # aiohttp itself repeats what was cut off on a connection that it kept.
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as session:
        cut = Simulator(session, simulator.url)
        with pytest.raises(aiohttp.ClientError):
            await send(cut, phone.openid)
    assert (await phone.state())["remaining"] == (4 if accepted else 5)
    entry = (await simulator.log("api"))[-1]
    assert entry["errmsg"] == "the connection was cut"


async def test_a_message_may_be_refused_while_its_answer_hangs(
    simulator: Simulator, phone: Phone
) -> None:
    await simulator.fault("hang_send", seconds=30, accepted=False)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await send(simulator, phone.openid)
    assert (await phone.state())["remaining"] == 5


async def test_any_call_can_fail_hang_or_be_answered_by_a_proxy(simulator: Simulator) -> None:
    access = await token(simulator)
    path = "/cgi-bin/getcallbackip"
    await simulator.fault("api_errcode", path=path, errcode=45011)
    assert "access_token" in await call(simulator, "POST", *_token_call())
    assert (await call(simulator, "GET", path, access_token=access))["errcode"] == 45011
    await simulator.fault("api_broken", path=path)
    url = f"{simulator.url}{path}?access_token={access}"
    async with simulator.session.get(url) as response:
        assert (response.status, await response.text()) == (502, "<html>Bad Gateway</html>")
    await simulator.fault("plain_content_type")
    async with simulator.session.get(url) as response:
        assert response.content_type == "text/plain"
    await simulator.fault("hang_api", path=path, seconds=30)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await call(simulator, "GET", path, access_token=access)


def _token_call() -> tuple[str, dict[str, str]]:
    return "/cgi-bin/stable_token", CREDENTIALS


async def test_quotas_can_be_made_small(simulator: Simulator, phone: Phone) -> None:
    await simulator.set_quota(SEND, daily=2)
    answers = [await send(simulator, phone.openid) for _ in range(3)]
    assert answers == [0, 0, 45009]
    access = await token(simulator)
    told = await call(
        simulator, "POST", "/cgi-bin/openapi/quota/get", {"cgi_path": SEND}, access_token=access
    )
    assert told["quota"] == {"daily_limit": 2, "used": 2, "remain": 0}
    assert await post(simulator, "/cgi-bin/clear_quota", {"appid": "wxother"}) == 40013
    codes = [
        await post(simulator, "/cgi-bin/clear_quota", {"appid": "wx0123456789abcdef"})
        for _ in range(11)
    ]
    assert codes == [0] * 10 + [48006]
    assert await send(simulator, phone.openid) == 0
    await simulator.set_quota(SEND, by_minute=0)
    assert await send(simulator, phone.openid) == 45011


async def test_a_server_outside_the_whitelist_gets_no_token(start: StartSimulator) -> None:
    simulator = await start(simulator_ip_whitelist="10.0.0.9")
    answer = await call(simulator, "POST", *_token_call())
    assert answer["errcode"] == 40164
    assert "127.0.0.1" in answer["errmsg"]
    await simulator.change_account(ip_whitelist=["127.0.0.1"])
    assert "access_token" in await call(simulator, "POST", *_token_call())
    await simulator.fault("ip_not_whitelisted")
    assert (await call(simulator, "POST", *_token_call()))["errcode"] == 40164


async def test_a_token_may_die_at_once_when_another_process_fetches(
    simulator: Simulator, phone: Phone
) -> None:
    old = (await call(simulator, "GET", "/cgi-bin/token", **CREDENTIALS))["access_token"]
    await simulator.fault("no_token_overlap")
    await call(simulator, "GET", "/cgi-bin/token", **CREDENTIALS)
    body = {"touser": phone.openid, "msgtype": "text", "text": {"content": "x"}}
    assert (await call(simulator, "POST", SEND, body, access_token=old))["errcode"] == 40001


async def test_each_type_that_may_be_sent_is_shown(simulator: Simulator, phone: Phone) -> None:
    image = (await upload(simulator, "image", samples.picture()))["media_id"]
    voice = (await upload(simulator, "voice", samples.VOICE))["media_id"]
    video = (await upload(simulator, "video", samples.VIDEO))["media_id"]
    thumb = (await upload(simulator, "thumb", samples.THUMB))["thumb_media_id"]
    link = {"title": "春茶", "description": "三款", "url": "https://m.example/", "picurl": "x"}
    bodies: list[tuple[str, dict[str, Any]]] = [
        ("image", {"media_id": image}),
        ("voice", {"media_id": voice}),
        ("video", {"media_id": video, "thumb_media_id": thumb, "title": "片子"}),
        ("music", {"title": "曲", "musicurl": "https://m.example/a", "thumb_media_id": thumb}),
        ("news", {"articles": [link]}),
        (
            "miniprogrampage",
            {"title": "下单", "appid": "wxm", "pagepath": "p", "thumb_media_id": thumb},
        ),
    ]
    for kind, inner in bodies:
        await phone.say("再来")
        body = {"touser": phone.openid, "msgtype": kind, kind: inner}
        assert await post(simulator, SEND, body) == 0, kind
        line = await phone.wait_for()
        assert line["kind"] == kind


@pytest.mark.parametrize(
    ("kind", "inner", "errcode"),
    [
        ("image", {"media_id": "gone"}, 40007),
        ("image", {}, 40007),
        ("video", {"media_id": "gone", "thumb_media_id": "gone"}, 40007),
        ("news", {"articles": []}, 44003),
        ("news", {"articles": [{"title": "a", "url": "b"}] * 2}, 45008),
        ("news", {"articles": [{"title": "a"}]}, 40035),
        ("miniprogrampage", {"title": "a"}, 40007),
        ("mpnews", {"media_id": "x"}, 48008),
        ("mpnewsarticle", {"article_id": "x"}, 53600),
        ("wxcard", {"card_id": "x"}, 48008),
        ("Text", {"content": "x"}, 40008),
    ],
)
async def test_types_that_are_formed_wrongly_or_not_permitted(
    simulator: Simulator, phone: Phone, kind: str, inner: dict[str, Any], errcode: int
) -> None:
    body = {"touser": phone.openid, "msgtype": kind, kind: inner}
    assert await post(simulator, SEND, body) == errcode
    assert (await phone.state())["remaining"] == 5


async def test_an_agents_name_must_be_one_of_the_accounts(
    simulator: Simulator, phone: Phone
) -> None:
    await simulator.change_account(kf_accounts=["kf1@shop"])
    named = {"customservice": {"kf_account": "kf1@shop"}}
    assert await send(simulator, phone.openid, **named) == 0
    assert (await phone.wait_for())["kf_account"] == "kf1@shop"

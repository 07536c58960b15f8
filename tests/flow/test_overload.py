"""Too much at once: what is not taken in is said, what needs no answer costs nothing, slow senders are cut."""

import asyncio
from urllib.parse import urlencode, urlsplit

from aiohttp import ClientSession, web

from bot.clock import SystemClock
from bot.messages import Inbound
from connectors.simulator.crypto import signature
from connectors.store.connection import Connection
from connectors.store.exchanges import Exchanges, Room
from connectors.wechat.callback import Callback
from connectors.wechat.pushes import Reader
from tests.doubles import PlainNotices, text
from tests.flow.channel import ACCOUNT, SlowBrain, connector_settings, open_channel, served


async def test_a_full_inbox_is_said_and_the_failure_line_never_seen(
    connection: Connection,
) -> None:
    async with open_channel(connection, SlowBrain([3.0]), room=Room(messages=2)) as channel:
        phone = await channel.phone()
        await asyncio.gather(*(phone.say(f"第{n}个问题？", wait=True) for n in range(6)))
        lines = await phone.transcript()
        busy = [line for line in lines if line["text"] == "notice_busy"]
        assert 2 <= len(busy) <= 4
        assert not [line for line in lines if line["kind"] == "failure"]
        result = await channel.settled()
        # Every one that was taken in has its end.
        assert result.is_sound
        assert result.outcomes["answered_by_bot"] == 6 - len(busy)


async def test_a_full_house_takes_in_no_new_message_but_every_unfollow(
    connection: Connection,
) -> None:
    exchanges = Exchanges(connection, "wxaccount", Room(followers=2))
    statuses = []
    for number in range(4):
        message = text("几点", key=str(number), openid=f"oFollower{number}")
        answered = await exchanges.answer(message, "d", f"s{number}", 1.0, 0.0)
        statuses.append(answered.status)
    assert statuses == ["new", "new", "full", "full"]
    gone = Inbound("u", "wxaccount", "oFollower9", "event", 1.0, "", "unsubscribe")
    assert (await exchanges.answer(gone, "d", "u", 1.0, 0.0)).status == "new"


async def test_a_flood_of_places_opens_nothing_and_stores_nothing(connection: Connection) -> None:
    async with open_channel(connection, SlowBrain()) as channel:
        phone = await channel.phone()
        before = sorted([key async for key in connection.redis.scan_iter("*")])
        bodies = [location(phone.openid, number) for number in range(200)]
        answers = [await pushed(channel.url, body) for body in bodies]
        after = sorted([key async for key in connection.redis.scan_iter("*")])
        assert answers == ["success"] * 200
        assert [key for key in after if key not in before] == []
        assert (await channel.audit()).enquiries == 1


async def test_story_23_nine_pictures_at_once_are_one_step_and_one_enquiry(
    connection: Connection,
) -> None:
    async with open_channel(connection, SlowBrain()) as channel:
        phone = await channel.phone()
        await asyncio.gather(
            *(pushed(channel.url, picture(phone.openid, number)) for number in range(9))
        )
        lines = [told.line for told in await channel.store.transcript(phone.openid)]
        assert len([line for line in lines if line.kind == "image"]) == 9
        # The follow, and one for all the pictures, which a person has.
        assert (await channel.audit()).enquiries == 2
        assert (await channel.store.read(phone.openid)).reason == "message_type"


async def test_a_body_that_does_not_come_is_cut_and_one_too_large_is_not_read(
    connection: Connection,
) -> None:
    settings = connector_settings("verified_service")
    exchanges = Exchanges(connection, settings.wechat_app_id)
    clock = SystemClock()
    callback = Callback(Reader(settings), exchanges, PlainNotices(), clock, 1.0, body_seconds=0.2)
    app = web.Application()
    app.add_routes(callback.routes())
    async with served(app) as url:
        assert await raw(url, length=500, body=b"<xml>") == b""
        assert b"success" in await raw(url, length=10_000_000, body=b"<xml>")
    assert [key async for key in connection.redis.scan_iter("*")] == []


def location(openid: str, number: int) -> str:
    """A reported place."""
    return (
        f"<xml><ToUserName>gh_1</ToUserName><FromUserName>{openid}</FromUserName>"
        f"<CreateTime>{1795392000 + number}</CreateTime><MsgType>event</MsgType><Event>LOCATION</Event>"
        "<Latitude>31.2</Latitude><Longitude>121.5</Longitude><Precision>60</Precision></xml>"
    )


def picture(openid: str, number: int) -> str:
    """A picture."""
    return (
        f"<xml><ToUserName>gh_1</ToUserName><FromUserName>{openid}</FromUserName>"
        f"<CreateTime>1795392000</CreateTime><MsgType>image</MsgType><MediaId>m{number}</MediaId>"
        f"<PicUrl>http://127.0.0.1/{number}</PicUrl><MsgId>{25 * 10**17 + number}</MsgId></xml>"
    )


def query(nonce: str) -> dict[str, str]:
    """A signed query."""
    stamp = str(int(SystemClock().now()))
    signed = signature(ACCOUNT["wechat_token"], stamp, nonce)
    return {"signature": signed, "timestamp": stamp, "nonce": nonce}


async def pushed(url: str, body: str) -> str:
    """Push as WeChat does; the answer's body."""
    nonce = str(abs(hash(body)))
    async with (
        ClientSession() as session,
        session.post(url, params=query(nonce), data=body.encode()) as response,
    ):
        return await response.text()


async def raw(url: str, length: int, body: bytes) -> bytes:
    """Announce a body of ``length`` and send only this much of it; what comes back until the connection ends."""
    place = urlsplit(url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    head = (
        f"POST {place.path}?{urlencode(query('7'))} HTTP/1.1\r\nHost: x\r\n"
        f"Content-Length: {length}\r\nConnection: close\r\n\r\n"
    )
    writer.write(head.encode() + body)
    await writer.drain()
    async with asyncio.timeout(20):
        answered = await reader.read()
    writer.close()
    return answered

"""The callback before the real store: what is let in, what is kept out, and what is made of many at once."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.engine import Engine
from bot.messages import Inbound
from connectors.settings import Settings
from connectors.store.connection import Connection
from connectors.store.conversations import Conversations
from connectors.store.exchanges import Exchanges
from connectors.store.inbox import Inbox
from connectors.store.keys import Keys
from connectors.wechat.callback import BODY_BYTES, Callback
from connectors.wechat.pushes import Reader
from tests.doubles import (
    PlainMenu,
    PlainNotices,
    PlainShops,
    Postbox,
    SettableClock,
    SilentBrain,
    answer,
)

ACCOUNT, TOKEN, OPENID = "wx0123456789abcdef", "seasonal2026", "oSim0000000000000000000000001"


def pushed(kind: str, inner: str, number: int = 1) -> str:
    """A push as WeChat writes it."""
    id = "" if kind == "event" else f"<MsgId>{25_000_000_000_000_000 + number}</MsgId>"
    return (
        f"<xml><ToUserName>gh_1</ToUserName><FromUserName>{OPENID}</FromUserName>"
        f"<CreateTime>{int(SettableClock().at)}</CreateTime><MsgType>{kind}</MsgType>"
        f"{inner}{id}</xml>"
    )


HELLO = pushed("text", "<Content>几点关门</Content>")


def query(nonce: str = "1", *, age: int = 0, token: str = TOKEN) -> dict[str, str]:
    """A signed query string."""
    timestamp = str(int(SettableClock().at) - age)
    signature = hashlib.sha1("".join(sorted([token, timestamp, nonce])).encode()).hexdigest()
    return {"signature": signature, "timestamp": timestamp, "nonce": nonce}


@dataclass
class Door:
    """A callback, its store, and a worker to be set to work."""

    session: ClientSession
    url: str
    connection: Connection
    engine: Engine
    inbox: Inbox
    store: Conversations
    brain: SilentBrain

    async def post(self, asked: dict[str, str], body: str | bytes) -> tuple[int, str]:
        """Push, and what came back."""
        data = body.encode() if isinstance(body, str) else body
        async with self.session.post(self.url, params=asked, data=data) as response:
            return response.status, await response.text()

    async def keys(self) -> list[str]:
        """Everything that the store holds."""
        return sorted(await self.connection.redis.keys("*"))

    async def work(self) -> None:
        """Serve everyone who has something to do."""
        while openid := await self.inbox.take(0.05):
            while not await self.inbox.release(await self.engine.serve(openid, self.inbox.worker)):
                pass


@pytest.fixture
async def door(connection: Connection) -> AsyncIterator[Door]:
    """An account in plain mode, where nothing but the signature protects it; callbacks wait for a blink."""
    settings = Settings(
        _env_file=None,
        wechat_app_id=ACCOUNT,
        wechat_app_secret="secret",
        wechat_token=TOKEN,
        wechat_mode="plain",
    )
    clock, brain = SettableClock(), SilentBrain([answer()])
    exchanges, store = Exchanges(connection, ACCOUNT), Conversations(connection, ACCOUNT)
    notices = PlainNotices()
    engine = Engine(store, brain, Postbox(), notices, PlainMenu(), clock, PlainShops())
    app = web.Application()
    app.add_routes(Callback(Reader(settings), exchanges, notices, clock, 0.3).routes())
    await exchanges.open()
    async with TestServer(app) as server, ClientSession() as session:
        url, inbox = str(server.make_url("/wechat")), Inbox(connection, ACCOUNT, clock)
        yield Door(session, url, connection, engine, inbox, store, brain)
    await exchanges.close()


@pytest.mark.parametrize(
    "asked",
    [
        {},
        query() | {"signature": "0" * 40},
        query(token="guessed"),
        query(age=3600),
        query() | {"nonce": "2"},
        {name: value for name, value in query().items() if name != "timestamp"},
    ],
)
async def test_story_08_a_forged_post_is_refused_and_nothing_stored(
    door: Door, asked: dict[str, str]
) -> None:
    status, _ = await door.post(asked, HELLO)
    assert status == 403
    assert await door.keys() == []


async def test_story_08_a_captured_signature_carries_no_second_message(door: Door) -> None:
    assert (await door.post(query(), HELLO))[0] == 200
    before = await door.keys()
    forged = pushed("text", "<Content>给我一百万</Content>", 2)
    assert (await door.post(query(), forged))[0] == 403
    known_number = pushed("text", "<Content>给我一百万</Content>", 1)
    assert (await door.post(query("2"), known_number))[0] == 403
    assert await door.keys() == before


BOMB = (
    '<!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>' + HELLO.replace("几点关门", "&c;")
)
EXTERNAL = '<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + HELLO.replace("几点", "&a;")


@pytest.mark.parametrize(
    "body",
    [
        BOMB,
        EXTERNAL,
        '<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">' + HELLO,
        "<!-- -->" + HELLO,
        HELLO.replace("几点关门", "长" * BODY_BYTES),
        b"\xff\xfe" + HELLO.encode("utf-16-le"),
        "<xml>" * 9000,
    ],
)
async def test_story_09_entities_and_oversized_bodies_are_not_read(
    door: Door, body: str | bytes
) -> None:
    assert await door.post(query(), body) == (200, "success")
    assert await door.keys() == []


async def test_story_09_a_body_of_ten_megabytes_is_cut_off(door: Door) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b"<xml>"
        for _ in range(160):
            sent.append(0)
            yield b"x" * BODY_BYTES

    sent: list[int] = []
    try:
        async with door.session.post(door.url, params=query(), data=endless()) as response:
            assert await response.text() == "success"
    except OSError:
        # The server had answered and closed while the rest was still being sent.
        pass
    assert await door.keys() == []


async def test_story_23_nine_pictures_at_once_are_one_conversation_of_nine_messages(
    door: Door,
) -> None:
    pictures = [
        pushed("image", f"<PicUrl>http://mmbiz.qpic.cn/{n}</PicUrl><MediaId>m{n}</MediaId>", n)
        for n in range(9)
    ]
    pushes = [door.post(query(str(n)), body) for n, body in enumerate(pictures)]
    assert {status for status, _ in await asyncio.gather(*pushes)} == {200}
    await asyncio.gather(door.work(), door.work())
    told = await door.store.transcript(OPENID)
    seen = [each.line.details["media"] for each in told if each.line.author == "follower"]
    assert len(set(seen)) == len(seen) == 9
    waiting = await door.store.waiting()
    assert [conversation.openid for conversation in waiting] == [OPENID]
    assert len(waiting[0].enquiries) == 1
    assert len([each for each in told if each.line.author == "notice"]) == 1
    assert await door.connection.redis.hlen(Keys(ACCOUNT).media(OPENID)) == 9


PLACE = "<Latitude>23.1</Latitude><Longitude>113.3</Longitude><Precision>9</Precision>"
QUIET = [
    f"<Event>LOCATION</Event>{PLACE}",
    "<Event>VIEW</Event><EventKey>https://x.example</EventKey>",
    "<Event>TEMPLATESENDJOBFINISH</Event><MsgID>3</MsgID><Status>failed:user block</Status>",
    "<Event>MASSSENDJOBFINISH</Event><MsgID>3</MsgID><Status>send success</Status>",
    "<Event>kf_create_session</Event><KfAccount>a@b</KfAccount>",
    "<Event>pic_weixin</Event><SendPicsInfo><Count>1</Count></SendPicsInfo>",
    "<Event>verify_expired</Event><ExpiredTime>1</ExpiredTime>",
    "<Event>moon_landing</Event>",
]


@pytest.mark.parametrize("inner", QUIET)
async def test_an_event_that_asks_for_nothing_is_not_even_stored(door: Door, inner: str) -> None:
    assert await door.post(query(), pushed("event", inner)) == (200, "success")
    assert await door.keys() == []


@pytest.mark.parametrize(
    ("kind", "inner", "expected"),
    [
        ("link", "<Title>t</Title><Url>https://x.example</Url>", "notice_link"),
        ("hologram", "", "notice_unsupported"),
        (
            "location",
            "<Location_X>31.2</Location_X><Location_Y>121.5</Location_Y>",
            "one shop near 31.2, 121.5",
        ),
        ("text", "<Content>【收到不支持的消息类型，暂无法显示】</Content>", "notice_unsupported"),
        ("event", "<Event>subscribe</Event><EventKey>last_trade_no_1</EventKey>", "notice_welcome"),
        ("event", "<Event>subscribe</Event>", "notice_welcome"),
        ("event", "<Event>CLICK</Event><EventKey></EventKey>", "notice_unsupported"),
    ],
)
async def test_whatever_a_follower_sends_is_answered_in_the_callback(
    door: Door, kind: str, inner: str, expected: str
) -> None:
    asking = asyncio.create_task(door.post(query(), pushed(kind, inner)))
    await door.work()
    status, body = await asking
    assert status == 200
    assert expected in body
    assert door.brain.asked == []


async def test_a_message_without_its_number_is_answered_once(door: Door) -> None:
    body = pushed("text", "<Content>几点</Content>").replace("<MsgId>25000000000000001</MsgId>", "")
    asking = [asyncio.create_task(door.post(query(str(n)), body)) for n in range(3)]
    await door.work()
    answers = [(await one)[1] for one in asking]
    # WeChat reads the newest delivery; whoever else still held on gets nothing to show.
    assert sorted("十点到十点" in each for each in answers) == [False, False, True]
    asked: list[Inbound] = door.brain.asked
    assert len(asked) == 1

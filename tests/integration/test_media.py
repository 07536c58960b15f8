"""Followers' pictures, voices and videos: fetched, kept, and gone with the follower."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.change import Change
from bot.conversation import Conversation
from bot.messages import Inbound, Media
from connectors.store.connection import Connection
from connectors.store.conversations import Conversations, message_to_json
from connectors.store.keys import Keys
from connectors.store.media import LEASE_SECONDS, MediaShelf, State
from connectors.wechat.media import RETRY_SECONDS, MediaKeeper, MediaSource, type_of
from tests.doubles import SettableClock

ACCOUNT, OPENID = "wxaccount", "oFollower"
JPEG = b"\xff\xd8\xff\xe0" + b"x" * 1000


@dataclass
class Cupboard:
    """WeChat's media: gives the answers that it was handed, by media id, and remembers what it was asked."""

    answers: dict[str, list[web.Response]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    meanwhile: Callable[[], Awaitable[None]] | None = None

    async def get(self, request: web.Request) -> web.Response:
        if self.meanwhile:
            await self.meanwhile()
        self.tokens.append(request.query.get("access_token", ""))
        return self._next(request.query["media_id"])

    async def picture(self, request: web.Request) -> web.Response:
        return self._next(request.match_info["name"])

    def _next(self, name: str) -> web.Response:
        self.asked.append(name)
        return self.answers[name].pop(0)


@dataclass
class Purse:
    """Tokens: a new one whenever one was refused."""

    given: int = 1

    async def token(self, refused: str | None = None) -> str:
        self.given += refused is not None
        return f"token{self.given}"


@dataclass
class Household:
    """A keeper over the real store."""

    keeper: MediaKeeper
    store: Conversations
    cupboard: Cupboard
    connection: Connection
    url: str
    clock: SettableClock

    async def receive(self, media: Media, key: str = "1", kind: str = "image") -> None:
        """A message with a file, whose step is committed as a worker does it."""
        message = Inbound(key, ACCOUNT, OPENID, kind, self.clock.now(), media=media)
        redis, keys = self.connection.redis, self.store.keys
        await redis.rpush(keys.inbox(OPENID), message_to_json(message))
        conversation = (await self.store.load(OPENID)).conversation
        await self.store.commit(Change(conversation), self.clock.now(), None, (message,))

    async def state(self, key: str = "1") -> State | None:
        """How far a file has come."""
        record = await self.keeper.shelf.find(OPENID, key)
        return record.state if record else None

    def files(self) -> list[Path]:
        """What lies in the folder."""
        return [path for path in self.keeper.folder.rglob("*") if path.is_file()]


@pytest.fixture
async def household(connection: Connection, tmp_path: Path) -> AsyncIterator[Household]:
    """Everything but WeChat is real."""
    cupboard, app = Cupboard(), web.Application()
    app.add_routes([web.get("/cgi-bin/media/get", cupboard.get)])
    app.add_routes([web.get("/pictures/{name}", cupboard.picture)])
    async with TestServer(app) as server, ClientSession() as session:
        url, clock = str(server.make_url("")).rstrip("/"), SettableClock()
        source = MediaSource(session, url, Purse(), may_fetch=True, limit=4096)
        shelf = MediaShelf(connection, ACCOUNT)
        keeper = MediaKeeper(shelf, source, tmp_path / "media", clock)
        yield Household(
            keeper, Conversations(connection, ACCOUNT), cupboard, connection, url, clock
        )


def image(body: bytes = JPEG) -> web.Response:
    return web.Response(body=body, content_type="image/jpeg")


def refused(errcode: int) -> web.Response:
    return web.json_response({"errcode": errcode, "errmsg": "no"})


async def test_a_picture_is_fetched_once_and_kept(household: Household) -> None:
    household.cupboard.answers["m1"] = [image()]
    await household.receive(Media("m1"))
    assert await household.keeper.fetch_next()
    assert not await household.keeper.fetch_next()
    assert await household.state() is State.KEPT
    assert [path.read_bytes() for path in household.files()] == [JPEG]


async def test_no_file_or_folder_is_named_after_the_follower(household: Household) -> None:
    household.cupboard.answers["m1"] = [image()]
    await household.receive(Media("m1"))
    await household.keeper.fetch_next()
    assert OPENID not in str(household.files()[0])


async def test_a_video_comes_by_the_address_that_wechat_gives(household: Household) -> None:
    household.cupboard.answers["m1"] = [
        web.json_response({"video_url": f"{household.url}/pictures/v1"})
    ]
    household.cupboard.answers["v1"] = [image(b"....ftypmp42")]
    await household.receive(Media("m1"), kind="video")
    await household.keeper.fetch_next()
    assert household.cupboard.asked == ["m1", "v1"]
    assert await household.state() is State.KEPT


async def test_a_void_token_costs_one_refresh(household: Household) -> None:
    household.cupboard.answers["m1"] = [refused(40001), image()]
    await household.receive(Media("m1"))
    await household.keeper.fetch_next()
    assert household.cupboard.tokens == ["token1", "token2"]
    assert await household.state() is State.KEPT


@pytest.mark.parametrize("answer", [refused(40007), image(b"x" * 5000)])
async def test_what_can_never_be_had_is_not_tried_again(
    household: Household, answer: web.Response
) -> None:
    household.cupboard.answers["m1"] = [answer]
    await household.receive(Media("m1"))
    await household.keeper.fetch_next()
    household.clock.at += 86400
    assert not await household.keeper.fetch_next()
    assert await household.state() is State.FAILED
    assert household.files() == []


async def test_an_endless_file_is_cut_off(household: Household) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "image/jpeg"})
        await response.prepare(request)
        with contextlib.suppress(ConnectionResetError):
            while True:
                await response.write(b"x" * 1024)
        return response

    app = web.Application()
    app.add_routes([web.get("/cgi-bin/media/get", endless)])
    async with TestServer(app) as server:
        source = household.keeper.source
        url = str(server.make_url("")).rstrip("/")
        household.keeper.source = MediaSource(source.session, url, source.tokens, True, 4096)
        await household.receive(Media("m1"))
        await household.keeper.fetch_next()
    assert await household.state() is State.FAILED
    assert household.files() == []


async def test_what_fails_for_a_while_is_tried_again_and_not_for_ever(household: Household) -> None:
    household.cupboard.answers["m1"] = [web.Response(status=502) for _ in range(20)]
    await household.receive(Media("m1"))
    for pause in (0.0, *RETRY_SECONDS):
        household.clock.at += pause
        assert await household.keeper.fetch_next()
    household.clock.at += 86400
    assert not await household.keeper.fetch_next()
    assert await household.state() is State.FAILED
    assert len(household.cupboard.asked) == len(RETRY_SECONDS) + 1


async def test_a_dead_fetchers_file_is_fetched_by_another(household: Household) -> None:
    household.cupboard.answers["m1"] = [image()]
    await household.receive(Media("m1"))
    assert await household.keeper.shelf.take(household.clock.now())
    assert not await household.keeper.fetch_next()
    household.clock.at += LEASE_SECONDS
    assert await household.keeper.fetch_next()
    assert await household.state() is State.KEPT


async def test_an_account_without_the_right_gets_public_pictures_only(
    household: Household,
) -> None:
    source = household.keeper.source
    household.keeper.source = MediaSource(
        source.session, source.api_url, source.tokens, False, 4096
    )
    household.cupboard.answers["p1"] = [image()]
    await household.receive(Media("m1", f"{household.url}/pictures/p1"), "1")
    await household.receive(Media("m2"), "2", "voice")
    while await household.keeper.fetch_next():
        pass
    assert household.cupboard.asked == ["p1"]
    assert await household.state("1") is State.KEPT
    assert await household.state("2") is State.FAILED


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://qpic.cn.evil.example/1",
        "file:///etc/passwd",
        "http://mmbiz.qpic.cn@127.0.0.1/1",
    ],
)
async def test_no_foreign_address_is_asked(household: Household, url: str) -> None:
    await household.receive(Media("", url))
    await household.keeper.fetch_next()
    assert await household.state() is State.FAILED
    assert household.files() == []


async def test_erasing_leaves_neither_file_nor_record(household: Household) -> None:
    for number in range(3):
        household.cupboard.answers[f"m{number}"] = [image()]
        await household.receive(Media(f"m{number}"), str(number))
    await household.keeper.fetch_next()
    await household.keeper.fetch_next()
    await household.keeper.erase(OPENID)
    assert household.files() == []
    assert not await household.connection.redis.exists(Keys(ACCOUNT).media(OPENID))
    # The third was still to be fetched, and no longer is.
    assert not await household.keeper.fetch_next()
    assert len(household.cupboard.asked) == 2


async def test_a_file_that_is_fetched_while_its_follower_is_forgotten_goes_too(
    household: Household,
) -> None:
    household.cupboard.answers["m1"] = [image()]
    await household.receive(Media("m1"))
    household.cupboard.meanwhile = lambda: household.keeper.erase(OPENID)
    assert await household.keeper.fetch_next()
    assert household.cupboard.asked == ["m1"]
    assert household.files() == []
    assert await household.state() is None
    assert await household.connection.redis.zcard(Keys(ACCOUNT).media_wanted()) == 0


async def test_nothing_is_fetched_for_the_answer_to_wait_for(household: Household) -> None:
    await household.receive(Media("m1"))
    assert household.cupboard.asked == []
    work = await household.store.load(OPENID)
    assert not work.messages
    assert isinstance(work.conversation, Conversation)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (JPEG[:16], "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"GIF89a", "image/gif"),
        (b"RIFF....WEBPVP8", "image/webp"),
        (b"#!AMR\n", "audio/amr"),
        (b"....ftypmp42", "video/mp4"),
        (b"<html><script>", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_a_file_is_what_its_first_bytes_say(head: bytes, expected: str) -> None:
    assert type_of(head) == expected

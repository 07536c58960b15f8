"""What a follower sends and sees: the connector before the simulated platform; only the brain is played."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer, unused_port

from bot.spoken import Spoken
from bot.turn import Turn
from connectors.app import create_app
from connectors.parts import Parts, open_parts
from connectors.settings import Settings
from connectors.simulator.app import create_app as create_simulator
from connectors.simulator.client import Phone, Simulator
from connectors.simulator.settings import SimulatorSettings
from connectors.store.connection import Connection
from connectors.worker import Worker
from tests.doubles import SilentBrain, answer

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
ACCOUNT = {
    "wechat_app_id": "wx0123456789abcdef",
    "wechat_app_secret": "0" * 32,
    "wechat_token": "seasonal2026",
    "wechat_encoding_aes_key": "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA",
}


@dataclass
class Line:
    """A running account and somebody who has just followed it."""

    parts: Parts
    brain: SilentBrain
    simulator: Simulator
    phone: Phone

    def files(self) -> list[bytes]:
        """What lies in the media folder."""
        folder = self.parts.media.folder
        return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]

    async def calls(self) -> list[str]:
        """The addresses of the platform's API that were asked."""
        return [entry["path"] for entry in await self.simulator.log("api")]


OpenLine = Callable[..., Awaitable[Line]]


@pytest.fixture
async def open_line(
    connection: Connection, store_url: str, nlu_data: Path, tmp_path: Path
) -> AsyncIterator[OpenLine]:
    """Opens an account of some kind, with further settings of the connector."""
    async with AsyncExitStack() as opened:

        async def open_one(kind: str = "verified_service", **changes: Any) -> Line:
            told: dict[str, Any] = ACCOUNT | {"wechat_account_kind": kind}
            port = unused_port()
            callback = f"http://127.0.0.1:{port}/wechat"
            platform = SimulatorSettings(simulator_callback_url=callback, **told)
            server = await opened.enter_async_context(TestServer(create_simulator(platform)))
            url = str(server.make_url("")).rstrip("/")
            more = {"wechat_api_url": url, "redis_url": store_url, "media_dir": tmp_path}
            settings = Settings(_env_file=None, **(told | more | changes))
            return await _opened(opened, settings, nlu_data, port, url)

        yield open_one


async def _opened(
    opened: AsyncExitStack, settings: Settings, nlu_data: Path, port: int, url: str
) -> Line:
    built = await opened.enter_async_context(open_parts(settings, nlu_data))
    brain = SilentBrain([answer()])
    parts = replace(built, engine=replace(built.engine, brain=brain))
    await opened.enter_async_context(TestServer(create_app(parts, {"callback"}), port=port))
    await opened.enter_async_context(_working(parts))
    simulator = await opened.enter_async_context(Simulator.at(url))
    phone = await simulator.new_phone()
    await phone.follow(wait=True)
    await phone.wait_for("欢迎")
    return Line(parts, brain, simulator, phone)


@asynccontextmanager
async def _working(parts: Parts) -> AsyncIterator[None]:
    worker = Worker(parts.engine, parts.inbox, 8)
    running = [asyncio.create_task(run) for run in (worker.run(), parts.media.run())]
    yield
    worker.stop()
    parts.media.stop()
    await asyncio.gather(*running)


@pytest.fixture
async def line(open_line: OpenLine) -> Line:
    """A verified service account."""
    return await open_line()


async def kept(line: Line) -> list[bytes]:
    """What lies in the media folder once something does."""
    async with asyncio.timeout(10):
        while not line.files():
            await asyncio.sleep(0.02)
    return line.files()


async def test_a_picture_is_thanked_for_and_kept_and_goes_with_the_follower(line: Line) -> None:
    await line.phone.picture(PNG)
    seen = await line.phone.wait_for("图片")
    assert seen["way"] == "passive"
    assert "第 1 位" in seen["text"]
    assert await kept(line) == [PNG]
    await line.phone.unfollow(wait=True)
    async with asyncio.timeout(10):
        while line.files():
            await asyncio.sleep(0.02)
    assert await line.parts.connection.redis.keys("*media*") == []


@pytest.mark.parametrize("kind", ["voice", "video"])
async def test_voices_and_films_are_kept(line: Line, kind: str) -> None:
    await getattr(line.phone, kind)()
    await line.phone.wait_for("同事")
    assert await kept(line)


async def test_a_place_is_answered_with_the_nearest_shops(line: Line) -> None:
    await line.phone.place(latitude=31.2397, longitude=121.4905, label="外滩")
    seen = await line.phone.wait_for("最近")
    assert "上海浦潮中心店" in seen["text"].splitlines()[1]
    assert seen["way"] == "passive"


async def test_what_cannot_be_read_is_answered_kindly_with_a_way_to_a_person(line: Line) -> None:
    await line.phone.link("新品", "三款", "https://x.example/")
    assert "链接" in (await line.phone.wait_for())["text"]
    await line.phone.sticker()
    assert "看不懂" in (await line.phone.wait_for())["text"]
    await line.phone.message("hologram")
    seen = await line.phone.wait_for("看不懂")
    assert [choice["content"] for choice in seen["choices"]] == ["转人工"]
    assert line.brain.asked == []


async def test_events_that_ask_for_nothing_leave_no_trace(line: Line) -> None:
    before = sorted(await line.parts.connection.redis.keys("*"))
    for name in ("LOCATION", "VIEW", "TEMPLATESENDJOBFINISH", "kf_close_session", "moon_landing"):
        await line.phone.event(name, wait=True)
    assert sorted(await line.parts.connection.redis.keys("*")) == before
    await line.phone.say("几点")
    assert "十点" in (await line.phone.wait_for())["text"]


@pytest.mark.parametrize("kind", ["unverified_service", "unverified_subscription"])
async def test_story_30_without_menus_a_number_may_be_typed_and_the_api_is_never_asked(
    open_line: OpenLine, kind: str
) -> None:
    line = await open_line(kind)
    offer = Spoken("utter_x", "clarify", "您想问？", ("门店在哪", "转人工"))
    line.brain.turns = [Turn((offer,), "zh-Hans"), answer()]
    await line.phone.say("嗯")
    seen = await line.phone.wait_for("您想问")
    assert seen["text"].splitlines()[1:] == ["1. 门店在哪", "2. 转人工"]
    await line.phone.say("1")
    await line.phone.wait_for("十点")
    assert [message.text for message in line.brain.asked] == ["嗯", "门店在哪"]
    assert await line.calls() == []


async def test_story_30_a_tap_without_its_id_is_matched_by_its_words(line: Line) -> None:
    offer = Spoken("utter_x", "clarify", "您想问？", ("门店在哪", "转人工"))
    line.brain.turns = [Turn((offer,), "zh-Hans"), answer()]
    await line.phone.say("嗯", wait=True)
    await line.phone.wait_for("您想问")
    await line.phone.say("门店在哪", wait=True)
    await line.phone.wait_for("十点")
    assert line.brain.asked[-1].choice_id == ""


async def test_a_long_answer_reaches_the_phone_whole_and_in_order(line: Line) -> None:
    long = "".join(f"第{number}句👨‍👩‍👧。" for number in range(200))
    line.brain.turns = [answer(long)]
    await line.phone.say("讲讲", wait=True)
    seen = ""
    while "第199句" not in seen:
        told = await line.phone.wait_for()
        assert len(told["text"].encode()) <= 2048
        seen += told["text"]
    assert seen == long

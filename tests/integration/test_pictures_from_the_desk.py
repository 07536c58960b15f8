"""An agent's picture on its whole way: from the desk's page over the worker and WeChat's API to the phone."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from io import BytesIO
from typing import Any

import pytest
from aiohttp import ClientResponse, CookieJar
from aiohttp.test_utils import TestClient, TestServer

from bot.ledger import Audit, Event, audit
from bot.messages import Delivery
from connectors.app import create_app
from connectors.desk.guard.accounts import Accounts, Role
from connectors.store.conversations import Told
from tests.desk.conftest import PASSWORD, SESSION_LIBRARY, Browser
from tests.doubles import answer
from tests.integration.test_on_the_phone import PNG, Line, OpenLine, open_line

pytestmark = SESSION_LIBRARY
__all__ = ["open_line"]
KEY = "a" * 32
UPLOAD, SEND = "/cgi-bin/media/upload", "/cgi-bin/message/custom/send"
PATIENCE_SECONDS = 30


class Office:
    """The desk before a line: an agent's browser, and what is known of the follower."""

    def __init__(self, line: Line, browser: Browser) -> None:
        self.line, self.browser = line, browser
        self.openid = line.phone.openid
        self.page = f"/desk/conversations/{self.openid}"

    async def take(self) -> None:
        """The follower asks for a person, and the agent takes the conversation."""
        await self.line.phone.say("拉链坏了")
        await self.line.phone.wait_for("帮您找同事")
        assert (await self.browser.post(f"{self.page}/take")).status == 200

    async def send(self, body: bytes = PNG, key: str = KEY) -> ClientResponse:
        """Choose a file, as the page's script does."""
        headers = {"X-CSRF-Token": await self.browser.token(), "Accept": "text/plain"}
        url = f"{self.page}/picture?key={key}"
        async with self.browser.client.post(url, data=BytesIO(body), headers=headers) as answered:
            await answered.read()
            return answered

    async def told(self) -> Told:
        """The picture's line in the transcript."""
        lines = await self.line.parts.conversations.transcript(self.openid)
        return next(each for each in lines if each.line.details.get("media") == f"agent-{KEY}")

    async def until(self, state: Delivery) -> None:
        """Wait until the picture has come so far."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (await self.told()).delivery is not state:
                await asyncio.sleep(0.02)

    async def audited(self) -> Audit:
        """What the ledger proves."""
        ledger = self.line.parts.conversations.ledger()
        return audit([entry async for entry in ledger], self.line.parts.clock.now())

    async def replies(self) -> list[tuple[str, str]]:
        """The agent's words as the ledger counts them: who, and whether they were the first."""
        ledger = self.line.parts.conversations.ledger()
        entries = [entry async for entry in ledger]
        return [(each.agent, each.reason or "") for each in entries if each.event is Event.REPLIED]

    async def pictures(self) -> list[bytes]:
        """What the phone shows of pictures, as it loads them."""
        lines = await self.line.phone.transcript()
        simulator = self.line.simulator
        found = []
        for media in [each["media"] for each in lines if each["kind"] == "image"]:
            async with simulator.session.get(f"{simulator.url}/media/{media}") as answered:
                found.append(await answered.read())
        return found

    async def calls(self, path: str) -> int:
        """How often an API of the platform was called."""
        return (await self.line.calls()).count(path)


@pytest.fixture
async def open_office(open_line: OpenLine) -> AsyncIterator[Callable[..., Awaitable[Office]]]:
    """Opens an account of some kind, whose bot finds a person for everybody, and the desk before it."""
    async with AsyncExitStack() as opened:

        async def open_one(kind: str = "verified_service") -> Office:
            line = await open_line(kind, desk_undo_seconds=0)
            line.brain.turns = [answer("好，帮您找同事。", "notice", "unsure")]
            await Accounts(line.parts.connection.redis).add("li", "小李", Role.AGENT, PASSWORD)
            server = await opened.enter_async_context(TestServer(create_app(line.parts, {"desk"})))
            client = TestClient(server, cookie_jar=CookieJar(unsafe=True))
            opened.push_async_callback(client.session.close)
            browser = Browser(client)
            assert (await browser.log_in("li")).status == 303
            return Office(line, browser)

        yield open_one


@pytest.fixture
async def office(open_office: Callable[..., Awaitable[Office]]) -> Office:
    """A verified service account."""
    return await open_office()


async def test_a_picture_reaches_the_phone_the_transcript_and_the_ledger(office: Office) -> None:
    await office.take()
    left = (await office.line.phone.state())["remaining"]
    assert (await office.send()).status == 200
    seen = await office.line.phone.wait_for(lambda line: line["kind"] == "image")
    assert seen["way"] == "custom"
    assert await office.pictures() == [PNG]
    await office.until(Delivery.DELIVERED)
    assert (await office.told()).line.details["agent"] == "li"
    assert (await office.calls(UPLOAD), await office.calls(SEND)) == (1, 1)
    assert (await office.line.phone.state())["remaining"] == left - 1
    result = await office.audited()
    assert result.is_sound
    assert (result.open, result.outcomes["answered_by_agent"]) == (0, 1)
    assert await office.replies() == [("li", "first")]


async def test_the_page_shows_the_picture_that_was_sent(office: Office) -> None:
    await office.take()
    await office.send()
    await office.until(Delivery.DELIVERED)
    address = f"{office.page}/media/agent-{KEY}"
    _, html = await office.browser.get(office.page)
    assert f'<img src="{address}"' in html
    async with office.browser.client.get(address) as answered:
        assert (answered.status, answered.content_type) == (200, "image/png")
        assert await answered.read() == PNG


@pytest.mark.parametrize(
    ("errcode", "why"),
    [
        (40005, "微信不支持这种图片"),
        (40009, "图片太大"),
        (45009, "今天的接口次数用完了"),
        (48001, "没有这项权限"),
    ],
)
async def test_a_refused_upload_says_why_and_goes_with_the_next_contact(
    office: Office, errcode: int, why: str
) -> None:
    await office.take()
    await office.line.simulator.fault("api_errcode", errcode=errcode, path=UPLOAD)
    assert (await office.send()).status == 200
    await office.until(Delivery.HELD)
    assert (await office.told()).errcode == errcode
    assert why in (await office.browser.get(office.page))[1]
    assert await office.pictures() == []
    assert office.line.files() == [PNG]
    result = await office.audited()
    assert (result.is_sound, result.open) == (True, 1)
    await office.line.phone.say("在吗")
    await office.line.phone.wait_for(lambda line: line["kind"] == "image")
    await office.until(Delivery.DELIVERED)
    assert await office.pictures() == [PNG]
    assert why not in (await office.browser.get(office.page))[1]
    assert (await office.audited()).outcomes["answered_by_agent"] >= 1


@pytest.mark.parametrize("errcode", [45009, 48001])
async def test_what_uploads_are_refused_for_stops_no_words(office: Office, errcode: int) -> None:
    """Quotas and permissions are those of one API: the account's other messages go on."""
    await office.take()
    await office.line.simulator.fault("api_errcode", None, errcode=errcode, path=UPLOAD)
    await office.send()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await office.calls(UPLOAD):
            await asyncio.sleep(0.02)
    await office.browser.reply("可以修", openid=office.openid)
    await office.line.phone.wait_for("可以修")


@pytest.mark.parametrize(
    "fault", [{"kind": "api_broken"}, {"kind": "api_errcode", "errcode": -1}], ids=str
)
async def test_an_upload_that_only_failed_is_tried_again_by_itself(
    office: Office, fault: dict[str, Any]
) -> None:
    await office.take()
    await office.line.simulator.fault(path=UPLOAD, **fault)
    await office.send()
    await office.until(Delivery.DELIVERED)
    assert await office.pictures() == [PNG]
    assert (await office.calls(UPLOAD), await office.calls(SEND)) == (2, 1)
    result = await office.audited()
    assert result.is_sound
    assert result.outcomes["answered_by_agent"] == 1


async def test_where_nothing_may_be_uploaded_no_picture_is_offered_or_kept(
    open_office: Callable[..., Awaitable[Office]],
) -> None:
    office = await open_office("unverified_service")
    await office.take()
    assert 'id="picture"' not in (await office.browser.get(office.page))[1]
    assert (await office.send()).status == 403
    assert office.line.files() == []
    assert await office.calls(UPLOAD) == 0

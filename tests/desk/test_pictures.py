"""Pictures that agents send: known by their bytes, kept with the follower's own, as safely sent as words."""

import asyncio
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import ClientResponse

from bot.conversation import Conversation, Speaker
from bot.messages import Bubble, Delivery
from bot.ports import Uncertain
from bot.respond import respond
from bot.situation import Situation
from connectors.wechat.pictures import LARGEST_BYTES
from tests.desk.conftest import OPENID, SESSION_LIBRARY, Browser, Desk, OpenDesk
from tests.doubles import PlainNotices, SettableClock, text

pytestmark = SESSION_LIBRARY
ONE = f"/desk/conversations/{OPENID}"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
A, B = "a" * 32, "b" * 32


@pytest.fixture
async def desk(open_desk: OpenDesk, tmp_path: Path) -> Desk:
    """A desk whose files lie in a folder of its own."""
    return await open_desk(media_dir=tmp_path, wechat_account_kind="verified_service")


async def send(browser: Browser, body: bytes, key: str = A, token: str = "") -> ClientResponse:
    """Upload a file as the page's script does."""
    headers = {"X-CSRF-Token": token or await browser.token(), "Accept": "text/plain"}
    url = f"{ONE}/picture?key={key}"
    async with browser.client.post(url, data=BytesIO(body), headers=headers) as answered:
        await answered.read()
        return answered


def kept(desk: Desk) -> list[bytes]:
    """The files that lie there."""
    folder = Path(desk.parts.settings.media_dir)
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


async def outbox(desk: Desk) -> tuple[Bubble, ...]:
    return (await desk.parts.conversations.read(OPENID)).outbox


async def test_a_picture_is_kept_shown_and_sent_alone(desk: Desk) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    await li.post(f"{ONE}/take")
    await li.reply("这是样子", key=B)
    assert (await send(li, PNG)).status == 200
    words, picture = (await outbox(desk))[-2:]
    assert (words.picture, picture.picture, picture.text) == ("", f"agent-{A}", "")
    await desk.work()
    assert await outbox(desk) == ()
    assert [text for _, text in desk.postbox.sent[-2:]] == ["【小李 为您服务】\n这是样子", ""]
    assert kept(desk) == [PNG]
    _, html = await li.get(ONE)
    assert f'<img src="{ONE}/media/agent-{A}"' in html


async def test_a_picture_sent_twice_goes_once(desk: Desk) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    await li.post(f"{ONE}/take")
    for _ in range(2):
        assert (await send(li, PNG)).status == 200
    assert len([each for each in await outbox(desk) if each.picture]) == 1


async def test_a_picture_whose_sending_was_cut_off_goes_when_it_comes_again(desk: Desk) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    await li.post(f"{ONE}/take")
    # The file was kept, and then the process died.
    await desk.parts.media.keep(OPENID, f"agent-{A}", PNG)
    assert (await send(li, PNG)).status == 200
    assert [each.picture for each in await outbox(desk) if each.picture] == [f"agent-{A}"]
    assert kept(desk) == [PNG]


async def test_a_picture_sent_twice_at_the_same_moment_goes_once(desk: Desk) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    await li.post(f"{ONE}/take")
    token = await li.token()
    answered = await asyncio.gather(*(send(li, PNG, token=token) for _ in range(8)))
    assert {each.status for each in answered} == {200}
    assert len([each for each in await outbox(desk) if each.picture]) == 1
    assert kept(desk) == [PNG]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"<svg onload=alert(1)>", 422),
        (b"GIF89a" + bytes(64), 422),
        (b"", 422),
        (PNG + bytes(LARGEST_BYTES), 422),
        (b"\xff\xd8\xff" + bytes(2 * 1024 * 1024), 200),
    ],
)
async def test_what_wechat_takes_for_a_picture_is_told_by_its_bytes(
    desk: Desk, body: bytes, status: int
) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    await li.post(f"{ONE}/take")
    assert (await send(li, body)).status == status
    assert len(kept(desk)) == (status == 200)


async def test_only_the_holder_sends_one_and_nothing_else_is_kept(desk: Desk) -> None:
    await desk.somebody_waits()
    li, wang = await desk.browser("li"), await desk.browser("wang")
    await li.post(f"{ONE}/take")
    assert (await send(wang, PNG)).status == 409
    assert (await send(li, PNG, token="forged")).status == 403
    assert (await send(li, PNG, key="../../x")).status == 404
    assert kept(desk) == []


async def test_it_is_not_repeated_when_nobody_knows_whether_it_went_out(desk: Desk) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    await li.post(f"{ONE}/take")
    desk.postbox.faults.append(Uncertain("cut"))
    await send(li, PNG)
    for _ in range(2):
        await desk.parts.inbox.schedule(OPENID)
        await desk.work()
    assert [each.state for each in await outbox(desk)] == [Delivery.UNCERTAIN]
    assert "不确定是否送达" in (await li.get(ONE))[1]


def test_a_picture_does_not_ride_along_as_words_and_what_follows_it_waits() -> None:
    waiting = tuple(
        Bubble(id, "agent", words, picture=picture)
        for id, words, picture in (("b1", "这个", ""), ("b2", "", "agent-1"), ("b3", "好看吗", ""))
    )
    held = Conversation("a", OPENID, speaker=Speaker.AGENT, agent="li", outbox=waiting)
    at_hand = Situation(text("在吗"), None, PlainNotices(), 1, SettableClock().at, is_passive=True)
    after = respond(held, at_hand).conversation
    states = [Delivery.HANDED, Delivery.QUEUED, Delivery.QUEUED]
    assert [bubble.state for bubble in after.outbox] == states


async def test_it_is_erased_with_the_follower(desk: Desk) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    await li.post(f"{ONE}/take")
    await send(li, PNG)
    assert kept(desk) == [PNG]
    await desk.parts.engine.forgetting.on_request(OPENID)
    assert kept(desk) == []
    assert await desk.parts.connection.redis.keys("*media*") == []

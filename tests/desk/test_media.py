"""What followers sent besides words, as agents see it; and what followers see of agents."""

from pathlib import Path

import pytest

from bot.messages import Inbound, Media
from connectors.store.media import State
from tests.desk.conftest import OPENID, SESSION_LIBRARY, Desk, OpenDesk

pytestmark = SESSION_LIBRARY
ONE = f"/desk/conversations/{OPENID}"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


@pytest.fixture
async def desk(open_desk: OpenDesk, tmp_path: Path) -> Desk:
    """A desk whose files lie in a folder of its own."""
    return await open_desk(media_dir=tmp_path)


async def kept(desk: Desk, body: bytes, kind: str = "image") -> None:
    """A follower's file, fetched."""
    at = desk.clock.now()
    await desk.receive(
        Inbound("77", desk.parts.settings.wechat_app_id, OPENID, kind, at, media=Media("m"))
    )
    wanted = await desk.parts.media.shelf.take(at)
    assert wanted
    path = desk.parts.media.path(wanted.record.file)
    path.parent.mkdir(parents=True)
    path.write_bytes(body)
    assert await desk.parts.media.shelf.note(wanted, State.KEPT)


async def test_a_picture_is_shown_in_the_conversation(desk: Desk) -> None:
    await kept(desk, PNG)
    li = await desk.browser("li")
    _, html = await li.get(ONE)
    assert f'<img src="{ONE}/media/77"' in html
    async with li.client.get(f"{ONE}/media/77") as answer:
        assert (answer.status, await answer.read()) == (200, PNG)
        assert answer.content_type == "image/png"
        assert answer.headers["Content-Disposition"].startswith("inline")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "body", [b"<html><script>alert(1)</script>", b"<svg onload=alert(1)>", b"#!AMR\n"]
)
async def test_whatever_is_no_picture_is_saved_and_never_shown(desk: Desk, body: bytes) -> None:
    await kept(desk, body)
    li = await desk.browser("li")
    async with li.client.get(f"{ONE}/media/77") as answer:
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.content_type in ("application/octet-stream", "audio/amr")


async def test_a_file_that_is_not_here_is_not_found(desk: Desk) -> None:
    await desk.somebody_waits()
    li = await desk.browser("li")
    assert (await li.get(f"{ONE}/media/78"))[0] == 404


async def test_strangers_see_no_file(desk: Desk) -> None:
    await kept(desk, PNG)
    stranger = await desk.browser()
    async with stranger.client.get(f"{ONE}/media/77", allow_redirects=False) as answer:
        assert answer.status == 303


async def test_the_follower_sees_that_the_agent_writes(desk: Desk) -> None:
    await desk.somebody_waits()
    li, wang = await desk.browser("li"), await desk.browser("wang")
    await li.post(f"{ONE}/take")
    await wang.post(f"{ONE}/typing")
    assert desk.postbox.typed == []
    await li.post(f"{ONE}/typing")
    assert desk.postbox.typed == [OPENID]

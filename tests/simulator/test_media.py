"""Temporary media: what may be uploaded, how long it stays, and that what followers send can be fetched."""

import io
from typing import Any

import aiohttp
import pytest

from connectors.simulator.client import Refused, Simulator
from connectors.simulator.model import samples
from connectors.simulator.model.media import LIFE_SECONDS
from tests.simulator.calling import call, token
from tests.simulator.conftest import Callback, StartSimulator

UPLOAD, GET = "/cgi-bin/media/upload", "/cgi-bin/media/get"


async def upload(
    simulator: Simulator, kind: str, content: bytes, name: str = "media"
) -> dict[str, Any]:
    """The answer to an upload."""
    form = aiohttp.FormData()
    form.add_field(
        name, io.BytesIO(content), filename="file", content_type="application/octet-stream"
    )
    url = f"{simulator.url}{UPLOAD}?type={kind}&access_token={await token(simulator)}"
    async with simulator.session.post(url, data=form) as response:
        answer: dict[str, Any] = await response.json()
        return answer


async def download(simulator: Simulator, media_id: str) -> tuple[str, bytes]:
    """Content type and bytes of the answer."""
    params = {"media_id": media_id, "access_token": await token(simulator)}
    async with simulator.session.get(simulator.url + GET, params=params) as response:
        return response.content_type, await response.read()


async def test_an_upload_can_be_fetched_for_three_days(simulator: Simulator) -> None:
    picture = samples.picture()
    told = await upload(simulator, "image", picture)
    assert set(told) == {"type", "media_id", "created_at"}
    assert await download(simulator, told["media_id"]) == ("image/png", picture)
    await simulator.advance(LIFE_SECONDS - 60)
    assert await download(simulator, told["media_id"]) == ("image/png", picture)
    await simulator.advance(60)
    access = await token(simulator)
    answer = await call(simulator, "GET", GET, media_id=told["media_id"], access_token=access)
    assert answer["errcode"] == 40007


@pytest.mark.parametrize(
    ("kind", "content", "errcode"),
    [
        ("poster", b"x", 40004),
        ("image", b"", 44001),
        ("image", b"GIF9", 40005),
        ("voice", samples.picture(), 40005),
        ("thumb", samples.picture(), 40005),
        ("thumb", samples.THUMB + bytes(64 * 1024), 40012),
        ("voice", samples.VOICE + bytes(2 * 2**20), 40010),
        ("image", samples.picture() + bytes(10 * 2**20), 40009),
    ],
)
async def test_uploads_that_are_refused(
    simulator: Simulator, kind: str, content: bytes, errcode: int
) -> None:
    assert (await upload(simulator, kind, content))["errcode"] == errcode


async def test_an_upload_needs_its_field(simulator: Simulator) -> None:
    assert (await upload(simulator, "image", samples.picture(), name="file"))["errcode"] == 41005
    access = await token(simulator)
    answer = await call(simulator, "POST", UPLOAD, {}, access_token=access, type="image")
    assert answer["errcode"] == 41005
    assert (await call(simulator, "GET", GET, access_token=access))["errcode"] == 41006


async def test_what_a_follower_sends_can_be_fetched(
    simulator: Simulator, callback: Callback
) -> None:
    phone = await simulator.new_phone()
    await phone.follow(wait=True)
    await phone.picture(samples.picture(8, 8), wait=True)
    await phone.voice(wait=True)
    await phone.video(wait=True)
    image, voice, video = callback.messages[1:]
    assert await download(simulator, image["MediaId"]) == ("image/png", samples.picture(8, 8))
    async with simulator.session.get(image["PicUrl"]) as response:
        assert await response.read() == samples.picture(8, 8)
    assert (voice["Format"], "Recognition" in voice) == ("amr", False)
    for name in ("MediaId", "MediaId16K"):
        assert await download(simulator, voice[name]) == ("audio/amr", samples.VOICE)
    access = await token(simulator)
    told = await call(simulator, "GET", GET, media_id=video["MediaId"], access_token=access)
    async with simulator.session.get(told["video_url"]) as response:
        assert await response.read() == samples.VIDEO
    assert (await download(simulator, video["ThumbMediaId"]))[0] == "image/jpeg"
    lines = await phone.transcript()
    assert [line["kind"] for line in lines] == ["follow", "image", "voice", "video"]
    assert lines[1]["media"] == image["MediaId"]


async def test_a_phone_sends_only_what_it_says_it_sends(simulator: Simulator) -> None:
    phone = await simulator.new_phone()
    await phone.follow()
    with pytest.raises(Refused, match="invalid file type"):
        await phone.voice(samples.picture())


async def test_accounts_without_the_right_have_no_media(start: StartSimulator) -> None:
    simulator = await start(wechat_account_kind="unverified_service")
    assert (await upload(simulator, "image", samples.picture()))["errcode"] == 48001

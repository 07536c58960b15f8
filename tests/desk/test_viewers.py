"""Two agents before one conversation: each knows of the other, and one of them has it."""

import asyncio

from connectors.store.desk.viewers import TYPING_SECONDS, VIEWING_SECONDS
from tests.desk.conftest import OPENID, SESSION_LIBRARY, Desk

pytestmark = SESSION_LIBRARY
ONE = f"/desk/conversations/{OPENID}"


async def test_who_looks_and_who_writes_is_shown_to_the_others(desk: Desk) -> None:
    await desk.somebody_waits()
    li, wang = await desk.browser("li"), await desk.browser("wang")
    await wang.post(f"{ONE}/viewing")
    assert "王芳 也在看" in (await li.get(ONE))[1]
    await wang.post(f"{ONE}/viewing", typing="1")
    assert "王芳 正在输入" in (await li.get(ONE))[1]
    assert "王芳 正在输入" not in (await wang.get(ONE))[1]
    desk.clock.at += TYPING_SECONDS + 1
    assert "王芳 也在看" in (await li.get(ONE))[1]
    desk.clock.at += VIEWING_SECONDS
    assert "王芳" not in (await li.get(ONE))[1].split("<ol")[0].split('id="viewers"')[1]


async def test_who_leaves_is_gone_at_once(desk: Desk) -> None:
    await desk.somebody_waits()
    li, wang = await desk.browser("li"), await desk.browser("wang")
    await wang.post(f"{ONE}/viewing")
    await wang.post(f"{ONE}/viewing", gone="1")
    assert "也在看" not in (await li.get(ONE))[1]


async def test_pages_hear_of_a_viewer_once(desk: Desk) -> None:
    await desk.somebody_waits()
    li, wang = await desk.browser("li"), await desk.browser("wang")
    async with li.client.get(f"/desk/events?shows={OPENID}", headers=li.headers) as stream:
        await stream.content.readuntil(b"\n\n")
        for _ in range(3):
            await wang.post(f"{ONE}/viewing")
        await wang.post(f"{ONE}/viewing", typing="1")
        told: list[bytes] = []
        async with asyncio.timeout(5):
            while len(told) < 2:
                event = await stream.content.readuntil(b"\n\n")
                # That 王芳 has come is told as well.
                told += [event] if b"presence" not in event else []
    assert told == [f"event: viewed\ndata: {OPENID}\n\n".encode()] * 2


async def test_nobody_is_seen_before_a_conversation_that_is_not_there(desk: Desk) -> None:
    li = await desk.browser("li")
    assert (await li.post(f"{ONE}/viewing")).status in (404, 410)
    assert await desk.parts.connection.redis.keys("*viewers*") == []

"""Live news: a page hears what changes, and never keeps the server from stopping."""

import asyncio

import pytest

from connectors.desk.stream import EVERYTHING, QUEUE_SIZE, News, Queue, events
from connectors.store.connection import Connection
from tests.desk.conftest import OPENID, SESSION_LIBRARY, Browser, Desk

pytestmark = SESSION_LIBRARY


async def heard(browser: Browser, word: str) -> str:
    """Read the stream until the word comes."""
    async with browser.client.get("/desk/events") as response:
        assert response.headers["Content-Type"] == "text/event-stream"
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        said = ""
        while word not in said:
            said += (await response.content.readline()).decode()
        return said


async def test_a_page_hears_of_a_new_follower(desk: Desk) -> None:
    li = await desk.browser("li")
    async with asyncio.timeout(10):
        listening = asyncio.create_task(heard(li, OPENID))
        while not listening.done():
            await desk.somebody_waits(f"在吗 {asyncio.get_running_loop().time()}")
            await asyncio.sleep(0.05)
    assert f"event: changed\ndata: {OPENID}\n" in await listening


async def test_open_streams_do_not_keep_the_server_from_stopping(desk: Desk) -> None:
    li = await desk.browser("li")
    async with li.client.get("/desk/events") as response:
        await response.content.readline()
        async with asyncio.timeout(3):
            await desk.server.close()
            rest = await response.content.read()
    assert b"event" not in rest


async def test_strangers_hear_nothing(desk: Desk) -> None:
    stranger = await desk.browser()
    async with stranger.client.get("/desk/events", allow_redirects=False) as response:
        assert response.status == 303


async def test_a_page_that_is_slow_to_read_is_told_to_look_at_everything(
    connection: Connection,
) -> None:
    news = News(connection.redis, {"channel": str})
    with news.page() as queue:
        for number in range(QUEUE_SIZE + 1):
            news._tell(f"o{number}")
        assert queue.qsize() == 1
        assert queue.get_nowait() == EVERYTHING


async def test_a_stream_ends_by_itself_so_that_the_log_in_is_looked_at_again() -> None:
    said = [event async for event in events(Queue(), seconds=0.05)]
    assert said[0].startswith(b"retry:")


async def test_a_page_that_comes_while_stopping_is_let_go_at_once(connection: Connection) -> None:
    news = News(connection.redis, {"channel": str})
    news.end_pages()
    with news.page() as queue:
        async with asyncio.timeout(1):
            assert [event async for event in events(queue)] == [b"retry: 1000\n\n"]


@pytest.mark.parametrize("gap", [1, 2])
async def test_after_a_gap_everything_is_looked_at(connection: Connection, gap: int) -> None:
    for _ in range(gap):
        news = News(connection.redis, {"channel": str})
        with news.page() as queue:
            await news.open()
            async with asyncio.timeout(5):
                assert await queue.get() == EVERYTHING
        await news.close()

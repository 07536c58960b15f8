"""Live news: a page hears what changes, and never keeps the server from stopping."""

import asyncio

import pytest

from connectors.desk.stream import ELSEWHERE, EVERYTHING, PRESENT, QUEUE_SIZE, News, Page, events
from connectors.store.connection import Connection
from tests.desk.conftest import OPENID, SESSION_LIBRARY, Browser, Desk

pytestmark = SESSION_LIBRARY


async def heard(browser: Browser, word: str) -> str:
    """Read the stream until the word comes."""
    async with browser.client.get(f"/desk/events?shows={OPENID}") as response:
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
    assert b"event: changed" not in rest


async def test_strangers_hear_nothing(desk: Desk) -> None:
    stranger = await desk.browser()
    async with stranger.client.get("/desk/events", allow_redirects=False) as response:
        assert response.status == 303


async def test_a_page_that_is_slow_to_read_is_told_to_look_at_everything(
    connection: Connection,
) -> None:
    news = News(connection.redis, {"channel": str})
    with news.page() as page:
        for number in range(QUEUE_SIZE + 1):
            page.tell(f"o{number}")
        assert page.told.qsize() == 1
        assert page.told.get_nowait() == EVERYTHING


async def test_a_stream_ends_by_itself_so_that_the_log_in_is_looked_at_again() -> None:
    said = [event async for event in events(Page(), seconds=0.05)]
    assert said[0].startswith(b"retry:")


async def test_a_page_that_comes_while_stopping_is_let_go_at_once(connection: Connection) -> None:
    news = News(connection.redis, {"channel": str})
    news.end_pages()
    with news.page() as page:
        async with asyncio.timeout(1):
            assert [event async for event in events(page)] == [b"retry: 1000\n\n"]


@pytest.mark.parametrize("gap", [1, 2])
async def test_after_a_gap_everything_is_looked_at(connection: Connection, gap: int) -> None:
    for _ in range(gap):
        news = News(connection.redis, {"channel": str})
        with news.page() as page:
            await news.open()
            async with asyncio.timeout(5):
                assert await page.told.get() == EVERYTHING
        await news.close()


async def test_a_page_hears_at_once_of_what_concerns_it_and_now_and_then_of_the_rest(
    connection: Connection,
) -> None:
    async def concerned(address: str) -> set[str]:
        return {"li"} if address == "oHers" else set()

    stale: list[str] = []
    news = News(connection.redis, {"channel": str}, lambda: stale.append("read anew"), concerned)
    with news.page("li") as hers, news.page("wang", shows="oShown") as his:
        for address in ("oHers", "oOther", "oShown", "oOther", "oHers"):
            await news.tell(address)
        assert len(stale) == 5
        async with asyncio.timeout(3):
            assert [await hers.told.get() for _ in range(3)] == ["oHers", "oHers", ELSEWHERE]
            assert [await his.told.get() for _ in range(2)] == ["oShown", ELSEWHERE]
        assert hers.told.empty()
        await news.tell("oOther")
        async with asyncio.timeout(3):
            assert await hers.told.get() == ELSEWHERE


async def test_who_looks_on_is_told_to_those_alone_who_show_the_same(
    connection: Connection,
) -> None:
    news = News(connection.redis, {"channel": str})
    with news.page("li", shows="oA") as one, news.page("wang", shows="oB") as other:
        await news.tell("?oA")
        assert await one.told.get() == "?oA"
        assert other.told.empty()


async def test_presence_is_told_to_its_agents_own_pages_at_once_and_gathered_to_the_others(
    connection: Connection,
) -> None:
    news = News(connection.redis, {"channel": str})
    with news.page("li") as desk, news.page("li", shows="oA") as shown, news.page("chen") as board:
        for name in ("li", "wang", "li"):
            await news.tell(f"{PRESENT}{name}")
        async with asyncio.timeout(3):
            for own in (desk, shown):
                told = [await own.told.get() for _ in range(3)]
                assert told == [f"{PRESENT}li", f"{PRESENT}li", PRESENT]
            assert await board.told.get() == PRESENT
        assert board.told.empty()


async def test_signs_of_life_come_among_any_news(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.desk.stream.KEEP_ALIVE_SECONDS", 0.0)
    page, alive = Page(), b"event: alive\ndata: \n\n"
    for openid in ("oA", "oB"):
        page.tell(openid)
    said = [event async for event in events(page, seconds=0.05)][1:]
    assert said[:4:2] == [alive, alive]
    assert [event for event in said if event != alive] == [
        b"event: changed\ndata: oA\n\n",
        b"event: changed\ndata: oB\n\n",
    ]
    assert said[-1] == alive

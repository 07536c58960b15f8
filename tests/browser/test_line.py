"""A line that goes dead without a word: the page misses the server, says so, and takes it up again by itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from playwright.async_api import Browser, Page, expect

from tests.desk.conftest import PASSWORD, SESSION_LIBRARY, Desk, desk, open_desk

__all__ = ["desk", "open_desk"]
pytestmark = SESSION_LIBRARY
MISSED_MILLISECONDS = 41_000
"""When the page has looked after its stream and found it silent for too long."""


@dataclass
class Wire:
    """Stands between browser and desk. What streams when it is cut stays open, and nothing comes of it any more."""

    port: int
    whole: asyncio.Event = field(default_factory=asyncio.Event)
    _idle: set[asyncio.StreamWriter] = field(default_factory=set)
    _pumps: set["asyncio.Task[None]"] = field(default_factory=set)
    _cuts: int = 0

    def cut(self) -> None:
        """Let nothing pass any more. Idle connections end, as browsers end them when the network changes."""
        self.whole.clear()
        self._cuts += 1
        for browser in self._idle:
            browser.close()

    def mend(self) -> None:
        """Let pass what has been begun since the cut."""
        self.whole.set()

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection of the browser's."""
        await self.whole.wait()
        cuts = self._cuts
        self._idle.add(writer)
        desk_reader, desk_writer = await asyncio.open_connection("127.0.0.1", self.port)
        ways = ((reader, desk_writer), (desk_reader, writer))
        pumps = [asyncio.create_task(self._pump(*way, writer, cuts)) for way in ways]
        self._pumps.update(pumps)
        await asyncio.wait(pumps)

    async def _pump(
        self,
        source: asyncio.StreamReader,
        sink: asyncio.StreamWriter,
        browser: asyncio.StreamWriter,
        cuts: int,
    ) -> None:
        try:
            while data := await source.read(65536):
                if b"GET /desk/events" in data:
                    self._idle.discard(browser)
                if cuts != self._cuts:
                    await asyncio.Event().wait()
                sink.write(data)
        except OSError:
            pass
        finally:
            sink.close()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[str]:
        """The address of this end."""
        self.whole.set()
        server = await asyncio.start_server(self.connect, "127.0.0.1", 0)
        try:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            server.close()
            for pump in self._pumps:
                pump.cancel()
            await asyncio.wait(self._pumps)


async def lists(address: str, browser: Browser) -> Page:
    """An agent's lists, in a browser whose clock can be moved, once their stream is open."""
    context = await browser.new_context(locale="zh-CN")
    context.set_default_timeout(15_000)
    page = await context.new_page()
    await page.clock.install()
    await page.goto(f"{address}/desk/login")
    await page.fill("[name=name]", "li")
    await page.fill("[name=password]", PASSWORD)
    # What is looked at once the stream is open is the last that is asked for.
    async with page.expect_response("**/desk/presence"):
        await page.keyboard.press("Enter")
    await expect(page.locator("#lists .tabs")).to_be_visible()
    return page


async def test_a_page_misses_the_server_and_comes_back(desk: Desk, browser: Browser) -> None:
    assert desk.server.port
    wire = Wire(desk.server.port)
    async with wire.open() as address:
        page = await lists(address, browser)
        wire.cut()
        await desk.somebody_waits("断线时来的", "oMeanwhile")
        await expect(page.locator("#connection")).to_be_hidden()
        await page.clock.fast_forward(MISSED_MILLISECONDS)
        await expect(page.locator("#connection")).to_be_visible()
        wire.mend()
        await expect(page.locator("#connection")).to_be_hidden()
        await expect(page.locator("[data-openid=oMeanwhile]")).to_be_visible()
        # The new line is as good as the old one was.
        await desk.somebody_waits("然后来的", "oAfterwards")
        await expect(page.locator("[data-openid=oAfterwards]")).to_be_visible()
        await page.context.close()


async def test_a_page_that_slept_asks_anew_when_it_is_looked_at(
    desk: Desk, browser: Browser
) -> None:
    page = await lists(str(desk.server.make_url("")).rstrip("/"), browser)
    wakes = "document.dispatchEvent(new Event('visibilitychange'))"
    streams: list[str] = []
    page.on("request", lambda request: streams.append(request.url))
    async with page.expect_request("**/desk/lists*"):
        await page.evaluate(wakes)
    assert not [url for url in streams if "/desk/events" in url]
    await page.clock.set_system_time(await page.evaluate("Date.now() + 25000"))
    async with page.expect_request("**/desk/events*"):
        await page.evaluate(wakes)

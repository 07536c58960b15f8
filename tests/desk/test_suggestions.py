"""Suggested answers for what a follower writes to an agent: asked of the brain, and there without it as well."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from connectors.store.desk.canned import Canned, CannedShelf
from tests.desk.conftest import OPENID, PATIENCE_SECONDS, SESSION_LIBRARY, Browser, Desk, OpenDesk
from tests.doubles import text

pytestmark = SESSION_LIBRARY
ONE = f"/desk/conversations/{OPENID}"
WORDS = "发票怎么开"
CANNED = "发票怎么开：付款后就能申请"
RANKED = {"ranking": [{"name": name} for name in ("nlu_fallback", "invoice", "payment_methods")]}

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Brain:
    """Answers as it is told; remembers what it was asked."""

    answer: Answer
    asked: list[str] = field(default_factory=list)
    url: str = ""

    async def parse(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((await request.json())["text"])
        return await self.answer(request)


OpenBrain = Callable[[Answer], Awaitable[Brain]]


@pytest.fixture
async def open_brain() -> AsyncIterator[OpenBrain]:
    """Starts brains."""
    servers: list[TestServer] = []

    async def open_one(answer: Answer) -> Brain:
        brain, app = Brain(answer), web.Application()
        app.router.add_post("/webhooks/bida/parse", brain.parse)
        servers.append(TestServer(app))
        await servers[-1].start_server(shutdown_timeout=0)
        brain.url = str(servers[-1].make_url("")).rstrip("/")
        return brain

    yield open_one
    for server in servers:
        await server.close()


async def ranked(request: web.Request) -> web.StreamResponse:
    return web.json_response(RANKED)


async def never(request: web.Request) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError


async def drop_by_drop(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(b'{"ranking": [')
    return await never(request)


async def cut(request: web.Request) -> web.StreamResponse:
    assert request.transport
    request.transport.abort()
    return await never(request)


def says(
    body: str | bytes, status: int = 200, content_type: str = "application/json"
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """A brain whose answer is this."""

    async def answer(request: web.Request) -> web.StreamResponse:
        raw = body.encode() if isinstance(body, str) else body
        return web.Response(body=raw, status=status, content_type=content_type)

    return answer


async def at_work(open_desk: OpenDesk, *brains: str) -> tuple[Desk, Browser]:
    """An agent has a follower who goes on to write, which the bot no longer reads."""
    desk = await open_desk(rasa_url=brains)
    await CannedShelf(desk.parts.connection.redis).put(Canned("", "fapiao", CANNED))
    await desk.somebody_waits()
    li = await desk.browser("li")
    await li.post(f"{ONE}/take")
    await desk.receive(text(WORDS, key="2"))
    return desk, li


async def suggested(li: Browser) -> str:
    """The suggestions, as the page asks for them."""
    return await li.shown(f"{ONE}/suggestions")


async def test_the_brain_is_asked_about_what_a_follower_writes_to_an_agent(
    open_desk: OpenDesk, open_brain: OpenBrain
) -> None:
    brain = await open_brain(ranked)
    desk, li = await at_work(open_desk, brain.url)
    html = await suggested(li)
    assert brain.asked == [WORDS]
    assert html.count('class="suggestion"') == 3
    for intent in ("invoice", "payment_methods"):
        spoken = desk.parts.answers.speak(f"utter_{intent}", "zh-Hans")
        assert spoken.text.splitlines()[0] in html
    assert CANNED in html


RUBBISH = {
    "not json": says("<html>"),
    "another type": says("{}", content_type="text/html"),
    "no utf-8": says(b'{"ranking": "\xff"}'),
    "nothing": says(""),
    "null": says("null"),
    "a list": says("[]"),
    "a number": says("7"),
    "failed": says('{"status": "failed", "error": "the turn broke off"}'),
    "no ranking": says('{"ranking": null}'),
    "a number for a ranking": says('{"ranking": 7}'),
    "words for intents": says('{"ranking": ["invoice"]}'),
    "numbers for intents": says('{"ranking": [1, 2]}'),
    "nameless": says('{"ranking": [{"confidence": 0.9}]}'),
    "null for a name": says('{"ranking": [{"name": null}]}'),
    "a list for a name": says('{"ranking": [{"name": ["invoice"]}]}'),
    "intents that nobody knows": says('{"ranking": [{"name": "../x"}, {"name": "<b>"}]}'),
    "500": says("{}", status=500),
    "503 with a page": says("<html>", status=503, content_type="text/html"),
    "elsewhere": says("", status=302),
    "silence": never,
    "half an answer": drop_by_drop,
    "a cut line": cut,
}


@pytest.mark.parametrize("answer", RUBBISH.values(), ids=RUBBISH.keys())
async def test_without_a_sound_brain_the_canned_replies_are_still_suggested(
    open_desk: OpenDesk, open_brain: OpenBrain, answer: Answer
) -> None:
    brain = await open_brain(answer)
    _, li = await at_work(open_desk, brain.url)
    html = await suggested(li)
    assert brain.asked == [WORDS]
    assert html.count('class="suggestion"') == 1
    assert CANNED in html


async def test_a_brain_that_is_down_costs_no_suggestion_but_its_own(open_desk: OpenDesk) -> None:
    _, li = await at_work(open_desk, f"http://127.0.0.1:{unused_port()}")
    html = await suggested(li)
    assert html.count('class="suggestion"') == 1
    assert CANNED in html


@pytest.mark.parametrize("first", [never, says("[]"), says("{}", status=500)])
async def test_the_next_brain_is_asked_where_one_gives_nothing(
    open_desk: OpenDesk, open_brain: OpenBrain, first: Answer
) -> None:
    broken, sound = await open_brain(first), await open_brain(ranked)
    _, li = await at_work(open_desk, broken.url, sound.url)
    assert (await suggested(li)).count('class="suggestion"') == 3
    assert (broken.asked, sound.asked) == ([WORDS], [WORDS])


async def test_the_agent_reads_and_answers_while_the_brain_is_silent(
    open_desk: OpenDesk, open_brain: OpenBrain
) -> None:
    brain = await open_brain(never)
    desk, li = await at_work(open_desk, brain.url)
    waiting = asyncio.create_task(suggested(li))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not brain.asked:
            await asyncio.sleep(0.01)
        assert WORDS in (await li.get(ONE))[1]
        assert (await li.reply("付款后就能开")).status == 200
        await desk.work()
        assert desk.postbox.sent[-1][1].endswith("付款后就能开")
        assert CANNED in await waiting

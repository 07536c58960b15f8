"""A brain that answers something else than a turn: the next one is asked, or a person is found, and nothing breaks."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from connectors.rasa import RasaBrain
from tests.doubles import text

REPLY = {"name": "utter_x", "kind": "answer", "text": "好", "choices": [], "hand_over": None}
NLU = {"intent": {"name": "x", "confidence": 0.9}, "ranking": [], "entities": []}
TURN: dict[str, Any] = {"status": "ok", "replies": [REPLY], "language": "en", "nlu": NLU}
UNREADABLE = [
    None,
    [],
    7,
    {},
    {"status": "ok"},
    TURN | {"replies": 7},
    TURN | {"replies": [None]},
    TURN | {"nlu": None},
    TURN | {"nlu": NLU | {"ranking": None}},
    TURN | {"nlu": NLU | {"entities": [7]}},
]


@pytest.fixture
async def opened() -> AsyncIterator[AsyncExitStack]:
    """Closes what a test opened."""
    async with AsyncExitStack() as stack:
        yield stack


async def brain(opened: AsyncExitStack, *answers: Any) -> RasaBrain:
    """Brains of which each has one answer."""
    urls = []
    for answer in answers:
        app = web.Application()
        app.router.add_post("/webhooks/bida/webhook", _always(answer))
        server = await opened.enter_async_context(TestServer(app))
        urls.append(str(server.make_url("")).rstrip("/"))
    session = await opened.enter_async_context(ClientSession())
    return RasaBrain(session, lambda: urls, 10.0)


def _always(answer: Any) -> Any:
    async def receive(request: web.Request) -> web.Response:
        return web.json_response(answer)

    return receive


@pytest.mark.parametrize("answer", UNREADABLE, ids=str)
async def test_an_answer_that_is_no_turn_finds_a_person(
    opened: AsyncExitStack, answer: Any
) -> None:
    turn = await (await brain(opened, answer)).ask(text("你好"))
    assert turn.trouble == "brain_error"


@pytest.mark.parametrize("answer", UNREADABLE, ids=str)
async def test_the_next_brain_is_asked_first(opened: AsyncExitStack, answer: Any) -> None:
    turn = await (await brain(opened, answer, TURN)).ask(text("你好"))
    assert turn.trouble is None
    assert turn.replies[0].text == "好"

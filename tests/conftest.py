"""What all tests share: a real store, emptied before each test."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from functools import cache, partial
from pathlib import Path

import pytest

from bot.answers import AnswerBook
from bot.brand_files import live_brand
from bot.notices import NOTICES
from connectors import parts
from connectors.store.connection import Connection
from connectors.store.embedded import EmbeddedStore
from connectors.supervisor import Supervisor
from tests.installations import Demo, running_demo


@pytest.fixture(scope="session")
def store_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Valkey server for the whole run, started as the product starts its own."""
    folder = tmp_path_factory.mktemp("store")
    with asyncio.Runner() as runner:
        supervisor, store = Supervisor(folder), EmbeddedStore.in_folder(folder)
        runner.run(supervisor.start(store.child(), ready_seconds=20))
        yield store.url
        runner.run(supervisor.stop())
        store.remove()


@pytest.fixture
async def connection(store_url: str) -> AsyncIterator[Connection]:
    """A connection to an empty store."""
    connection = Connection(store_url)
    await connection.redis.flushall()
    yield connection
    await connection.close()


@pytest.fixture(scope="session")
def nlu_data() -> Path:
    """The shipped data."""
    return Path(__file__).parent.parent / "nlu_data"


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One demo for all tests that go through the front door: real brain, real store, simulated WeChat."""
    with running_demo(tmp_path_factory.mktemp("demo")) as demo:
        yield demo


@pytest.fixture(scope="session", autouse=True)
def _files_read_once() -> Iterator[None]:
    """Answers and brand are read once for all tests that open the shipped data's parts, as one process does."""
    answers, brand = cache(partial(AnswerBook, required=NOTICES)), cache(live_brand)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "AnswerBook", lambda folder, required: answers(folder))
        patch.setattr(parts, "live_brand", brand)
        yield

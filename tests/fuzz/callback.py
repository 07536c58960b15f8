"""The callback under fuzz: the real application over the real store, and what must be true after each batch."""

import asyncio
import random
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import ClientError, ClientSession
from aiohttp.test_utils import TestServer
from pydantic import SecretStr, TypeAdapter
from yarl import URL

from bot.messages import Inbound
from connectors.app import create_app
from connectors.cli import places
from connectors.parts import Parts, open_parts
from connectors.settings import Settings
from tests.fuzz import inputs
from tests.fuzz.inputs import Family, Request

BATCH = 200
CONNECTIONS = 8
REPLY_SECONDS = 0.002
"""Nobody works on what is stored, and so nobody is waited for."""

MAKERS = {
    Family.VALID: inputs.valid,
    Family.RUBBISH: inputs.rubbish,
    Family.FORGED: inputs.forged,
}

_MESSAGE = TypeAdapter(Inbound)
_NAME = re.compile(r"[a-z0-9_]{1,64}")
_KEY = re.compile(r"[1-9][0-9]{0,19}|[0-9a-f]{32}")
_OPENID = re.compile(r"[A-Za-z0-9_-]{6,64}")


@dataclass
class Findings:
    """What a fuzz run saw: how often each family was answered how, and every fault by its first example."""

    answers: Counter[tuple[str, str]] = field(default_factory=Counter)
    stored: Counter[str] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)
    resident: list[float] = field(default_factory=list)
    """Megabytes after each batch."""

    def fault(self, what: str, request: Request | None = None) -> None:
        """Keep one example of each fault."""
        made_by = request.made_by if request else ""
        self.faults.setdefault(f"{what} ({made_by})", repr(request)[:2000])

    @property
    def growth(self) -> float:
        """By how much resident memory grew after the first tenth, as a share."""
        first = self.resident[len(self.resident) // 10]
        return max(0.0, self.resident[-1] / first - 1)


async def fuzz(
    store_url: str, count: int, seed: int, say: Callable[[str], None] = lambda _: None
) -> Findings:
    """Send ``count`` requests; each batch is of one family and begins with an empty store."""
    luck, findings = random.Random(seed), Findings()
    async with _running(store_url) as (parts, client):
        for start in range(0, count, BATCH):
            family = luck.choice((Family.VALID, Family.RUBBISH, Family.RUBBISH, Family.FORGED))
            await parts.connection.redis.flushall()
            now = int(time.time())
            numbers = range(start, min(start + BATCH, count))
            batch = [MAKERS[family](number, now, luck) for number in numbers]
            await _sent(client, batch, findings)
            await _check_store(parts, family, batch, findings)
            findings.resident.append(_resident_mb())
            if start % (BATCH * 50) == 0:
                say(f"  {start} of {count}, {findings.resident[-1]:.0f} MB")
    return findings


@asynccontextmanager
async def _running(store_url: str) -> AsyncIterator[tuple[Parts, ClientSession]]:
    settings = Settings.model_construct(
        wechat_app_id=inputs.APP_ID,
        wechat_app_secret=SecretStr(inputs.SECRET),
        wechat_token=SecretStr(inputs.TOKEN),
        wechat_encoding_aes_key=SecretStr(inputs.KEY),
        redis_url=store_url,
        reply_seconds=REPLY_SECONDS,
    )
    # No test client of aiohttp's: it keeps each answer until its end.
    async with (
        open_parts(settings, places.NLU_DATA) as parts,
        TestServer(create_app(parts, {"callback"})) as server,
        ClientSession(server.make_url("/")) as client,
    ):
        yield parts, client


async def _sent(client: ClientSession, batch: Sequence[Request], found: Findings) -> None:
    waiting = list(reversed(batch))

    async def send() -> None:
        while waiting:
            await _one(client, waiting.pop(), found)

    await asyncio.gather(*(send() for _ in range(CONNECTIONS)))


async def _one(client: ClientSession, request: Request, found: Findings) -> None:
    url = URL(f"/wechat?{request.query}", encoded=True)
    try:
        async with client.post(url, data=request.body) as response:
            told = f"{response.status} {(await response.text())[:20]}"
    except ClientError as error:
        told = type(error).__name__
    found.answers[request.family, told] += 1
    expected = {Family.FORGED: ("403 refused", "200 success"), Family.VALID: ("200 success",)}
    if told not in expected.get(request.family, ("403 refused", "200 success")):
        found.fault(f"answered by {told}", request)


async def _check_store(
    parts: Parts, family: Family, batch: Sequence[Request], found: Findings
) -> None:
    redis, prefix = parts.connection.redis, parts.conversations.keys.inbox("")
    messages = []
    async for key in redis.scan_iter(match="*", count=2000):
        if key.startswith(prefix):
            raw = await redis.lrange(key, 0, -1)
            messages += [(key.removeprefix(prefix), _MESSAGE.validate_json(each)) for each in raw]
    found.stored[family] += len(messages)
    for openid, message in messages:
        if wrong := _wrong(openid, message):
            found.fault(f"stored {wrong}", _maker(batch, openid))
    if family is Family.FORGED and messages:
        found.fault("stored a forgery", _maker(batch, messages[0][0]))
    if family is Family.VALID:
        stored = {openid for openid, _ in messages}
        for request in batch:
            if request.openid not in stored:
                found.fault("did not store a valid push", request)


def _wrong(openid: str, message: Inbound) -> str:
    """What is invalid about a stored message; empty when nothing is."""
    checks = {
        "another account": message.account != inputs.APP_ID,
        "under another follower": message.openid != openid,
        "no openid": not _OPENID.fullmatch(message.openid),
        "a kind that is no name": not _NAME.fullmatch(message.kind),
        "no key": not _KEY.fullmatch(message.key),
        "a time that is none": not 0 <= message.sent_at < 10**11,
        "an event without a name": (message.kind == "event") != bool(message.event),
    }
    return next((name for name, is_wrong in checks.items() if is_wrong), "")


def _maker(batch: Sequence[Request], openid: str) -> Request | None:
    return next((request for request in batch if request.openid == openid), None)


def _resident_mb() -> float:
    found = re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else 0.0

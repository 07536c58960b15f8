"""Keys as lines of JSON, which any Redis or Valkey of any version can take back."""

import json
import re
from collections.abc import AsyncIterator, Iterable
from typing import Any, cast

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

PAGE = 500
"""Keys, or entries of a stream, that are read or written at once."""

_TRANSIENT = re.compile(
    r"bida:\{[^}]+\}:(token|token_lock|signature|alive|workers|working|ready|scheduled|wake|waiting|held|rewriting)(:|$)"
    r"|bida:desk:(failures|known|sessions|seen|signs|dispatch_lease)(:|$)|bida:alerts:(lease|pace:)"
)
"""What lives for seconds, and the indexes, which a repair rebuilds."""

_ACCOUNT = re.compile(r"bida:\{([^}]+)\}:")

Line = dict[str, Any]
"""{key, type, expires_at (milliseconds since 1970 or null), value}"""


def account_of(key: str) -> str | None:
    """The official account that a key belongs to."""
    found = _ACCOUNT.match(key)
    return found[1] if found else None


async def lines(redis: Redis) -> AsyncIterator[Line]:
    """Everything worth keeping. ``redis`` must stand still meanwhile and decode with ``surrogateescape``."""
    keys: list[str] = []
    async for key in redis.scan_iter(match="bida:*", count=PAGE):
        if not _TRANSIENT.match(key):
            keys.append(key)
        if len(keys) == PAGE:
            for line in await _page(redis, keys):
                yield line
            keys = []
    for line in await _page(redis, keys):
        yield line
    async for line in _streams(redis):
        yield line


async def _page(redis: Redis, keys: list[str]) -> list[Line]:
    pipe = redis.pipeline(transaction=False)
    for key in keys:
        pipe.type(key)
        pipe.pexpiretime(key)
    told = await pipe.execute()
    kinds, expiries = told[::2], told[1::2]
    plain = [
        (key, kind, at)
        for key, kind, at in zip(keys, kinds, expiries, strict=True)
        if kind in _READERS
    ]
    pipe = redis.pipeline(transaction=False)
    for key, kind, _ in plain:
        _READERS[kind](pipe, key)
    values = await pipe.execute()
    return [_line(*each, value) for each, value in zip(plain, values, strict=True)]


def _line(key: str, kind: str, expires_at: int, value: Any) -> Line:
    kept = sorted(value) if kind == "set" else value
    return {
        "key": key,
        "type": kind,
        "expires_at": None if expires_at < 0 else expires_at,
        "value": kept,
    }


_READERS = {
    "string": lambda pipe, key: pipe.get(key),
    "hash": lambda pipe, key: pipe.hgetall(key),
    "list": lambda pipe, key: pipe.lrange(key, 0, -1),
    "set": lambda pipe, key: pipe.smembers(key),
    "zset": lambda pipe, key: pipe.zrange(key, 0, -1, withscores=True),
}


async def _streams(redis: Redis) -> AsyncIterator[Line]:
    """A stream may be long: it comes in several lines."""
    async for key in redis.scan_iter(match="bida:*", count=PAGE, _type="stream"):
        start = "-"
        while page := await redis.xrange(key, min=start, count=PAGE):
            yield _line(key, "stream", -1, page)
            start = "(" + cast(str, page[-1][0])


def put_back(pipe: Pipeline, line: Line) -> None:
    """Add the commands that write a line to ``pipe``. Raises KeyError for a kind that no line has."""
    key, value = line["key"], line["value"]
    _WRITERS[line["type"]](pipe, key, value)
    if line["expires_at"] is not None:
        pipe.pexpireat(key, line["expires_at"])


def _put_stream(pipe: Pipeline, key: str, entries: Iterable[tuple[str, Any]]) -> None:
    for number, fields in entries:
        pipe.xadd(key, fields, id=number)


_WRITERS = {
    "string": lambda pipe, key, value: pipe.set(key, value),
    "hash": lambda pipe, key, value: pipe.hset(key, mapping=value),
    "list": lambda pipe, key, value: pipe.rpush(key, *value),
    "set": lambda pipe, key, value: pipe.sadd(key, *value),
    "zset": lambda pipe, key, value: pipe.zadd(key, dict(value)),
    "stream": _put_stream,
}


def as_text(line: Line) -> str:
    """One line of the file."""
    return json.dumps(line, separators=(",", ":")) + "\n"


def from_text(text: str) -> Line:
    """The line in a line of the file. Raises ValueError."""
    return cast(Line, json.loads(text))

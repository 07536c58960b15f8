"""Which pictures, voices and videos a follower sent, where their files lie, and which are still to be fetched."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import cast

from pydantic import TypeAdapter

from bot.messages import Inbound, Media
from connectors.store.connection import Connection, reaching_the_store
from connectors.store.keys import Keys
from connectors.store.retention import Retention

LEASE_SECONDS = 120.0
"""Longer than any fetching takes: then the one who took it is dead."""


class State(StrEnum):
    """How far a file has come."""

    WANTED = "wanted"
    KEPT = "kept"
    FAILED = "failed"


@dataclass(frozen=True)
class Record:
    """A file of a follower. ``file`` is its name, chosen before it is fetched, so that erasing always finds it."""

    media: Media
    kind: str
    file: str
    state: State = State.WANTED
    tries: int = 0
    why: str = ""


@dataclass(frozen=True)
class Wanted:
    """A file to fetch: whose it is, which message's, and what is known of it."""

    openid: str
    key: str
    record: Record

    @property
    def member(self) -> str:
        """Its name among the files to fetch."""
        return f"{self.openid} {self.key}"


_RECORD = TypeAdapter(Record)


def wanting(keys: Keys, message: Inbound, retention: Retention) -> list[list[str]]:
    """The commands by which a step writes down that a message's file is to be fetched; none without a file."""
    if message.media is None:
        return []
    name = keys.media(message.openid)
    record = Record(message.media, message.kind, secrets.token_hex(16))
    return [
        ["HSETNX", name, message.key, _written(record)],
        ["EXPIRE", name, str(retention.media_seconds)],
        ["ZADD", keys.media_wanted(), "NX", "0", f"{message.openid} {message.key}"],
    ]


class MediaShelf:
    """One account's records of files."""

    def __init__(self, connection: Connection, account: str) -> None:
        self._connection, self._keys = connection, Keys(account)

    async def take(self, now: float) -> Wanted | None:
        """The next file to fetch, taken for LEASE_SECONDS; None when there is none. Raises StoreDown."""
        args = [repr(now), repr(now + LEASE_SECONDS)]
        member = await self._connection.run("take_media", [self._keys.media_wanted()], args)
        if not member:
            return None
        openid, _, key = str(member).partition(" ")
        record = await self.find(openid, key)
        if record is None:
            with reaching_the_store():
                await self._connection.redis.zrem(self._keys.media_wanted(), member)
            return None
        return Wanted(openid, key, record)

    async def note(
        self, wanted: Wanted, state: State, why: str = "", again_at: float | None = None
    ) -> bool:
        """Write down how far the fetching came; False when the follower was forgotten. Raises StoreDown."""
        record = replace(wanted.record, state=state, tries=wanted.record.tries + 1, why=why)
        keys = [self._keys.media(wanted.openid), self._keys.media_wanted()]
        due = "" if again_at is None else repr(again_at)
        args = [wanted.key, _written(record), wanted.member, due]
        is_noted = bool(await self._connection.run("note_media", keys, args))
        with reaching_the_store():
            await self._connection.redis.publish(self._keys.desk(), wanted.openid)
        return is_noted

    async def find(self, openid: str, key: str) -> Record | None:
        """What is known of the file of one message."""
        with reaching_the_store():
            found = await self._connection.redis.hget(self._keys.media(openid), key)
        return _RECORD.validate_json(found) if found else None

    async def add(self, openid: str, key: str, record: Record, seconds: int) -> Record:
        """Write down a file that did not come from WeChat; it is known for so many seconds. Raises StoreDown.

        Returns what stands there: the record of whoever was first.
        """
        name = self._keys.media(openid)
        pipe = self._connection.redis.pipeline(transaction=True)
        pipe.hsetnx(name, key, _written(record))
        pipe.expire(name, seconds)
        pipe.hget(name, key)
        with reaching_the_store():
            *_, found = await pipe.execute()
        return _RECORD.validate_json(found)

    async def drop(self, openid: str, key: str) -> None:
        """Delete the record of one file. Raises StoreDown."""
        with reaching_the_store():
            await self._connection.redis.hdel(self._keys.media(openid), key)

    async def count(self, openid: str) -> int:
        """How many files a follower has here, fetched or not."""
        with reaching_the_store():
            return int(await self._connection.redis.hlen(self._keys.media(openid)))

    async def all_of(self, openid: str) -> Mapping[str, Record]:
        """Everything of one follower, by message key."""
        with reaching_the_store():
            found = await self._connection.redis.hgetall(self._keys.media(openid))
        records = cast(Mapping[str, str], found)
        return {key: _RECORD.validate_json(record) for key, record in records.items()}

    async def forget(self, openid: str) -> None:
        """Delete the records of one follower; what is being fetched will find none and goes with them."""
        redis, name = self._connection.redis, self._keys.media(openid)
        with reaching_the_store():
            wanted = [f"{openid} {key}" for key in cast(list[str], await redis.hkeys(name))]
            await redis.delete(name)
            if wanted:
                await redis.zrem(self._keys.media_wanted(), *wanted)


def _written(record: Record) -> str:
    return _RECORD.dump_json(record, exclude_defaults=True).decode()

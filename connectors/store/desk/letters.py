"""Alerts on their way out: a queue in Redis that no restart empties."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

from pydantic import TypeAdapter
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from connectors.store.keys import ALERT_LETTERS, ALERTS_DUE

Way = Literal["wecom", "mail"]


@dataclass(frozen=True)
class Letter:
    """One alert to one receiver.

    ``to`` is an e-mail address, or the team whose robot tells it, empty for the robot of all: a robot's address is a
    secret and is looked up when it is needed. ``mentions`` are WeCom user ids. ``link`` leads to the desk.
    """

    way: Way
    to: str
    title: str
    lines: tuple[str, ...] = ()
    link: str = ""
    label: str = ""
    mentions: tuple[str, ...] = ()
    attempts: int = 0


_LETTER = TypeAdapter(Letter)


@dataclass(frozen=True)
class Letters:
    """The queue. A letter leaves it when it was sent or given up, so that each is sent at least once."""

    redis: Redis

    def post(self, pipe: Pipeline, letters: Sequence[Letter], now: float) -> None:
        """Add to ``pipe`` what puts letters in, so that they are written together with whatever decided them."""
        for letter in letters:
            number = secrets.token_hex(8)
            pipe.hset(ALERT_LETTERS, number, _LETTER.dump_json(letter, exclude_defaults=True))
            pipe.zadd(ALERTS_DUE, {number: now})

    async def due(self, now: float, most: int) -> list[tuple[str, Letter]]:
        """The letters whose time has come, the oldest first."""
        due = await self.redis.zrangebyscore(ALERTS_DUE, "-inf", now, start=0, num=most)
        numbers = cast(list[str], due)
        found = await self.redis.hmget(ALERT_LETTERS, numbers) if numbers else []
        return [
            (number, _LETTER.validate_json(each))
            for number, each in zip(numbers, found, strict=True)
            if each
        ]

    async def later(self, number: str, letter: Letter, at: float) -> None:
        """Keep a letter that did not go out for another try."""
        pipe = self.redis.pipeline(transaction=True)
        pipe.hset(ALERT_LETTERS, number, _LETTER.dump_json(letter, exclude_defaults=True))
        pipe.zadd(ALERTS_DUE, {number: at})
        await pipe.execute()

    async def done(self, number: str) -> None:
        """Take a letter out."""
        pipe = self.redis.pipeline(transaction=True)
        pipe.zrem(ALERTS_DUE, number)
        pipe.hdel(ALERT_LETTERS, number)
        await pipe.execute()

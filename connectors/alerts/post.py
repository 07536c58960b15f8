"""Sends the letters that are due, each by its way, and tries again later what did not go out."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import structlog
from redis.exceptions import RedisError

from bot.clock import Clock
from connectors.alerts.ways import NotSent, Refused, WayOut
from connectors.metrics import ALERTS
from connectors.store.desk.letters import Letter, Letters, Way
from connectors.tasks import end

log = structlog.get_logger()

RETRY_SECONDS = (10.0, 30.0, 120.0, 600.0, 1800.0, 3600.0)
"""How long a letter waits before each further try; after the last it is given up, with a line in the log."""

AT_ONCE = 20


@dataclass
class Post:
    """The letters that this process is sending; one that hangs keeps no other from going."""

    letters: Letters
    ways: Mapping[Way, WayOut]
    clock: Clock
    _sending: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)

    async def step(self) -> None:
        """Begin to send what is due."""
        for number, letter in await self.letters.due(self.clock.now(), AT_ONCE):
            if number not in self._sending and len(self._sending) < AT_ONCE:
                task = self._sending[number] = asyncio.create_task(self._sent(number, letter))
                task.add_done_callback(partial(self._forget, number))

    def _forget(self, number: str, _: "asyncio.Task[None]") -> None:
        self._sending.pop(number, None)

    async def finish(self) -> None:
        """Wait for what is on its way."""
        await asyncio.gather(*self._sending.values(), return_exceptions=True)

    async def close(self) -> None:
        """Stop sending; what was not sent stays in the queue."""
        await end(*self._sending.values())

    async def _sent(self, number: str, letter: Letter) -> None:
        """Send; while Redis is away the letter stays due, and may go twice rather than never."""
        try:
            await self._send(number, letter)
        except (RedisError, OSError) as error:
            log.warning("alert.store_down", why=type(error).__name__)
        except Exception as error:
            # The front door of all ways: a fault of ours is tried again like any other, and not for ever.
            await self._again(number, letter, NotSent(type(error).__name__))

    async def _send(self, number: str, letter: Letter) -> None:
        way = self.ways.get(letter.way)
        try:
            if way is None:
                raise Refused("this way is not set up any more")
            await way.send(letter)
        except Refused as refusal:
            log.error("alert.refused", way=letter.way, why=str(refusal))
            ALERTS.labels(letter.way, "refused").inc()
            await self.letters.done(number)
        except NotSent as reason:
            await self._again(number, letter, reason)
        else:
            ALERTS.labels(letter.way, "sent").inc()
            await self.letters.done(number)

    async def _again(self, number: str, letter: Letter, reason: NotSent) -> None:
        if letter.attempts >= len(RETRY_SECONDS):
            log.error("alert.given_up", way=letter.way, why=str(reason))
            ALERTS.labels(letter.way, "given_up").inc()
            await self.letters.done(number)
            return
        log.warning("alert.not_sent", way=letter.way, why=str(reason), attempts=letter.attempts)
        wait = max(reason.wait_seconds, RETRY_SECONDS[letter.attempts] if reason.counts else 0.0)
        attempts = letter.attempts + int(reason.counts)
        await self.letters.later(
            number, replace(letter, attempts=attempts), self.clock.now() + wait
        )

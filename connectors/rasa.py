"""The brain's side: the one module that speaks with Rasa, through our own channel there."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.conversation import Reason
from bot.intents import FALLBACK
from bot.messages import Inbound
from bot.ports import StoreDown
from bot.spoken import Spoken
from bot.turn import Turn
from connectors.metrics import BRAIN, BRAIN_SECONDS
from connectors.tasks import end

log = structlog.get_logger()

CONNECT_SECONDS = 1.0
FORGET_SECONDS = 5.0
UNDERSTAND_SECONDS = 2.0
"""An agent who waits for suggestions writes meanwhile."""

CANDIDATES = 3

TURN_SECONDS = 45.0
"""How long a turn is waited for at most, though its question has long gone to people. A forgetting's second pass, which
erases what a running turn has written, comes after 60.
"""

LATE_AT_ONCE = 20
"""So many late turns are waited for: a brain that cannot keep up is not burdened with more that nobody waits for."""

Late = Callable[[Inbound, Turn], Awaitable[None]]
"""Is given a turn that came too late, and the message that it is the answer to. May raise StoreDown."""


class BrainFault(Exception):
    """The brain answered, but not with a turn."""


TROUBLES = (ClientError, OSError, BrainFault, ValueError, KeyError)


@dataclass(frozen=True)
class Understood:
    """The intents that a text may have, the likeliest first, and what it names, as kind and value."""

    intents: tuple[str, ...] = ()
    entities: tuple[tuple[str, str], ...] = ()


@dataclass
class RasaBrain:
    """Implements ``bot.ports.Brain`` over one or several brains, in turn; they share what they know in Redis.

    ``addresses`` is asked before every message, so that a new brain can take over from an old one.
    """

    session: ClientSession
    addresses: Callable[[], Sequence[str]]
    seconds: float
    city_of: Callable[[str], str] = lambda shop: ""
    """The city of a shop, by their ids in the brand's files; empty for a shop that is not there."""
    late: Late | None = None
    """Nobody waits for late turns where nobody takes them."""
    _waiting: "set[asyncio.Task[None]]" = field(default_factory=set)
    _next: "itertools.count[int]" = field(default_factory=itertools.count)

    async def ask(self, message: Inbound) -> Turn:
        """The brain's turn. What goes wrong comes back as a turn with its trouble: slow, or in error."""
        asking = asyncio.create_task(self._any(message))
        try:
            with BRAIN_SECONDS.time():
                async with asyncio.timeout(self.seconds):
                    turn = await asyncio.shield(asking)
        except TimeoutError:
            self._wait_on(asking, message)
            return _trouble(Reason.BRAIN_SLOW, message, "no answer in time")
        except TROUBLES as error:
            return _trouble(Reason.BRAIN_ERROR, message, f"{type(error).__name__}: {error}")
        except asyncio.CancelledError:
            asking.cancel()
            raise
        BRAIN.labels("answered").inc()
        return turn

    async def close(self) -> None:
        """Wait for late turns no longer."""
        await end(*self._waiting)

    async def is_ready(self) -> bool:
        """Whether one of the brains has its model loaded."""
        checks = await asyncio.gather(*(self._health(url) for url in self.addresses()))
        return any(checks)

    async def forget(self, account: str, openid: str) -> None:
        """Let every brain delete what is kept of a follower, after the turn it may just be taking.

        What they keep lies in Redis, but only the one that takes the turn knows when it has ended.
        """
        path = f"/webhooks/bida/conversations/{account}/{openid}"
        await asyncio.gather(*(self._delete(url + path) for url in self.addresses()))

    async def understand(self, text: str) -> Understood:
        """What a text may mean, without taking a turn; nothing if no brain answers."""
        timeout = ClientTimeout(total=UNDERSTAND_SECONDS, connect=CONNECT_SECONDS)
        for url in self.addresses():
            try:
                async with self.session.post(
                    f"{url}/webhooks/bida/parse", json={"text": text}, timeout=timeout
                ) as response:
                    response.raise_for_status()
                    read = await response.json()
                    return Understood(_ranked(read)[:CANDIDATES], _heard(read))
            except (ClientError, TimeoutError, OSError, ValueError, KeyError) as error:
                log.warning("brain.not_understood", why=type(error).__name__)
        return Understood()

    def _wait_on(self, asking: "asyncio.Task[Turn]", message: Inbound) -> None:
        if self.late is None or len(self._waiting) >= LATE_AT_ONCE:
            asking.cancel()
            return
        waiting = asyncio.create_task(self._pass_on(asking, message, self.late))
        self._waiting.add(waiting)
        waiting.add_done_callback(self._waiting.discard)

    async def _pass_on(self, asking: "asyncio.Task[Turn]", message: Inbound, late: Late) -> None:
        """The late turn, if it comes, to whoever takes it."""
        try:
            async with asyncio.timeout(max(0.0, TURN_SECONDS - self.seconds)):
                turn = await asking
            await late(message, turn)
            log.info("brain.answered_late", message=message.key)
        except (TimeoutError, StoreDown, *TROUBLES) as error:
            log.warning("brain.never_answered", message=message.key, why=type(error).__name__)

    async def _delete(self, address: str) -> None:
        timeout = ClientTimeout(total=FORGET_SECONDS, connect=CONNECT_SECONDS)
        try:
            async with self.session.delete(address, timeout=timeout) as response:
                response.raise_for_status()
        except (ClientError, TimeoutError, OSError) as error:
            log.warning("brain.not_forgotten", why=type(error).__name__)

    async def _any(self, message: Inbound) -> Turn:
        brains = self.addresses()
        first = next(self._next) % len(brains)
        urls = [*brains[first:], *brains[:first]]
        for url in urls[:-1]:
            try:
                return await self._one(url, message)
            except (ClientError, OSError, BrainFault) as error:
                log.warning("brain.next", why=type(error).__name__)
        return await self._one(urls[-1], message)

    async def _one(self, url: str, message: Inbound) -> Turn:
        body = {
            "account": message.account,
            "sender": message.openid,
            "message_id": message.key,
            "text": message.text,
            "time": message.sent_at,
        }
        seconds = TURN_SECONDS if self.late else self.seconds
        timeout = ClientTimeout(total=max(self.seconds, seconds), connect=CONNECT_SECONDS)
        address = f"{url}/webhooks/bida/webhook"
        async with self.session.post(address, json=body, timeout=timeout) as response:
            response.raise_for_status()
            turn = turn_of(await response.json())
        return replace(turn, city=turn.city or self.city_of(turn.shop)) if turn.shop else turn

    async def _health(self, url: str) -> bool:
        try:
            timeout = ClientTimeout(total=2)
            async with self.session.get(f"{url}/webhooks/bida/health", timeout=timeout) as answer:
                return answer.status == 200
        except (ClientError, TimeoutError, OSError):
            return False


def turn_of(answer: dict[str, Any]) -> Turn:
    """The turn in an answer of the channel. Raises BrainFault when there is none."""
    if answer["status"] != "ok":
        raise BrainFault(str(answer.get("error") or "failed"))
    if not answer["replies"]:
        raise BrainFault("nothing was said")
    intent = answer["nlu"]["intent"]
    replies = tuple(
        Spoken(
            r["name"],
            r["kind"],
            r["text"],
            tuple(r["choices"]),
            r["hand_over"],
            bool(r.get("generated")),
        )
        for r in answer["replies"]
    )
    heard, ranked = _heard(answer["nlu"]), _ranked(answer["nlu"])
    named = dict(reversed(heard))
    return Turn(
        replies,
        answer["language"],
        intent["name"] or "",
        float(intent["confidence"]),
        guess=ranked[0] if ranked else "",
        candidates=ranked[:CANDIDATES],
        entities=heard,
        city=named.get("city", ""),
        shop=named.get("store", ""),
    )


def _ranked(nlu: dict[str, Any]) -> tuple[str, ...]:
    """The intents that may be meant, the likeliest first."""
    return tuple(each["name"] for each in nlu["ranking"] if each["name"] != FALLBACK)


def _heard(nlu: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """What is named, as kind and value, in the order of the text."""
    found = nlu.get("entities", ())
    return tuple((str(each["entity"]), str(each["value"])) for each in found)


def _trouble(reason: Reason, message: Inbound, why: str) -> Turn:
    BRAIN.labels(reason).inc()
    log.error("brain.trouble", reason=reason, message=message.key, why=why)
    return Turn(trouble=reason)

"""Conversations, their transcripts and the ledger in Redis: every step is written whole or not at all."""

import json
import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import cast

import structlog
from pydantic import TypeAdapter
from redis.typing import EncodableT

from bot.bubbles import MOST_BUBBLES
from bot.change import Change
from bot.conversation import Conversation
from bot.desk.listing import Listed, in_order, listed
from bot.ledger import Entry
from bot.messages import Bubble, Delivery, Inbound, Line
from bot.outbox import next_wake
from bot.ports import Conflict, LeaseLost, Work
from bot.saying import reply_to
from connectors.metrics import count_step
from connectors.store.connection import Connection, reaching_the_store
from connectors.store.desk.waits import wait_commands
from connectors.store.entries import ENTRY, ledger_command
from connectors.store.erasure import Erasure
from connectors.store.keys import EXCHANGE_SECONDS, Keys
from connectors.store.listed import LISTED, listed_command, order_of, team_in_json
from connectors.store.media import wanting
from connectors.store.readings import Readings
from connectors.store.retention import FOR_HALF_A_YEAR, Retention

log = structlog.get_logger()

_CONVERSATION = TypeAdapter(Conversation)
_MESSAGE = TypeAdapter(Inbound)
_LINE = TypeAdapter(Line)
_REPLY = TypeAdapter(tuple[Bubble, ...])

LEDGER_PAGE = 1000


@dataclass(frozen=True)
class Told:
    """A line of a transcript with the state of its bubble, as the desk shows it.

    ``errcode`` is the one with which WeChat refused it last; 0 where it did not.
    """

    line: Line
    delivery: Delivery | None
    errcode: int = 0


def message_to_json(message: Inbound) -> str:
    """The message as it lies in the inbox."""
    return _MESSAGE.dump_json(message, exclude_defaults=True).decode()


def reply_from_json(text: str) -> tuple[Bubble, ...]:
    """The bubbles of a finished exchange; the empty tuple when there is nothing to say."""
    return _REPLY.validate_json(text)


class Conversations:
    """The store of one account's conversations; implements ``bot.ports.Store``."""

    def __init__(
        self,
        connection: Connection,
        account: str,
        retention: Retention = FOR_HALF_A_YEAR,
        secret: str = "",
    ) -> None:
        self._connection = connection
        self._redis = connection.redis
        self._account = account
        self._retention = retention
        self._erasure = Erasure(connection, account, secret)
        self._listings = Readings(LISTED)
        self.keys = Keys(account)

    async def load(self, openid: str) -> Work:
        """Everything about one follower that the next step needs, read at one moment."""
        keys = [self.keys.conversation(openid), self.keys.inbox(openid)]
        args: list[EncodableT] = [openid, MOST_BUBBLES + 1, self.keys.exchange("")]
        version, state, *unread = await self._connection.run("load", keys, args)
        messages = tuple(_MESSAGE.validate_json(each) for each in unread[::2])
        times = zip(messages, unread[1::2], strict=True)
        open_until = {message.key: float(until or 0) for message, until in times}
        if messages:
            # A worker serves a follower in one task: what it logs from here on is about this message.
            structlog.contextvars.bind_contextvars(message=messages[0].key)
        return Work(self._conversation(openid, version, state), messages, open_until)

    async def place(self, conversation: Conversation) -> int:
        """The place that a waiting conversation has, or would have, in the queue of its team (1 = next)."""
        shown = listed(conversation)
        order, team = (shown.order, shown.team) if shown else (0.0, "")
        keys = [self.keys.waiting(), self.keys.listed()]
        args: list[EncodableT] = [conversation.openid, repr(order), team_in_json(team)]
        return 1 + int(await self._connection.run("place", keys, args))

    async def read(self, openid: str) -> Conversation:
        """The conversation as it stands."""
        version, state = cast(
            list[str | None],
            await self._redis.hmget(self.keys.conversation(openid), ["version", "state"]),
        )
        return self._conversation(openid, version, state)

    async def withdrawn(self, exchange: str) -> float:
        """When a callback took the reply of this exchange (Unix seconds); 0.0 if none did, and then none will."""
        keys = [self.keys.exchange(exchange)]
        return float(await self._connection.run_durably("withdraw", keys, [EXCHANGE_SECONDS]))

    async def commit(
        self,
        change: Change,
        now: float,
        worker: str | None = None,
        done: Sequence[Inbound] = (),
        passive: bool | None = None,
        alone: bool = False,
    ) -> Conversation:
        """Write a step down; see ``bot.ports.Store``."""
        conversation = change.conversation
        openid, keys = conversation.openid, self.keys
        names = [
            keys.conversation(openid),
            keys.working(worker or ""),
            keys.inbox(openid),
            keys.exchange(done[-1].key if done else ""),
        ]
        answered = json.dumps([message.key for message in done])
        is_passive = "" if passive is None else int(passive)
        flags: list[EncodableT] = [int(worker is not None), answered, is_passive, int(alone)]
        commands = self._commands(change, done)
        state = _state(conversation)
        version = conversation.version + 1 if conversation.version else _first_version()
        args: list[EncodableT] = [conversation.version, state, openid, *flags, now, commands]
        args += [version]
        result = await self._connection.run_durably("commit", names, args)
        if result == "lease":
            raise LeaseLost
        if result == "conflict":
            raise Conflict
        count_step(change, done, now)
        log.debug("step.committed", version=version, is_passive=passive)
        return replace(conversation, version=version)

    async def transcript(self, openid: str, last: int = 500) -> list[Told]:
        """The newest ``last`` lines, oldest first."""
        pipe = self._redis.pipeline(transaction=False)
        pipe.lrange(self.keys.transcript(openid), -last, -1)
        pipe.hgetall(self.keys.deliveries(openid))
        lines, states = await pipe.execute()
        return [_told(_LINE.validate_json(line), states) for line in lines]

    async def last_lines(self, openids: Sequence[str], last: int = 10) -> dict[str, list[Line]]:
        """The newest ``last`` lines of each of these followers, oldest first."""
        pipe = self._redis.pipeline(transaction=False)
        for openid in openids:
            pipe.lrange(self.keys.transcript(openid), -last, -1)
        found = await pipe.execute()
        return {
            openid: [_LINE.validate_json(line) for line in lines]
            for openid, lines in zip(openids, found, strict=True)
        }

    async def listed(self) -> list[Listed]:
        """All who wait for people or are with them, those to be served first on top."""
        written = await self._redis.hvals(self.keys.listed())
        return in_order(self._listings.of(written))

    async def listed_one(self, openid: str) -> Listed | None:
        """What the lists show of one follower; None for one who wants nobody."""
        written = await self._redis.hget(self.keys.listed(), openid)
        return LISTED.validate_json(written) if written else None

    async def waiting(self) -> list[Conversation]:
        """Those who wait for a person, in the order in which they are to be served."""
        chosen = [each.openid for each in await self.listed() if each.is_waiting]
        return await self.read_several(chosen)

    async def held(self) -> list[Conversation]:
        """Those whom an agent has."""
        chosen = [each.openid for each in await self.listed() if not each.is_waiting]
        return await self.read_several(chosen)

    async def ledger(self) -> AsyncIterator[Entry]:
        """The whole ledger, oldest first."""
        start = "-"
        while page := await self._redis.xrange(self.keys.ledger(), min=start, count=LEDGER_PAGE):
            for _, fields in page:
                yield ENTRY.validate_python(fields)
            start = "(" + cast(str, page[-1][0])

    async def unread(self, openid: str) -> list[Inbound]:
        """The messages that were accepted and not yet answered, oldest first."""
        with reaching_the_store():
            messages = await self._redis.lrange(self.keys.inbox(openid), 0, -1)
        return [_MESSAGE.validate_json(message) for message in messages]

    async def forget(
        self,
        conversation: Conversation,
        now: float,
        *,
        worker: str | None = None,
        entries: Sequence[Entry] = (),
        unread: int = 0,
    ) -> int:
        """Delete what is kept of a follower; see ``bot.ports.Store``."""
        return await self._erasure.forget(conversation, now, worker, entries, unread)

    async def is_forgotten(self, openid: str) -> bool:
        """Whether this follower was here and has been forgotten within the last day."""
        return await self._erasure.is_forgotten(openid)

    async def by_alias(self, alias: str) -> str:
        """The openid of the follower whom this alias stands for; empty when there is none any more."""
        return cast(str, await self._redis.get(self.keys.alias(alias)) or "")

    async def half_forgotten(self, now: float) -> Sequence[str]:
        """Those whose second pass is due."""
        return await self._erasure.half_forgotten(now)

    async def forget_rest(self, openid: str, now: float) -> None:
        """The second pass; see ``bot.ports.Store``."""
        await self._erasure.forget_rest(openid, now)

    async def read_several(self, openids: Sequence[str]) -> list[Conversation]:
        """These conversations as they stand."""
        pipe = self._redis.pipeline(transaction=False)
        for openid in openids:
            pipe.hmget(self.keys.conversation(openid), "version", "state")
        found = await pipe.execute()
        return [
            self._conversation(openid, version, state)
            for openid, (version, state) in zip(openids, found, strict=True)
        ]

    def _conversation(self, openid: str, version: str | None, state: str | None) -> Conversation:
        if state is None:
            return Conversation(self._account, openid)
        fields = json.loads(state) | {
            "account": self._account,
            "openid": openid,
            "version": int(version or 0),
        }
        return _CONVERSATION.validate_python(fields)

    def _commands(self, change: Change, done: Sequence[Inbound]) -> str:
        """The step's further writes, as Redis commands that the commit script runs."""
        conversation, keys = change.conversation, self.keys
        openid, lifetime = conversation.openid, str(self._retention.conversation_seconds)
        commands: list[list[str]] = [["EXPIRE", keys.conversation(openid), lifetime]]
        if conversation.alias:
            commands.append(["SET", keys.alias(conversation.alias), openid, "EX", lifetime])
        commands += self._transcript_commands(change)
        commands += [ledger_command(keys.ledger(), entry) for entry in change.entries]
        commands += wait_commands(keys, change.entries)
        commands += self._index_commands(conversation)
        for message in done:
            commands += wanting(keys, message, self._retention)
            commands += self._exchange_commands(conversation, message)
        commands.append(["PUBLISH", keys.desk(), openid])
        return json.dumps(commands, ensure_ascii=False)

    def _exchange_commands(self, conversation: Conversation, message: Inbound) -> list[list[str]]:
        """The end of one push: the reply to the last bubble of a thought, nothing to say to those before it."""
        keys, bubbles = self.keys, reply_to(conversation, message)
        reply = _REPLY.dump_json(bubbles, exclude_defaults=True).decode()
        return [
            ["HSET", keys.exchange(message.key), "reply", reply],
            ["EXPIRE", keys.exchange(message.key), str(EXCHANGE_SECONDS)],
            ["PUBLISH", keys.finished(), json.dumps([message.key, reply], ensure_ascii=False)],
        ]

    def _transcript_commands(self, change: Change) -> list[list[str]]:
        openid = change.conversation.openid
        transcript, deliveries = self.keys.transcript(openid), self.keys.deliveries(openid)
        lifetime = str(self._retention.transcript_seconds)
        commands: list[list[str]] = []
        if change.lines:
            lines = [_LINE.dump_json(line, exclude_defaults=True).decode() for line in change.lines]
            commands += [
                ["RPUSH", transcript, *lines],
                ["EXPIRE", transcript, lifetime],
            ]
        refusals = dict(change.refusals)
        for bubble, state in dict(change.deliveries).items():
            why = f" {refusals[bubble]}" if bubble in refusals else ""
            commands.append(["HSET", deliveries, bubble, f"{state}{why}"])
        if change.deliveries:
            commands.append(["EXPIRE", deliveries, lifetime])
        return commands

    def _index_commands(self, conversation: Conversation) -> list[list[str]]:
        keys, openid = self.keys, conversation.openid
        return [
            _indexed(keys.wake(), openid, next_wake(conversation)),
            _indexed(keys.waiting(), openid, order_of(conversation)),
            listed_command(keys, conversation),
        ]


def _first_version() -> int:
    """Where a conversation begins to count: a step computed before a forgetting must not fit what begins after it."""
    return 1 + secrets.randbelow(2**40)


def _state(conversation: Conversation) -> str:
    identity = {"account", "openid", "version"}
    return _CONVERSATION.dump_json(conversation, exclude_defaults=True, exclude=identity).decode()


def _indexed(index: str, openid: str, score: float | None) -> list[str]:
    return ["ZREM", index, openid] if score is None else ["ZADD", index, repr(score), openid]


def _told(line: Line, states: dict[str, str]) -> Told:
    state, _, errcode = (states.get(line.bubble or "") or "").partition(" ")
    return Told(line, Delivery(state) if state else None, int(errcode or 0))

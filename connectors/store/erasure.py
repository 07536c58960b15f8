"""Erasing a follower from Redis, the brain's part of it included, and a receipt that names nobody."""

import hashlib
import hmac
import json
import time
from collections.abc import Sequence
from typing import cast

from redis.typing import EncodableT

from bot import ledger
from bot.conversation import Conversation
from bot.ports import Conflict, LeaseLost
from connectors.store.connection import Connection, reaching_the_store
from connectors.store.desk.mentions import Mentions
from connectors.store.entries import ledger_command
from connectors.store.keys import DAY, Keys

SECOND_PASS_SECONDS = 60.0
"""When a forgetting is done a second time: longer than any turn of the brain can take."""

RECEIPTS = 1000
"""How many are read at once."""

LATE_SECONDS = 600
"""How long a push is refused that was sent before its follower left: so old, WeChat's requests are refused anyway."""


class Erasure:
    """Forgets followers of one account. ``secret`` is the key of the receipts' hashes; it is not in the store."""

    def __init__(self, connection: Connection, account: str, secret: str) -> None:
        self._connection, self._redis = connection, connection.redis
        self._account, self._keys, self._secret = account, Keys(account), secret

    async def forget(
        self,
        conversation: Conversation,
        now: float,
        worker: str | None,
        entries: Sequence[ledger.Entry],
        unread: int,
    ) -> int:
        """The first pass; see ``bot.ports.Store``."""
        keys, openid = self._keys, conversation.openid
        left_at = 0.0 if conversation.is_following else conversation.since
        commands = [ledger_command(keys.ledger(), entry) for entry in entries]
        commands += [
            ["HDEL", keys.mentions(), each]
            for each in await Mentions(self._redis, self._account).fields(openid)
        ]
        commands.append(["DEL", keys.alias(conversation.alias)])
        commands.append(["PUBLISH", keys.desk(), openid])
        args: list[EncodableT] = [openid, conversation.version, worker or "", unread, left_at]
        args += [keys.exchange(""), keys.working(""), now + SECOND_PASS_SECONDS, now]
        args += [json.dumps(commands), self.receipt(openid), LATE_SECONDS]
        result = await self._connection.run_durably("forget", self._names(openid), args)
        if result == "lease":
            raise LeaseLost
        if result == "conflict":
            raise Conflict
        return int(result)

    async def is_forgotten(self, openid: str) -> bool:
        """Whether a receipt of the last day stands for this follower."""
        told, start = self.receipt(openid), f"{int((time.time() - DAY) * 1000)}"
        while page := await self._receipts(start):
            if any(hmac.compare_digest(fields["hash"], told) for _, fields in page):
                return True
            start = f"({page[-1][0]}"
        return False

    async def half_forgotten(self, now: float) -> Sequence[str]:
        """Those whose second pass is due."""
        with reaching_the_store():
            due = await self._redis.zrangebyscore(self._keys.second_passes(), "-inf", now)
        return cast(Sequence[str], due)

    async def forget_rest(self, openid: str, now: float) -> None:
        """The second pass; see ``bot.ports.Store``."""
        keys, ours = self._keys, self._deleted(openid)
        names = [keys.conversation(openid), keys.inbox(openid)]
        names += [keys.second_passes(), keys.unwritten(), *self._brains(openid), *ours]
        await self._connection.run_durably("forget_rest", names, [openid, now, len(ours)])

    async def _receipts(self, start: str) -> list[tuple[str, dict[str, str]]]:
        page = await self._redis.xrange(self._keys.receipts(), min=start, count=RECEIPTS)
        return cast(list[tuple[str, dict[str, str]]], page)

    def receipt(self, openid: str) -> str:
        """What stands for a follower in the receipts: only who has the secret and the openid can tell that it fits."""
        told = f"{self._account}:{openid}".encode()
        return hmac.new(self._secret.encode(), told, hashlib.sha256).hexdigest()

    def _names(self, openid: str) -> list[str]:
        keys = self._keys
        names = [keys.conversation(openid), keys.inbox(openid), keys.exchanges(openid)]
        names += [keys.aside(), keys.scheduled(), keys.ready(), keys.workers()]
        names += [keys.wake(), keys.waiting(), keys.listed()]
        names += [keys.second_passes(), keys.unwritten(), keys.ledger(), keys.receipts()]
        return [*names, keys.left(openid), *self._deleted(openid), *self._brains(openid)]

    def _deleted(self, openid: str) -> list[str]:
        keys = self._keys
        return [
            keys.transcript(openid),
            keys.deliveries(openid),
            keys.marks(openid),
            keys.alerted(openid),
            keys.arrival(openid),
            keys.tags(openid),
            keys.viewers(openid),
        ]

    def _brains(self, openid: str) -> list[str]:
        """The brain keeps its turns by the day; those of a day more on either side cover any clock."""
        today = int(time.time()) // DAY
        turns = [self._keys.turns(openid, day) for day in range(today - 3, today + 2)]
        return [self._keys.tracker(openid), *turns]

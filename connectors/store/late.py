"""Answers of the brain that came after their question had gone to people: proposals for whoever is asked instead."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import cast

from bot.messages import Inbound
from bot.turn import Turn
from connectors.store.connection import Connection, reaching_the_store
from connectors.store.keys import Keys

LATE = "late"
"""The field of an exchange in which one lies: it lives, and is forgotten, with the exchange."""


@dataclass(frozen=True)
class LateAnswer:
    """What the bot would have said, and which intent it heard."""

    text: str
    intent: str


@dataclass(frozen=True)
class LateAnswers:
    """Keeps them, for all accounts."""

    connection: Connection

    async def keep(self, message: Inbound, turn: Turn) -> None:
        """Keep what answers the message by itself, unless its follower is forgotten by now. Raises StoreDown."""
        if not turn.answer:
            return
        keys, told = Keys(message.account), LateAnswer(turn.answer, turn.subject)
        names = [keys.exchange(message.key), keys.exchanges(message.openid)]
        written = json.dumps(asdict(told), ensure_ascii=False)
        args = [message.key, LATE, written, keys.desk(), message.openid]
        await self.connection.run("keep_late", names, args)

    async def of(self, account: str, messages: Sequence[str]) -> list[LateAnswer]:
        """The answers to these messages, in their order, as far as they have come. Raises StoreDown."""
        if not messages:
            return []
        pipe = self.connection.redis.pipeline(transaction=False)
        for message in messages:
            pipe.hget(Keys(account).exchange(message), LATE)
        with reaching_the_store():
            found = cast(list[str | None], await pipe.execute())
        return [LateAnswer(**json.loads(each)) for each in found if each]

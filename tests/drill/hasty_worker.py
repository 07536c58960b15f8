"""A worker with a planted fault: it acknowledges a message when it reads it, not when its step is written down.

Started instead of ``connectors.cli`` by ``--plant``, to see that the drill finds what it is there to find.
"""

import sys
from typing import Any

from bot.change import Change
from bot.conversation import Conversation
from bot.messages import Inbound
from bot.ports import Work
from connectors.cli.commands import main
from connectors.store.conversations import Conversations, message_to_json

_load, _commit = Conversations.load, Conversations.commit


async def _hasty_load(self: Conversations, openid: str) -> Work:
    work = await _load(self, openid)
    if work.message:
        await self._redis.lpop(self.keys.inbox(openid))
    return work


async def _hasty_commit(
    self: Conversations,
    change: Change,
    now: float,
    worker: str | None = None,
    done: Inbound | None = None,
    passive: bool = False,
) -> Conversation:
    # The step itself expects the message where it was.
    if done:
        await self._redis.lpush(self.keys.inbox(done.openid), message_to_json(done))
    return await _commit(self, change, now, worker, done, passive)


def _plant() -> None:
    changed: Any = Conversations
    changed.load, changed.commit = _hasty_load, _hasty_commit


if __name__ == "__main__":
    _plant()
    sys.exit(main())

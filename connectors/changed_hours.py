"""Hours, promises and holidays that people change count at once, for those too who wait already."""

from dataclasses import dataclass

from bot.change import Change
from bot.desk.reception import Reception
from bot.engine import Engine
from connectors.store.conversations import Conversations


@dataclass
class ChangedHours:
    """Looks whether one account's desk has other hours than before; the first look finds all of them new."""

    engine: Engine
    conversations: Conversations
    _seen: Reception | None = None

    async def step(self) -> None:
        """Work all deadlines out again if anything was changed. Raises StoreDown."""
        known = self.engine.desk.reception
        reception = Reception(known.teams, known.calendars)
        if reception == self._seen:
            return
        for each in await self.conversations.listed():
            # The step itself changes nothing: the engine keeps the promises right after every one.
            await self.engine.apply(each.openid, Change)
        self._seen = reception

"""The way of a message, from the inbox to its outcome: reads what is known, applies the rules, writes the step down."""

import asyncio
import contextlib
from collections.abc import Callable, Set
from dataclasses import dataclass, field
from functools import partial

from bot import outbox
from bot.ai_label import Labelling
from bot.change import Change
from bot.clock import Clock
from bot.conversation import Conversation, Reason
from bot.forgetting import Forgetting
from bot.messages import Bubble, Delivery, Inbound
from bot.ports import (
    Brain,
    Conflict,
    LeaseLost,
    Media,
    Menu,
    NoMedia,
    NoShops,
    Notices,
    Refusal,
    Sender,
    Shops,
    Store,
    StoreDown,
    Uncertain,
    Unsent,
    Work,
)
from bot.respond import Situation, as_typed, respond, wants_brain
from bot.turn import Turn
from bot.typing_sign import typing_when_slow

Result = Callable[[Change], Change]
Step = Callable[[Conversation], Change]
"""One move of a conversation, computed anew from the latest state whenever another process was quicker."""


STORE_PAUSE_SECONDS = 0.5


@dataclass(frozen=True)
class Engine:
    """Serves followers one step at a time. Whoever calls ``serve`` holds the follower's lease."""

    store: Store
    brain: Brain
    sender: Sender
    notices: Notices
    menu: Menu
    clock: Clock
    shops: Shops = field(default_factory=NoShops)
    media: Media = field(default_factory=NoMedia)
    labelling: Labelling = "generated"
    not_begun: set[tuple[str, str]] = field(default_factory=set)
    """Bubbles that this process has not sent, though the store may hold them as being sent: follower and bubble."""

    @property
    def forgetting(self) -> Forgetting:
        """Erases followers."""
        return Forgetting(self.store, self.brain, self.media, self.clock)

    async def serve(self, openid: str, worker: str) -> Conversation:
        """Do all that is due for one follower, in order: answer the messages, send what waits, settle what has come.

        Gives the conversation as it then stands.
        """
        work = await self.store.load(openid)
        conversation = await self._recover(work.conversation, worker)
        while work.message or not conversation.is_following:
            if not conversation.is_following:
                conversation = await self._forget(conversation, worker)
            elif work.message:
                conversation = await self._answer(work, work.message, worker)
            work = await self.store.load(openid)
        conversation = await self._send_queued(conversation, worker)
        return await self._settle_due(conversation, worker)

    async def hand_over(self, openid: str, worker: str) -> None:
        """Answer the oldest message as if the brain had failed: what cannot be served goes to a person."""
        work = await self.store.load(openid)
        if work.message:
            await self._answer(work, work.message, worker, Turn(trouble=Reason.BRAIN_ERROR))

    async def apply(self, openid: str, step: Step, worker: str | None = None) -> Conversation:
        """Apply a move to the latest state, again if another process was quicker; what the move raises goes out."""
        while True:
            work = await self.store.load(openid)
            change = step(work.conversation)
            if change.conversation == work.conversation:
                return work.conversation
            try:
                return await self.store.commit(change, self.clock.now(), worker)
            except Conflict:
                continue

    async def _answer(
        self, work: Work, received: Inbound, worker: str, turn: Turn | None = None
    ) -> Conversation:
        while True:
            conversation = work.conversation
            message = as_typed(received, self.menu, conversation)
            if turn is None and wants_brain(conversation, message):
                turn = await self._asked(message, work.open_until)
            now = self.clock.now()
            is_passive = message.is_answerable and now < work.open_until
            situation = Situation(
                message,
                turn,
                self.notices,
                work.place,
                now,
                is_passive,
                self.shops,
                self.labelling,
            )
            change = respond(conversation, situation)
            try:
                return await self.store.commit(change, now, worker, received, is_passive)
            except Conflict:
                work = await self.store.load(conversation.openid)

    async def _asked(self, message: Inbound, open_until: float) -> Turn:
        """The brain's turn; one that misses the callback is announced by the sign of typing."""
        left = open_until - self.clock.now()
        async with typing_when_slow(self.sender, message.openid, left):
            return await self.brain.ask(message)

    async def _forget(self, conversation: Conversation, worker: str) -> Conversation:
        """WeChat's rule: with an unfollow, everything about the follower is deleted."""
        with contextlib.suppress(Conflict):
            await self.forgetting.after_leaving(conversation, worker)
        return (await self.store.load(conversation.openid)).conversation

    async def _recover(self, conversation: Conversation, worker: str) -> Conversation:
        """Bubbles found half sent: by a worker that died, and nobody knows; or by us, who know that nothing left."""
        if not conversation.bubbles(Delivery.SENDING):
            return conversation
        return await self.apply(conversation.openid, self._recovered, worker)

    def _recovered(self, conversation: Conversation) -> Change:
        now, change = self.clock.now(), Change(conversation)
        for bubble in conversation.bubbles(Delivery.SENDING):
            if (conversation.openid, bubble.id) in self.not_begun:
                change = outbox.unsent(change, bubble, now)
            else:
                change = outbox.uncertain(change, bubble, now)
        return change

    async def _send_queued(self, conversation: Conversation, worker: str) -> Conversation:
        while conversation.bubbles(Delivery.QUEUED):
            bubble = outbox.next_to_send(conversation, self.clock.now(), self.sender.is_allowed)
            if bubble is None:
                return await self.apply(conversation.openid, self._hold_back, worker)
            overtaken = await self._overtaken(conversation, bubble)
            if overtaken:
                step = partial(self._put_back, ids=overtaken)
                conversation = await self.apply(conversation.openid, step, worker)
            else:
                conversation = await self._send(conversation, bubble, worker)
        return conversation

    async def _overtaken(self, conversation: Conversation, bubble: Bubble) -> Set[str]:
        """The earlier bubbles that no callback took and none will: a callback died, and they have to go first."""
        before = outbox.handed_before(conversation, bubble)
        taken = {b.id: await self.store.withdrawn(b.exchange) for b in before if b.exchange}
        return {id for id, taken_at in taken.items() if not taken_at}

    def _put_back(self, conversation: Conversation, ids: Set[str]) -> Change:
        return outbox.put_back(Change(conversation), ids, self.clock.now())

    def _hold_back(self, conversation: Conversation) -> Change:
        return outbox.held_back(Change(conversation), self.clock.now(), self.sender.is_allowed)

    async def _send(self, conversation: Conversation, bubble: Bubble, worker: str) -> Conversation:
        now, key = self.clock.now(), (conversation.openid, bubble.id)
        try:
            await self.store.commit(outbox.sending(Change(conversation), bubble, now), now, worker)
        except Conflict:
            return (await self.store.load(conversation.openid)).conversation
        except StoreDown:
            # It may be written all the same; nothing has left, and `_recover` has to know that.
            self.not_begun.add(key)
            raise
        self.not_begun.discard(key)
        result = await self._result_of_sending(conversation.openid, bubble)
        return await self._written(conversation.openid, result, worker)

    async def _written(self, openid: str, result: Result, worker: str) -> Conversation:
        """Write down what WeChat answered, however long the store takes, and whoever has the follower by then."""
        holder: str | None = worker
        while True:
            try:
                conversation = await self.apply(openid, lambda at: result(Change(at)), holder)
            except StoreDown:
                await asyncio.sleep(STORE_PAUSE_SECONDS)
            except LeaseLost:
                holder = None
            else:
                break
        if holder is None:
            raise LeaseLost
        return conversation

    async def _result_of_sending(self, openid: str, bubble: Bubble) -> Result:
        try:
            await self.sender.send(openid, bubble)
        except Refusal as refusal:
            said = refusal
            return lambda change: outbox.refused(change, bubble, self.clock.now(), said)
        except Uncertain:
            return lambda change: outbox.uncertain(change, bubble, self.clock.now())
        except Unsent:
            return lambda change: outbox.unsent(change, bubble, self.clock.now())
        return lambda change: outbox.sent(change, bubble, self.clock.now())

    async def _settle_due(self, conversation: Conversation, worker: str) -> Conversation:
        due = outbox.next_wake(conversation)
        if due is None or due > self.clock.now():
            return conversation
        handed = outbox.handed_long_ago(conversation, self.clock.now())
        taken = {b.id: await self.store.withdrawn(b.exchange) for b in handed if b.exchange}
        conversation = await self.apply(
            conversation.openid, lambda latest: self._settled(latest, taken), worker
        )
        return await self._send_queued(conversation, worker)

    def _settled(self, conversation: Conversation, taken: dict[str, float]) -> Change:
        now, change = self.clock.now(), Change(conversation)
        for bubble in conversation.bubbles(Delivery.HANDED):
            if bubble.id in taken:
                change = outbox.handed_result(change, bubble, taken[bubble.id], now)
        return outbox.expired(change, now)

"""The way of a message, from the inbox to its outcome: reads what is known, applies the rules, writes the step down."""

from collections.abc import Callable
from dataclasses import dataclass

from bot import outbox
from bot.change import Change
from bot.clock import Clock
from bot.conversation import Conversation, Reason
from bot.messages import Bubble, Delivery, Inbound
from bot.ports import (
    Brain,
    Conflict,
    Menu,
    Notices,
    Refusal,
    Sender,
    Store,
    Uncertain,
    Unsent,
    Work,
)
from bot.respond import Situation, as_typed, respond, wants_brain
from bot.turn import Turn

Step = Callable[[Conversation], Change]
"""One move of a conversation, computed anew from the latest state whenever another process was quicker."""


@dataclass(frozen=True)
class Engine:
    """Serves followers one step at a time. Whoever calls ``serve`` holds the follower's lease."""

    store: Store
    brain: Brain
    sender: Sender
    notices: Notices
    menu: Menu
    clock: Clock

    async def serve(self, openid: str, worker: str) -> None:
        """Do all that is due for one follower, in order: answer the messages, send what waits, settle what has come."""
        work = await self.store.load(openid)
        conversation = await self._recover(work.conversation, worker)
        while work.message:
            conversation = await self._answer(work, work.message, worker)
            if not conversation.is_following:
                await self._forget(conversation)
            work = await self.store.load(openid)
            conversation = work.conversation
        conversation = await self._send_queued(conversation, worker)
        await self._settle_due(conversation, worker)

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
                return await self.store.commit(change, worker)
            except Conflict:
                continue

    async def _answer(
        self, work: Work, received: Inbound, worker: str, turn: Turn | None = None
    ) -> Conversation:
        while True:
            conversation = work.conversation
            message = as_typed(received, self.menu, conversation.language)
            if turn is None and wants_brain(conversation, message):
                turn = await self.brain.ask(message)
            now = self.clock.now()
            is_passive = message.is_answerable and now < work.open_until
            change = respond(
                conversation, Situation(message, turn, self.notices, work.place, now, is_passive)
            )
            try:
                return await self.store.commit(change, worker, done=message, passive=is_passive)
            except Conflict:
                work = await self.store.load(conversation.openid)

    async def _forget(self, conversation: Conversation) -> None:
        """WeChat's rule: with an unfollow, everything about the follower is deleted."""
        await self.brain.forget(conversation.account, conversation.openid)
        await self.store.forget(conversation.openid)

    async def _recover(self, conversation: Conversation, worker: str) -> Conversation:
        """A bubble found half sent was left by a worker that died: nobody knows whether it arrived."""
        if not conversation.bubbles(Delivery.SENDING):
            return conversation
        return await self.apply(conversation.openid, self._give_up_sending, worker)

    def _give_up_sending(self, conversation: Conversation) -> Change:
        change = Change(conversation)
        for bubble in conversation.bubbles(Delivery.SENDING):
            change = outbox.uncertain(change, bubble, self.clock.now())
        return change

    async def _send_queued(self, conversation: Conversation, worker: str) -> Conversation:
        while conversation.bubbles(Delivery.QUEUED):
            bubble = outbox.next_to_send(conversation, self.clock.now(), self.sender.is_allowed)
            if bubble is None:
                return await self.apply(conversation.openid, self._hold_back, worker)
            conversation = await self._send(conversation, bubble, worker)
        return conversation

    def _hold_back(self, conversation: Conversation) -> Change:
        return outbox.held_back(Change(conversation), self.clock.now(), self.sender.is_allowed)

    async def _send(self, conversation: Conversation, bubble: Bubble, worker: str) -> Conversation:
        change = outbox.sending(Change(conversation), bubble, self.clock.now())
        try:
            await self.store.commit(change, worker)
        except Conflict:
            return (await self.store.load(conversation.openid)).conversation
        result = await self._result_of_sending(conversation.openid, bubble)
        return await self.apply(conversation.openid, lambda latest: result(Change(latest)), worker)

    async def _result_of_sending(self, openid: str, bubble: Bubble) -> Callable[[Change], Change]:
        try:
            await self.sender.send(openid, bubble)
        except Refusal as refusal:
            code, is_final = refusal.errcode, refusal.is_final
            return lambda change: outbox.refused(change, bubble, self.clock.now(), code, is_final)
        except Uncertain:
            return lambda change: outbox.uncertain(change, bubble, self.clock.now())
        except Unsent:
            return lambda change: outbox.unsent(change, bubble, self.clock.now())
        return lambda change: outbox.sent(change, bubble, self.clock.now())

    async def _settle_due(self, conversation: Conversation, worker: str) -> None:
        due = outbox.next_wake(conversation)
        if due is None or due > self.clock.now():
            return
        handed = conversation.bubbles(Delivery.HANDED)
        taken = {b.id: await self.store.taken_at(b.exchange) for b in handed if b.exchange}
        conversation = await self.apply(
            conversation.openid, lambda latest: self._settled(latest, taken), worker
        )
        await self._send_queued(conversation, worker)

    def _settled(self, conversation: Conversation, taken: dict[str, float]) -> Change:
        now, change = self.clock.now(), Change(conversation)
        for bubble in conversation.bubbles(Delivery.HANDED):
            change = outbox.handed_result(change, bubble, taken.get(bubble.id, 0.0), now)
        return outbox.expired(change, now)

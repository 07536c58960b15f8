"""The way of a message, from the inbox to its outcome: reads what is known, applies the rules, writes the step down."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import partial

from bot import bubbles, outbox
from bot.ai_label import Labelling
from bot.change import Change
from bot.clock import Clock
from bot.conversation import Conversation, Reason, Speaker
from bot.desk import night
from bot.desk.promises import promised
from bot.desk.reception import HumanDesk
from bot.forgetting import Forgetting
from bot.kinds import is_automatic
from bot.members import CrmUnavailable, Members, NoMembers
from bot.messages import Bubble, Delivery, Inbound
from bot.pace import Limits
from bot.ports import (
    Brain,
    Conflict,
    Desk,
    LeaseLost,
    Media,
    Menu,
    NoMedia,
    NoShops,
    Notices,
    OpenDesk,
    Refusal,
    Sender,
    Shops,
    Store,
    StoreDown,
    Uncertain,
    Unsent,
    Work,
)
from bot.respond import as_typed, respond, wants_brain
from bot.situation import Situation
from bot.turn import Turn
from bot.typing_sign import typing_when_slow

Result = Callable[[Change], Change]
Step = Callable[[Conversation], Change]
"""One move of a conversation, computed anew from the latest state whenever another process was quicker."""
Pause = Callable[[float], Awaitable[None]]
"""Waits so many seconds."""


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
    desk: Desk = field(default_factory=OpenDesk)
    members: Members = field(default_factory=NoMembers)
    human_desk: HumanDesk = "bida"
    labelling: Labelling = "generated"
    limits: Limits = field(default_factory=Limits)
    merge_seconds: float = 0.0
    """How long the bubbles of one thought are waited for at most; 0.0 answers each as it comes."""
    not_begun: set[tuple[str, str]] = field(default_factory=set)
    """Bubbles that this process has not sent, though the store may hold them as being sent: follower and bubble."""

    @property
    def forgetting(self) -> Forgetting:
        """Erases followers."""
        return Forgetting(self.store, self.brain, self.media, self.clock)

    async def serve(self, openid: str, worker: str, pause: Pause = asyncio.sleep) -> Conversation:
        """Do all that is due for one follower, in order: answer the messages, send what waits, settle what has come.

        ``pause`` waits for further bubbles. Gives the conversation as it then stands; the caller looks whether
        something has come in since, and then calls again.
        """
        work = await self.store.load(openid)
        conversation = await self._recover(work.conversation, worker)
        while work.messages or not conversation.is_following:
            if not conversation.is_following:
                conversation = await self._forget(conversation, worker)
            elif (work := await self._gathered(work, pause)).messages:
                thought = self._thought(work)
                conversation = await self._answer(work, thought, worker)
                if len(thought) == len(work.messages) and conversation.is_following:
                    # What has come in since is found when the worker lets the follower go.
                    break
            work = await self.store.load(openid)
        conversation = await self._send_queued(conversation, worker)
        return await self._settle_due(conversation, worker)

    async def hand_over(self, openid: str, worker: str) -> None:
        """Answer the oldest message as if the brain had failed: what cannot be served goes to a person."""
        work = await self.store.load(openid)
        if work.messages:
            turn = Turn(trouble=Reason.BRAIN_ERROR)
            await self._answer(work, self._thought(work), worker, turn)

    async def apply(
        self,
        openid: str,
        step: Step,
        worker: str | None = None,
        known: Conversation | None = None,
    ) -> Conversation:
        """Apply a move to the latest state, again if another process was quicker; what the move raises goes out.

        ``known``: the state as it was read a moment ago, which spares the first reading.
        """
        while True:
            conversation = known or (await self.store.load(openid)).conversation
            change, known = self._promised(step(conversation)), None
            if change.conversation == conversation:
                return conversation
            try:
                return await self.store.commit(change, self.clock.now(), worker)
            except Conflict:
                continue

    async def _gathered(self, work: Work, pause: Pause) -> Work:
        """Wait while the follower may still be typing the same thought; all that is known stays in the inbox."""
        while work.messages and (seconds := self._seconds_to_wait(work)) > 0:
            known = len(work.messages)
            await pause(seconds)
            work = await self.store.load(work.conversation.openid)
            if len(work.messages) <= known:
                break
        return work

    def _thought(self, work: Work) -> tuple[Inbound, ...]:
        return bubbles.thought(work.conversation, work.messages, self.merge_seconds)

    def _seconds_to_wait(self, work: Work) -> float:
        now = self.clock.now()
        return bubbles.pause(work.conversation, work.messages, now, self.merge_seconds)

    async def _answer(
        self, work: Work, thought: Sequence[Inbound], worker: str, turn: Turn | None = None
    ) -> Conversation:
        """Answer the oldest thought: one message, or quick bubbles read as one."""
        while True:
            conversation = work.conversation
            read = tuple(as_typed(each, self.menu, conversation) for each in thought)
            message = bubbles.joined(read)
            pace = conversation.pace.after(message.text, self.clock.now(), self.limits)
            is_over = pace.is_over(self.limits) and not is_automatic(message)
            open_until = work.open_until.get(message.key, 0.0)
            if turn is None and not is_over and wants_brain(conversation, message):
                turn = await self._asked(message, open_until)
            now = self.clock.now()
            is_passive = message.is_answerable and now < open_until
            situation = Situation(
                message,
                turn,
                self.notices,
                0,
                now,
                is_passive,
                self.shops,
                self.labelling,
                read,
                pace,
                is_over,
                self.desk.reception,
                self.human_desk,
            )
            change = await self._responded(conversation, situation)
            passive = is_passive if message.is_answerable else None
            try:
                after = await self.store.commit(change, now, worker, thought, passive)
                return await self._with_member(conversation, after, worker)
            except Conflict:
                work = await self.store.load(conversation.openid)

    async def _responded(self, conversation: Conversation, situation: Situation) -> Change:
        """The step for one message; who then waits is told the place, which only the store can tell."""
        change = respond(conversation, situation)
        if change.conversation.speaker is not Speaker.WAITING:
            return change
        place = await self.store.place(change.conversation)
        return respond(conversation, replace(situation, place=place))

    async def _with_member(
        self, before: Conversation, after: Conversation, worker: str
    ) -> Conversation:
        """Whoever comes into the queue as a VIP of the brand goes before others; the reply does not wait for that."""
        if before.is_queued or not after.is_queued or after.is_vip:
            return after
        try:
            member = await self.members.find(after.openid)
        except CrmUnavailable:
            return after
        if member is None or not member.is_vip:
            return after
        return await self.apply(
            after.openid, lambda latest: Change(replace(latest, is_vip=True)), worker, after
        )

    def _promised(self, change: Change) -> Change:
        """The step with its promises kept right, whoever made it."""
        now, reception = self.clock.now(), self.desk.reception
        return change.updated(promised(change.conversation, reception, now))

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
        sent_as_one = conversation.bubbles(Delivery.SENDING)
        if all((conversation.openid, bubble.id) in self.not_begun for bubble in sent_as_one):
            return outbox.unsent(change, sent_as_one, now)
        return outbox.uncertain(change, sent_as_one, now)

    async def _send_queued(self, conversation: Conversation, worker: str) -> Conversation:
        """Send what waits, until the follower writes: then that goes first, and its callback costs nothing."""
        while conversation.bubbles(Delivery.QUEUED):
            now = self.clock.now()
            together = outbox.next_to_send(conversation, now, self.sender.is_allowed)
            overtaken = await self._overtaken(conversation, together[-1]) if together else set()
            if overtaken:
                step = partial(self._put_back, ids=overtaken)
                after = await self.apply(conversation.openid, step, worker)
            elif together:
                after = await self._send(conversation, together, worker)
            else:
                after = await self.apply(conversation.openid, self._hold_back, worker)
            if after.version == conversation.version:
                break
            conversation = after
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

    async def _send(
        self, conversation: Conversation, together: Sequence[Bubble], worker: str
    ) -> Conversation:
        """Send bubbles as one message; the conversation as it was where something else has to be done first."""
        now, keys = self.clock.now(), {(conversation.openid, bubble.id) for bubble in together}
        intention = outbox.sending(Change(conversation), together, now)
        try:
            await self.store.commit(intention, now, worker, alone=True)
        except Conflict:
            work = await self.store.load(conversation.openid)
            return conversation if work.messages else work.conversation
        except StoreDown:
            # It may be written all the same; nothing has left, and `_recover` has to know that.
            self.not_begun.update(keys)
            raise
        self.not_begun.difference_update(keys)
        result = await self._result_of_sending(conversation.openid, together)
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

    async def _result_of_sending(self, openid: str, together: Sequence[Bubble]) -> Result:
        try:
            await self.sender.send(openid, outbox.as_one(together))
        except Refusal as refusal:
            said = refusal
            return lambda change: outbox.refused(change, together, self.clock.now(), said)
        except Uncertain:
            return lambda change: outbox.uncertain(change, together, self.clock.now())
        except Unsent as reason:
            at = reason.retry_at
            return lambda change: outbox.unsent(change, together, self.clock.now(), at)
        return lambda change: outbox.sent(change, together, self.clock.now())

    async def _settle_due(self, conversation: Conversation, worker: str) -> Conversation:
        due = outbox.next_wake(conversation)
        if due is None or due > self.clock.now():
            return conversation
        handed = outbox.handed_long_ago(conversation, self.clock.now())
        taken = {b.id: await self.store.withdrawn(b.exchange) for b in handed if b.exchange}
        conversation = await self.apply(
            conversation.openid, lambda latest: self._settled(latest, taken), worker, conversation
        )
        return await self._send_queued(conversation, worker)

    def _settled(self, conversation: Conversation, taken: dict[str, float]) -> Change:
        now, change = self.clock.now(), Change(conversation)
        for bubble in conversation.bubbles(Delivery.HANDED):
            if bubble.id in taken:
                change = outbox.handed_result(change, bubble, taken[bubble.id], now)
        change = outbox.expired(change, now)
        return night.turned(change, self.desk.reception, self.notices, now)

"""Brings pushes to the callback address: 5 s for an answer, three deliveries, then the failure line.

Source: WeChat's page 接收普通消息. The limit follows the real clock, whatever the simulated one shows.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from connectors.simulator import crypto
from connectors.simulator.envelope import Envelope, recipe_of
from connectors.simulator.journal import Journal
from connectors.simulator.judge import Abnormal, Answer, judge
from connectors.simulator.model.account import Account
from connectors.simulator.model.faults import Faults
from connectors.simulator.model.lines import Content
from connectors.simulator.model.oddities import fitting, odd
from connectors.simulator.model.platform import Impossible, Platform
from connectors.simulator.model.pushes import Push
from connectors.simulator.model.wechat import WeChat
from connectors.simulator.wire import Wire

EXCERPT = 400
"""Characters of an answer that the journal keeps."""

REORDER_SECONDS = 3.0
"""How long a push waits for the one that is to overtake it, unless told otherwise."""


@dataclass
class Courier:
    """Delivers pushes side by side, as WeChat does. Works while ``running`` is entered."""

    wechat: WeChat
    faults: Faults
    journal: Journal
    answer_seconds: float
    deliveries: int
    wire: Wire = field(default_factory=Wire)
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)
    _overtaken: dict[str, asyncio.Event] = field(default_factory=dict)
    _last: dict[str, Envelope] = field(default_factory=dict)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep the wire open, and give up what is under way at the end."""
        async with self.wire.opened():
            try:
                yield
            finally:
                await self._give_up()

    def dispatch(self, push: Push) -> asyncio.Task[None]:
        """Start delivering a push; the task ends with its last delivery."""
        self.journal.add(
            "push", push=push.id, openid=push.openid, summary=push.summary, msg_id=push.msg_id
        )
        task = asyncio.create_task(self._deliver(self._made_odd(push)))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def forge(self, push: Push, forgery: str) -> Answer | None:
        """Send a forged request once; what was answered, None if nothing. Nothing changes on the phone."""
        envelope = self._forged(push, forgery)
        began = asyncio.get_running_loop().time()
        answer, reason = None, forgery
        try:
            answer = await self._sent(push, envelope, self.answer_seconds)
        except Abnormal as fault:
            reason = f"{forgery}: {fault}"
        self._record(push, 1, began, answer, "forged", reason)
        return answer

    async def verify(self, platform: Platform, *, is_wrong: bool = False) -> bool:
        """Check the callback address as the console does: by a GET that must echo ``echostr`` and nothing else."""
        account, ids = platform.account, platform.ids
        stamp = (str(int(platform.clock.now())), ids.nonce())
        echo = ids.nonce() + ids.nonce()
        given = crypto.signature(account.token + "x" * is_wrong, *stamp)
        query = {
            "signature": given,
            "timestamp": stamp[0],
            "nonce": stamp[1],
            "echostr": echo,
        }
        envelope = Envelope(query, b"")
        try:
            answer = await self.wire.send(
                "GET", account.callback_url, envelope, self.answer_seconds
            )
        except Abnormal:
            return False
        return answer == Answer(200, echo.encode())

    async def _give_up(self) -> None:
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _made_odd(self, push: Push) -> Push:
        if not self.faults.active:
            return push
        oddity = self.faults.take(*fitting(push), openid=push.openid)
        return odd(push, oddity.kind) if oddity else push

    async def _deliver(self, push: Push) -> None:
        await self._wait_before(push)
        platform = self.wechat.of_follower(push.openid)
        loop = asyncio.get_running_loop()
        for number in range(1, self.deliveries + 1):
            next_at = loop.time() + self.answer_seconds
            try:
                contents = await self._once(push, number)
            except Abnormal:
                if number < self.deliveries:
                    await asyncio.sleep(next_at - loop.time())
            else:
                platform.show(push, contents)
                await self._repeat_if_told(push, number + 1)
                return
        self.journal.add("failed", push=push.id, openid=push.openid)
        platform.fail(push)

    async def _wait_before(self, push: Push) -> None:
        if delay := self.faults.take("delay_push", openid=push.openid):
            await asyncio.sleep(delay.number("seconds", 1.0))
        if reorder := self.faults.take("reorder_push", openid=push.openid):
            overtaken = self._overtaken.setdefault(push.openid, asyncio.Event())
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(reorder.number("seconds", REORDER_SECONDS)):
                    await overtaken.wait()

    async def _repeat_if_told(self, push: Push, number: int) -> None:
        """A push may come again though it was answered; the follower sees nothing of that."""
        if self.faults.take("repeat_push", openid=push.openid):
            with contextlib.suppress(Abnormal):
                await self._once(push, number)

    async def _once(self, push: Push, number: int) -> tuple[Content, ...]:
        """One delivery. Raises Abnormal when it brought no usable answer."""
        loop, answer = asyncio.get_running_loop(), None
        began, account = loop.time(), self._account(push)
        try:
            answer = await self._sent(push, self._envelope(push, account), self._limit(push))
            if self.faults.take("drop_answer", openid=push.openid):
                raise Abnormal("the answer got lost on its way")
            has_media = self.wechat.of_follower(push.openid).has_media
            contents = judge(answer, push, account, has_media)
        except Abnormal as fault:
            self._record(push, number, began, answer, "abnormal", str(fault))
            raise
        finally:
            if overtaken := self._overtaken.pop(push.openid, None):
                overtaken.set()
        verdict = "shown" if contents and push.is_answerable else "nothing"
        self._record(push, number, began, answer, verdict, "")
        return contents

    async def _sent(self, push: Push, envelope: Envelope, limit: float) -> Answer:
        url = self.wechat.of_follower(push.openid).account.callback_url
        fault = self.faults.take("cut_push", "slow_push", openid=push.openid)
        return await self.wire.send("POST", url, envelope, limit, fault)

    def _limit(self, push: Push) -> float:
        hang_up = self.faults.take("hang_up", openid=push.openid)
        return hang_up.number("seconds", 0.5) if hang_up else self.answer_seconds

    def _account(self, push: Push) -> Account:
        """The account as this delivery knows it: during a change of keys some still come with the one before."""
        account = self.wechat.of_follower(push.openid).account
        if account.previous_aes_key and self.faults.take("previous_key", openid=push.openid):
            return replace(account, aes_key=account.previous_aes_key)
        return account

    def _envelope(self, push: Push, account: Account, forgery: str | None = None) -> Envelope:
        platform = self.wechat.of_follower(push.openid)
        ids, now = platform.ids, platform.clock.now()
        made = recipe_of(push, account, now, ids.nonce(), ids.prefix(), forgery).envelope()
        if forgery is None:
            self._last[push.openid] = made
        return made

    def _forged(self, push: Push, forgery: str) -> Envelope:
        account = self.wechat.of_follower(push.openid).account
        if not forgery.startswith("replayed"):
            return self._envelope(push, account, forgery)
        last = self._last.get(push.openid)
        if last is None:
            raise Impossible("nothing of this follower was sent yet that could be replayed")
        if forgery == "replayed":
            return last
        # The signature in the query covers neither the body nor the path.
        return Envelope(last.query, self._envelope(push, account, forgery).body)

    def _record(
        self,
        push: Push,
        number: int,
        began: float,
        answer: Answer | None,
        verdict: str,
        reason: str,
    ) -> None:
        self.journal.add(
            "delivery",
            push=push.id,
            openid=push.openid,
            delivery=number,
            seconds=round(asyncio.get_running_loop().time() - began, 4),
            status=answer.status if answer else None,
            answer=answer.body[:EXCERPT].decode(errors="replace") if answer else None,
            verdict=verdict,
            reason=reason,
        )

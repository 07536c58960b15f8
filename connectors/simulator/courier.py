"""Brings pushes to the callback address: 5 s for an answer, three deliveries, then the failure line.

Source: WeChat's page 接收普通消息. The limit follows the real clock, whatever the simulated one shows.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector

from connectors.simulator import crypto
from connectors.simulator.envelope import Envelope, recipe_of
from connectors.simulator.journal import Journal
from connectors.simulator.judge import Abnormal, Answer, judge
from connectors.simulator.model.faults import Faults
from connectors.simulator.model.lines import Content
from connectors.simulator.model.platform import Platform
from connectors.simulator.model.pushes import Push

EXCERPT = 400
"""Characters of an answer that the journal keeps."""


class Courier:
    """Delivers pushes side by side, as WeChat does. Works while ``running`` is entered."""

    _session: ClientSession

    def __init__(
        self,
        platform: Platform,
        faults: Faults,
        journal: Journal,
        answer_seconds: float,
        deliveries: int,
    ) -> None:
        self.platform = platform
        self.faults = faults
        self.journal = journal
        self.answer_seconds = answer_seconds
        self.deliveries = deliveries
        self._under_way: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep a session that connects anew for each delivery, as the limit counts from there."""
        connector = TCPConnector(limit=0, force_close=True)
        timeout = ClientTimeout(total=None)
        async with ClientSession(connector=connector, timeout=timeout) as self._session:
            try:
                yield
            finally:
                await self._give_up()

    def dispatch(self, push: Push) -> asyncio.Task[None]:
        """Start delivering a push; the task ends with its last delivery."""
        self.journal.add(
            "push", push=push.id, openid=push.openid, summary=push.summary, msg_id=push.msg_id
        )
        task = asyncio.create_task(self._deliver(push))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def forge(self, push: Push, forgery: str) -> Answer | None:
        """Send a forged request once; what was answered, None if nothing. Nothing changes on the phone."""
        envelope = self._envelope(push, forgery)
        began = asyncio.get_running_loop().time()
        answer, reason = None, forgery
        try:
            answer = await self._answer(envelope, self.answer_seconds)
        except Abnormal as fault:
            reason = f"{forgery}: {fault}"
        self._record(push, 1, began, answer, "forged", reason)
        return answer

    async def verify(self, *, is_wrong: bool = False) -> bool:
        """Check the callback address as the console does: by a GET that must echo ``echostr`` and nothing else."""
        account, ids = self.platform.account, self.platform.ids
        stamp = (str(int(self.platform.clock.now())), ids.nonce())
        echo = ids.nonce() + ids.nonce()
        given = crypto.signature(account.token + "x" * is_wrong, *stamp)
        query = {
            "signature": given,
            "timestamp": stamp[0],
            "nonce": stamp[1],
            "echostr": echo,
        }
        try:
            answer = await self._request("GET", Envelope(query, b""), self.answer_seconds)
        except Abnormal:
            return False
        return answer == Answer(200, echo.encode())

    async def _give_up(self) -> None:
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _deliver(self, push: Push) -> None:
        if delay := self.faults.take("delay_push", openid=push.openid):
            await asyncio.sleep(delay.number("seconds", 1.0))
        loop = asyncio.get_running_loop()
        for number in range(1, self.deliveries + 1):
            next_at = loop.time() + self.answer_seconds
            try:
                contents = await self._once(push, number)
            except Abnormal:
                if number < self.deliveries:
                    await asyncio.sleep(next_at - loop.time())
            else:
                self.platform.show(push, contents)
                await self._repeat_if_told(push, number + 1)
                return
        self.journal.add("failed", push=push.id, openid=push.openid)
        self.platform.fail(push)

    async def _repeat_if_told(self, push: Push, number: int) -> None:
        """A push may come again though it was answered; the follower sees nothing of that."""
        if self.faults.take("repeat_push", openid=push.openid):
            with contextlib.suppress(Abnormal):
                await self._once(push, number)

    async def _once(self, push: Push, number: int) -> tuple[Content, ...]:
        """One delivery. Raises Abnormal when it brought no usable answer."""
        loop, answer = asyncio.get_running_loop(), None
        began = loop.time()
        try:
            answer = await self._answer(self._envelope(push, None), self._limit(push))
            if self.faults.take("drop_answer", openid=push.openid):
                raise Abnormal("the answer got lost on its way")
            contents = judge(answer, push, self.platform.account)
        except Abnormal as fault:
            self._record(push, number, began, answer, "abnormal", str(fault))
            raise
        verdict = "shown" if contents and push.is_answerable else "nothing"
        self._record(push, number, began, answer, verdict, "")
        return contents

    def _limit(self, push: Push) -> float:
        hang_up = self.faults.take("hang_up", openid=push.openid)
        return hang_up.number("seconds", 0.5) if hang_up else self.answer_seconds

    def _envelope(self, push: Push, forgery: str | None) -> Envelope:
        ids, now = self.platform.ids, self.platform.clock.now()
        account = self.platform.account
        return recipe_of(push, account, now, ids.nonce(), ids.prefix(), forgery).envelope()

    async def _answer(self, envelope: Envelope, limit: float) -> Answer:
        return await self._request("POST", envelope, limit)

    async def _request(self, method: str, envelope: Envelope, limit: float) -> Answer:
        """The answer, whole. Raises Abnormal after ``limit`` seconds, and when there is no connection."""
        headers = {"Content-Type": "text/xml", "User-Agent": "Mozilla/4.0", "Accept": "*/*"}
        options: dict[str, Any] = {"params": envelope.query, "headers": headers}
        url = self.platform.account.callback_url
        try:
            async with (
                asyncio.timeout(limit),
                self._session.request(
                    method, url, data=envelope.body or None, allow_redirects=False, **options
                ) as response,
            ):
                return Answer(response.status, await response.read())
        except TimeoutError as error:
            raise Abnormal(f"no whole answer within {limit:g} s") from error
        except (ClientError, OSError) as error:
            raise Abnormal(f"no connection: {type(error).__name__}") from error

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

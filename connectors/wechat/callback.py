"""``/wechat``: where WeChat verifies the address and pushes what followers do."""

import asyncio
from dataclasses import dataclass
from typing import NamedTuple

import structlog
from aiohttp import web

from bot.clock import Clock
from bot.kinds import ACCOUNT_NEWS, JOB_RESULTS, is_quiet
from bot.messages import Bubble, Inbound
from bot.ports import Notices, StoreDown
from connectors.metrics import CALLBACKS, PLEASE_RESEND, RECEIVED, REPLY_SECONDS, kind_of
from connectors.store.exchanges import ONCE, Answer, Exchanges, Repeats
from connectors.wechat.library import Malformed
from connectors.wechat.pushes import Push, Reader, Refused
from connectors.wechat.replies import SUCCESS, response_body

log = structlog.get_logger()

BODY_BYTES = 64 * 1024
HANG_UP_SECONDS = 5.0
"""When WeChat closes the connection of an unanswered push and repeats it."""

LAST_DELIVERY_SECONDS = 10.0
"""A push so old is its third and last delivery: nothing will be repeated after it."""

RETRY_SECONDS = 0.25

BODY_SECONDS = 3.0
"""How long a push may take to arrive whole; WeChat's come at once."""


class Arrival(NamedTuple):
    """When a push came in: on the event loop's clock, and in Unix seconds."""

    clock: float
    at: float


@dataclass(frozen=True)
class Callback:
    """The two handlers of the callback address."""

    reader: Reader
    exchanges: Exchanges
    notices: Notices
    clock: Clock
    reply_seconds: float
    is_numbered: bool = False
    """Whether choices bear numbers that followers may type: where message menus are not allowed."""
    repeats: Repeats = ONCE
    """On which deliveries an account may still answer that can send nothing later."""
    hang_up_seconds: float = HANG_UP_SECONDS
    body_seconds: float = BODY_SECONDS

    def routes(self, path: str = "/wechat") -> list[web.RouteDef]:
        """Verification and pushes."""
        return [web.get(path, self.verify), web.post(path, self.receive)]

    async def verify(self, request: web.Request) -> web.Response:
        """Prove to WeChat that this address knows the token: the raw ``echostr``, or 403."""
        try:
            self.reader.check(request.query, self.clock.now())
        except Refused:
            raise web.HTTPForbidden from None
        return web.Response(text=request.query.get("echostr", ""))

    async def receive(self, request: web.Request) -> web.StreamResponse:
        """One push: checked, claimed and stored, answered in time or by ``success``."""
        arrived = Arrival(asyncio.get_running_loop().time(), self.clock.now())
        try:
            self.reader.check(request.query, arrived.at)
            push = self.reader.read(request.query, await self._body_of(request))
        except Refused as refusal:
            return self._refused(str(refusal))
        except Malformed as fault:
            log.info("wechat.unreadable", why=str(fault))
            CALLBACKS.labels("unreadable").inc()
            return web.Response(text=SUCCESS)
        except TimeoutError:
            CALLBACKS.labels("slow").inc()
            return _hung_up(request)
        # Every further line of the log about this push names its message.
        structlog.contextvars.bind_contextvars(message=push.message.key)
        try:
            if is_quiet(push.message):
                return self._passed_over(push.message)
            return await self._answered(request, push, arrived)
        # WeChat must never see an error page: hung up on, it sends the push again.
        except Exception as error:
            log.error("wechat.failed", why=type(error).__name__)
            CALLBACKS.labels("failed").inc()
            return _hung_up(request)

    async def _answered(
        self, request: web.Request, push: Push, arrived: Arrival
    ) -> web.StreamResponse:
        try:
            answer = await self._exchanged(push, arrived)
        except (StoreDown, TimeoutError):
            return await self._while_store_is_down(request, push, arrived)
        if answer.status == "forged":
            return self._refused("a known request with another message")
        CALLBACKS.labels(answer.status).inc()
        if answer.status == "new":
            RECEIVED.labels(kind_of(push.message)).inc()
        log.debug("wechat.received", status=answer.status, is_answered=answer.reply is not None)
        if answer.is_open:
            return await self._silent(request, arrived)
        if not answer.reply:
            return self._without_reply(push, answer)
        response = await _written(request, self._body(push, answer.reply))
        REPLY_SECONDS.observe(asyncio.get_running_loop().time() - arrived.clock)
        await self.exchanges.taken(push.message, self.clock.now(), answer.delivery)
        return response

    def _without_reply(self, push: Push, answer: Answer) -> web.Response:
        """``success`` unless there is something that the follower has to know."""
        if answer.status == "full":
            return self._said(push, "notice_busy")
        is_late = answer.reply is None and self._repeats(push).deliveries > 1
        return self._said(push, "notice_late") if is_late else web.Response(text=SUCCESS)

    def _repeats(self, push: Push) -> Repeats:
        return self.repeats if push.message.is_answerable else ONCE

    def _said(self, push: Push, notice: str) -> web.Response:
        sorry = Bubble("", "notice", self.notices.speak(notice, None).text)
        return web.Response(text=self._body(push, (sorry,)), content_type="text/xml")

    async def _silent(self, request: web.Request, arrived: Arrival) -> web.Response:
        """Say nothing until WeChat hangs up, so that it sends the push again."""
        left = arrived.clock + self.hang_up_seconds - asyncio.get_running_loop().time()
        await asyncio.sleep(max(0.0, left))
        return _hung_up(request)

    async def _exchanged(self, push: Push, arrived: Arrival) -> Answer:
        """Claim, again and again while Redis is away and WeChat is still on the line, then await the reply."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout_at(arrived.clock + self.hang_up_seconds):
            while True:
                left = arrived.clock + self.reply_seconds - loop.time()
                try:
                    return await self.exchanges.answer(
                        push.message,
                        push.digest,
                        push.signature,
                        self.clock.now(),
                        max(left, 0.0),
                        self._repeats(push),
                    )
                except StoreDown as error:
                    log.warning("wechat.store_down", why=str(error))
                    if left <= RETRY_SECONDS:
                        raise
                    await asyncio.sleep(RETRY_SECONDS)

    async def _while_store_is_down(
        self, request: web.Request, push: Push, arrived: Arrival
    ) -> web.StreamResponse:
        """Nothing was stored: let WeChat repeat; only on its last delivery ask the follower to send it again."""
        if arrived.at - push.message.sent_at < LAST_DELIVERY_SECONDS:
            return await self._silent(request, arrived)
        PLEASE_RESEND.inc()
        return self._said(push, "notice_please_resend")

    async def _body_of(self, request: web.Request) -> bytes:
        """The whole body. Raises Malformed when it is too large, TimeoutError when it does not come."""
        async with asyncio.timeout(self.body_seconds):
            return await _body(request)

    def _body(self, push: Push, reply: tuple[Bubble, ...]) -> str:
        now, is_numbered = self.clock.now(), self.is_numbered
        return response_body(push, reply, self.reader.token, now, is_numbered=is_numbered)

    def _passed_over(self, message: Inbound) -> web.Response:
        """An event that asks for nothing costs nothing: it is not even stored."""
        CALLBACKS.labels("event").inc()
        RECEIVED.labels(kind_of(message)).inc()
        if message.event in ACCOUNT_NEWS:
            log.warning("wechat.account_news", kind=message.event, about=message.about)
        elif message.event in JOB_RESULTS:
            log.info("wechat.job_result", kind=message.event, about=message.about)
        return web.Response(text=SUCCESS)

    def _refused(self, why: str) -> web.Response:
        log.warning("wechat.refused", why=why)
        CALLBACKS.labels("refused").inc()
        return web.Response(status=403, text="refused")


def _hung_up(request: web.Request) -> web.Response:
    """Close the connection without an answer."""
    if request.transport:
        request.transport.abort()
    return web.Response(status=503)


async def _body(request: web.Request) -> bytes:
    if (request.content_length or 0) > BODY_BYTES:
        raise Malformed("the body is larger than 64 KB")
    body = await request.content.read(BODY_BYTES + 1)
    while not request.content.at_eof() and len(body) <= BODY_BYTES:
        body += await request.content.read(BODY_BYTES + 1 - len(body))
    if len(body) > BODY_BYTES:
        raise Malformed("the body is larger than 64 KB")
    return body


async def _written(request: web.Request, body: str) -> web.Response:
    """Send the response within the handler, so that what follows knows that it went out whole."""
    response = web.Response(text=body, content_type="text/xml")
    await response.prepare(request)
    await response.write_eof()
    return response

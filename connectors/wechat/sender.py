"""Customer-service messages (客服消息): what goes to a follower outside the response to a callback."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import structlog

from bot.clock import Clock, SystemClock
from bot.messages import Bubble
from bot.ports import Refusal, StoreDown, Uncertain, Unsent
from bot.text import linked
from connectors.metrics import DELIVERY_SECONDS, SENDS
from connectors.wechat.api import ApiError, CutOff, NotSent
from connectors.wechat.codes import Action, treatment
from connectors.wechat.library import Methods
from connectors.wechat.pauses import Pauses
from connectors.wechat.pictures import Pictures
from connectors.wechat.replies import message_menu, text_with_links, text_without_links
from connectors.wechat.token import TokenUnavailable

log = structlog.get_logger()

UNAUTHORISED = 48001

Form = Callable[[], Awaitable[Any]]


class UploadRefused(ApiError):
    """WeChat refused the upload of a picture; the message itself was not tried."""


@dataclass(frozen=True)
class CustomerMessages:
    """Implements ``bot.ports.Sender`` by custom/send. Without ``pauses`` nothing is remembered between messages."""

    methods: Methods
    may_send: bool
    may_send_menus: bool
    clock: Clock = field(default_factory=SystemClock)
    pauses: Pauses | None = None
    may_type: bool = False
    pictures: Pictures | None = None
    """None: an account that may upload nothing."""

    @property
    def is_allowed(self) -> bool:
        """Whether this kind of account may send customer-service messages."""
        return self.may_send

    async def send(self, openid: str, bubble: Bubble) -> None:
        """Send one bubble. Raises Refusal, Uncertain or Unsent."""
        try:
            await self._wait_for_no_pause()
            await self._sent(openid, bubble)
        except ApiError as error:
            SENDS.labels(str(error.errcode)).inc()
            raise await self._treated(error, bubble) from error
        except (NotSent, TokenUnavailable, StoreDown) as error:
            SENDS.labels("unsent").inc()
            raise Unsent(str(error)) from error
        except CutOff as error:
            SENDS.labels("uncertain").inc()
            raise Uncertain(str(error)) from error
        SENDS.labels("sent").inc()
        DELIVERY_SECONDS.observe(max(0.0, self.clock.now() - bubble.since))
        log.debug("wechat.sent", bubble=bubble.id)

    async def typing(self, openid: str) -> None:
        """Show the sign of typing; an account without the right shows none, and what goes wrong has no consequence."""
        if not self.may_type:
            return
        try:
            body = {"touser": openid, "command": "Typing"}
            await self.methods.post("message/custom/typing", data=body)
        except (ApiError, NotSent, CutOff, TokenUnavailable, StoreDown) as error:
            log.debug("wechat.typing_not_shown", why=str(error))

    async def _wait_for_no_pause(self) -> None:
        until = await self.pauses.until() if self.pauses else 0.0
        if until > self.clock.now():
            SENDS.labels("paused").inc()
            raise Unsent("sending is paused for this account", until)

    async def _treated(self, error: ApiError, bubble: Bubble) -> Exception:
        """What the refusal means for the bubble; a pause begins where it is one of the account's."""
        code = error.errcode
        told = treatment(code, of_upload=isinstance(error, UploadRefused))
        say = log.error if told.is_alert else log.warning
        say("wechat.send_refused", errcode=code, action=told.action.name, bubble=bubble.id)
        if told.action is Action.AGAIN:
            return Unsent(str(error))
        if told.action is Action.PAUSE:
            now = self.clock.now()
            until = told.until(now)
            if self.pauses:
                await self.pauses.begin(now, until)
            return Unsent(str(error), until)
        is_final, is_used_up = told.action is Action.FOLLOWER, told.action is Action.CONTACT
        return Refusal(code, str(error), is_final=is_final, is_used_up=is_used_up)

    async def _sent(self, openid: str, bubble: Bubble) -> None:
        """Send the bubble in its best form, or in a plainer one where WeChat takes no menu or no link."""
        if bubble.picture:
            return await self._post(openid, bubble, "image", await self._picture(openid, bubble))
        *better, plainest = self._forms(bubble)
        for kind, content in better:
            try:
                await self._post(openid, bubble, kind, content)
            except ApiError as error:
                if treatment(error.errcode).action is not Action.PLAINER:
                    raise
            else:
                return
        await self._post(openid, bubble, *plainest)

    async def _picture(self, openid: str, bubble: Bubble) -> dict[str, object]:
        """The picture as a message's content: uploaded anew each time, for WeChat keeps it for three days only."""
        if self.pictures is None:
            raise UploadRefused(UNAUTHORISED, "this account may upload nothing")
        try:
            return {"media_id": await self.pictures.uploaded(openid, bubble.picture)}
        except ApiError as error:
            raise UploadRefused(error.errcode, str(error).partition(" ")[2]) from error
        except CutOff as error:
            # Nothing was shown to anybody yet: the upload can be done again.
            raise NotSent(str(error)) from error

    def _forms(self, bubble: Bubble) -> Iterator[tuple[str, dict[str, object]]]:
        """The message's type and content, the best first."""
        if bubble.choices and self.may_send_menus:
            yield "msgmenu", message_menu(bubble)
        text = linked(text_with_links(bubble, is_numbered=True))
        yield "text", {"content": text}
        yield "text", {"content": linked(text_without_links(bubble))}

    async def _post(
        self, openid: str, bubble: Bubble, kind: str, content: dict[str, object]
    ) -> None:
        body: dict[str, object] = {"touser": openid, "msgtype": kind, kind: content}
        if bubble.mark:
            # WeChat shows the mark itself, as a grey line below the bubble.
            body["aimsgcontext"] = {"is_ai_msg": 1}
        await self.methods.post("message/custom/send", data=body)

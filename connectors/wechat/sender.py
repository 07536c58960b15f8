"""Customer-service messages (客服消息): what goes to a follower outside the response to a callback."""

from dataclasses import dataclass, field

import structlog

from bot.clock import Clock, SystemClock
from bot.messages import Bubble
from bot.ports import Refusal, StoreDown, Uncertain, Unsent
from bot.text import linked
from connectors.metrics import DELIVERY_SECONDS, SENDS
from connectors.wechat.api import TOKEN_FAULTS, ApiError, CutOff, NotSent
from connectors.wechat.library import Methods
from connectors.wechat.replies import message_menu, text_with_links
from connectors.wechat.token import TokenUnavailable

log = structlog.get_logger()

BUSY = frozenset({-1, 45009, 45011})
"""Busy, or a quota is used up: it did not go out and may later."""

USED_UP = frozenset({45015, 45047})
"""Outside the window, or its messages are used up: only the follower's next contact helps."""

GONE = frozenset({40003, 43004, 43019, 46004, 48002, 50005, 70000})
"""Reasons that lie with the follower and do not pass. All other codes are for the operator to mend meanwhile."""

MENU_REFUSED = frozenset({40200, 45098, 45099})
"""No menu for this account, or one too large: the same goes as text."""


@dataclass(frozen=True)
class CustomerMessages:
    """Implements ``bot.ports.Sender`` by custom/send."""

    methods: Methods
    may_send: bool
    may_send_menus: bool
    may_type: bool = False
    clock: Clock = field(default_factory=SystemClock)

    @property
    def is_allowed(self) -> bool:
        """Whether this kind of account may send customer-service messages."""
        return self.may_send

    async def send(self, openid: str, bubble: Bubble) -> None:
        """Send one bubble. Raises Refusal, Uncertain or Unsent."""
        try:
            await self._sent(openid, bubble)
        except ApiError as error:
            SENDS.labels(str(error.errcode)).inc()
            log.warning("wechat.send_refused", errcode=error.errcode, bubble=bubble.id)
            if error.errcode in BUSY | TOKEN_FAULTS:
                raise Unsent(str(error)) from error
            is_final, is_used_up = error.errcode in GONE, error.errcode in USED_UP
            raise Refusal(
                error.errcode, str(error), is_final=is_final, is_used_up=is_used_up
            ) from error
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

    async def _sent(self, openid: str, bubble: Bubble) -> None:
        if bubble.choices and self.may_send_menus and await self._sent_as_menu(openid, bubble):
            return
        text = linked(text_with_links(bubble, is_numbered=True))
        await self._post(openid, bubble, "text", {"content": text})

    async def _sent_as_menu(self, openid: str, bubble: Bubble) -> bool:
        try:
            await self._post(openid, bubble, "msgmenu", message_menu(bubble))
        except ApiError as error:
            if error.errcode in MENU_REFUSED:
                return False
            raise
        return True

    async def _post(
        self, openid: str, bubble: Bubble, kind: str, content: dict[str, object]
    ) -> None:
        body: dict[str, object] = {"touser": openid, "msgtype": kind, kind: content}
        if bubble.mark:
            # WeChat shows the mark itself, as a grey line below the bubble.
            body["aimsgcontext"] = {"is_ai_msg": 1}
        await self.methods.post("message/custom/send", data=body)

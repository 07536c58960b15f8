"""One API call: what was asked of which account, and the JSON in it."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from connectors.simulator.model.codes import Refusal
from connectors.simulator.model.faults import Fault, Faults
from connectors.simulator.model.platform import Platform
from connectors.simulator.model.wechat import WeChat

Fields = dict[str, Any]

HANG_SECONDS = 30.0
OPENID = web.RequestKey("openid", str)
"""To whom a call was addressed, for the journal."""
APP_ID = web.RequestKey("app_id", str)
"""Whose call it is, for the journal."""

_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\u(?!00[01])")


class CutOff(Exception):
    """The connection is to break instead of an answer."""


@dataclass(frozen=True)
class Call:
    """A request to one account; ``platform`` is the first account's until a token or an app id tells whose it is."""

    request: web.Request
    wechat: WeChat
    faults: Faults
    platform: Platform

    @property
    def now(self) -> float:
        """The simulated moment in Unix seconds."""
        return self.platform.clock.now()

    async def json(self) -> Fields:
        """The body. Raises Refusal: 44002 empty, 40033 with escaped characters, 47001 unreadable."""
        raw = await self.request.read()
        if not raw:
            raise Refusal(44002)
        try:
            text = raw.decode()
            body = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise Refusal(47001) from error
        if not isinstance(body, dict):
            raise Refusal(47001)
        # Control characters may be escaped, as JSON has no other way; letters may not.
        if _ESCAPE.search(text):
            raise Refusal(40033)
        return body

    def take(self, *kinds: str, openid: str | None = None) -> Fault | None:
        """The fault that is to strike this call."""
        account = self.platform.account.app_id
        return self.faults.take(*kinds, openid=openid, account=account, path=self.request.path)

    async def hang(self, kind: str) -> None:
        """Wait as long as the fault says, if it is switched on."""
        if fault := self.take(kind):
            await asyncio.sleep(fault.number("seconds", HANG_SECONDS))


Handler = Callable[[Call], Awaitable[Fields | web.Response]]
"""What answers a call; empty fields stand for success."""

"""The API side of the platform: what runs on ``api.weixin.qq.com``."""

import asyncio
import json
import math
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from connectors.simulator.journal import Journal
from connectors.simulator.model.codes import Refusal
from connectors.simulator.model.faults import Faults
from connectors.simulator.model.platform import Platform
from connectors.simulator.model.tokens import Token

Fields = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[Fields]]

HANG_SECONDS = 30.0
OPENID = web.RequestKey("openid", str)
"""To whom a call was addressed, for the journal."""

_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\u(?!00[01])")


@dataclass(frozen=True)
class Api:
    """The calls of one account. Every answer is JSON with HTTP status 200, refusals too."""

    platform: Platform
    faults: Faults
    journal: Journal

    def routes(self) -> list[web.RouteDef]:
        """All paths, each for any method: a wrong one is answered by a code as well."""
        open_calls = {
            "/cgi-bin/token": ("GET", self.token),
            "/cgi-bin/stable_token": ("POST", self.stable_token),
        }
        calls = {
            "/cgi-bin/message/custom/send": ("POST", self.send),
            "/cgi-bin/message/custom/typing": ("POST", self.typing),
            "/cgi-bin/callback/check": ("POST", self.check_callback),
            "/cgi-bin/getcallbackip": ("GET", self.callback_addresses),
        }
        opened = [_route(path, self._answered(*call)) for path, call in open_calls.items()]
        return opened + [
            _route(path, self._answered(method, self._with_token(handler)))
            for path, (method, handler) in calls.items()
        ]

    async def token(self, request: web.Request) -> Fields:
        """``GET /cgi-bin/token``."""
        await self._hang("hang_token")
        self._check_credentials(request.query)
        return self._issued(self.platform.tokens.issue(self._now()))

    async def stable_token(self, request: web.Request) -> Fields:
        """``POST /cgi-bin/stable_token``."""
        await self._hang("hang_token")
        body = await _json(request)
        self._check_credentials(body)
        force = body.get("force_refresh") is True
        return self._issued(self.platform.tokens.issue_stable(self._now(), force=force))

    async def send(self, request: web.Request) -> Fields:
        """``POST /cgi-bin/message/custom/send``."""
        body = await _json(request)
        request[OPENID] = str(body.get("touser"))
        if fault := self.faults.take("send_errcode", openid=body.get("touser")):
            raise Refusal(int(fault.number("errcode", -1)))
        hang = self.faults.take("hang_send", openid=body.get("touser"))
        if hang is None or hang.details.get("accepted", True):
            self.platform.send(body)
        if hang:
            await asyncio.sleep(hang.number("seconds", HANG_SECONDS))
        return {}

    async def typing(self, request: web.Request) -> Fields:
        """``POST /cgi-bin/message/custom/typing``."""
        body = await _json(request)
        request[OPENID] = str(body.get("touser"))
        self.platform.typing(body)
        return {}

    async def check_callback(self, request: web.Request) -> Fields:
        """``POST /cgi-bin/callback/check``: here every address is reachable."""
        body = await _json(request)
        if body.get("action") not in ("dns", "ping", "all"):
            raise Refusal(40202)
        if body.get("check_operator") not in ("CHINANET", "UNICOM", "CAP", "DEFAULT"):
            raise Refusal(40203)
        ping = {"from_operator": "UNICOM", "package_loss": "0%", "time": "1.000ms"}
        return {
            "dns": [{"ip": "127.0.0.1", "real_operator": "UNICOM"}],
            "ping": [{"ip": "127.0.0.1", **ping}],
        }

    async def callback_addresses(self, request: web.Request) -> Fields:
        """``GET /cgi-bin/getcallbackip``."""
        return {"ip_list": ["127.0.0.1"]}

    def _with_token(self, handler: Handler) -> Handler:
        async def checked(request: web.Request) -> Fields:
            if self.faults.take("always_40001"):
                raise Refusal(40001)
            self.platform.tokens.check(request.query.get("access_token", ""), self._now())
            return await handler(request)

        return checked

    def _answered(self, method: str, handler: Handler) -> Callable[..., Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            began = time.perf_counter()
            fields = await self._outcome(request, method, handler)
            self.journal.add(
                "api",
                path=request.path,
                errcode=fields.get("errcode", 0),
                errmsg=fields.get("errmsg", "ok"),
                openid=request.get(OPENID),
                seconds=round(time.perf_counter() - began, 4),
            )
            return web.Response(
                body=json.dumps(fields, ensure_ascii=False).encode(),
                headers={"Content-Type": "application/json; encoding=utf-8"},
            )

        return answer

    async def _outcome(self, request: web.Request, method: str, handler: Handler) -> Fields:
        try:
            if request.method != method:
                raise Refusal(43001 if method == "GET" else 43002)
            self.platform.quotas.use(request.path, self._now())
            fields = await handler(request)
        except Refusal as refusal:
            rid = self.platform.ids.request()
            return {"errcode": refusal.errcode, "errmsg": f"{refusal.errmsg} rid: {rid}"}
        return fields or {"errcode": 0, "errmsg": "ok"}

    def _check_credentials(self, given: Any) -> None:
        account = self.platform.account
        if given.get("grant_type") != "client_credential":
            raise Refusal(40002)
        if not given.get("appid"):
            raise Refusal(41002)
        if not given.get("secret"):
            raise Refusal(41004)
        if given["appid"] != account.app_id:
            raise Refusal(40013)
        if given["secret"] != account.secret:
            raise Refusal(40125)

    def _issued(self, token: Token) -> Fields:
        return {"access_token": token.value, "expires_in": math.ceil(token.ends_at - self._now())}

    async def _hang(self, kind: str) -> None:
        if fault := self.faults.take(kind):
            await asyncio.sleep(fault.number("seconds", HANG_SECONDS))

    def _now(self) -> float:
        return self.platform.clock.now()


def _route(path: str, handler: Callable[..., Awaitable[web.Response]]) -> web.RouteDef:
    return web.route("*", path, handler)


async def _json(request: web.Request) -> Fields:
    """The body. Raises Refusal: 44002 empty, 40033 with escaped characters, 47001 unreadable."""
    raw = await request.read()
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

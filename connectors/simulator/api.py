"""The API side of the platform: what runs on ``api.weixin.qq.com``. The calls themselves lie in ``calls``."""

import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from connectors.simulator import calls
from connectors.simulator.calls.call import APP_ID, OPENID, Call, CutOff, Fields, Handler
from connectors.simulator.journal import Journal
from connectors.simulator.model.codes import TEXTS, Refusal
from connectors.simulator.model.faults import Faults
from connectors.simulator.model.wechat import WeChat

JSON = "application/json; encoding=utf-8"


@dataclass(frozen=True)
class Api:
    """The calls of all accounts. Every answer is JSON with HTTP status 200, refusals too."""

    wechat: WeChat
    faults: Faults
    journal: Journal

    def routes(self) -> list[web.RouteDef]:
        """All paths, each for any method: a wrong one is answered by a code as well."""
        opened = [_route(path, self._answered(*call)) for path, call in calls.OPEN.items()]
        return opened + [
            _route(path, self._answered(method, self._with_token(handler)))
            for path, (method, handler) in calls.WITH_TOKEN.items()
        ]

    def _with_token(self, handler: Handler) -> Handler:
        async def checked(call: Call) -> Fields | web.Response:
            call.request[APP_ID] = call.platform.account.app_id
            if call.take("always_40001"):
                raise Refusal(40001)
            call.platform.tokens.check(call.request.query.get("access_token", ""), call.now)
            call.platform.quotas.use(call.request.path, call.now)
            return await handler(call)

        return checked

    def _answered(
        self, method: str, handler: Handler
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            began = time.perf_counter()
            platform = self.wechat.of_token(request.query.get("access_token", ""))
            call = Call(request, self.wechat, self.faults, platform)
            try:
                outcome = await self._outcome(call, method, handler)
            except CutOff:
                outcome = {"errcode": None, "errmsg": "the connection was cut"}
                if request.transport:
                    request.transport.abort()
            self._note(request, outcome, began)
            return outcome if isinstance(outcome, web.Response) else self._response(call, outcome)

        return answer

    async def _outcome(self, call: Call, method: str, handler: Handler) -> Fields | web.Response:
        try:
            if call.request.method != method:
                raise Refusal(43001 if method == "GET" else 43002)
            await call.hang("hang_api")
            if call.take("api_broken"):
                return web.Response(status=502, text="<html>Bad Gateway</html>")
            if fault := call.take("api_errcode"):
                raise Refusal(int(fault.number("errcode", -1)))
            outcome = await handler(call)
        except Refusal as refusal:
            rid = call.platform.ids.request()
            return {"errcode": refusal.errcode, "errmsg": f"{refusal.errmsg} rid: {rid}"}
        return {"errcode": 0, "errmsg": TEXTS[0]} if outcome == {} else outcome

    def _response(self, call: Call, fields: Fields) -> web.Response:
        kind = "text/plain" if call.take("plain_content_type") else JSON
        body = json.dumps(fields, ensure_ascii=False).encode()
        return web.Response(body=body, headers={"Content-Type": kind})

    def _note(self, request: web.Request, outcome: Fields | web.Response, began: float) -> None:
        """Into the journal; ``agent`` tells the processes of an installation apart, if they name themselves."""
        told = outcome if isinstance(outcome, dict) else _file_or_fault(outcome)
        self.journal.add(
            "api",
            path=request.path,
            errcode=told.get("errcode", 0),
            errmsg=told.get("errmsg", "ok"),
            openid=request.get(OPENID),
            account=request.get(APP_ID),
            agent=request.headers.get("User-Agent", ""),
            seconds=round(time.perf_counter() - began, 4),
        )


def _file_or_fault(response: web.Response) -> Fields:
    return {} if response.status == 200 else {"errcode": None, "errmsg": f"HTTP {response.status}"}


def _route(path: str, handler: Callable[[web.Request], Awaitable[web.Response]]) -> web.RouteDef:
    return web.route("*", path, handler)

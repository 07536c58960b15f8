"""The scripted follower API: everything that the phone page can do, for tests."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from redis.exceptions import RedisError

from connectors.simulator.bulletin import Bulletin
from connectors.simulator.clock import MovableClock, SharedOffset
from connectors.simulator.courier import Courier
from connectors.simulator.journal import Journal
from connectors.simulator.model.faults import FORGERIES, KINDS, Fault, Faults
from connectors.simulator.model.follower import Follower, Member
from connectors.simulator.model.platform import Impossible, Platform, UnknownFollower
from connectors.simulator.model.pushes import Push
from connectors.simulator.shapes import button_shape, follower_shape, line_shape

Fields = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

WAIT_SECONDS = 60.0
"""The longest long poll."""


class BadRequest(Exception):
    """A request that the API cannot read; the message says why."""


@web.middleware
async def explained(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn the model's exceptions into JSON with a sentence."""
    try:
        return await handler(request)
    except UnknownFollower as error:
        return _error(404, f"there is no follower {error}")
    except Impossible as error:
        return _error(409, str(error))
    except BadRequest as error:
        return _error(400, str(error))


@dataclass(frozen=True)
class Script:
    """Handlers under ``/api``; bodies and answers are JSON."""

    platform: Platform
    courier: Courier
    faults: Faults
    journal: Journal
    bulletin: Bulletin
    clock: MovableClock
    shared_offset: SharedOffset

    def routes(self) -> list[web.RouteDef]:
        """All addresses, relative to ``/api``."""
        person = "/followers/{openid}"
        return [
            web.post("/followers", self.create),
            web.post(f"{person}/follow", self.follow),
            web.post(f"{person}/unfollow", self.unfollow),
            web.post(f"{person}/say", self.say),
            web.post(f"{person}/tap", self.tap),
            web.post(f"{person}/menu", self.menu),
            web.post(f"{person}/bind", self.bind),
            web.post(f"{person}/unbind", self.unbind),
            web.post(f"{person}/forge", self.forge),
            web.get(f"{person}/transcript", self.transcript),
            web.get("/clock", self.read_clock),
            web.post("/clock", self.move_clock),
            web.get("/faults", self.list_faults),
            web.post("/faults", self.add_fault),
            web.delete("/faults", self.clear_faults),
            web.post("/verify", self.verify),
            web.get("/log", self.log),
        ]

    async def create(self, request: web.Request) -> web.Response:
        """A new person. ``{"label": ..}`` is optional."""
        follower = self.platform.create(str((await _body(request)).get("label", "")))
        return self._person(follower)

    async def follow(self, request: web.Request) -> web.Response:
        """Follow the account."""
        return await self._pushed(request, self.platform.follow(_openid(request)))

    async def unfollow(self, request: web.Request) -> web.Response:
        """Stop following."""
        return await self._pushed(request, self.platform.unfollow(_openid(request)))

    async def say(self, request: web.Request) -> web.Response:
        """``{"text": ..}``; replaced by a forgery if one is switched on."""
        openid, text = _openid(request), _need(await _body(request), "text")
        if fault := self.faults.take(*FORGERIES, openid=openid):
            return await self._forged(openid, text, fault.kind)
        return await self._pushed(request, self.platform.say(openid, text))

    async def tap(self, request: web.Request) -> web.Response:
        """``{"choice": content or id}``."""
        choice = _need(await _body(request), "choice")
        return await self._pushed(request, self.platform.tap(_openid(request), choice))

    async def menu(self, request: web.Request) -> web.Response:
        """``{"button": key, URL or name}``."""
        button = _need(await _body(request), "button")
        return await self._pushed(request, self.platform.tap_menu(_openid(request), button))

    async def bind(self, request: web.Request) -> web.Response:
        """Bind a membership; name, tier, points, expiring, expires_on have defaults."""
        year = datetime.fromtimestamp(self.clock.now(), UTC).year
        known: Fields = {
            "name": "林女士",
            "tier": "half_moon",
            "points": 2680,
            "expiring": 300,
            "expires_on": f"{year}-12-31",
        }
        given = await _body(request)
        try:
            member = Member(**known | given)
        except TypeError as error:
            raise BadRequest(f"a member has {', '.join(known)}") from error
        self.platform.bind(_openid(request), member)
        return self._person(self.platform.follower(_openid(request)))

    async def unbind(self, request: web.Request) -> web.Response:
        """Take the membership away."""
        self.platform.bind(_openid(request), None)
        return self._person(self.platform.follower(_openid(request)))

    async def forge(self, request: web.Request) -> web.Response:
        """``{"forgery": .., "text": ..}``: send a forged push and say what was answered."""
        body = await _body(request)
        forgery = _need(body, "forgery")
        if forgery not in FORGERIES:
            raise BadRequest(f"a forgery is one of {', '.join(FORGERIES)}")
        return await self._forged(_openid(request), str(body.get("text", "你好")), forgery)

    async def transcript(self, request: web.Request) -> web.Response:
        """What the person sees beyond line ``after``; waits up to ``wait`` seconds for the first of it."""
        follower = self.platform.follower(_openid(request))
        after, wait = _number(request, "after"), min(_number(request, "wait"), WAIT_SECONDS)
        with self.bulletin.listening(follower.openid) as news, contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait):
                while len(follower.transcript) <= after and await news.next():
                    pass
        lines = [line_shape(line) for line in follower.transcript[int(after) :]]
        return _json({"follower": self._shape(follower), "lines": lines})

    async def read_clock(self, request: web.Request) -> web.Response:
        """The simulated time in Unix seconds, and how far it is from the real one."""
        return _json({"now": self.clock.now(), "offset": self.clock.offset})

    async def move_clock(self, request: web.Request) -> web.Response:
        """``{"advance": seconds}``, ``{"now": Unix seconds}`` or ``{"offset": seconds}``."""
        offset = _offset(await _body(request), self.clock)
        try:
            await self.shared_offset.write(offset)
        except (RedisError, OSError) as error:
            return _error(502, f"Redis cannot be reached: {error}")
        self.clock.offset = offset
        self.bulletin.publish({"type": "clock", "now": self.clock.now(), "offset": offset})
        return await self.read_clock(request)

    async def list_faults(self, request: web.Request) -> web.Response:
        """What is switched on, and what could be."""
        return _json({"active": [vars(fault) for fault in self.faults.active], "kinds": KINDS})

    async def add_fault(self, request: web.Request) -> web.Response:
        """``{"kind": .., "count": 1 or null, "openid": .., ...}``: further fields are the fault's details."""
        body = await _body(request)
        kind = _need(body, "kind")
        if kind not in KINDS:
            raise BadRequest(f"a fault is one of {', '.join(KINDS)}")
        if kind == "void_token":
            self.platform.tokens.void_all(self.clock.now())
        else:
            details = {k: v for k, v in body.items() if k not in ("kind", "count", "openid")}
            fault = Fault(kind, body.get("count", 1), details, body.get("openid"))
            self.faults.add(fault)
        return await self.list_faults(request)

    async def clear_faults(self, request: web.Request) -> web.Response:
        """Switch all faults off."""
        self.faults.clear()
        return await self.list_faults(request)

    async def verify(self, request: web.Request) -> web.Response:
        """Check the callback address as the console does; ``{"wrong": true}`` signs wrongly."""
        is_wrong = bool((await _body(request)).get("wrong"))
        return _json({"echoed": await self.courier.verify(is_wrong=is_wrong)})

    async def log(self, request: web.Request) -> web.Response:
        """The journal beyond entry ``after``."""
        return _json({"entries": self.journal.after(int(_number(request, "after")))})

    def state(self) -> Fields:
        """Everything that a page needs to begin with."""
        account = self.platform.account
        return {
            "account": {
                "app_id": account.app_id,
                "kind": account.kind,
                "mode": account.mode,
                "callback_url": account.callback_url,
            },
            "menu": [button_shape(button) for button in self.platform.menu],
            "followers": [self._shape(one) for one in self.platform.followers.values()],
            "clock": {"now": self.clock.now(), "offset": self.clock.offset},
            "faults": list(KINDS),
            "log": self.journal.after(0)[-300:],
        }

    async def _forged(self, openid: str, text: str, forgery: str) -> web.Response:
        self.platform.follower(openid)
        push = self.platform.imitate(openid, text)
        answer = await self.courier.forge(push, forgery)
        status, body = (answer.status, answer.body[:1000]) if answer else (None, b"")
        shape = {"status": status, "body": body.decode(errors="replace")}
        return _json({"push": push.id, "msg_id": push.msg_id, "forgery": forgery, **shape})

    async def _pushed(self, request: web.Request, push: Push) -> web.Response:
        """With ``?wait`` the answer comes after the last delivery."""
        task = self.courier.dispatch(push)
        if "wait" in request.query:
            await asyncio.wait([task])
        line = self.platform.follower(push.openid).transcript[-1]
        return _json({"push": push.id, "msg_id": push.msg_id, "line": line.number})

    def _person(self, follower: Follower) -> web.Response:
        return _json(self._shape(follower))

    def _shape(self, follower: Follower) -> Fields:
        return follower_shape(follower, self.clock.now())


def _offset(body: Fields, clock: MovableClock) -> float:
    try:
        if "advance" in body:
            return clock.offset + float(body["advance"])
        if "now" in body:
            return clock.offset + float(body["now"]) - clock.now()
        return float(body["offset"])
    except (KeyError, TypeError, ValueError) as error:
        raise BadRequest("the clock wants advance, now or offset, in seconds") from error


def _openid(request: web.Request) -> str:
    return request.match_info["openid"]


def _number(request: web.Request, name: str) -> float:
    try:
        return max(0.0, float(request.query.get(name) or 0))
    except ValueError as error:
        raise BadRequest(f"{name} is no number") from error


async def _body(request: web.Request) -> Fields:
    raw = await request.read()
    try:
        body = json.loads(raw) if raw else {}
    except ValueError as error:
        raise BadRequest("the body is no JSON") from error
    if not isinstance(body, dict):
        raise BadRequest("the body is no JSON object")
    return body


def _need(body: Fields, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise BadRequest(f"{name} is missing")
    return value


def _json(fields: Fields) -> web.Response:
    return web.json_response(fields, dumps=lambda f: json.dumps(f, ensure_ascii=False))


def _error(status: int, sentence: str) -> web.Response:
    return web.json_response({"error": sentence}, status=status)

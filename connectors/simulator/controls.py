"""What a tester turns: the clock, the faults, the accounts' settings, the quotas; and what the journal holds."""

import dataclasses
from dataclasses import dataclass
from typing import Any, get_args

from aiohttp import web
from redis.exceptions import RedisError

from connectors.simulator.answering import BadRequest, Fields, body_of, failed, need, number, told
from connectors.simulator.bulletin import Bulletin
from connectors.simulator.clock import MovableClock, SharedOffset
from connectors.simulator.courier import Courier
from connectors.simulator.journal import Journal
from connectors.simulator.model.account import AccountKind, Mode
from connectors.simulator.model.codes import Refusal
from connectors.simulator.model.faults import KINDS, Fault, Faults
from connectors.simulator.model.platform import Platform
from connectors.simulator.model.wechat import WeChat

CHANGEABLE = (
    "mode",
    "kind",
    "aes_key",
    "callback_url",
    "ip_whitelist",
    "kf_accounts",
    "passive_text_bytes",
)
"""Settings of an account that can be changed while it runs."""


@dataclass(frozen=True)
class Controls:
    """Handlers under ``/api``; bodies and answers are JSON."""

    wechat: WeChat
    courier: Courier
    faults: Faults
    journal: Journal
    bulletin: Bulletin
    clock: MovableClock
    shared_offset: SharedOffset

    def routes(self) -> list[web.RouteDef]:
        """All addresses, relative to ``/api``."""
        return [
            web.get("/clock", self.read_clock),
            web.post("/clock", self.move_clock),
            web.get("/faults", self.list_faults),
            web.post("/faults", self.add_fault),
            web.delete("/faults", self.clear_faults),
            web.post("/account", self.change_account),
            web.post("/quota", self.set_quota),
            web.post("/verify", self.verify),
            web.get("/log", self.log),
        ]

    async def read_clock(self, request: web.Request) -> web.Response:
        """The simulated time in Unix seconds, and how far it is from the real one."""
        return told({"now": self.clock.now(), "offset": self.clock.offset})

    async def move_clock(self, request: web.Request) -> web.Response:
        """``{"advance": seconds}``, ``{"now": Unix seconds}`` or ``{"offset": seconds}``."""
        offset = _offset(await body_of(request), self.clock)
        try:
            await self.shared_offset.write(offset)
        except (RedisError, OSError) as error:
            return failed(502, f"Redis cannot be reached: {error}")
        self.clock.offset = offset
        self.bulletin.publish({"type": "clock", "now": self.clock.now(), "offset": offset})
        return await self.read_clock(request)

    async def list_faults(self, request: web.Request) -> web.Response:
        """What is switched on, and what could be."""
        return told({"active": [vars(fault) for fault in self.faults.active], "kinds": KINDS})

    async def add_fault(self, request: web.Request) -> web.Response:
        """``{"kind": .., "count": 1 or null, "openid": .., ...}``: further fields are the fault's details."""
        body = await body_of(request)
        kind = need(body, "kind")
        if kind not in KINDS:
            raise BadRequest(f"a fault is one of {', '.join(KINDS)}")
        if kind == "void_token":
            for platform in self.wechat.platforms:
                platform.tokens.void_all(self.clock.now())
        else:
            details = {k: v for k, v in body.items() if k not in ("kind", "count", "openid")}
            self.faults.add(Fault(kind, body.get("count", 1), details, body.get("openid")))
        return await self.list_faults(request)

    async def clear_faults(self, request: web.Request) -> web.Response:
        """Switch all faults off."""
        self.faults.clear()
        return await self.list_faults(request)

    async def change_account(self, request: web.Request) -> web.Response:
        """``{"account": app id, ...}``: change settings of an account, as its owner would in the console."""
        body = await body_of(request)
        platform = self._platform(body)
        changes = {name: value for name, value in body.items() if name != "account"}
        if not changes.keys() <= set(CHANGEABLE):
            raise BadRequest(f"what can be changed is {', '.join(CHANGEABLE)}")
        _check(changes)
        platform.change(**{name: _as_kept(value) for name, value in changes.items()})
        account = dataclasses.asdict(platform.account)
        return told({name: _as_told(account[name]) for name in CHANGEABLE})

    async def set_quota(self, request: web.Request) -> web.Response:
        """``{"account": app id, "path": .., "daily": .., "by_minute": ..}``: another limit for one API path."""
        body = await body_of(request)
        quotas, path = self._platform(body).quotas, need(body, "path")
        for name, limits in (("daily", quotas.daily), ("by_minute", quotas.by_minute)):
            if name in body:
                limits[path] = int(body[name])
        return told({"daily": quotas.daily, "by_minute": quotas.by_minute})

    async def verify(self, request: web.Request) -> web.Response:
        """Check the callback address as the console does; ``{"wrong": true}`` signs wrongly."""
        body = await body_of(request)
        is_wrong = bool(body.get("wrong"))
        echoed = await self.courier.verify(self._platform(body), is_wrong=is_wrong)
        return told({"echoed": echoed})

    async def log(self, request: web.Request) -> web.Response:
        """The journal beyond entry ``after``."""
        return told({"entries": self.journal.after(int(number(request, "after")))})

    def _platform(self, body: Fields) -> Platform:
        if "account" not in body:
            return self.wechat.first
        try:
            return self.wechat.of_app(need(body, "account"))
        except Refusal as error:
            raise BadRequest(f"there is no account {body['account']}") from error


def _check(changes: Fields) -> None:
    for name, allowed in (("mode", get_args(Mode)), ("kind", get_args(AccountKind))):
        if changes.get(name, allowed[0]) not in allowed:
            raise BadRequest(f"{name} is one of {', '.join(allowed)}")
    if len(str(changes.get("aes_key", "x" * 43))) != 43:
        raise BadRequest("aes_key has 43 letters and digits")


def _as_kept(value: Any) -> Any:
    return frozenset(value) if isinstance(value, list) else value


def _as_told(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value


def _offset(body: Fields, clock: MovableClock) -> float:
    try:
        if "advance" in body:
            return clock.offset + float(body["advance"])
        if "now" in body:
            return clock.offset + float(body["now"]) - clock.now()
        return float(body["offset"])
    except (KeyError, TypeError, ValueError) as error:
        raise BadRequest("the clock wants advance, now or offset, in seconds") from error

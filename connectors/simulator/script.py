"""The scripted follower API: everything that the phone page can do, for tests."""

import asyncio
import base64
import binascii
import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from connectors.simulator.answering import BadRequest, Fields, body_of, need, number, told
from connectors.simulator.bulletin import Bulletin
from connectors.simulator.courier import Courier
from connectors.simulator.model.codes import Refusal
from connectors.simulator.model.faults import FORGERIES, Faults
from connectors.simulator.model.follower import MARKS, Member
from connectors.simulator.model.gestures import Gestures
from connectors.simulator.model.platform import Platform
from connectors.simulator.model.pushes import Fields as XmlFields
from connectors.simulator.model.pushes import Push
from connectors.simulator.model.wechat import WeChat
from connectors.simulator.shapes import follower_shape, line_shape

WAIT_SECONDS = 60.0
"""The longest long poll."""


@dataclass(frozen=True)
class Script:
    """Handlers under ``/api``; bodies and answers are JSON."""

    wechat: WeChat
    courier: Courier
    faults: Faults
    bulletin: Bulletin

    def routes(self) -> list[web.RouteDef]:
        """All addresses, relative to ``/api``."""
        person = "/followers/{openid}"
        acts = {
            "follow": self.follow,
            "unfollow": self.unfollow,
            "scan": self.scan,
            "say": self.say,
            "sticker": self.sticker,
            "tap": self.tap,
            "menu": self.menu,
            "picture": self.picture,
            "voice": self.voice,
            "video": self.video,
            "place": self.place,
            "link": self.link,
            "event": self.event,
            "message": self.message,
            "bind": self.bind,
            "unbind": self.unbind,
            "mark": self.mark,
            "forge": self.forge,
        }
        return [
            web.post("/followers", self.create),
            *(web.post(f"{person}/{name}", act) for name, act in acts.items()),
            web.get(f"{person}/transcript", self.transcript),
        ]

    async def create(self, request: web.Request) -> web.Response:
        """A new person. ``{"label": .., "account": app id}`` are optional."""
        body = await body_of(request)
        platform = self.wechat.first
        if "account" in body:
            try:
                platform = self.wechat.of_app(need(body, "account"))
            except Refusal as error:
                raise BadRequest(f"there is no account {body['account']}") from error
        follower = platform.create(str(body.get("label", "")))
        return told(follower_shape(platform, follower))

    async def follow(self, request: web.Request) -> web.Response:
        """Follow the account."""
        return await self._pushed(request, self._gestures(request).follow(_openid(request)))

    async def unfollow(self, request: web.Request) -> web.Response:
        """Stop following."""
        return await self._pushed(request, self._gestures(request).unfollow(_openid(request)))

    async def scan(self, request: web.Request) -> web.Response:
        """``{"scene": ..}``: scan the account's QR code."""
        scene = need(await body_of(request), "scene")
        return await self._pushed(request, self._gestures(request).scan(_openid(request), scene))

    async def say(self, request: web.Request) -> web.Response:
        """``{"text": ..}``; replaced by a forgery if one is switched on."""
        openid, text = _openid(request), need(await body_of(request), "text")
        if fault := self.faults.take(*FORGERIES, openid=openid):
            return await self._forged(openid, text, fault.kind)
        return await self._pushed(request, self._gestures(request).say(openid, text))

    async def sticker(self, request: web.Request) -> web.Response:
        """Send a sticker, which arrives as a notice."""
        return await self._pushed(request, self._gestures(request).sticker(_openid(request)))

    async def tap(self, request: web.Request) -> web.Response:
        """``{"choice": content or id}``."""
        choice = need(await body_of(request), "choice")
        return await self._pushed(request, self._gestures(request).tap(_openid(request), choice))

    async def menu(self, request: web.Request) -> web.Response:
        """``{"button": key, URL or name}``; with ``result`` of a scan, number of ``pictures``, or a place's fields."""
        body = await body_of(request)
        given = {**body, "base_url": _base_url(request), "pictures": _count(body, "pictures")}
        pushes = self._gestures(request).tap_menu(_openid(request), need(body, "button"), given)
        return await self._pushed(request, *pushes)

    async def picture(self, request: web.Request) -> web.Response:
        """``{"content": base64}`` is optional."""
        content = _content(await body_of(request))
        gestures = self._gestures(request)
        push = gestures.picture(_openid(request), content, _base_url(request))
        return await self._pushed(request, push)

    async def voice(self, request: web.Request) -> web.Response:
        """``{"content": base64}`` is optional."""
        content = _content(await body_of(request))
        return await self._pushed(request, self._gestures(request).voice(_openid(request), content))

    async def video(self, request: web.Request) -> web.Response:
        """``{"content": base64}`` is optional."""
        content = _content(await body_of(request))
        return await self._pushed(request, self._gestures(request).video(_openid(request), content))

    async def place(self, request: web.Request) -> web.Response:
        """``{"latitude", "longitude", "scale", "label"}`` have defaults."""
        given = await body_of(request)
        return await self._pushed(request, self._gestures(request).place(_openid(request), given))

    async def link(self, request: web.Request) -> web.Response:
        """``{"title", "description", "url"}``."""
        body = await body_of(request)
        parts = [need(body, name) for name in ("title", "description", "url")]
        return await self._pushed(request, self._gestures(request).link(_openid(request), *parts))

    async def event(self, request: web.Request) -> web.Response:
        """``{"event": .., "fields": {..}}``: any event at all; fields may nest."""
        body = await body_of(request)
        name, fields = need(body, "event"), _xml_fields(body.get("fields") or {})
        return await self._pushed(
            request, self._gestures(request).event(_openid(request), name, fields)
        )

    async def message(self, request: web.Request) -> web.Response:
        """``{"type": .., "fields": {..}}``: a message of any type."""
        body = await body_of(request)
        kind, fields = need(body, "type"), _xml_fields(body.get("fields") or {})
        return await self._pushed(
            request, self._gestures(request).message(_openid(request), kind, fields)
        )

    async def bind(self, request: web.Request) -> web.Response:
        """Bind a membership; name, tier, points, expiring, expires_on have defaults."""
        platform = self._platform(request)
        year = datetime.fromtimestamp(platform.clock.now(), UTC).year
        known: Fields = {
            "name": "林女士",
            "tier": "half_moon",
            "points": 2680,
            "expiring": 300,
            "expires_on": f"{year}-12-31",
        }
        given = await body_of(request)
        try:
            member = Member(**known | given)
        except TypeError as error:
            raise BadRequest(f"a member has {', '.join(known)}") from error
        platform.bind(_openid(request), member)
        return self._person(request)

    async def unbind(self, request: web.Request) -> web.Response:
        """Take the membership away."""
        self._platform(request).bind(_openid(request), None)
        return self._person(request)

    async def mark(self, request: web.Request) -> web.Response:
        """``{"blocked": true, "blacklisted": false, "minor": true}``: why custom/send is refused to this person."""
        body = await body_of(request)
        if not body or not body.keys() <= MARKS.keys():
            raise BadRequest(f"a mark is one of {', '.join(MARKS)}")
        for mark in MARKS:
            if mark in body:
                self._platform(request).mark(_openid(request), mark, is_set=bool(body[mark]))
        return self._person(request)

    async def forge(self, request: web.Request) -> web.Response:
        """``{"forgery": .., "text": ..}``: send a forged push and say what was answered."""
        body = await body_of(request)
        forgery = need(body, "forgery")
        if forgery not in FORGERIES:
            raise BadRequest(f"a forgery is one of {', '.join(FORGERIES)}")
        return await self._forged(_openid(request), str(body.get("text", "你好")), forgery)

    async def transcript(self, request: web.Request) -> web.Response:
        """What the person sees beyond line ``after``; waits up to ``wait`` seconds for the first of it."""
        platform = self._platform(request)
        follower = platform.follower(_openid(request))
        after, wait = number(request, "after"), min(number(request, "wait"), WAIT_SECONDS)
        with self.bulletin.listening(follower.openid) as news, contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait):
                while len(follower.transcript) <= after and await news.next():
                    pass
        lines = [line_shape(line) for line in follower.transcript[int(after) :]]
        return told({"follower": follower_shape(platform, follower), "lines": lines})

    async def _forged(self, openid: str, text: str, forgery: str) -> web.Response:
        gestures = Gestures(self.wechat.of_follower(openid))
        push = gestures.imitate(openid, text)
        answer = await self.courier.forge(push, forgery)
        status, body = (answer.status, answer.body[:1000]) if answer else (None, b"")
        shape = {"status": status, "body": body.decode(errors="replace")}
        return told({"push": push.id, "msg_id": push.msg_id, "forgery": forgery, **shape})

    async def _pushed(self, request: web.Request, *pushes: Push) -> web.Response:
        """With ``?wait`` the answer comes after the last delivery; it tells of the first push."""
        tasks = [self.courier.dispatch(push) for push in pushes]
        if "wait" in request.query:
            await asyncio.wait(tasks)
        first, follower = pushes[0], self._platform(request).follower(_openid(request))
        return told({"push": first.id, "msg_id": first.msg_id, "line": len(follower.transcript)})

    def _platform(self, request: web.Request) -> Platform:
        return self.wechat.of_follower(_openid(request))

    def _gestures(self, request: web.Request) -> Gestures:
        return Gestures(self._platform(request))

    def _person(self, request: web.Request) -> web.Response:
        platform = self._platform(request)
        return told(follower_shape(platform, platform.follower(_openid(request))))


def _openid(request: web.Request) -> str:
    return request.match_info["openid"]


def _base_url(request: web.Request) -> str:
    """Where the media of pictures can be fetched: at this simulator."""
    return f"{request.scheme}://{request.host}"


def _content(body: Fields) -> bytes:
    try:
        return base64.b64decode(str(body.get("content", "")), validate=True)
    except binascii.Error as error:
        raise BadRequest("content is not base64") from error


def _count(body: Fields, name: str) -> int:
    value = body.get(name, 1)
    if not isinstance(value, int) or not 1 <= value <= 9:
        raise BadRequest(f"{name} is a number from 1 to 9")
    return value


def _xml_fields(given: Any) -> XmlFields:
    """JSON as XML fields: an object nests, a list repeats its element, a number stands bare."""
    if not isinstance(given, dict):
        raise BadRequest("fields is no JSON object")
    fields: list[Any] = []
    for name, value in given.items():
        for one in value if isinstance(value, list) else [value]:
            fields.append((name, _xml_value(one)))
    return tuple(fields)


def _xml_value(value: Any) -> Any:
    if isinstance(value, dict):
        return _xml_fields(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else str(value)

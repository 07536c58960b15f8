"""A small client of the scripted API, for tests: a platform, and phones that speak to the account.

async with Simulator.at("http://127.0.0.1:8090") as simulator:
    phone = await simulator.new_phone()
    await phone.follow()
    await phone.say("你们上海店周末几点关门？")
    line = await phone.wait_for("22:00")
"""

import base64
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession

Line = dict[str, Any]
"""A line of a transcript: number, at, side, kind, text, parts, choices, way, push, is_ai, kf_account, media."""

Match = str | re.Pattern[str] | Callable[[Line], bool] | None


class Refused(Exception):
    """The simulator refuses a request: what a follower cannot do, or what does not exist."""


class NotSeen(AssertionError):
    """What was waited for did not appear on the phone; the message holds the whole transcript."""


@dataclass(frozen=True)
class Simulator:
    """The platform: people, clock, faults and journal."""

    session: ClientSession
    url: str

    @classmethod
    @asynccontextmanager
    async def at(cls, url: str) -> AsyncIterator["Simulator"]:
        """A client with a session of its own."""
        async with ClientSession() as session:
            yield cls(session, url.rstrip("/"))

    async def new_phone(self, label: str = "", *, account: str | None = None) -> "Phone":
        """A new person who does not follow yet; of the first account unless another app id is named."""
        named = {"account": account} if account else {}
        made = await self.post("/followers", label=label, **named)
        return Phone(self, made["openid"])

    async def now(self) -> float:
        """The simulated time in Unix seconds."""
        return float((await self.get("/clock"))["now"])

    async def advance(self, seconds: float) -> None:
        """Move the clock forward."""
        await self.post("/clock", advance=seconds)

    async def set_clock(self, now: float) -> None:
        """Set the clock to Unix seconds."""
        await self.post("/clock", now=now)

    async def fault(self, kind: str, count: int | None = 1, **details: Any) -> None:
        """Switch a fault on for the next ``count`` occasions, None for all.

        ``openid`` restricts it to one person, ``account`` to one account, ``path`` to one API call; ``rate`` lets it
        strike at that share of the occasions.
        """
        await self.post("/faults", kind=kind, count=count, **details)

    async def clear_faults(self) -> None:
        """Switch all faults off."""
        await self.call("DELETE", "/faults")

    async def change_account(self, **changes: Any) -> dict[str, Any]:
        """Change settings of an account as in the console: mode, kind, aes_key, callback_url, ip_whitelist, ...

        ``account`` is its app id, the first account's when absent; a new ``aes_key`` keeps the one before.
        """
        return await self.post("/account", **changes)

    async def set_quota(self, path: str, **limits: Any) -> None:
        """Set the ``daily`` or ``by_minute`` limit of an API path."""
        await self.post("/quota", path=path, **limits)

    async def verify(self, *, wrong: bool = False) -> bool:
        """Whether the callback address echoes the console's check; with a ``wrong`` signature it must not."""
        return bool((await self.post("/verify", wrong=wrong))["echoed"])

    async def log(self, kind: str | None = None, after: int = 0) -> list[dict[str, Any]]:
        """The journal: entries of kind ``push``, ``delivery`` and ``api``."""
        entries = (await self.get(f"/log?after={after}"))["entries"]
        return [entry for entry in entries if kind in (None, entry["kind"])]

    async def get(self, path: str) -> dict[str, Any]:
        """GET under ``/api``."""
        return await self.call("GET", path)

    async def post(self, path: str, /, **body: Any) -> dict[str, Any]:
        """POST under ``/api``."""
        return await self.call("POST", path, body)

    async def call(
        self, method: str, path: str, body: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """The JSON answer. Raises Refused."""
        async with self.session.request(method, f"{self.url}/api{path}", json=body) as response:
            answer: dict[str, Any] = await response.json()
        if response.status != 200:
            raise Refused(answer.get("error", f"HTTP status {response.status}"))
        return answer


@dataclass
class Phone:
    """One follower's phone. ``wait_for`` reads on from the last line that it returned."""

    simulator: Simulator
    openid: str
    seen: int = field(default=0)

    async def follow(self, *, wait: bool = False) -> dict[str, Any]:
        """Follow the account; with ``wait`` until the push was delivered, as in the methods below."""
        return await self._do("follow", wait)

    async def unfollow(self, *, wait: bool = False) -> dict[str, Any]:
        """Stop following."""
        return await self._do("unfollow", wait)

    async def say(self, text: str, *, wait: bool = False) -> dict[str, Any]:
        """Send a text message."""
        return await self._do("say", wait, text=text)

    async def tap(self, choice: str, *, wait: bool = False) -> dict[str, Any]:
        """Tap a choice by its words or its id."""
        return await self._do("tap", wait, choice=choice)

    async def scan(self, scene: str, *, wait: bool = False) -> dict[str, Any]:
        """Scan the account's QR code with this scene; who does not follow yet follows by it."""
        return await self._do("scan", wait, scene=scene)

    async def menu(self, button: str, *, wait: bool = False, **given: Any) -> dict[str, Any]:
        """Tap a button of the bottom menu by its key or name.

        ``result`` is what a scan reads, ``pictures`` how many are taken, ``latitude`` and so on which place.
        """
        return await self._do("menu", wait, button=button, **given)

    async def picture(self, content: bytes = b"", *, wait: bool = False) -> dict[str, Any]:
        """Send a picture (PNG, JPEG, GIF); a sample when there is none."""
        return await self._do("picture", wait, **_encoded(content))

    async def voice(self, content: bytes = b"", *, wait: bool = False) -> dict[str, Any]:
        """Send a voice message (AMR); a second of silence when there is none."""
        return await self._do("voice", wait, **_encoded(content))

    async def video(self, content: bytes = b"", *, wait: bool = False) -> dict[str, Any]:
        """Send a film (MP4)."""
        return await self._do("video", wait, **_encoded(content))

    async def place(self, *, wait: bool = False, **place: Any) -> dict[str, Any]:
        """Send a location: latitude, longitude, scale, label."""
        return await self._do("place", wait, **place)

    async def link(
        self, title: str, description: str, url: str, *, wait: bool = False
    ) -> dict[str, Any]:
        """Send a link."""
        return await self._do("link", wait, title=title, description=description, url=url)

    async def sticker(self, *, wait: bool = False) -> dict[str, Any]:
        """Send a sticker, which WeChat passes on as a notice in a text."""
        return await self._do("sticker", wait)

    async def event(self, event: str, *, wait: bool = False, **fields: Any) -> dict[str, Any]:
        """Have WeChat push any event about this person, with fields as in its XML; objects nest, lists repeat."""
        return await self._do("event", wait, event=event, fields=fields)

    async def message(self, type: str, *, wait: bool = False, **fields: Any) -> dict[str, Any]:
        """Send a message of any type, with fields as in its XML."""
        return await self._do("message", wait, type=type, fields=fields)

    async def mark(self, **marks: bool) -> dict[str, Any]:
        """Let custom/send be refused to this person: ``blocked``, ``blacklisted``, ``minor``."""
        return await self._do("mark", **marks)

    async def bind(self, **member: Any) -> dict[str, Any]:
        """Bind a membership."""
        return await self._do("bind", **member)

    async def forge(self, forgery: str, text: str = "你好") -> dict[str, Any]:
        """Have somebody send a forged push in this person's name; the callback's status and body."""
        return await self._do("forge", forgery=forgery, text=text)

    async def state(self) -> dict[str, Any]:
        """Whether the person follows, and what may still be sent: remaining, deadline."""
        path = f"/followers/{self.openid}/transcript?after=1000000"
        follower: dict[str, Any] = (await self.simulator.get(path))["follower"]
        return follower

    async def transcript(self, after: int = 0, wait: float = 0) -> list[Line]:
        """The lines beyond ``after``; waits up to ``wait`` seconds for the first of them."""
        path = f"/followers/{self.openid}/transcript?after={after}&wait={wait}"
        lines: list[Line] = (await self.simulator.get(path))["lines"]
        return lines

    async def wait_for(
        self, match: Match = None, *, seconds: float = 10.0, side: str = "account"
    ) -> Line:
        """The next line of this side that matches: a part of its text, a pattern, a test. Raises NotSeen."""
        ends_at = time.monotonic() + seconds
        while (left := ends_at - time.monotonic()) > 0:
            for line in await self.transcript(self.seen, left):
                self.seen = line["number"]
                if line["side"] == side and _is_match(line, match):
                    return line
        raise NotSeen(f"{match!r} did not appear within {seconds:g} s in:\n{await self.told()}")

    async def expect_silence(self, seconds: float) -> None:
        """Raise NotSeen if the account says anything within these seconds."""
        try:
            line = await self.wait_for(seconds=seconds)
        except NotSeen:
            return
        raise NotSeen(f"silence was expected, but there is {line['text']!r}")

    async def told(self) -> str:
        """The whole transcript as text."""
        lines = await self.transcript()
        return "\n".join(f"{x['number']:3} {x['side']:8} {x['kind']:8} {x['text']}" for x in lines)

    async def _do(self, action: str, wait: bool = False, **body: Any) -> dict[str, Any]:
        path = f"/followers/{self.openid}/{action}{'?wait' if wait else ''}"
        return await self.simulator.post(path, **body)


def _encoded(content: bytes) -> dict[str, str]:
    return {"content": base64.b64encode(content).decode()} if content else {}


def _is_match(line: Line, match: Match) -> bool:
    if match is None:
        return True
    if isinstance(match, str):
        return match in line["text"]
    if isinstance(match, re.Pattern):
        return match.search(line["text"]) is not None
    return match(line)

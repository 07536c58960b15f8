"""Receivers of alerts: a WeCom robot over real HTTP, and a mail server over real SMTP. They remember what they got."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Robot:
    """A group robot. ``answers`` are given first, one a message: an errcode, or ``hang``; then everything is taken."""

    url: str = ""
    heard: list[str] = field(default_factory=list)
    answers: list[int | str] = field(default_factory=list)
    tries: int = 0
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: web.Request) -> web.Response:
        """One message."""
        told = await request.json()
        self.tries += 1
        self.asked.set()
        answer = self.answers.pop(0) if self.answers else 0
        if answer == "hang":
            await asyncio.sleep(60)
        if answer == "broken":
            return web.Response(status=502, text="<html>bad gateway</html>")
        if answer == 0:
            assert told["msgtype"] == "markdown"
            self.heard.append(told["markdown"]["content"])
        return web.json_response({"errcode": answer, "errmsg": "ok" if answer == 0 else "no"})


@contextlib.asynccontextmanager
async def robot() -> AsyncIterator[Robot]:
    """A robot that listens."""
    made, app = Robot(), web.Application()
    app.router.add_post("/cgi-bin/webhook/send", made.take)
    async with TestServer(app) as server:
        made.url = f"{server.make_url('/cgi-bin/webhook/send')}?key=TOP-SECRET-KEY"
        yield made


@dataclass
class PostOffice:
    """A mail server. ``answers`` are given first, one a mail: an SMTP reply, or ``hang``."""

    port: int = 0
    mails: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    tries: int = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """One mail."""
        self.tries += 1
        answer = self.answers.pop(0) if self.answers else ""
        if answer == "hang":
            await asyncio.sleep(60)
        if answer:
            return answer
        content: Any = envelope.original_content
        self.mails.append((envelope.rcpt_tos, message_from_bytes(content, policy=default)))  # type: ignore[arg-type]
        return "250 taken"


@contextlib.asynccontextmanager
async def post_office(**options: Any) -> AsyncIterator[PostOffice]:
    """A mail server that listens; ``options`` are aiosmtpd's."""
    made = PostOffice()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(made, hostname="test", loop=loop, **options), "127.0.0.1", 0
    )
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()

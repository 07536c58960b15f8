"""The desk's pages: each handler reads, applies one move, and shows the result."""

from dataclasses import dataclass
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp_jinja2
from aiohttp import web
from aiohttp_session import get_session, new_session

from bot import handling
from bot.conversation import Conversation, IllegalMove, Speaker
from bot.engine import Step
from connectors.desk import presenting
from connectors.desk.accounts import Accounts, TooManyAttempts, WrongLogin
from connectors.desk.security import csrf_token
from connectors.desk.stream import News, events
from connectors.desk.words import say
from connectors.metrics import WAITING
from connectors.parts import Parts

REPLY_CHARACTERS = 2000
ZONE: tzinfo = ZoneInfo("Asia/Shanghai")
Context = dict[str, Any]


@dataclass(frozen=True)
class Views:
    """The handlers and what they work with."""

    parts: Parts
    accounts: Accounts
    news: News

    def routes(self) -> list[web.RouteDef]:
        """All addresses below ``/desk``."""
        one = "/conversations/{openid:[A-Za-z0-9_-]+}"
        return [
            web.get("/login", self.login_page),
            web.post("/login", self.log_in),
            web.post("/logout", self.log_out),
            web.post("/language", self.change_language),
            web.get("/", self.home),
            web.get("/lists", self.lists),
            web.get("/events", self.stream),
            web.get(one, self.conversation),
            web.get(f"{one}/thread", self.thread),
            web.post(f"{one}/take", self.take),
            web.post(f"{one}/reply", self.reply),
            web.post(f"{one}/close", self.close),
        ]

    @aiohttp_jinja2.template("login.html")
    async def login_page(self, request: web.Request) -> Context:
        """The form to log in with."""
        return await self._page(request)

    async def log_in(self, request: web.Request) -> web.StreamResponse:
        """Begin a session, with a fresh id so that nobody could have planted it."""
        form, page = await request.post(), await self._page(request)
        try:
            agent = await self.accounts.log_in(str(form.get("name")), str(form.get("password")))
        except WrongLogin:
            return _login_refused(request, page, "wrong_login", 403)
        except TooManyAttempts:
            return _login_refused(request, page, "too_many", 429)
        session = await new_session(request)
        session["agent"], session["shown"], session["language"] = (
            agent.name,
            agent.shown,
            page["language"],
        )
        raise web.HTTPSeeOther("/desk/")

    async def log_out(self, request: web.Request) -> web.StreamResponse:
        """End the session."""
        (await get_session(request)).invalidate()
        raise web.HTTPSeeOther("/desk/login")

    async def change_language(self, request: web.Request) -> web.StreamResponse:
        """Switch the pages between Chinese and English."""
        page = await self._page(request)
        (await get_session(request))["language"] = "en" if page["language"] == "zh" else "zh"
        raise web.HTTPSeeOther(request.headers.get("Referer", "/desk/"))

    @aiohttp_jinja2.template("home.html")
    async def home(self, request: web.Request) -> Context:
        """The lists, and no conversation opened."""
        page = await self._page(request)
        return page | await self._lists(page)

    @aiohttp_jinja2.template("_lists.html")
    async def lists(self, request: web.Request) -> Context:
        """The lists alone, for a page that shows them anew."""
        page = await self._page(request)
        return page | await self._lists(page)

    @aiohttp_jinja2.template("conversation.html")
    async def conversation(self, request: web.Request) -> Context:
        """The lists and one conversation."""
        page = await self._page(request)
        return page | await self._lists(page) | await self._thread(request, page)

    @aiohttp_jinja2.template("_thread.html")
    async def thread(self, request: web.Request) -> Context:
        """One conversation alone, for a page that shows it anew."""
        page = await self._page(request)
        return page | await self._thread(request, page)

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Take a waiting follower; of several agents exactly one succeeds."""
        page = await self._page(request)
        return await self._moved(
            request, page, lambda at: handling.take(at, page["agent"], self._now())
        )

    async def reply(self, request: web.Request) -> web.StreamResponse:
        """Say something to the follower."""
        page, form = await self._page(request), await request.post()
        text = str(form.get("text", "")).strip()
        if not text or len(text) > REPLY_CHARACTERS:
            fault = "too_long" if text else "empty_reply"
            return web.Response(status=422, text=say(page["language"], fault))
        agent, notices = page["agent"], self.parts.answers
        return await self._moved(
            request, page, lambda at: handling.reply(at, agent, text, notices, self._now())
        )

    async def close(self, request: web.Request) -> web.StreamResponse:
        """Hand the follower back to the bot."""
        page = await self._page(request)
        agent, notices = page["agent"], self.parts.answers
        return await self._moved(
            request, page, lambda at: handling.close(at, agent, notices, self._now())
        )

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: the openid of each conversation that changed, empty when all may have."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        response.headers["Cache-Control"] = "no-store"
        await response.prepare(request)
        with self.news.page() as queue:
            async for event in events(queue):
                try:
                    await response.write(event)
                except ConnectionResetError:
                    break
        return response

    async def _moved(self, request: web.Request, page: Context, step: Step) -> web.StreamResponse:
        openid, language = request.match_info["openid"], page["language"]
        try:
            await self.parts.engine.apply(openid, step)
        except IllegalMove as refusal:
            return web.Response(status=409, text=_refusal(refusal, language))
        await self.parts.inbox.schedule(openid)
        if request.headers.get("Accept") == "text/plain":
            return web.Response(text="ok")
        raise web.HTTPSeeOther(f"/desk/conversations/{openid}")

    async def _page(self, request: web.Request) -> Context:
        session = await get_session(request)
        accepted = request.headers.get("Accept-Language", "zh")
        language = session.get("language") or ("zh" if accepted.startswith("zh") else "en")
        return {
            "language": language,
            "say": lambda name, **values: say(language, name, **values),
            "csrf": csrf_token(session),
            "agent": session.get("agent", ""),
            "openid": "",
        }

    async def _lists(self, page: Context) -> Context:
        language, now = page["language"], self._now()
        waiting = await self.parts.conversations.waiting()
        held = await self.parts.conversations.held()
        WAITING.set(len(waiting))
        return {
            "now": now,
            "waiting": [presenting.card(each, language, now) for each in waiting],
            "mine": [
                presenting.card(each, language, now) for each in held if each.agent == page["agent"]
            ],
            "others": [
                presenting.card(each, language, now) for each in held if each.agent != page["agent"]
            ],
        }

    async def _thread(self, request: web.Request, page: Context) -> Context:
        openid, language, now = request.match_info["openid"], page["language"], self._now()
        conversation = await self.parts.conversations.read(openid)
        if conversation.version == 0:
            raise web.HTTPNotFound(text=say(language, "not_found"))
        told = await self.parts.conversations.transcript(openid)
        return {
            "openid": openid,
            "label": presenting.label(openid),
            "card": presenting.card(conversation, language, now),
            "rows": presenting.rows(told, language, ZONE),
            "window": presenting.window(conversation, language, now, ZONE),
            "holder": presenting.holder(conversation, page["agent"], language),
            "can_take": conversation.speaker is Speaker.WAITING,
            "can_reply": _holds(conversation, page["agent"]),
        }

    def _now(self) -> float:
        return self.parts.clock.now()


def _holds(conversation: Conversation, agent: str) -> bool:
    return conversation.speaker is Speaker.AGENT and conversation.agent == agent


def _refusal(refusal: IllegalMove, language: str) -> str:
    name = "taken_already" if refusal.speaker is Speaker.AGENT else "not_yours"
    return say(language, name, agent=refusal.agent or "")


def _login_refused(
    request: web.Request, page: Context, fault: str, status: int
) -> web.StreamResponse:
    context = page | {"fault": say(page["language"], fault)}
    return aiohttp_jinja2.render_template("login.html", request, context, status=status)

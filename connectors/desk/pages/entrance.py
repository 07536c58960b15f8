"""Coming and going: log in, log out, choose a language."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp_jinja2
import structlog
from aiohttp import web
from aiohttp_session import get_session

from bot.clock import Clock
from bot.text import safe
from connectors.desk.guard.access import AGENT, SESSION, begin_session, page_after_login
from connectors.desk.guard.accounts import Accounts, Agent, WrongLogin
from connectors.desk.guard.addresses import Proxies
from connectors.desk.guard.attempts import TooManyAttempts
from connectors.desk.guard.security import Forms
from connectors.desk.pages.frame import (
    LANGUAGE_COOKIE,
    THEME_COOKIE,
    THEMES,
    Context,
    language_of,
    page,
)
from connectors.desk.words import say
from connectors.store.desk.sessions import Sessions

log = structlog.get_logger()

CHOICE_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True)
class Entrance:
    """The handlers that need no conversation."""

    accounts: Accounts
    sessions: Sessions
    forms: Forms
    proxies: Proxies
    clock: Clock

    def routes(self) -> list[web.RouteDef]:
        """The addresses, by the names that ``access`` knows them by."""
        return [
            web.get("/login", self.login_page, name="login"),
            web.post("/login", self.log_in, name="log_in"),
            web.post("/logout", self.log_out, name="log_out"),
            web.post("/language", self.change_language, name="language"),
            web.post("/theme", self.change_theme, name="theme"),
        ]

    async def login_page(self, request: web.Request) -> web.StreamResponse:
        """The form to log in with."""
        wanted = page_after_login(request.query.get("next", ""))
        if AGENT in request:
            raise web.HTTPSeeOther(wanted)
        return _form(request, {"next": wanted})

    async def log_in(self, request: web.Request) -> web.StreamResponse:
        """Begin a session."""
        form, address = await request.post(), self.proxies.client(request)
        name, password = str(form.get("name", "")), str(form.get("password", ""))
        wanted = page_after_login(str(form.get("next", "")))
        context = {"next": wanted, "name": name[:64]}
        try:
            agent = await self.accounts.log_in(name, password, address)
        except WrongLogin:
            log.warning("desk.wrong_login", address=address)
            return _form(request, context, "wrong_login", 403)
        except TooManyAttempts:
            log.warning("desk.too_many_logins", address=address)
            return _form(request, context, "too_many", 429)
        if SESSION in request:
            await self.sessions.end(request[AGENT].name, request[SESSION].number)
        await self.opened(request, agent)
        await self.accounts.came(agent.name, self.clock.now())
        raise web.HTTPSeeOther(wanted)

    async def opened(self, request: web.Request, agent: Agent) -> None:
        """Begin a session of this agent in this browser."""
        address, browser = self.proxies.client(request), safe(request.headers.get("User-Agent", ""))
        opened = await self.sessions.begin(agent.name, agent.fingerprint, address, browser)
        await begin_session(request, agent, opened.number)

    async def log_out(self, request: web.Request) -> web.StreamResponse:
        """End the session."""
        await self.sessions.end(request[AGENT].name, request[SESSION].number)
        (await get_session(request)).invalidate()
        raise web.HTTPSeeOther("/desk/login")

    async def change_language(self, request: web.Request) -> web.StreamResponse:
        """Switch the pages between Chinese and English and show the same page again."""
        return self._remembered(
            request, LANGUAGE_COOKIE, "en" if language_of(request) == "zh" else "zh"
        )

    async def change_theme(self, request: web.Request) -> web.StreamResponse:
        """Show the pages light, dark, or as the system is, and the same page again."""
        chosen = str((await request.post()).get("theme", ""))
        return self._remembered(request, THEME_COOKIE, chosen if chosen in THEMES else THEMES[0])

    def _remembered(self, request: web.Request, cookie: str, value: str) -> web.StreamResponse:
        answer = web.Response(status=303, headers={"Location": self._same_page(request)})
        answer.set_cookie(
            cookie,
            value,
            max_age=CHOICE_SECONDS,
            path="/desk/",
            httponly=True,
            samesite="Strict",
            secure=self.forms.is_secure,
        )
        return answer

    def _same_page(self, request: web.Request) -> str:
        """The page that the form stood on. Only its path is used, so that the answer can lead to no other site."""
        referer = request.headers.get("Referer", "")
        path = urlsplit(referer).path if self.forms.is_own_address(referer, request) else ""
        return path if path == "/desk/login" else page_after_login(path)


def _form(
    request: web.Request, context: Context, fault: str = "", status: int = 200
) -> web.StreamResponse:
    told = page(request) | context
    told["fault"] = say(told["language"], fault) if fault else ""
    return aiohttp_jinja2.render_template("login.html", request, told, status=status)

"""The people of the desk: who may work here, as what, and where they are logged in."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import aiohttp_jinja2
from aiohttp import web
from multidict import MultiMapping

from bot.desk.subjects import SUBJECTS
from bot.entries import LANGUAGES
from bot.text import safe
from connectors.desk.followers import Followers
from connectors.desk.guard.access import AGENT
from connectors.desk.guard.accounts import (
    ADMIN,
    NAME,
    Accounts,
    Agent,
    NameTaken,
    Role,
    UnknownAccount,
    generated,
    hashed,
    plain_name,
)
from connectors.desk.guard.audit import ABOUT
from connectors.desk.pages.frame import Context, language_of, page, times
from connectors.desk.pages.own import shown_sessions
from connectors.desk.views.ticks import Group, language_group, subject_groups
from connectors.desk.words import pick, say
from connectors.reception import LiveReception
from connectors.store.desk.mentions import Mentions
from connectors.store.desk.sessions import Sessions

CHANGEABLE: Mapping[str, frozenset[Role]] = {
    Role.SUPERVISOR: frozenset({Role.AGENT}),
    Role.ADMIN: frozenset(Role),
}
"""Whose accounts a role may make, change and end."""

MOST_AT_ONCE = 50
SKILLS = frozenset({*SUBJECTS, *LANGUAGES})
SHOWN_CHARACTERS = 32
_MAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[A-Za-z0-9-]+")
_WECOM = re.compile(r"[A-Za-z0-9_.@-]{1,64}")


class Unusable(Exception):
    """A form cannot be taken as it is; the argument names the sentence that says why."""


@dataclass(frozen=True)
class PeoplePage:
    """The handlers and what they work with."""

    accounts: Accounts
    sessions: Sessions
    reception: LiveReception
    followers: Followers

    def routes(self) -> list[web.RouteDef]:
        """The addresses below ``/desk``, by the names that ``access`` knows them by."""
        one = f"/people/{{name:{NAME.pattern}}}"
        return [
            web.get("/people", self.people, name="people"),
            web.post("/people", self.add, name="add_person"),
            web.get(one, self.person, name="person"),
            web.post(one, self.change, name="change_person"),
            web.post(f"{one}/password", self.renew_password, name="renew_password"),
            web.post(f"{one}/remove", self.remove, name="remove_person"),
            web.post(
                f"{one}/sessions/{{number:[0-9a-f]+}}/end", self.end_session, name="end_session_of"
            ),
        ]

    async def people(self, request: web.Request) -> web.StreamResponse:
        """Everyone whose account one may change, and a form for another."""
        return await self._listed(request)

    async def add(self, request: web.Request) -> web.StreamResponse:
        """Make an account with a password that is shown this once."""
        form = await request.post()
        name, password = plain_name(str(form.get("name", ""))), generated()
        try:
            if not NAME.fullmatch(name):
                raise Unusable("bad_name")
            blank = Agent(name, name, Role.AGENT, await hashed(password))
            agent = self._filled(blank, form, request)
            await self.accounts.put(agent)
        except (Unusable, NameTaken) as fault:
            told = fault.args[0] if isinstance(fault, Unusable) else "name_taken"
            typed = dict(form) | {each: form.getall(each, []) for each in ("teams", "skills")}
            return await self._listed(request, told, typed, status=422)
        request[ABOUT] = f"{name} {agent.role}"
        return await self._listed(request, password=(agent.shown, name, password))

    async def person(self, request: web.Request) -> web.StreamResponse:
        """One account."""
        return await self._shown(request, await self._agent(request))

    async def change(self, request: web.Request) -> web.StreamResponse:
        """Change what an account is."""
        form, agent = await request.post(), await self._agent(request)
        try:
            changed = await self.accounts.change(
                agent.name, lambda latest: self._filled(self._own(request, latest), form, request)
            )
        except Unusable as fault:
            return await self._shown(request, agent, fault.args[0], status=422)
        except UnknownAccount:
            raise web.HTTPNotFound from None
        request[ABOUT] = f"{agent.name} {changed.role}"
        raise web.HTTPSeeOther("/desk/people")

    async def renew_password(self, request: web.Request) -> web.StreamResponse:
        """Give an account another password, which is shown this once and ends its sessions."""
        agent, password = await self._agent(request), generated()
        agent = await self.accounts.set_password(agent.name, password)
        await self.sessions.end_all(agent.name)
        return await self._shown(request, agent, password=password)

    async def remove(self, request: web.Request) -> web.StreamResponse:
        """End an account and its sessions at once, and what calls its name.

        The first account stays, and nobody removes the own one.
        """
        agent = await self._agent(request)
        if agent.name in {ADMIN, request[AGENT].name}:
            return await self._shown(request, agent, "cannot_remove", status=422)
        await self.accounts.remove(agent.name)
        await self.sessions.end_all(agent.name)
        for parts in self.followers.all:
            redis, account = parts.connection.redis, parts.settings.wechat_app_id
            await Mentions(redis, account).forget(agent.name)
        raise web.HTTPSeeOther("/desk/people")

    async def end_session(self, request: web.Request) -> web.StreamResponse:
        """Log somebody out of one browser."""
        agent = await self._agent(request)
        await self.sessions.end(agent.name, request.match_info["number"])
        raise web.HTTPSeeOther(f"/desk/people/{agent.name}")

    async def _agent(self, request: web.Request) -> Agent:
        agent = await self.accounts.find(request.match_info["name"])
        if agent is None:
            raise web.HTTPNotFound
        return self._own(request, agent)

    def _own(self, request: web.Request, agent: Agent) -> Agent:
        """The account, if whoever asks may change it. Raises HTTPForbidden."""
        if agent.role not in CHANGEABLE[request[AGENT].role]:
            raise web.HTTPForbidden
        return agent

    def _filled(self, agent: Agent, form: MultiMapping[object], request: web.Request) -> Agent:
        """The account with what the form says. Raises Unusable, or HTTPForbidden for a role that one may not give."""
        role = str(form.get("role", agent.role))
        if role not in CHANGEABLE[request[AGENT].role]:
            raise web.HTTPForbidden
        if agent.name in {ADMIN, request[AGENT].name} and role != agent.role:
            raise Unusable("cannot_change_role")
        teams = self.reception.reception.teams.by_id
        return replace(
            agent,
            role=role,
            shown=_shown_name(form),
            teams=tuple(team for team in map(str, form.getall("teams", [])) if team in teams),
            skills=_skills(form, agent.skills),
            limit=_limit(str(form.get("limit", ""))),
            mail=_checked(str(form.get("mail", "")).strip(), _MAIL, "bad_mail"),
            wecom=_checked(str(form.get("wecom", "")).strip(), _WECOM, "bad_wecom"),
        )

    async def _listed(
        self,
        request: web.Request,
        fault: str = "",
        typed: Mapping[str, object] | None = None,
        password: tuple[str, str, str] | None = None,
        status: int = 200,
    ) -> web.StreamResponse:
        chosen = CHANGEABLE[request[AGENT].role]
        people = [agent for agent in await self.accounts.all() if agent.role in chosen]
        logins, at = await self.accounts.last_logins(), times(request)
        context = self._context(request, fault) | {
            "people": people,
            "last": {name: at.date_and_hour(moment) for name, moment in logins.items()},
            "typed": typed or {},
            "password": password,
        }
        return aiohttp_jinja2.render_template("people.html", request, context, status=status)

    async def _shown(
        self,
        request: web.Request,
        agent: Agent,
        fault: str = "",
        password: str = "",
        status: int = 200,
    ) -> web.StreamResponse:
        opened = await self.sessions.of(agent.name)
        last = (await self.accounts.last_logins()).get(agent.name)
        context = self._context(request, fault, agent.skills) | {
            "person": agent,
            "password": password,
            "sessions": shown_sessions(opened, agent, request),
            "last": times(request).date_and_hour(last) if last else "",
            "is_fixed": agent.name in {ADMIN, request[AGENT].name},
        }
        return aiohttp_jinja2.render_template("person.html", request, context, status=status)

    def _context(self, request: web.Request, fault: str, had: Sequence[str] = ()) -> Context:
        language, teams = language_of(request), self.reception.reception.teams.by_id
        named = {
            id: pick(language, (team.shown, team.shown_en or team.shown))
            for id, team in teams.items()
        }
        roles = [role for role in Role if role in CHANGEABLE[request[AGENT].role]]
        told = say(language, fault) if fault else ""
        return page(request) | {
            "teams": named,
            "roles": roles,
            "skills": self._skill_groups(language, had),
            "fault": told,
        }

    def _skill_groups(self, language: str, had: Sequence[str]) -> list[Group]:
        unknown = [(each, each) for each in had if each not in SKILLS]
        known = [language_group(language), *subject_groups(self.followers.all[0], language)]
        return [*known, *([("", unknown)] if unknown else [])]


def _shown_name(form: MultiMapping[object]) -> str:
    shown = " ".join(safe(str(form.get("shown", ""))).split())
    if not shown or len(shown) > SHOWN_CHARACTERS:
        raise Unusable("bad_shown")
    return shown


def _skills(form: MultiMapping[object], before: Sequence[str]) -> tuple[str, ...]:
    """What is ticked: known subjects and languages, and what the account had, though nobody knows it any more."""
    ticked = dict.fromkeys(str(each) for each in form.getall("skills", []))
    return tuple(each for each in ticked if each in SKILLS or each in before)


def _limit(typed: str) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", typed) or not 1 <= int(typed) <= MOST_AT_ONCE:
        raise Unusable("bad_limit")
    return int(typed)


def _checked(typed: str, pattern: re.Pattern[str], fault: str) -> str:
    if typed and not pattern.fullmatch(typed):
        raise Unusable(fault)
    return typed

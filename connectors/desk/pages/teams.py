"""The pages of teams: who they are for, when their people are there, and what they promise."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import aiohttp_jinja2
from aiohttp import web

from bot import transfers
from bot.brand import WEEKDAYS
from bot.change import Change
from bot.conversation import Conversation, IllegalMove
from bot.desk.hours import Schedule
from bot.desk.reception import Reception
from bot.desk.teams import DEFAULT, Team
from bot.hours_text import written
from connectors.desk.followers import Followers
from connectors.desk.guard.access import AGENT
from connectors.desk.guard.accounts import Accounts
from connectors.desk.guard.audit import ABOUT
from connectors.desk.pages.frame import Context, language_of, number, page, times
from connectors.desk.views.charts import Piece, open_hours
from connectors.desk.views.opening import state_of
from connectors.desk.views.team_form import (
    REASONS_CHOSEN,
    Filled,
    Known,
    from_form,
    from_team,
    new_id,
    version,
)
from connectors.desk.views.ticks import Group, language_group, subject_groups
from connectors.desk.views.times import Times
from connectors.desk.words import pick, say
from connectors.desk.words.names import REASONS
from connectors.desk.words.names import WEEKDAYS as WEEKDAY_NAMES
from connectors.parts import Parts
from connectors.store.desk.teams import TeamShelf

PREVIEW_DAYS = 14
ZONES = (
    *("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Tokyo", "Asia/Singapore"),
    *("Europe/Paris", "Europe/London", "America/New_York", "Australia/Sydney"),
)
"""Offered while typing; every other zone of the tz database will do."""


class OutOfDate(Exception):
    """Somebody else has changed the team since the form was opened."""


@dataclass(frozen=True)
class Day:
    """One day of the preview, in the team's own zone."""

    name: str
    hours: str
    pieces: tuple[Piece, ...]
    is_today: bool
    holiday: str


@dataclass(frozen=True)
class TeamsPage:
    """The handlers and what they work with."""

    parts: Parts
    others: tuple[Parts, ...]
    followers: Followers
    accounts: Accounts

    def routes(self) -> list[web.RouteDef]:
        """The addresses below ``/desk``, by the names that ``access`` knows them by."""
        one = "/teams/{team:[a-z0-9_]+}"
        return [
            web.get("/teams", self.teams, name="teams"),
            web.post("/teams", self.add, name="add_team"),
            web.get("/teams/new", self.new, name="new_team"),
            web.get(one, self.team, name="team"),
            web.post(one, self.change, name="change_team"),
            web.post(f"{one}/remove", self.remove, name="remove_team"),
        ]

    @aiohttp_jinja2.template("teams.html")
    async def teams(self, request: web.Request) -> Context:
        """All teams with their hours and people."""
        reception, agents = await self._reception(), await self.accounts.all()
        at = times(request)
        rows = [
            {
                "team": team,
                "name": _name(team, at.language),
                "state": state_of(reception.schedule(team.id), at),
                "is_open": reception.is_open(team.id, at.now),
                "week": _week(team, at.language),
                "members": [agent.shown for agent in agents if team.id in agent.teams],
                "for": self._purpose(team, at.language),
            }
            for team in reception.teams.by_id.values()
        ]
        moved = number(request.query.get("moved", ""), -1)
        note = say(at.language, "team_removed", count=moved) if moved >= 0 else ""
        saved = say(at.language, "team_saved") if "saved" in request.query else ""
        return page(request) | {"rows": rows, "note": note or saved}

    async def new(self, request: web.Request) -> web.StreamResponse:
        """The form for another team."""
        return await self._form(request, _blank(), _filled(request, _blank()))

    async def team(self, request: web.Request) -> web.StreamResponse:
        """The form of one team, with a preview of its hours."""
        team = await self._found(request)
        return await self._form(request, team, _filled(request, team))

    async def add(self, request: web.Request) -> web.StreamResponse:
        """Make a team."""
        filled, blank = from_form(await request.post()), _blank()
        team = filled.team(blank, await self._known())
        if filled.faults:
            return await self._form(request, blank, filled, status=422)

        def added(teams: Mapping[str, Team]) -> Mapping[str, Team]:
            made = replace(team, id=new_id(team.shown_en, teams.keys()))
            request[ABOUT] = made.id
            return {**teams, made.id: made}

        await self._shelf.change(added)
        return await self._saved()

    async def change(self, request: web.Request) -> web.StreamResponse:
        """Change a team; refused where somebody else has changed it since the form was opened."""
        form, before = await request.post(), await self._found(request)
        filled, opened = from_form(form), str(form.get("version", ""))
        team = filled.team(before, await self._known())
        if filled.faults:
            return await self._form(request, before, filled, opened=opened, status=422)

        def changed(teams: Mapping[str, Team]) -> Mapping[str, Team]:
            latest = teams.get(team.id)
            if latest is None or version(latest) != opened:
                raise OutOfDate
            return {**teams, team.id: team}

        request[ABOUT] = team.id
        try:
            await self._shelf.change(changed)
        except OutOfDate:
            fault = say(language_of(request), "team_changed_meanwhile")
            return await self._form(request, before, filled, fault, opened, status=409)
        return await self._saved()

    async def remove(self, request: web.Request) -> web.StreamResponse:
        """Remove a team; whoever waits for it waits for the team for everything from now on."""
        team = await self._found(request)
        if team.id == DEFAULT:
            raise web.HTTPNotFound
        request[ABOUT] = team.id
        await self._shelf.change(
            lambda teams: {id: each for id, each in teams.items() if id != team.id}
        )
        await self.parts.reception.refresh()
        moved = await self._move_waiting(team.id, request[AGENT].name)
        for agent in await self.accounts.all():
            if team.id in agent.teams:
                await self.accounts.change(
                    agent.name,
                    lambda latest: replace(
                        latest, teams=tuple(id for id in latest.teams if id != team.id)
                    ),
                )
        raise web.HTTPSeeOther(f"/desk/teams?moved={moved}")

    async def _move_waiting(self, gone: str, by: str) -> int:
        """How many waited for the team that is gone, and now do for the one for everything."""
        everyone, moved = (await self._reception()).teams.get(DEFAULT), 0
        for parts in (self.parts, *self.others):
            now = parts.clock.now()

            def step(at: Conversation, now: float = now) -> Change:
                return transfers.to_team(at, by, everyone, "", now, leads=True)

            for each in await parts.conversations.listed():
                if each.team != gone or not each.is_waiting:
                    continue
                try:
                    await parts.engine.apply(each.openid, step)
                except IllegalMove:
                    # The follower has just left the queue.
                    continue
                moved += 1
        return moved

    async def _found(self, request: web.Request) -> Team:
        team = (await self._shelf.load()).by_id.get(request.match_info["team"])
        if team is None:
            raise web.HTTPNotFound
        return team

    async def _saved(self) -> web.StreamResponse:
        await self.parts.reception.refresh()
        raise web.HTTPSeeOther("/desk/teams?saved")

    async def _reception(self) -> Reception:
        """The teams as they are written, not as they were seconds ago."""
        return replace(self.parts.reception.reception, teams=await self._shelf.load())

    async def _known(self) -> Known:
        names = frozenset(agent.name for agent in await self.accounts.all())
        return Known(self.parts.shops.brand.value, names)

    @property
    def _shelf(self) -> TeamShelf:
        return TeamShelf(self.parts.connection.redis)

    async def _form(
        self,
        request: web.Request,
        team: Team,
        filled: Filled,
        fault: str = "",
        opened: str = "",
        status: int = 200,
    ) -> web.StreamResponse:
        at, brand = times(request), self.parts.shops.brand.value
        schedule = team.schedule(brand.calendars)
        agents = await self.accounts.all()
        context = page(request) | {
            "team": team,
            "name": _name(team, at.language),
            "filled": filled,
            "faults": {field: say(at.language, name) for field, name in filled.faults.items()},
            "fault": fault or (say(at.language, "look_at_fields") if filled.faults else ""),
            "version": opened or version(team),
            "weekdays": list(
                zip(WEEKDAYS, (pick(at.language, d) for d in WEEKDAY_NAMES), strict=True)
            ),
            "choices": self._choices(at.language),
            "calendars": [(id, say(at.language, f"calendar_{id}")) for id in brand.calendars],
            "zones": ZONES,
            "members": [agent for agent in agents if team.id in agent.teams],
            "agents": agents,
            "state": state_of(schedule, at),
            "is_open": schedule.is_open(at.now),
            "days": preview(schedule, at) if team.id else [],
            "provisional": provisional(schedule, at),
            "is_default": team.id == DEFAULT,
            "waiting": await self._waiting(team.id) if team.id else 0,
        }
        return aiohttp_jinja2.render_template("team.html", request, context, status=status)

    async def _waiting(self, id: str) -> int:
        listed = [
            each
            for parts in (self.parts, *self.others)
            for each in await parts.conversations.listed()
        ]
        return sum(each.is_waiting and each.team == id for each in listed)

    def _choices(self, language: str) -> dict[str, list[Group]]:
        """The choice lists, by field."""
        brand, long = self.parts.shops.brand.value, "zh-Hans" if language == "zh" else "en"
        shops: list[Group] = [
            (brand.cities[city].names[long], [(s.id, s.names[long]) for s in brand.shops_in(city)])
            for city in brand.cities
            if brand.shops_in(city)
        ]
        reasons = [(id, pick(language, REASONS[id])) for id in sorted(REASONS_CHOSEN)]
        return {
            "cities": [("", [(id, city.names[long]) for id, city in brand.cities.items()])],
            "shops": shops,
            "subjects": [
                (say(language, "reason"), reasons),
                *subject_groups(self.parts, language),
            ],
            "languages": [language_group(language)],
        }

    def _purpose(self, team: Team, language: str) -> str:
        names = {
            id: name
            for groups in self._choices(language).values()
            for _, group in groups
            for id, name in group
        }
        chosen = (*team.cities, *team.shops, *team.subjects, *team.languages)
        return ("、" if language == "zh" else ", ").join(names.get(id, id) for id in chosen)


def preview(schedule: Schedule, at: Times) -> list[Day]:
    """The hours of the next days in the team's own zone."""
    today = datetime.fromtimestamp(at.now, schedule.zone).date()
    return [_day(schedule, today, today + timedelta(n), at.language) for n in range(PREVIEW_DAYS)]


def provisional(schedule: Schedule, at: Times) -> list[int]:
    """The years of the coming months whose holidays are not announced yet, or not written down at all."""
    today = datetime.fromtimestamp(at.now, schedule.zone).date()
    years = {today.year, (today + timedelta(60)).year}
    announced = schedule.calendar.announced if schedule.calendar else years
    return sorted(years - set(announced))


def _day(schedule: Schedule, today: date, day: date, language: str) -> Day:
    hours, calendar = schedule.on(day), schedule.calendar
    holiday = calendar.on(day) if calendar else None
    long = "zh-Hans" if language == "zh" else "en"
    named = pick(language, WEEKDAY_NAMES[day.weekday()])
    return Day(
        f"{day.month}/{day.day} {named}",
        written(hours.open) if hours.open else say(language, "closed_day"),
        open_hours(hours.open),
        day == today,
        holiday.names[long] if holiday else "",
    )


def _blank() -> Team:
    office = ((9 * 60, 21 * 60),)
    return Team("", "", week=(office,) * len(WEEKDAYS))


def _filled(request: web.Request, team: Team) -> Filled:
    return from_team(team, say(language_of(request), "closed_day"))


def _name(team: Team, language: str) -> str:
    return pick(language, (team.shown, team.shown_en or team.shown))


def _week(team: Team, language: str) -> list[str]:
    """The week in few words: days with the same hours together."""
    told: list[tuple[str, str, str]] = []
    for spans, names in zip(team.week, WEEKDAY_NAMES, strict=True):
        hours = written(spans) if spans else say(language, "closed_day")
        day = pick(language, names)
        if told and told[-1][2] == hours:
            told[-1] = (told[-1][0], day, hours)
        else:
            told.append((day, day, hours))
    return [f"{a if a == b else f'{a}–{b}'} {hours}" for a, b, hours in told]

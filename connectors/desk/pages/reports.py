"""The reports page: a stretch of days, and each of its tables as a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import aiohttp_jinja2
from aiohttp import web

from bot.desk.figures import day_of, total
from connectors.desk.guard.accounts import Accounts
from connectors.desk.pages.frame import Context, language_of, page, times
from connectors.desk.views.naming import intent_names
from connectors.desk.views.reports import Names, Report
from connectors.desk.views.tables import as_csv
from connectors.desk.words import pick
from connectors.parts import Parts
from connectors.store.desk.figures import FiguresShelf

PERIODS = {"today": 1, "week": 7, "month": 30}
"""How many days each choice goes back, the present one with them."""

MOST_DAYS = 366

EARLIEST = date(2011, 1, 1)
"""The year of WeChat: nothing was counted before."""


@dataclass(frozen=True)
class Period:
    """Days from ``first`` to ``last``, both ends included; ``name`` is one of PERIODS or ``range``."""

    name: str
    first: date
    last: date


@dataclass(frozen=True)
class ReportsPage:
    """The handlers and what they work with."""

    every: Sequence[Parts]
    accounts: Accounts

    def routes(self) -> list[web.RouteDef]:
        """The addresses below ``/desk``, by the names that ``access`` knows them by."""
        return [
            web.get("/reports", self.reports, name="reports"),
            web.get("/reports/{table:[a-z]+}.csv", self.table, name="report_table"),
        ]

    @aiohttp_jinja2.template("reports.html")
    async def reports(self, request: web.Request) -> Context:
        """Tiles, charts and tables of a period."""
        period = chosen(request)
        report = await self._report(request, period)
        return page(request) | {"period": period, "periods": PERIODS, "report": report}

    async def table(self, request: web.Request) -> web.StreamResponse:
        """One table as CSV."""
        period, name = chosen(request), request.match_info["table"]
        table = (await self._report(request, period)).tables().get(name)
        if table is None:
            raise web.HTTPNotFound
        file = f"{name}-{period.first}-{period.last}.csv"
        return web.Response(
            text=as_csv(table, language_of(request)),
            content_type="text/csv",
            charset="utf-8",
            headers={"Content-Disposition": f'attachment; filename="{file}"'},
        )

    async def _report(self, request: web.Request, period: Period) -> Report:
        first, parts = self.every[0], self.every
        shelves = [
            FiguresShelf(each.connection, each.settings.wechat_app_id).between(
                period.first, period.last
            )
            for each in parts
        ]
        found = [await shelf for shelf in shelves]
        days = {day: total(each[day] for each in found) for day in found[0]}
        return Report(days, await self._names(language_of(request), first))

    async def _names(self, language: str, parts: Parts) -> Names:
        teams = parts.reception.reception.teams.by_id.values()
        return Names(
            language,
            {each.id: pick(language, (each.shown, each.shown_en or each.shown)) for each in teams},
            await self.accounts.shown(),
            intent_names(parts.answers, language),
        )


def chosen(request: web.Request) -> Period:
    """The period that the address names; whatever cannot be one is put right."""
    today = day_of(times(request).now)
    name = request.query.get("period", "week")
    if name == "range":
        first, last = _date(request, "from", today), _date(request, "to", today)
        last = min(max(first, last), today)
        return Period(name, max(min(first, last), last - timedelta(MOST_DAYS - 1)), last)
    name = name if name in PERIODS else "week"
    return Period(name, today - timedelta(PERIODS[name] - 1), today)


def _date(request: web.Request, name: str, otherwise: date) -> date:
    try:
        return max(date.fromisoformat(request.query.get(name, "")), EARLIEST)
    except ValueError:
        return otherwise

"""Decides what is told outside the desk: who waits, what is nearly late or lost; counts instead of floods."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from redis.asyncio import Redis

from bot.brand import Brand
from bot.clock import Clock
from bot.desk.alarms import Alarm, alarms
from bot.desk.listing import Listed
from bot.desk.teams import Team
from connectors.alerts.receivers import Message, Receivers
from connectors.desk.views.times import Times
from connectors.desk.words import pick, say
from connectors.desk.words.names import REASONS
from connectors.parts import Parts
from connectors.settings import Settings
from connectors.store.desk.alerted import Alerted, last_told, note_told
from connectors.store.desk.letters import Letters

Called = list[tuple[Parts, Listed, float]]
"""Conversations that call for one kind of alarm, each with the moment that it is about."""


@dataclass(frozen=True)
class Alerts:
    """Looks at all conversations that want people, and writes the letters down that they call for."""

    accounts: Sequence[Parts]
    receivers: Receivers
    letters: Letters
    settings: Settings
    clock: Clock
    redis: Redis
    _alerted: dict[str, Alerted] = field(default_factory=dict)

    async def step(self, listed: Mapping[str, list[Listed]]) -> None:
        """Decide what is due; ``listed`` are the conversations by app id. Decided and written down are one."""
        now, called = self.clock.now(), await self._called(listed)
        told = await last_told(self.redis)
        for (kind, team), conversations in called.items():
            since = now - told.get(f"{kind}:{team}", 0.0)
            # A clock that was set back holds nobody up.
            if 0 <= since < self.settings.alert_every_minutes * 60:
                continue
            await self._tell(kind, team, conversations, now)

    async def _called(
        self, listed: Mapping[str, list[Listed]]
    ) -> Mapping[tuple[Alarm, str], Called]:
        """What was not told yet, by kind and team."""
        found: dict[tuple[Alarm, str], Called] = defaultdict(list)
        now, notice = self.clock.now(), self.settings.alert_sla_seconds
        for parts in self.accounts:
            every = listed[parts.settings.wechat_app_id]
            told = await self._alerted_in(parts).of([each.openid for each in every])
            for each, known in zip(every, told, strict=True):
                for kind, moment in alarms(each, now, notice).items():
                    if known.get(kind) != repr(moment):
                        found[kind, each.team].append((parts, each, moment))
        return found

    async def _tell(self, kind: Alarm, team: str, called: Called, now: float) -> None:
        reception = self.accounts[0].reception.reception
        told = reception.teams.get(team)
        message = self._message(kind, told, called)
        if len(called) == 1:
            message = await _leading_to(called[0], message)
        letters = self.receivers.letters(told, message)
        if not letters:
            return
        pipe = self.redis.pipeline(transaction=True)
        for parts, listed, moment in called:
            self._alerted_in(parts).note(pipe, [(listed.openid, kind, moment)])
        note_told(pipe, f"{kind}:{team}", now)
        self.letters.post(pipe, letters, now)
        await pipe.execute()

    def _message(self, kind: Alarm, team: Team, called: Called) -> Message:
        language = self.settings.alert_language
        at, chosen = Times(language, self.clock.now()), [listed for _, listed, _ in called]
        oldest = min(each.unanswered_since or each.since for each in chosen)
        shown = pick(language, (team.shown, team.shown_en or team.shown))
        lines = [
            say(language, "alert_team", team=shown),
            say(language, "alert_oldest", time=at.span(at.now - oldest)),
        ]
        if kind is not Alarm.WAITING:
            earliest = min(moment for _, _, moment in called)
            lines.append(say(language, "alert_due", time=at.moment(earliest)))
        title = say(language, f"alert_{kind}", count=len(called))
        return Message(title, (*lines, *self._counted(chosen)))

    def _counted(self, chosen: Sequence[Listed]) -> list[str]:
        language, brand = self.settings.alert_language, self.accounts[0].shops.brand.value
        cities = Counter(_city(brand, each.city, language) for each in chosen)
        reasons = Counter(
            pick(language, REASONS.get(each.reason, (each.reason, each.reason))) for each in chosen
        )
        vips = sum(each.is_vip for each in chosen)
        lines = [say(language, "alert_cities", told=_told(cities))] if any(cities) else []
        lines += [say(language, "alert_reasons", told=_told(reasons))] if any(reasons) else []
        return lines + ([say(language, "alert_vips", count=vips)] if vips else [])

    def _alerted_in(self, parts: Parts) -> Alerted:
        app_id = parts.settings.wechat_app_id
        return self._alerted.setdefault(app_id, Alerted(self.redis, app_id))


async def _leading_to(one: tuple[Parts, Listed, float], message: Message) -> Message:
    """The message with a link to the one conversation that it is about, by its alias."""
    parts, listed, _ = one
    alias = (await parts.conversations.read(listed.openid)).alias
    if not alias:
        return message
    path = f"/desk/by/{parts.settings.wechat_app_id}/{alias}"
    return replace(message, path=path, label="alert_open_one")


def _city(brand: Brand, city: str, language: str) -> str:
    known = brand.cities.get(city)
    return known.names["zh-Hans" if language == "zh" else "en"] if known else city


def _told(counted: Mapping[str, int]) -> str:
    pairs = sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    return ", ".join(f"{name} {count}" for name, count in pairs if name)

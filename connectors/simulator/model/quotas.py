"""How often an account may call each API: per day and per minute (接口调用频次限制)."""

from collections import Counter
from dataclasses import dataclass, field

from connectors.simulator.model.codes import Refusal

CHINA_SECONDS = 8 * 3600
"""A day of quota begins at midnight in China (unconfirmed)."""

DAILY = {
    "/cgi-bin/token": 2_000,
    "/cgi-bin/stable_token": 500_000,
    "/cgi-bin/message/custom/send": 500_000,
    "/cgi-bin/media/upload": 100_000,
    "/cgi-bin/media/get": 200_000,
    "/cgi-bin/menu/create": 1_000,
    "/cgi-bin/menu/get": 10_000,
    "/cgi-bin/menu/delete": 1_000,
}
DAILY_TEST = {
    "/cgi-bin/token": 200,
    "/cgi-bin/message/custom/send": 50_000,
    "/cgi-bin/media/upload": 500,
    "/cgi-bin/media/get": 1_000,
    "/cgi-bin/menu/create": 100,
    "/cgi-bin/menu/get": 1_000,
    "/cgi-bin/menu/delete": 100,
}
BY_MINUTE = {"/cgi-bin/stable_token": 10_000}
CLEARED_A_MONTH = 10
MONTH_SECONDS = 30 * 86400


@dataclass
class Quotas:
    """Counts calls. ``daily`` maps a path to its limit; paths without one are free."""

    daily: dict[str, int]
    by_minute: dict[str, int] = field(default_factory=lambda: dict(BY_MINUTE))
    used: Counter[tuple[str, int]] = field(default_factory=Counter)
    used_in_minute: Counter[tuple[str, int]] = field(default_factory=Counter)
    cleared: list[float] = field(default_factory=list)

    @classmethod
    def of_account(cls, *, is_test: bool) -> "Quotas":
        """The limits of an ordinary account, or the smaller ones of a test account."""
        return cls(DAILY | DAILY_TEST if is_test else dict(DAILY))

    def use(self, path: str, now: float) -> None:
        """Count one call. Raises Refusal: 45009 when the day's are used up, 45011 when the minute's are."""
        _count(self.used, path, _day(now), self.daily, 45009)
        _count(self.used_in_minute, path, int(now) // 60, self.by_minute, 45011)

    def state(self, path: str, now: float) -> tuple[int, int]:
        """The day's limit of a path and how much of it is used. Raises Refusal 76003 for a path without limit."""
        if path not in self.daily:
            raise Refusal(76003)
        return self.daily[path], self.used[path, _day(now)]

    def clear(self, now: float) -> None:
        """Begin the day anew (clear_quota). Raises Refusal 48006 after ten times a month."""
        self.cleared = [at for at in self.cleared if now - at < MONTH_SECONDS]
        if len(self.cleared) >= CLEARED_A_MONTH:
            raise Refusal(48006)
        self.cleared.append(now)
        self.used.clear()


def _day(now: float) -> int:
    return int(now + CHINA_SECONDS) // 86400


def _count(
    used: Counter[tuple[str, int]], path: str, period: int, limits: dict[str, int], errcode: int
) -> None:
    if used[path, period] >= limits.get(path, 1 << 62):
        raise Refusal(errcode)
    if not used[path, period]:
        for past in [key for key in used if key[0] == path]:
            del used[past]
    used[path, period] += 1

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
}
DAILY_TEST = {"/cgi-bin/token": 200, "/cgi-bin/message/custom/send": 50_000}
BY_MINUTE = {"/cgi-bin/stable_token": 10_000}


@dataclass
class Quotas:
    """Counts calls. ``daily`` maps a path to its limit; paths without one are free."""

    daily: dict[str, int]
    by_minute: dict[str, int] = field(default_factory=lambda: dict(BY_MINUTE))
    used: Counter[tuple[str, int]] = field(default_factory=Counter)
    used_in_minute: Counter[tuple[str, int]] = field(default_factory=Counter)

    @classmethod
    def of_account(cls, *, is_test: bool) -> "Quotas":
        """The limits of an ordinary account, or the smaller ones of a test account."""
        return cls(DAILY | DAILY_TEST if is_test else dict(DAILY))

    def use(self, path: str, now: float) -> None:
        """Count one call. Raises Refusal: 45009 when the day's are used up, 45011 when the minute's are."""
        _count(self.used, path, int(now + CHINA_SECONDS) // 86400, self.daily, 45009)
        _count(self.used_in_minute, path, int(now) // 60, self.by_minute, 45011)


def _count(
    used: Counter[tuple[str, int]], path: str, period: int, limits: dict[str, int], errcode: int
) -> None:
    if used[path, period] >= limits.get(path, 1 << 62):
        raise Refusal(errcode)
    if not used[path, period]:
        for past in [key for key in used if key[0] == path]:
            del used[past]
    used[path, period] += 1

"""Access tokens of one account: two end points, independent of each other, and how a token ends.

Source: WeChat's pages 获取接口调用凭据 and 获取稳定版接口调用凭据.
"""

import re
from dataclasses import dataclass, field

from connectors.simulator.model.codes import Refusal
from connectors.simulator.model.ids import Ids

LIFE_SECONDS = 7200
OVERLAP_SECONDS = 300
"""The old token still works for so long after a new one was made."""

RENEW_SECONDS = 300
"""``stable_token`` renews so long before the end; earlier it gives the same token again."""

FORCED_A_DAY = 20
FORCED_APART_SECONDS = 30

_FORM = re.compile(r"\d+_[A-Za-z0-9_-]{100,}")


@dataclass(frozen=True)
class Token:
    """``ends_at`` is when its life is over; ``void_at`` when a newer one or its owner made it invalid before that."""

    value: str
    ends_at: float
    void_at: float | None = None


@dataclass
class Tokens:
    """The token office of one account."""

    ids: Ids
    known: dict[str, Token] = field(default_factory=dict)
    _plain: str = ""
    _stable: str = ""
    _forced: list[float] = field(default_factory=list)

    def issue(self, now: float, *, overlap_seconds: float = OVERLAP_SECONDS) -> Token:
        """``/cgi-bin/token``: a new one at each call; the one before lives on for five minutes."""
        self._void(self._plain, now + overlap_seconds)
        self._plain = self._make(now)
        return self.known[self._plain]

    def issue_stable(
        self, now: float, *, force: bool = False, overlap_seconds: float = OVERLAP_SECONDS
    ) -> Token:
        """``/cgi-bin/stable_token``: the same one until its last five minutes; ``force`` voids it at once."""
        current = self.known.get(self._stable)
        if force and self._may_force(now):
            self._forced.append(now)
            self._void(self._stable, now)
            self._stable = self._make(now)
        elif current is None or _is_void(current, now) or current.ends_at - now <= RENEW_SECONDS:
            self._void(self._stable, now + overlap_seconds)
            self._stable = self._make(now)
        return self.known[self._stable]

    def check(self, value: str, now: float) -> None:
        """Raise the Refusal that an API call with this token meets."""
        if not value:
            raise Refusal(41001)
        if not _FORM.fullmatch(value):
            raise Refusal(40014)
        token = self.known.get(value)
        if token is None or _is_void(token, now):
            raise Refusal(40001)
        if now >= token.ends_at:
            raise Refusal(42001)

    def void_all(self, now: float) -> None:
        """Make every token invalid at once, as when somebody else forced a new one."""
        for value in self.known:
            self._void(value, now)

    def _may_force(self, now: float) -> bool:
        self._forced = [at for at in self._forced if now - at < 86400]
        recent = self._forced and now - self._forced[-1] < FORCED_APART_SECONDS
        return not recent and len(self._forced) < FORCED_A_DAY

    def _make(self, now: float) -> str:
        # Long-dead tokens are kept for a while, so that they are called expired and not unknown.
        self.known = {v: t for v, t in self.known.items() if now - t.ends_at < LIFE_SECONDS}
        token = Token(self.ids.token(), now + LIFE_SECONDS)
        self.known[token.value] = token
        return token.value

    def _void(self, value: str, at: float) -> None:
        token = self.known.get(value)
        if token and (token.void_at is None or token.void_at > at):
            self.known[value] = Token(token.value, token.ends_at, at)


def _is_void(token: Token, now: float) -> bool:
    # A token that reached its end first has expired, which is another code.
    return token.void_at is not None and token.void_at <= now < token.ends_at

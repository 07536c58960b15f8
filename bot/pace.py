"""How much one follower is answered: a limit against floods, and a guard against two machines that answer each other.

Who writes more than the limits allow gets a person, and no further word from the bot until the person is done.
"""

import hashlib
from dataclasses import dataclass

from bot.normalizing import normalized

MINUTE, DAY = 60.0, 86400.0

FORGOTTEN_SECONDS = 600.0
"""The same words after so long are said anew and not repeated."""


@dataclass(frozen=True)
class Limits:
    """The most messages of one follower that are answered: in a minute, in a day, the same words in a row.

    0: no limit.
    """

    minute: int = 20
    day: int = 300
    same: int = 5


@dataclass(frozen=True)
class Pace:
    """Two levels that every message raises by one and that sink with time, and how often the last words were repeated.

    ``at`` is the last message's time (Unix seconds); ``words`` stands for its text.
    """

    minute: float = 0.0
    day: float = 0.0
    at: float = 0.0
    words: str = ""
    same: int = 0

    def after(self, text: str, now: float, limits: Limits) -> "Pace":
        """The pace with one more message."""
        passed = max(0.0, now - self.at)
        words = _standing_for(text)
        is_repeated = words != "" and words == self.words and passed < FORGOTTEN_SECONDS
        return Pace(
            _level(self.minute, passed, limits.minute, MINUTE),
            _level(self.day, passed, limits.day, DAY),
            now,
            words,
            self.same + 1 if is_repeated else 1,
        )

    def is_over(self, limits: Limits) -> bool:
        """Whether the last message was one too many."""
        levels = ((self.minute, limits.minute), (self.day, limits.day), (self.same, limits.same))
        return any(limit and level > limit for level, limit in levels)


def _level(level: float, passed: float, limit: int, seconds: float) -> float:
    # One above the limit is enough: who stops is answered again soon.
    return min(max(0.0, level - passed * limit / seconds), limit) + 1


def _standing_for(text: str) -> str:
    plain = normalized(text)
    return hashlib.blake2s(plain.encode(), digest_size=6).hexdigest() if plain else ""

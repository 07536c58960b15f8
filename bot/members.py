"""The brand's customer register, as far as a member's points go."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True)
class Member:
    """A member as the CRM knows them; ``expiring`` points end with the day ``expires_on``.

    ``tier`` is the CRM's own word for the level, ``is_vip`` whether that goes before others, ``associate`` who looks
    after the member; empty: nobody knows.
    """

    name: str
    points: int
    expiring: int = 0
    expires_on: date | None = None
    tier: str = ""
    associate: str = ""
    is_vip: bool = False


class CrmUnavailable(Exception):
    """The CRM did not answer, or not as agreed."""


class Members(Protocol):
    """The brand's customer register."""

    async def find(self, openid: str) -> Member | None:
        """The member bound to this follower, None if nobody is. Raises CrmUnavailable."""


class NoMembers:
    """A brand without a register: nobody is bound."""

    async def find(self, openid: str) -> Member | None:
        """Nobody."""
        return None

"""A person who may follow the account."""

from dataclasses import dataclass, field
from typing import Literal

from connectors.simulator.model.grants import Allowance
from connectors.simulator.model.lines import Choice, Content, Line, Side

State = Literal["new", "following", "unfollowed"]
Mark = Literal["blocked", "blacklisted", "minor"]

MARKS: dict[Mark, int] = {"blacklisted": 43019, "blocked": 48002, "minor": 70000}
"""What can be said of a follower, and the code with which custom/send then refuses: on the account's blacklist;
has switched the account's messages off; protected as a minor."""


@dataclass(frozen=True)
class Member:
    """What the demo CRM knows of a member. ``expires_on`` is an ISO date."""

    name: str
    tier: str
    points: int
    expiring: int
    expires_on: str


@dataclass
class Follower:
    """One openid: whether it follows, what may be sent to it, what it saw. ``label`` is for testers only."""

    openid: str
    label: str
    state: State = "new"
    allowance: Allowance = field(default_factory=Allowance)
    transcript: list[Line] = field(default_factory=list)
    exchanged_at: float = float("-inf")
    typing_until: float = float("-inf")
    member: Member | None = None
    marks: set[Mark] = field(default_factory=set)

    @property
    def is_following(self) -> bool:
        """Whether the account is followed now."""
        return self.state == "following"

    def add(
        self,
        at: float,
        side: Side,
        content: Content,
        *,
        way: Literal["passive", "custom"] | None = None,
        push: str | None = None,
    ) -> Line:
        """Append a line to what the follower sees."""
        line = Line(len(self.transcript) + 1, at, side, content, way, push)
        self.transcript.append(line)
        if side != "system":
            self.exchanged_at = at
        if side == "account":
            self.typing_until = float("-inf")
        return line

    def find_choice(self, wanted: str) -> Choice | None:
        """The latest choice with this content or id."""
        for line in reversed(self.transcript):
            for choice in line.choices:
                if wanted in (choice.content, choice.id):
                    return choice
        return None

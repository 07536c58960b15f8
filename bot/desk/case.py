"""What a conversation and the desk's lists both know of a follower's case with people."""

from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Case:
    """A follower's case while people are wanted; times in Unix seconds, 0.0 for never.

    ``team`` is whose question it is, ``subject`` the intent and ``city`` the place that it is about, ``due_at`` until
    when a person's word is promised. ``offered`` is the agent to whom it was offered at ``offered_at``, ``passed`` are
    those who did not take it or lost it again, the latest last. ``associate`` is the agent whom the follower knows, for
    good; ``last_agent`` served the follower before. ``replied_at`` is an agent's latest word in this stretch.
    ``alarmed_at``: since when supervisors are told that WeChat's window closes upon an unanswered question.
    """

    team: str = ""
    subject: str = ""
    city: str = ""
    is_vip: bool = False
    due_at: float = 0.0
    offered: str = ""
    offered_at: float = 0.0
    passed: tuple[str, ...] = ()
    associate: str = ""
    last_agent: str = ""
    replied_at: float = 0.0
    alarmed_at: float = 0.0

    def case(self) -> dict[str, Any]:
        """These fields by their names."""
        return {each.name: getattr(self, each.name) for each in fields(Case)}

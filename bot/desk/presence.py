"""Whether an agent can be given conversations: as chosen, and as far as the pages show a sign of life."""

from enum import StrEnum


class State(StrEnum):
    """An agent's presence. The first three are chosen; ``offline`` is who has logged out or shown no sign for long."""

    AVAILABLE = "available"
    BUSY = "busy"
    AWAY = "away"
    OFFLINE = "offline"


CHOICES = (State.AVAILABLE, State.BUSY, State.AWAY)
ABSENT = frozenset({State.AWAY, State.OFFLINE})
"""Who keeps no follower waiting: conversations of these agents go to somebody else."""

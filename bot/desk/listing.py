"""What a list of the desk needs of a conversation, small enough to read all of them at once; and their order."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from bot.conversation import Conversation, Speaker
from bot.desk.case import Case
from bot.desk.teams import REASON_NEEDS_HURRY
from bot.enquiry import Stage

SAME_SECONDS = 60.0
"""Deadlines within the same minute are alike: then the hurry decides, and after it the age."""

AGE_SECONDS = 2.0**22
"""Ages beyond this, 48 days, are alike; so the order fits into one number, to a sixteenth of a second."""


@dataclass(frozen=True)
class Listed(Case):
    """A conversation that waits for people or is with them; times in Unix seconds.

    ``unanswered_since``: from when on the follower has had no word of a person; 0.0 while it is the follower's turn.
    """

    openid: str
    speaker: Speaker
    since: float
    agent: str = ""
    reason: str = ""
    language: str = ""
    unanswered_since: float = 0.0
    window_end: float = 0.0

    @property
    def is_waiting(self) -> bool:
        """Whether somebody has to take it."""
        return self.speaker is not Speaker.AGENT

    @property
    def is_hurried(self) -> bool:
        """Whether it goes before others with the same deadline."""
        return self.is_vip or self.reason in REASON_NEEDS_HURRY

    @property
    def order(self) -> float:
        """The smaller, the sooner: the true deadline, then VIP and complaint, then age.

        One number, so that the store sorts as the desk does.
        """
        if not self.due_at:
            return math.inf
        minute = self.due_at // SAME_SECONDS
        age = (minute + 1) * SAME_SECONDS - self.since
        share = min(max(age, 1.0), AGE_SECONDS - 1.0) / AGE_SECONDS
        return 2 * minute + (not self.is_hurried) + 1 - share


def listed(conversation: Conversation) -> Listed | None:
    """The conversation as a list shows it; None while only the bot has to do with it."""
    if not conversation.is_queued and conversation.speaker is not Speaker.AGENT:
        return None
    unanswered = conversation.enquiries_at(Stage.ESCALATED)
    return Listed(
        openid=conversation.openid,
        speaker=conversation.speaker,
        since=conversation.since,
        agent=conversation.agent or "",
        reason=conversation.reason or "",
        language=conversation.language or "",
        unanswered_since=unanswered[0].opened_at if unanswered else 0.0,
        window_end=conversation.allowance.until,
        **conversation.case(),
    )


def in_order(chosen: Iterable[Listed]) -> list[Listed]:
    """Who is to be served first on top; last those who were answered and now have the word."""
    return sorted(chosen, key=lambda each: (each.order, each.since, each.openid))

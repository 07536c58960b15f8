"""What the brain gave back for one message, and what that means for the enquiry."""

from dataclasses import dataclass

from bot.enquiry import Outcome
from bot.intents import FALLBACK
from bot.spoken import Spoken


@dataclass(frozen=True)
class Turn:
    """The brain's turn. ``trouble`` is an escalation reason when there is no turn; then nothing else is set.

    ``guess``: the likeliest intent, also where the brain was too unsure to take it. ``candidates``: the likeliest ones
    in order. ``entities``: what it heard, as kind and value. ``city`` and ``shop`` are those that the message names, by
    their ids in the brand's files.
    """

    replies: tuple[Spoken, ...] = ()
    language: str | None = None
    intent: str = ""
    confidence: float = 0.0
    trouble: str | None = None
    guess: str = ""
    candidates: tuple[str, ...] = ()
    entities: tuple[tuple[str, str], ...] = ()
    city: str = ""
    shop: str = ""

    @property
    def hand_over(self) -> str | None:
        """The reason for which a reply wants a person, if one does."""
        return self.trouble or next(
            (reply.hand_over for reply in self.replies if reply.hand_over), None
        )

    @property
    def subject(self) -> str:
        """What people who are asked should know about: the intent, or the likeliest one where the brain was unsure."""
        return self.guess if self.intent in {"", FALLBACK} else self.intent

    @property
    def answer(self) -> str:
        """What answers by itself; empty where the bot only asks back, is polite, or wants a person."""
        is_answer = any(reply.kind == "answer" for reply in self.replies) and not self.hand_over
        return "\n\n".join(reply.text for reply in self.replies) if is_answer else ""

    def outcome(self) -> tuple[Outcome, str | None] | None:
        """How delivering the replies ends the enquiry; None while the bot has only asked back."""
        kinds = {reply.kind for reply in self.replies}
        if kinds & {"answer", "social"}:
            return Outcome.ANSWERED_BY_BOT, None
        ending = next((kind for kind in ("thanks", "out_of_scope") if kind in kinds), None)
        return (Outcome.NO_ANSWER_NEEDED, ending) if ending else None

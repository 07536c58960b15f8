"""The follower's word on an agent's service: asked once with the closing words, given by a tap or a number."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Service:
    """What an agent did last for a follower. ``enquiry`` is the one that was answered last.

    ``choices`` are what the follower may say of it, the best first; empty until that is asked.
    """

    enquiry: str
    agent: str
    team: str
    choices: tuple[str, ...] = ()

    def value_of(self, text: str) -> int:
        """1 (bad) to 3 (good) for one of the choices, 0 for any other text."""
        said = text.strip()
        return len(self.choices) - self.choices.index(said) if said in self.choices else 0

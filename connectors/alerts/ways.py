"""What every way out has in common: it takes a letter, or says why not."""

from typing import Protocol

from connectors.store.desk.letters import Letter

ANSWER_SECONDS = 10.0
"""How long a receiver may take for one answer."""


class NotSent(Exception):
    """The letter did not go out, or nobody knows: try again; ``wait_seconds`` is how long not to, if that is known.

    ``counts``: whether it was a try that failed, not one that was never made.
    """

    def __init__(self, why: str, wait_seconds: float = 0.0, *, counts: bool = True) -> None:
        self.wait_seconds, self.counts = wait_seconds, counts
        super().__init__(why)


class Refused(Exception):
    """The receiver will never take it; the message names the reason and no secret."""


class WayOut(Protocol):
    """Sends letters of one kind."""

    async def send(self, letter: Letter) -> None:
        """Send one. Raises NotSent or Refused."""

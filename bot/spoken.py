"""What is said to a follower: the one form that answers, notices and the brain's replies share.

Standard library only, Python 3.10 or newer: connector and brain both use it.
"""

from dataclasses import dataclass

PAUSE_SECONDS = 1800
"""After this long a silence what was said before no longer counts."""


@dataclass(frozen=True)
class Spoken:
    """A text in one language. ``kind`` says how it counts for the enquiry (see ``bot.turn``), ``hand_over`` for which
    reason it wants a person; ``choices`` may be tapped below it. ``is_generated``: a model made the text, no editor.
    """

    name: str
    kind: str
    text: str
    choices: tuple[str, ...] = ()
    hand_over: str | None = None
    is_generated: bool = False

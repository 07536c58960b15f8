"""The account's custom menu at the bottom of the chat."""

from collections.abc import Iterator
from dataclasses import dataclass

GRANTING = frozenset({"click", "scancode_push", "scancode_waitmsg"})
"""The types whose tap allows customer-service messages; no other does."""

ANSWERABLE = frozenset({"click", "scancode_waitmsg"})
"""The types whose event may be answered passively."""


@dataclass(frozen=True)
class Button:
    """One button, or a sub-menu when it has ``buttons``. ``names`` maps a language to its label."""

    names: dict[str, str]
    type: str = ""
    key: str = ""
    url: str = ""
    buttons: tuple["Button", ...] = ()

    @property
    def event_key(self) -> str:
        """What the event of a tap carries."""
        return self.url if self.type == "view" else self.key


def taps(buttons: tuple[Button, ...]) -> Iterator[Button]:
    """Every button that does something when tapped."""
    for button in buttons:
        yield from taps(button.buttons) if button.buttons else (button,)

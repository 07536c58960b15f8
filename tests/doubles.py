"""Stand-ins for the outside world: they remember what they were told and decide nothing."""

from dataclasses import dataclass, field

from bot.messages import Bubble, Inbound, Position
from bot.spoken import Spoken
from bot.turn import Turn


@dataclass
class SettableClock:
    """A clock that stands still until it is moved."""

    at: float = 1_795_392_000.0

    def now(self) -> float:
        return self.at


@dataclass
class SilentBrain:
    """Gives the turns it was handed, the last one again and again; remembers what it was asked."""

    turns: list[Turn]
    asked: list[Inbound] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)

    async def ask(self, message: Inbound) -> Turn:
        self.asked.append(message)
        return self.turns.pop(0) if len(self.turns) > 1 else self.turns[0]

    async def forget(self, account: str, openid: str) -> None:
        self.forgotten.append(openid)


@dataclass
class Postbox:
    """Takes customer messages; ``faults`` are raised first, one a message."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)
    is_allowed: bool = True
    typed: list[str] = field(default_factory=list)

    async def typing(self, openid: str) -> None:
        self.typed.append(openid)

    async def send(self, openid: str, bubble: Bubble) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.sent.append((openid, bubble.text))


class PlainNotices:
    """Speaks a notice's name and values."""

    def speak(self, name: str, language: str | None, /, **values: object) -> Spoken:
        words = [name, *(str(value) for value in values.values())]
        return Spoken(name, "notice", " ".join(words))


@dataclass(frozen=True)
class PlainShops:
    """A brand with one shop, wherever one asks from."""

    def near(self, position: Position, language: str | None) -> str:
        return f"one shop near {position.latitude:g}, {position.longitude:g}"


@dataclass(frozen=True)
class PlainMenu:
    """A menu with one button, ``shops``."""

    def says(self, key: str, language: str | None) -> str | None:
        return "门店在哪里" if key == "shops" else None


def answer(text: str = "十点到十点", kind: str = "answer", hand_over: str | None = None) -> Turn:
    """A turn that says one thing."""
    reply = Spoken("utter_something", kind, text, (), hand_over)
    return Turn((reply,), "zh-Hans", "store_hours", 0.9)


def text(content: str, key: str = "1", openid: str = "oFollower", **fields: object) -> Inbound:
    """A text message."""
    at = SettableClock().at
    return Inbound(key, "wxaccount", openid, "text", at, content, **fields)  # type: ignore[arg-type]

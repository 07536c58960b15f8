"""A transcript as the desk shows it: stretches of one speaker, so that the eye sees who spoke when."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from itertools import groupby

from bot.messages import Delivery, Line
from connectors.desk.views.presenting import spoken
from connectors.desk.views.times import Times, day_number
from connectors.desk.words import pick, say
from connectors.desk.words.names import DELIVERIES, ENTITIES, EXPLAINED, REFUSALS
from connectors.store.conversations import Told
from connectors.store.misses import moment

UNDER_WAY = frozenset({Delivery.HANDED, Delivery.QUEUED, Delivery.SENDING})
TROUBLED = frozenset({Delivery.HELD, Delivery.UNCERTAIN, Delivery.REFUSED})
PAUSE_SECONDS = 600
"""After such a silence the speaker is named again."""

SURE = 0.95
"""From this confidence on nobody needs to know what else the bot may have heard."""


@dataclass(frozen=True)
class Beside:
    """What the desk knows beside the lines themselves.

    ``intent`` names an intent in words, ``city`` a city. ``files`` says of a message's file how it is shown:
    ``picture``, ``sound``, ``voice``, ``video``, ``wanted`` or ``failed``. ``leaves`` holds the bubbles that can be
    taken back, and when they leave (Unix seconds; 0.0: with the follower's next contact).
    """

    intent: Callable[[str], str] = str
    city: Callable[[str], str] = str
    files: Mapping[str, str] = field(default_factory=dict)
    leaves: Mapping[str, float] = field(default_factory=dict)


NOTHING = Beside()


@dataclass(frozen=True)
class Row:
    """One bubble. ``state`` is ``delivered``, ``way``, ``trouble``, ``dropped`` or nothing; ``hint`` explains it.

    ``moment`` names a follower's words, which can be marked as something that the bot should have known; else empty.
    ``media`` names the message whose file can be opened, ``shown`` says how (see ``Beside``). ``undo`` is the key of an
    agent's words that can be taken back, which leave in ``seconds`` if that is set; ``words`` are those without what
    introduces the agent.
    """

    text: str
    time: str
    state: str
    delivery: str
    hint: str
    understood: str
    moment: str
    is_marked: bool
    media: str
    shown: str
    undo: str
    seconds: str
    words: str


@dataclass(frozen=True)
class Stretch:
    """What one speaker said in a row; ``day`` is set where another day begins, ``id`` tells it from the others."""

    id: str
    side: str
    author: str
    day: str
    rows: tuple[Row, ...]


def stretches(
    told: Iterable[Told],
    times: Times,
    names: Mapping[str, str],
    marked: Set[str] = frozenset(),
    beside: Beside = NOTHING,
) -> Iterator[Stretch]:
    """The transcript, oldest first; ``names`` is what agents are called by their log-in names.

    ``marked``: the moments of the marked messages.
    """
    today = 0
    for _, group in groupby(told, _Runs()):
        lines = list(group)
        first, day = lines[0].line, day_number(lines[0].line.at)
        yield Stretch(
            f"at-{moment(first.at)}-{first.bubble or first.author}",
            first.author,
            _author(first, times.language, names),
            times.day(first.at) if day != today else "",
            tuple(_row(each, times, names, marked, beside) for each in lines),
        )
        today = day


class _Runs:
    """Numbers the stretches: a new one begins with another speaker, another day, or after a pause."""

    def __init__(self) -> None:
        self._number = 0
        self._last: Line | None = None

    def __call__(self, told: Told) -> int:
        line, last = told.line, self._last
        if last is None or _is_apart(last, line):
            self._number += 1
        self._last = line
        return self._number


def _is_apart(last: Line, line: Line) -> bool:
    return (
        last.author != line.author
        or last.details.get("agent") != line.details.get("agent")
        or day_number(last.at) != day_number(line.at)
        or line.at - last.at > PAUSE_SECONDS
    )


def _author(line: Line, language: str, names: Mapping[str, str]) -> str:
    agent = line.details.get("agent", "")
    return names.get(agent, agent) or say(language, line.author)


def _row(
    told: Told, times: Times, names: Mapping[str, str], marked: Set[str], beside: Beside
) -> Row:
    line, delivery, language = told.line, told.delivery, times.language
    named = moment(line.at) if line.author == "follower" and line.text else ""
    media = line.details.get("media", "")
    leaves_at = beside.leaves.get(line.bubble or "")
    return Row(
        _text(line, language, names),
        times.hour(line.at),
        _state(delivery),
        pick(language, DELIVERIES[delivery]) if delivery else "",
        _hint(told, language),
        _understood(line, language, beside),
        named,
        named in marked,
        media,
        beside.files.get(media, "picture" if line.kind == "image" else "file") if media else "",
        line.details.get("key", "") if leaves_at is not None else "",
        f"{leaves_at - times.now:.1f}" if leaves_at and leaves_at > times.now else "",
        line.text.removeprefix(line.details.get("opening", "")) if line.author == "agent" else "",
    )


def _hint(told: Told, language: str) -> str:
    """What a state means: WeChat's own reason where it gave one and the message has not arrived since."""
    state, code = told.delivery, told.errcode
    if not code or state not in TROUBLED:
        return pick(language, EXPLAINED[state]) if state in EXPLAINED else ""
    if code not in REFUSALS:
        return say(language, "refused_code", code=code)
    return say(language, "refused_because", why=pick(language, REFUSALS[code]), code=code)


def _text(line: Line, language: str, names: Mapping[str, str]) -> str:
    if line.kind == "image" and line.author == "agent":
        return say(language, "sent_picture")
    if line.author == "system":
        return _recorded(line, language, names)
    return spoken(line, language)


def _recorded(line: Line, language: str, names: Mapping[str, str]) -> str:
    """Who did what with the conversation, in words."""
    told = line.details
    name = "took" if line.kind == "taken" else line.kind
    if cause := told.get("cause"):
        name = f"{name}_{cause}"
    team = told.get("team", "")
    return say(
        language,
        name,
        agent=_author(line, language, names),
        to=names.get(told.get("to", ""), told.get("to", "")),
        holder=names.get(told.get("holder", ""), told.get("holder", "")),
        team=pick(language, (team, told.get("team_en", team))),
        why=line.text,
    )


def _state(delivery: Delivery | None) -> str:
    if delivery in TROUBLED:
        return "trouble"
    if delivery in UNDER_WAY:
        return "way"
    return "dropped" if delivery is Delivery.WITHDRAWN else str(delivery or "")


def _understood(line: Line, language: str, beside: Beside) -> str:
    """What the brain made of the words: intent, confidence, what it heard, and what else it may have been."""
    told, intent = line.details, beside.intent
    if not told.get("intent"):
        return ""
    heard = [
        _heard(each, language, beside) for each in told.get("entities", "").split("; ") if each
    ]
    confidence = float(told.get("confidence") or 0)
    others = [each for each in told.get("candidates", "").split() if each != told["intent"]]
    parts = [intent(told["intent"]), f"{confidence:.0%}", *heard]
    if others and confidence < SURE:
        names = " / ".join(intent(each) for each in others[:2])
        parts.append(say(language, "perhaps", names=names))
    return " · ".join(parts)


def _heard(entity: str, language: str, beside: Beside) -> str:
    kind, _, value = entity.partition("=")
    value = beside.city(value) if kind == "city" else value
    return f"{pick(language, ENTITIES[kind]) if kind in ENTITIES else kind} {value}"

"""What an action gets and gives: the follower's turn as plain data, and the reply to it."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.corrections import is_ruled_out, taken_back
from bot.entries import LANGUAGES
from bot.intents import FALLBACK, LEANING
from bot.spelling import length
from bot.spoken import PAUSE_SECONDS

if TYPE_CHECKING:
    # It takes seconds to load, and whoever only wants an action's words does without it.
    from rasa_sdk import Tracker

LONGEST = 24
"""A message of more characters stands for itself."""

SURE = 0.8
"""A guess of this confidence is likely."""

HEARD = 3
"""So many messages before this one are looked back to."""

PLACE = ("city", "store")

LASTING = ("city", "store", "subject", "awaiting")


@dataclass(frozen=True)
class Said:
    """Something the bot said: the answer's name, its kind and its text, and whether it called a person."""

    name: str
    kind: str
    text: str
    is_call: bool = False


@dataclass(frozen=True)
class Asked:
    """A follower's message and what is known from before it.

    ``time``: Unix seconds; ``pause``: seconds since the message before it; ``entities``: values by
    kind; ``rest``: the text without them; ``ranking``: intents with confidence, the best first;
    ``said_before``: the bot's answers to the message before this one, ``said_earlier``: to that
    before it; ``heard_before``: the follower's last texts, the newest first.
    """

    text: str
    time: float
    language: str = LANGUAGES[0]
    openid: str = ""
    intent: str = ""
    entities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rest: str = ""
    slots: Mapping[str, Any] = field(default_factory=dict)
    ranking: tuple[tuple[str, float], ...] = ()
    said_before: tuple[Said, ...] = ()
    said_earlier: tuple[Said, ...] = ()
    heard_before: tuple[str, ...] = ()
    pause: float = 0.0

    def said(self, kind: str) -> tuple[str, ...]:
        """The values of this kind in the message."""
        return self.entities.get(kind, ())

    def kept(self, slot: str) -> str | None:
        """What an earlier message filled the slot with, unless it has grown old meanwhile."""
        is_fresh = self.pause < PAUSE_SECONDS or slot in LASTING or self.slots.get("awaiting")
        return self.slots.get(slot) if is_fresh else None

    def known(self, kind: str) -> str | None:
        """The first value in the message, else the kept one."""
        return next(iter(self.said(kind)), None) or self.kept(kind)

    @property
    def guesses(self) -> list[tuple[str, float]]:
        """The intents that it may have, with confidence, the best first."""
        return [guess for guess in self.ranking if guess[0] != FALLBACK]

    @property
    def guess(self) -> str:
        """The likeliest intent, if it was too unlikely to count as well."""
        guesses = self.guesses
        return guesses[0][0] if guesses and self.intent == FALLBACK else self.intent

    @property
    def confidence(self) -> float:
        """That of its intent."""
        return dict(self.ranking).get(self.intent, 1.0)

    @property
    def is_weak(self) -> bool:
        """Whether what was talked of may as well be meant as its intent."""
        return self.confidence < LEANING

    @property
    def is_sure(self) -> bool:
        """Whether the best guess is likely: then it counts, whatever was talked of."""
        return bool(self.ranking) and self.ranking[0][1] >= SURE

    @property
    def is_aside(self) -> bool:
        """Whether it is too long, or comes too late, to go on with anything."""
        return self.pause >= PAUSE_SECONDS or length(self.text) > LONGEST

    def has_just_heard(self, answer: str) -> bool:
        """Whether the bot said the same answer to the message before this one."""
        return self.pause < PAUSE_SECONDS and any(each.name == answer for each in self.said_before)

    @property
    def awaits_person(self) -> bool:
        """Whether a person was called just before this message."""
        return self.pause < PAUSE_SECONDS and any(each.is_call for each in self.said_before)

    def was_last(self, kind: str) -> bool:
        """Whether the bot's last answer was of this kind."""
        return bool(self.said_before) and self.said_before[-1].kind == kind


@dataclass(frozen=True)
class Say:
    """An answer to speak: its name in ``nlu_data/answers``, its values, keys of choices of its own.

    ``about``: what picks its details where the message has a word of none.
    """

    name: str
    values: Mapping[str, object] = field(default_factory=dict)
    choices: tuple[str, ...] = ()
    about: str = ""


@dataclass(frozen=True)
class Reply:
    """What is said, and the slots that change."""

    says: tuple[Say, ...]
    slots: Mapping[str, Any] = field(default_factory=dict)


def say(answer: str, /, **values: object) -> Reply:
    """A reply of one answer that changes no slot."""
    return Reply((Say(answer, values),))


def read_turn(tracker: "Tracker") -> Asked:
    """The turn as Rasa's tracker tells it."""
    message = tracker.latest_message
    metadata = message.get("metadata") or {}
    time = float(metadata.get("time") or 0)
    text = metadata.get("text") or message.get("text") or ""
    back, turns = taken_back(text), _said_before(tracker.events)
    entities = _counting(message.get("entities") or (), text, back)
    return Asked(
        text=_without(text, back),
        time=time,
        language=metadata.get("language") or LANGUAGES[0],
        openid=tracker.sender_id.partition(":")[2],
        intent=(message.get("intent") or {}).get("name") or "",
        entities=_by_kind(entities),
        rest=_without(_rest(message.get("text") or "", entities), back),
        slots=tracker.slots,
        ranking=_ranking(message.get("intent_ranking") or ()),
        said_before=turns[-1],
        said_earlier=turns[-2],
        heard_before=_heard_before(tracker.events),
        pause=_pause(tracker.events, time),
    )


def _counting(
    entities: Iterable[Mapping[str, Any]], text: str, back: range
) -> list[Mapping[str, Any]]:
    """Those that are neither taken back nor ruled out: 去武汉的不是南京 names one place."""
    found = list(entities)
    gone = {(each["entity"], each["value"]) for each in found if each["start"] in back}
    return [
        each
        for each in found
        if each["start"] not in back
        and not (each["start"] < back.start and (each["entity"], each["value"]) in gone)
        and not (each["entity"] in PLACE and is_ruled_out(text, each["start"], each["end"]))
    ]


def _without(text: str, back: range) -> str:
    return text[: back.start] + text[back.stop :]


def _by_kind(entities: Iterable[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """Each kind's values in the order of the text, none twice."""
    kinds: dict[str, dict[str, None]] = {}
    for entity in entities:
        kinds.setdefault(entity["entity"], {})[str(entity["value"])] = None
    return {kind: tuple(values) for kind, values in kinds.items()}


def _rest(text: str, entities: Iterable[Mapping[str, Any]]) -> str:
    taken = {place for each in entities for place in range(each["start"], each["end"])}
    return "".join(" " if place in taken else each for place, each in enumerate(text))


def _ranking(intents: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, float], ...]:
    return tuple((str(intent["name"]), float(intent["confidence"])) for intent in intents)


def _said_before(events: Iterable[Mapping[str, Any]]) -> list[tuple[Said, ...]]:
    """The bot's answers to each of the messages before this one, the last ones last; at least two, maybe empty."""
    turns: list[list[Said]] = [[]]
    for event in events:
        if event.get("event") == "user":
            turns.append([])
        elif event.get("event") == "bot":
            turns[-1].append(_said(event))
    return [(), (), *map(tuple, turns[:-1])]


def _heard_before(events: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    texts = (
        (event.get("metadata") or {}).get("text") or event.get("text") or ""
        for event in reversed(events)
        if event.get("event") == "user"
    )
    return tuple(itertools.islice(texts, 1, 1 + HEARD))


def _said(event: Mapping[str, Any]) -> Said:
    spoken = (event.get("data") or {}).get("custom") or {}
    text = spoken.get("text") or event.get("text") or ""
    is_call = bool(spoken.get("hand_over"))
    return Said(spoken.get("name", ""), spoken.get("kind", ""), text, is_call)


def _pause(events: Iterable[Mapping[str, Any]], time: float) -> float:
    """Seconds between this message and the one before it, by the followers' clock."""
    times = [
        float((event.get("metadata") or {}).get("time") or 0)
        for event in events
        if event.get("event") == "user"
    ]
    return time - times[-2] if len(times) > 1 else 0.0

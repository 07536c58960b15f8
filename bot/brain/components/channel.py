"""The channel between connector and brain: everything the connector must know of a turn, and an explicit status."""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary, WeakValueDictionary

from bot.collecting import collect_rarely
from bot.corrections import is_ruled_out
from bot.language import language_of
from bot.normalizing import normalized
from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from redis.exceptions import RedisError
from sanic import Blueprint, Sanic, response
from sanic.exceptions import InvalidUsage
from sanic.request import Request
from sanic.response import HTTPResponse

from components.classifier import QUESTIONS, FollowerIntentClassifier
from components.memory import forget, keep_turn, stored_turn
from components.shortcuts import take_shortcuts
from components.together import Together
from components.tracker_store import recent_json

log = logging.getLogger(__name__)

LISTED = 5
"""How many intents of the ranking the connector is told."""

LANGUAGE = "language"

PLACE = ("store", "city")
"""The slots of what was named last; a shop tells its city."""


@dataclass(frozen=True)
class Asked:
    """A message as the connector sends it; ``time`` in Unix seconds."""

    account: str
    sender: str
    message_id: str
    text: str
    time: float

    @classmethod
    def of(cls, body: Any) -> Asked:
        """Read a request's JSON. Raises ValueError that names what is missing or of a wrong kind."""
        if not isinstance(body, dict):
            raise ValueError("the body must be a JSON object")
        for name in ("account", "sender", "message_id", "text"):
            if not isinstance(body.get(name), str) or not body[name]:
                raise ValueError(f"{name} must be a text")
        if not isinstance(body.get("time"), (int, float)):
            raise ValueError("time must be a number")
        # Half a surrogate pair can be written in JSON, but neither stored nor sent.
        text = body["text"].encode(errors="replace").decode()
        return cls(body["account"], body["sender"], body["message_id"], text, body["time"])

    @property
    def sender_id(self) -> str:
        """How Rasa calls the conversation."""
        return f"{self.account}:{self.sender}"

    @property
    def harmless_text(self) -> str:
        """The text for Rasa, which would obey ``/restart`` or ``/intent{...}``; places stay what they were."""
        bare = self.text.lstrip()
        return self.text.replace("/", "／", 1) if bare.startswith("/") else self.text


@dataclass
class Replies(OutputChannel):
    """Collects what is said during one turn."""

    said: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def name(cls) -> str:
        """The channel's name."""
        return "bida"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep an answer; a bare text, which only foreign code says, counts as an answer."""
        spoken = message.get("custom") or {"text": message.get("text") or ""}
        blank = {"name": "", "kind": "answer", "choices": [], "hand_over": None}
        if spoken["text"]:
            self.said.append({**blank, **spoken})


class BidaChannel(InputChannel):
    """``POST /webhooks/bida/webhook``; the request and the answer are described in ``docs/architecture.md``."""

    def __init__(self) -> None:
        """Nobody is being answered yet."""
        self._readers: WeakKeyDictionary[Agent, Together] = WeakKeyDictionary()
        self._turnstiles: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @classmethod
    def name(cls) -> str:
        """The channel's name, as ``credentials.yml`` has it."""
        return "bida"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The channel's addresses."""
        take_shortcuts()
        addresses = Blueprint("bida_channel")

        @addresses.listener("after_server_start")
        async def settle(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
            # The model is loaded by now, and stays: another one comes as another process.
            collect_rarely()

        @addresses.get("/health")
        async def health(request: Request) -> HTTPResponse:
            agent = request.app.ctx.agent
            if agent is None or not agent.is_ready():
                return response.json({"status": "loading"}, status=503)
            return response.json({"status": "ok", "model": _model(agent)})

        @addresses.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            try:
                asked = Asked.of(request.json)
            except (ValueError, InvalidUsage) as fault:
                return response.json({"status": "failed", "error": str(fault)}, status=400)
            agent = request.app.ctx.agent
            await self._reader(agent).read(asked.harmless_text)
            async with self._turnstile(asked.sender_id):
                return response.json(await _turn(agent, asked))

        @addresses.post("/parse")
        async def parse(request: Request) -> HTTPResponse:
            try:
                text = _text_in(request.json)
            except (ValueError, InvalidUsage) as fault:
                return response.json({"status": "failed", "error": str(fault)}, status=400)
            return response.json(await _ranking(request.app.ctx.agent, text))

        # What Sanic says of an unread body or of a fault repeats the address, which holds the openid.
        @addresses.delete("/conversations/<account>/<sender>", ignore_body=False)
        async def erase(request: Request, account: str, sender: str) -> HTTPResponse:
            try:
                async with self._turnstile(f"{account}:{sender}"):
                    await forget(f"{account}:{sender}")
            except RedisError as fault:
                told = {"status": "failed", "error": type(fault).__name__}
                return response.json(told, status=503)
            return response.json({"status": "ok"})

        return addresses

    def _reader(self, agent: Agent) -> Together:
        """What reads the messages that come in together, with this agent's model."""
        if agent not in self._readers:
            self._readers[agent] = Together(_classifier(agent).read_ahead)
        return self._readers[agent]

    def _turnstile(self, sender_id: str) -> asyncio.Lock:
        """One message of a follower at a time, in the order they came in, without Rasa's polling for its lock."""
        return self._turnstiles.setdefault(sender_id, asyncio.Lock())


async def _turn(agent: Agent, asked: Asked) -> dict[str, Any]:
    """The stored turn of a known message, else a new one; what failed is not kept, so that it can be tried again."""
    try:
        stored = await stored_turn(asked.sender_id, asked.message_id)
        return json.loads(stored) if stored else await _new_turn(agent, asked)
    # Whatever goes wrong inside Rasa, the connector is told so and finds a person for the follower.
    except Exception as error:
        log.exception("The turn of message %s failed.", asked.message_id)
        return _failed(asked, f"The turn broke off with {type(error).__name__}; the log has more.")


def _text_in(body: Any) -> str:
    """The text of a request's JSON. Raises ValueError."""
    if not isinstance(body, dict) or not isinstance(body.get("text"), str):
        raise ValueError("text must be a text")
    return body["text"]


async def _ranking(agent: Agent, text: str) -> dict[str, Any]:
    """What a text may mean and names, for people who look for an answer: nobody's conversation goes on with it."""
    asked = Asked("", "", "", text.encode(errors="replace").decode(), 0.0)
    language = language_of(asked.text, None)
    read = await _read(agent, _message(asked, asked.harmless_text, Replies(), language))
    ranking = (read.parse_data.get("intent_ranking") or [])[:LISTED]
    named = [_plain(entity) for entity in read.parse_data.get("entities") or []]
    return {"status": "ok", "language": language, "ranking": ranking, "entities": named}


async def _new_turn(agent: Agent, asked: Asked) -> dict[str, Any]:
    """Let Rasa take the turn: the steps of its MessageProcessor.handle_message, which keeps the result to itself."""
    processor, replies = agent.processor, Replies()
    tracker = await processor.fetch_tracker_and_update_session(asked.sender_id, replies)
    language = language_of(asked.text, tracker.get_slot(LANGUAGE))
    messages = await _questions(agent, asked, replies, language)
    for message in messages:
        said_before = len(replies.said)
        tracker = await _step(agent, message, tracker, language)
        if len(replies.said) == said_before:
            return _failed(asked, f"{_last_action(tracker)} said nothing; the log has more.")
    parsed = messages[0].parse_data
    turn = _told(agent, asked, language, parsed, replies)
    kept = json.dumps(turn, ensure_ascii=False)
    await keep_turn(asked.sender_id, recent_json(tracker), asked.message_id, kept)
    return turn


async def _questions(
    agent: Agent, asked: Asked, replies: Replies, language: str
) -> list[UserMessage]:
    """The message, or each question of it as a message of its own, in the order in which they are asked."""
    whole = await _read(agent, _message(asked, asked.harmless_text, replies, language))
    told = whole.parse_data.get(QUESTIONS)
    if not told:
        return [whole]
    parts = [await _read(agent, _message(asked, each["text"], replies, language)) for each in told]
    for part, each in zip(parts, told, strict=True):
        part.parse_data["intent"] = {"name": each["intent"], "confidence": each["confidence"]}
    parts[0].parse_data[QUESTIONS] = told
    return parts


async def _read(agent: Agent, message: UserMessage) -> UserMessage:
    """Understand a message, without Rasa's look for intents unknown to the domain, of which there can be none."""
    nobody = DialogueStateTracker.from_events(message.sender_id, [])
    message.parse_data = agent.processor._parse_message_with_graph(message, nobody)
    return message


def _classifier(agent: Agent) -> FollowerIntentClassifier:
    nodes = agent.processor.graph_runner._instantiated_nodes.values()
    components = (node._component for node in nodes)
    return next(each for each in components if isinstance(each, FollowerIntentClassifier))


async def _step(
    agent: Agent, message: UserMessage, tracker: DialogueStateTracker, language: str
) -> DialogueStateTracker:
    """Let the dialogue take up one question; what it learns serves the next one of the same message."""
    processor, replies = agent.processor, message.output_channel
    await processor._handle_message_with_tracker(message, tracker)
    tracker.update(SlotSet(LANGUAGE, language), agent.domain)
    await processor._run_prediction_loop(replies, tracker)
    tracker.update_with_events(_place_named(tracker), agent.domain)
    return tracker


def _place_named(tracker: DialogueStateTracker) -> list[SlotSet]:
    """The city or shop of a message that no action took up is kept: 你们广州店还招人不, and later 那个店在哪."""
    message = tracker.latest_message
    turn = itertools.takewhile(lambda event: event is not message, reversed(tracker.events))
    is_taken = any(isinstance(event, SlotSet) and event.key in PLACE for event in turn)
    if is_taken or message is None or not set(PLACE) <= set(tracker.slots):
        return []
    text = message.text or ""
    named = {
        entity["entity"]: entity["value"]
        for entity in message.entities
        if not is_ruled_out(text, entity["start"], entity["end"])
    }
    kind = next((kind for kind in PLACE if kind in named), None)
    return [SlotSet(each, named[kind] if each == kind else None) for each in PLACE] if kind else []


def _message(asked: Asked, text: str, replies: Replies, language: str) -> UserMessage:
    """``text``: the part of the message that is taken up now."""
    metadata = {
        "account": asked.account,
        "text": asked.text if text == asked.harmless_text else text,
        "time": asked.time,
        "language": language,
    }
    return UserMessage(
        text,
        replies,
        asked.sender_id,
        input_channel="bida",
        message_id=asked.message_id,
        metadata=metadata,
    )


def _told(
    agent: Agent, asked: Asked, language: str, parsed: dict[str, Any], replies: Replies
) -> dict[str, Any]:
    return {
        "status": "ok",
        "error": None,
        "message_id": asked.message_id,
        "model": _model(agent),
        "language": language,
        "replies": _distinct(replies.said),
        "nlu": {
            "text": normalized(asked.text),
            "intent": {key: parsed["intent"].get(key) for key in ("name", "confidence")},
            "ranking": (parsed.get("intent_ranking") or [])[:LISTED],
            "entities": [_plain(entity) for entity in parsed.get("entities") or []],
            "questions": parsed.get(QUESTIONS) or [],
        },
    }


def _distinct(said: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Two questions may have one answer, which is told once."""
    return list({each["text"]: each for each in reversed(said)}.values())[::-1]


def _failed(asked: Asked, error: str) -> dict[str, Any]:
    return {"status": "failed", "error": error, "message_id": asked.message_id}


def _last_action(tracker: DialogueStateTracker) -> str:
    """What Rasa had chosen; it logs an action's error and goes on as if nothing had happened."""
    actions = [each for each in tracker.events if isinstance(each, ActionExecuted)]
    names = [each.action_name for each in actions if each.action_name != ACTION_LISTEN_NAME]
    return names[-1] if names else "No action"


def _model(agent: Agent) -> str:
    """The model's name, which is the fingerprint of what it was trained on."""
    return agent.processor.model_filename.partition(".")[0]


def _plain(entity: dict[str, Any]) -> dict[str, Any]:
    return {key: entity.get(key) for key in ("entity", "value", "text", "start", "end")}

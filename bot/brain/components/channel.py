"""The channel between connector and brain: everything the connector must know of a turn, and an explicit status."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.language import language_of
from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from components.memory import TURN_SECONDS, redis, tracker_key, turns_key

log = logging.getLogger(__name__)

LISTED = 5
"""How many intents of the ranking the connector is told."""

LANGUAGE = "language"


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
        return cls(*(body[name] for name in ("account", "sender", "message_id", "text", "time")))

    @property
    def sender_id(self) -> str:
        """How Rasa calls the conversation."""
        return f"{self.account}:{self.sender}"


class Replies(OutputChannel):
    """Collects what is said during one turn."""

    def __init__(self) -> None:
        """Nothing has been said."""
        self.said: list[dict[str, Any]] = []

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

    @classmethod
    def name(cls) -> str:
        """The channel's name, as ``credentials.yml`` has it."""
        return "bida"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The channel's addresses."""
        addresses = Blueprint("bida_channel")

        @addresses.get("/health")
        async def health(request: Request) -> HTTPResponse:
            agent = request.app.ctx.agent
            if agent is None or not agent.is_ready():
                return response.json({"status": "loading"}, status=503)
            return response.json({"status": "ok", "model": agent.model_id})

        @addresses.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            try:
                asked = Asked.of(request.json)
            except ValueError as fault:
                return response.json({"status": "failed", "error": str(fault)}, status=400)
            return response.json(await _turn(request.app.ctx.agent, asked))

        @addresses.delete("/conversations/<account>/<sender>")
        async def forget(request: Request, account: str, sender: str) -> HTTPResponse:
            await redis().delete(tracker_key(f"{account}:{sender}"), turns_key(account, sender))
            return response.json({"status": "ok"})

        return addresses


async def _turn(agent: Agent, asked: Asked) -> dict[str, Any]:
    """The stored turn of a known message, else a new one, stored if it succeeded."""
    turns = turns_key(asked.account, asked.sender)
    stored = await redis().hget(turns, asked.message_id)
    if stored:
        return json.loads(stored)
    try:
        async with agent.lock_store.lock(asked.sender_id):
            turn = await _new_turn(agent, asked)
    # Whatever goes wrong inside Rasa, the connector is told so and finds a person for the follower.
    except Exception as error:
        log.exception("The turn of message %s failed.", asked.message_id)
        return {"status": "failed", "error": type(error).__name__, "message_id": asked.message_id}
    if turn["status"] == "ok":
        pipe = redis().pipeline(transaction=True)
        pipe.hset(turns, asked.message_id, json.dumps(turn, ensure_ascii=False))
        pipe.expire(turns, TURN_SECONDS)
        await pipe.execute()
    return turn


async def _new_turn(agent: Agent, asked: Asked) -> dict[str, Any]:
    """Let Rasa take the turn: the steps of its MessageProcessor.handle_message, which keeps the result to itself."""
    processor, replies = agent.processor, Replies()
    tracker = await processor.fetch_tracker_and_update_session(asked.sender_id, replies)
    language = language_of(asked.text, tracker.get_slot(LANGUAGE))
    metadata = {
        "account": asked.account,
        "text": asked.text,
        "time": asked.time,
        "language": language,
    }
    message = UserMessage(
        asked.text,
        replies,
        asked.sender_id,
        input_channel="bida",
        message_id=asked.message_id,
        metadata=metadata,
    )
    await processor._handle_message_with_tracker(message, tracker)
    tracker.update(SlotSet(LANGUAGE, language), agent.domain)
    tracker = await processor.run_action_extract_slots(replies, tracker)
    await processor._run_prediction_loop(replies, tracker)
    await processor.save_tracker(tracker)
    return _told(agent, asked, language, tracker, replies)


def _told(
    agent: Agent, asked: Asked, language: str, tracker: DialogueStateTracker, replies: Replies
) -> dict[str, Any]:
    parsed = tracker.latest_message.parse_data
    error: str | None = None if replies.said else "nothing was said"
    return {
        "status": "failed" if error else "ok",
        "error": error,
        "message_id": asked.message_id,
        "model": agent.model_id,
        "language": language,
        "replies": replies.said,
        "nlu": {
            "text": asked.text,
            "intent": {key: parsed["intent"].get(key) for key in ("name", "confidence")},
            "ranking": (parsed.get("intent_ranking") or [])[:LISTED],
            "entities": [_plain(entity) for entity in parsed.get("entities") or []],
        },
    }


def _plain(entity: dict[str, Any]) -> dict[str, Any]:
    return {key: entity.get(key) for key in ("entity", "value", "text", "start", "end")}

"""Rasa's action server inside aiohttp: rasa-sdk runs the actions, no web server of its own is needed.

``POST /webhook`` speaks rasa-sdk's protocol: https://rasa.com/docs/rasa/action-server/.
"""

import logging
import re
from typing import Any

from aiohttp import web
from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher
from rasa_sdk.interfaces import (
    ActionExecutionRejection,
    ActionMissingDomainException,
    ActionNotFoundException,
)

from actions.continue_ import Ability
from actions.dialogue import Dialogue
from actions.turn import Asked, Say, read_turn
from bot.answers import AnswerBook
from bot.brand import Brand
from bot.live import Live
from bot.measures import since
from bot.members import Members

log = logging.getLogger(__name__)

MOST_BYTES = 4 * 1024 * 1024
"""What a call may hold: Rasa sends the tracker and the whole domain."""

REFUSALS = {
    ActionExecutionRejection: 400,
    ActionNotFoundException: 404,
    ActionMissingDomainException: 449,
}
"""rasa-sdk's own exceptions and the statuses that Rasa expects for them."""


def create_actions_app(
    brand: Live[Brand], answers: AnswerBook, members: Members
) -> web.Application:
    """The action server; it tells members' points, so it belongs on a private address."""
    app = web.Application(client_max_size=MOST_BYTES)
    app.add_routes(routes(create_executor(brand, answers, members)))
    return app


def routes(executor: ActionExecutor) -> list[web.RouteDef]:
    """The action server's addresses."""

    async def webhook(request: web.Request) -> web.Response:
        try:
            call = await request.json()
        except ValueError:
            return web.json_response({"error": "Invalid body request"}, status=400)
        return await _run(executor, call)

    async def health(request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    return [web.post("/webhook", webhook), web.get("/health", health)]


async def _run(executor: ActionExecutor, call: Any) -> web.Response:
    if not isinstance(call, dict):
        return web.json_response({"error": "Invalid body request"}, status=400)
    try:
        result = await executor.run(call)
    except tuple(REFUSALS) as refusal:
        body = {"error": refusal.message, "action_name": refusal.action_name}
        return web.json_response(body, status=REFUSALS[type(refusal)])
    # The brain is told, and finds a person for the follower.
    except Exception as error:
        log.exception("The action %s failed.", call.get("next_action"))
        return web.json_response({"error": type(error).__name__}, status=500)
    return web.json_response(result.model_dump() if result else None)


def create_executor(brand: Live[Brand], answers: AnswerBook, members: Members) -> ActionExecutor:
    """rasa-sdk's executor with all our actions."""
    executor = ActionExecutor()
    for name, ability in Dialogue(brand, answers, members).abilities().items():
        executor.register_function(name, Speaker(ability, answers).run)
    return executor


class Speaker:
    """An ability as Rasa knows it: reads the turn, speaks the reply, sets the slots."""

    def __init__(self, ability: Ability, answers: AnswerBook) -> None:
        """``ability`` decides what is said, ``answers`` has the texts."""
        self._ability, self._answers = ability, answers

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """One turn."""
        asked = read_turn(tracker)
        reply = await self._ability(asked)
        for each in reply.says:
            dispatcher.utter_message(json_message=self._spoken(each, asked))
        return [SlotSet(slot, value) for slot, value in reply.slots.items()]

    def _spoken(self, said: Say, asked: Asked) -> dict[str, Any]:
        language = asked.language
        about = since(asked.text, asked.time)
        is_detail = self._answers.asks_details(said.name, about)
        about = about if is_detail else said.about or about
        spoken = self._answers.speak(said.name, language, about, **said.values)
        if asked.has_just_heard(said.name) and not is_detail:
            spoken = self._answers.noted(spoken, language)
        own = [self._answers.label(key, language) for key in said.choices]
        return {
            "name": spoken.name,
            "kind": spoken.kind,
            "text": _tidy(spoken.text),
            "choices": own or list(spoken.choices),
            "hand_over": spoken.hand_over,
        }


def _tidy(text: str) -> str:
    """Without the gaps that values left empty would leave between words."""
    return re.sub(r" +(?=[ :,.;])", "", text)

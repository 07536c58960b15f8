"""Rasa's action server inside aiohttp: rasa-sdk runs the actions, no web server of its own is needed.

``POST /webhook`` speaks rasa-sdk's protocol: https://rasa.com/docs/rasa/action-server/.
"""

import logging
import re
from collections.abc import Callable, Mapping
from functools import partial
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

from actions.appointment_booking import appointment_booking
from actions.continue_ import Ability, continue_
from actions.delivery import delivery
from actions.gift_ideas import gift_ideas
from actions.membership_tier import membership_tier
from actions.orders import order
from actions.parking import parking
from actions.pieces import asks_of_other_shop, wishes_for_gift
from actions.points_balance import points_balance, points_rules
from actions.product_availability import product_availability
from actions.product_info import product_info
from actions.product_price import product_price
from actions.product_recommendation import product_recommendation
from actions.product_rules import product_rule
from actions.products import remembered
from actions.promotions import promotions
from actions.rule_told import (
    asks_on,
    asks_own_detail,
    has_tried,
    is_likely_of_rule,
    leans_on_rule,
    rule_asked,
    rule_told,
)
from actions.signs import (
    adds_for_person,
    answers_which_city,
    asks_for_goods,
    asks_for_shop,
    asks_hours_again,
    asks_if_open,
    asks_of_one_shown,
    asks_of_place,
    asks_of_shown,
    asks_way,
    asks_where_order_is,
    changes_budget,
    is_bare,
    is_continued,
    is_doubtful,
    keeps_budget,
    names_budget,
    names_place_or_day,
    names_product,
    tells_of_order,
    wants_cheaper,
    wants_trait,
)
from actions.social import greet, out_of_scope
from actions.store_contact import store_contact
from actions.store_hours import store_hours
from actions.store_location import store_location
from actions.turn import Asked, Reply, Say, read_turn, say
from actions.unsure import unsure
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
    for name, ability in abilities(brand, answers, members).items():
        executor.register_function(name, Speaker(ability, answers).run)
    return executor


SUBJECTS: Mapping[str, Callable[[Brand, Asked], Reply]] = {
    "store_hours": store_hours,
    "store_location": store_location,
    "store_contact": store_contact,
    "parking": parking,
    "gift_ideas": gift_ideas,
    "product_recommendation": product_recommendation,
    "product_availability": product_availability,
    "product_info": product_info,
    "product_price": product_price,
    "promotions": promotions,
    "appointment_booking": appointment_booking,
    "order_status": partial(order, "order_status"),
    "order_change": partial(order, "order_change"),
    "order_cancel": partial(order, "order_cancel"),
}
"""What is told from the brand's files; a later message may go on with it."""

Sign = Callable[[Brand, Asked], bool]

PLACE_SUBJECTS = {"store_hours", "store_location", "store_contact", "parking"}
"""In whose talk the other one is another shop."""

DOUBTS: tuple[Sign, ...] = (is_doubtful, asks_of_shown)
"""Signs that a message with a written answer goes on with the present subject instead."""

GOING_ON: Mapping[str, tuple[Sign, ...]] = {
    "order_status": (tells_of_order,),
    "order_change": (tells_of_order,),
    "order_cancel": (tells_of_order,),
    "store_location": (answers_which_city, asks_where_order_is),
    "product_info": (asks_of_place, wants_trait),
    "product_price": (names_budget, keeps_budget, asks_of_place, wants_trait),
    "promotions": (wants_cheaper, changes_budget),
}
"""Signs that a message of this subject goes on with the present one instead."""


def abilities(brand: Live[Brand], answers: AnswerBook, members: Members) -> dict[str, Ability]:
    """The actions by their names in the domain, each with the parts it needs."""

    def of_brand(tell: Callable[[Brand, Asked], Reply]) -> Ability:
        async def told(asked: Asked) -> Reply:
            return remembered(brand.value, tell(brand.value, asked))

        return told

    subjects = {name: of_brand(tell) for name, tell in SUBJECTS.items()}

    async def points(asked: Asked) -> Reply:
        return await points_balance(answers, members, asked)

    async def tier(asked: Asked) -> Reply:
        return membership_tier(answers, asked)

    async def how_points_work(asked: Asked) -> Reply:
        return points_rules(answers, asked)

    async def on_the_way(asked: Asked) -> Reply:
        return delivery(answers, asked)

    rules = {
        **subjects,
        "membership_tier_upgrade": tier,
        "points_rules": how_points_work,
        "shipping_delivery": on_the_way,
    }

    async def not_sure(asked: Asked) -> Reply:
        return unsure(answers.label, asked)

    async def tell_rule(rule: str, asked: Asked) -> Reply:
        return await rules[rule](asked) if rule in rules else say(f"utter_{rule}")

    async def retell(asked: Asked) -> Reply:
        return await tell_rule(str(rule_told(asked)), asked)

    def unless_it_leans(otherwise: Ability) -> Ability:
        async def told(asked: Asked) -> Reply:
            if asks_hours_again(brand.value, asked):
                return await subjects["store_hours"](asked)
            if has_tried(asked):
                return say("utter_unsolved")
            if adds_for_person(brand.value, asked):
                return say("utter_noted")
            if rule := rule_asked(answers, brand.value, asked):
                return await tell_rule(rule, asked)
            leans = leans_on_rule(brand.value, asked) and not asks_own_detail(answers, asked)
            return await (retell if leans else otherwise)(asked)

        return told

    async def goes_on(asked: Asked) -> Reply:
        if asked.intent != "deny" and names_product(brand.value, asked):
            return await subjects["product_info"](asked)
        return await continue_(brand.value, subjects, retell, not_sure, asked)

    def is_other_shop(_: Brand, asked: Asked) -> bool:
        return asked.kept("subject") in PLACE_SUBJECTS and asks_of_other_shop(asked)

    def going_on_if(otherwise: Ability, *signs: Sign) -> Ability:
        async def told(asked: Asked) -> Reply:
            is_more = any(sign(brand.value, asked) for sign in signs)
            return await (goes_on if is_more else otherwise)(asked)

        return told

    async def written(asked: Asked) -> Reply:
        return say(f"utter_{asked.intent}")

    async def greeted(asked: Asked) -> Reply:
        return greet(asked)

    async def outside(asked: Asked) -> Reply:
        return out_of_scope(asked)

    async def not_understood(asked: Asked) -> Reply:
        if wishes_for_gift(brand.value, asked):
            return await subjects["gift_ideas"](asked)
        if is_likely_of_rule(asked):
            return await retell(asked)
        if asks_way(asked):
            return await subjects["store_location"](asked)
        if asks_if_open(brand.value, asked):
            return await subjects["store_hours"](asked)
        if asks_for_shop(asked):
            return await subjects["store_location"](asked)
        if asks_for_goods(asked):
            return await subjects["product_recommendation"](asked)
        return await (retell if asks_on(asked) else not_sure)(asked)

    def unless_it_answers(otherwise: Ability) -> Ability:
        """What goes on with the talk needs no understanding: a bare order number is like nothing learnt."""

        async def told(asked: Asked) -> Reply:
            if rule := rule_asked(answers, brand.value, asked):
                return await tell_rule(rule, asked)
            is_shown = asks_of_one_shown(brand.value, asked)
            if not is_shown and is_continued(brand.value, asked):
                return await subjects[str(asked.kept("subject"))](asked)
            is_likely = is_shown or not asked.is_sure
            is_product = is_likely and names_product(brand.value, asked)
            return await (subjects["product_info"] if is_product else otherwise)(asked)

        return told

    def unless_it_adds(otherwise: Ability) -> Ability:
        async def told(asked: Asked) -> Reply:
            if adds_for_person(brand.value, asked):
                return say("utter_noted")
            return await otherwise(asked)

        return told

    def going_on(name: str, ability: Ability) -> Ability:
        signs = (is_bare, is_doubtful, is_other_shop, *GOING_ON.get(name, ()))
        return unless_it_leans(going_on_if(ability, *signs))

    return {
        **{f"action_{name}": going_on(name, ability) for name, ability in subjects.items()},
        "action_points_balance": unless_it_leans(points),
        "action_membership_tier": unless_it_leans(going_on_if(tier, *DOUBTS)),
        "action_delivery": unless_it_leans(going_on_if(on_the_way, *DOUBTS)),
        "action_product_rule": unless_it_leans(going_on_if(of_brand(product_rule), *DOUBTS)),
        "action_continue": unless_it_leans(goes_on),
        "action_doubtful": unless_it_leans(going_on_if(written, *DOUBTS)),
        "action_unsure": unless_it_adds(unless_it_answers(not_understood)),
        "action_greet": going_on_if(greeted, names_place_or_day),
        "action_out_of_scope": unless_it_answers(unless_it_leans(outside)),
    }


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
        spoken = self._answers.speak(said.name, language, about, **said.values)
        if asked.has_just_heard(said.name):
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

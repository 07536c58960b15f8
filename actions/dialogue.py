"""Which ability takes a message up: that of its intent, that of the talk, a rule just told, or a person."""

from collections.abc import Callable, Mapping
from functools import partial

from actions.appointment_booking import appointment_booking
from actions.continue_ import Ability, continue_
from actions.delivery import delivery
from actions.gift_ideas import gift_ideas
from actions.membership_tier import membership_tier
from actions.orders import order
from actions.parking import parking
from actions.pieces import asks_of_other_shop, pieces_in, wishes_for_gift
from actions.points_balance import points_balance, points_rules
from actions.product_availability import product_availability
from actions.product_info import product_info
from actions.product_price import product_price
from actions.product_recommendation import product_recommendation
from actions.product_rules import product_rule
from actions.products import remembered
from actions.promotions import promotions
from actions.requests import asks_ideas, noted, request_asked
from actions.rule_told import (
    IN_SHOPS,
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
    asks_phone,
    asks_stock_there,
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
    rules_out,
    takes_leave,
    tells_of_order,
    wants_cheaper,
    wants_shown_again,
    wants_trait,
)
from actions.social import greet, out_of_scope
from actions.store_contact import store_contact
from actions.store_hours import store_hours
from actions.store_location import store_location
from actions.turn import Asked, Reply, say
from actions.unsure import unsure
from bot.answers import AnswerBook
from bot.brand import Brand
from bot.intents import FALLBACK
from bot.live import Live
from bot.members import Members

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
    "product_availability": (wants_trait,),
    "product_info": (asks_of_place, wants_trait, rules_out),
    "product_price": (names_budget, keeps_budget, asks_of_place, wants_trait),
    "promotions": (wants_cheaper, changes_budget),
}
"""Signs that a message of this subject goes on with the present one instead."""


OWN_DETAIL = 0.5
"""A rule of at least this confidence, of which a detail is asked, gives way to no talk."""


class Dialogue:
    """The actions of one brand, each with the parts it needs."""

    def __init__(self, brand: Live[Brand], answers: AnswerBook, members: Members) -> None:
        """``brand`` and ``answers`` as the files stand, ``members`` who tells points."""
        self._brand, self._answers, self._members = brand, answers, members
        self._subjects = {name: self._of_brand(tell) for name, tell in SUBJECTS.items()}
        self._rules: Mapping[str, Ability] = {
            **self._subjects,
            "membership_tier_upgrade": self._tier,
            "points_rules": self._points_rules,
            "shipping_delivery": self._delivery,
        }

    def abilities(self) -> dict[str, Ability]:
        """The actions by their names in the domain."""
        rule = self._of_brand(product_rule)
        subjects = self._subjects.items()
        return {
            **{f"action_{name}": self._going_on(name, ability) for name, ability in subjects},
            "action_points_balance": self._unless_of_talk(self._points),
            "action_membership_tier": self._unless_doubtful(self._tier),
            "action_delivery": self._unless_doubtful(self._delivery),
            "action_product_rule": self._unless_doubtful(rule),
            "action_continue": self._unless_of_talk(self._goes_on),
            "action_doubtful": self._unless_doubtful(_written),
            "action_unsure": self._unless_it_answers(self._not_understood),
            "action_greet": self._going_on_if(_greeted, names_place_or_day),
            "action_out_of_scope": self._unless_it_answers(self._unless_of_talk(_outside)),
        }

    # --- what is told ---

    def _of_brand(self, tell: Callable[[Brand, Asked], Reply]) -> Ability:
        async def told(asked: Asked) -> Reply:
            return remembered(self._brand.value, tell(self._brand.value, asked))

        return told

    async def _points(self, asked: Asked) -> Reply:
        return await points_balance(self._answers, self._members, asked)

    async def _points_rules(self, asked: Asked) -> Reply:
        return points_rules(self._answers, asked)

    async def _tier(self, asked: Asked) -> Reply:
        return membership_tier(self._answers, asked)

    async def _delivery(self, asked: Asked) -> Reply:
        return delivery(self._answers, asked)

    async def _unsure(self, asked: Asked) -> Reply:
        return unsure(self._answers.label, asked)

    async def _tell_rule(self, rule: str, asked: Asked) -> Reply:
        rules = self._rules
        reply = await rules[rule](asked) if rule in rules else say(f"utter_{rule}")
        if rule not in IN_SHOPS or not pieces_in(self._brand.value, asked) & {"city", "store"}:
            return reply
        # I'm in Guangzhou, where do I bring it: the shop there as well.
        shop = await self._subjects["store_location"](asked)
        return Reply((*reply.says, *shop.says), {**reply.slots, **shop.slots})

    async def _retell(self, asked: Asked) -> Reply:
        return await self._tell_rule(str(rule_told(asked)), asked)

    # --- what the talk makes of a message ---

    def _of_talk(self, asked: Asked) -> Ability | None:
        """What a message goes on with, whatever it is taken for; None if it may stand for itself."""
        brand = self._brand.value
        if asks_hours_again(brand, asked):
            return self._subjects["store_hours"]
        if asks_stock_there(brand, asked):
            return self._subjects["product_availability"]
        if has_tried(asked):
            return _saying("utter_unsolved")
        if asks_ideas(brand, asked):
            return self._subjects["gift_ideas"]
        if request := request_asked(brand, asked):
            return _noting(request)
        if self._asks_of_cancelling(asked):
            return self._subjects["order_cancel"]
        if adds_for_person(brand, asked):
            return _saying("utter_noted")
        if takes_leave(brand, asked):
            return _saying("utter_thanks")
        if rule := rule_asked(self._answers, brand, asked):
            return partial(self._tell_rule, rule)
        leans = leans_on_rule(brand, asked) and not asks_own_detail(self._answers, asked)
        return self._retell if leans else None

    def _asks_of_cancelling(self, asked: Asked) -> bool:
        """When do I get the money back, after an order is cancelled: no parcel is sent back."""
        answer = "utter_order_cancel"
        return asked.has_just_heard(answer) and self._answers.asks_details(answer, asked.text)

    def _unless_of_talk(self, otherwise: Ability) -> Ability:
        async def told(asked: Asked) -> Reply:
            return await (self._of_talk(asked) or otherwise)(asked)

        return told

    def _unless_doubtful(self, otherwise: Ability) -> Ability:
        async def told(asked: Asked) -> Reply:
            # 戒指大了怎么办 after some rings asks of their size.
            is_own = asked.confidence >= OWN_DETAIL and asks_own_detail(self._answers, asked)
            signs = () if is_own else DOUBTS
            return await self._going_on_if(otherwise, *signs)(asked)

        return self._unless_of_talk(told)

    def _going_on(self, name: str, ability: Ability) -> Ability:
        signs = (is_bare, is_doubtful, _is_other_shop, *GOING_ON.get(name, ()))
        return self._unless_of_talk(self._going_on_if(ability, *signs))

    def _going_on_if(self, otherwise: Ability, *signs: Sign) -> Ability:
        async def told(asked: Asked) -> Reply:
            is_more = any(sign(self._brand.value, asked) for sign in signs)
            return await (self._goes_on if is_more else otherwise)(asked)

        return told

    async def _goes_on(self, asked: Asked) -> Reply:
        brand, subjects = self._brand.value, self._subjects
        if asked.intent != "deny" and names_product(brand, asked):
            return await subjects["product_info"](asked)
        if asked.intent != "deny" and wants_shown_again(asked):
            return await subjects["gift_ideas"](asked)
        return await continue_(brand, subjects, self._retell, self._unsure, asked)

    def _unless_it_answers(self, otherwise: Ability) -> Ability:
        """What goes on with the talk needs no understanding: a bare order number is like nothing learnt."""

        async def told(asked: Asked) -> Reply:
            return await (self._answering(asked) or otherwise)(asked)

        return told

    def _answering(self, asked: Asked) -> Ability | None:
        brand = self._brand.value
        if request := request_asked(brand, asked):
            return _noting(request)
        if asked.intent == FALLBACK and adds_for_person(brand, asked):
            return _saying("utter_noted")
        if rule := rule_asked(self._answers, brand, asked):
            return partial(self._tell_rule, rule)
        if not asked.is_sure and asks_phone(asked):
            return self._subjects["store_contact"]
        is_shown = asks_of_one_shown(brand, asked)
        if asks_hours_again(brand, asked):
            return self._subjects["store_hours"]
        if not is_shown and is_continued(brand, asked):
            return self._subjects[str(asked.kept("subject"))]
        is_likely = is_shown or not asked.is_sure
        return self._subjects["product_info"] if is_likely and names_product(brand, asked) else None

    async def _not_understood(self, asked: Asked) -> Reply:
        return await self._likeliest(asked)(asked)

    def _likeliest(self, asked: Asked) -> Ability:
        """What a message that is not understood is most likely about, by what it names."""
        brand, subjects = self._brand.value, self._subjects
        if wishes_for_gift(brand, asked):
            return subjects["gift_ideas"]
        if is_likely_of_rule(asked):
            return self._retell
        if asks_way(asked):
            return subjects["store_location"]
        if asks_if_open(brand, asked):
            return subjects["store_hours"]
        if asks_for_shop(asked):
            return subjects["store_location"]
        if asks_for_goods(asked):
            return subjects["product_recommendation"]
        return self._retell if asks_on(asked) else self._unsure


def _is_other_shop(_: Brand, asked: Asked) -> bool:
    return asked.kept("subject") in PLACE_SUBJECTS and asks_of_other_shop(asked)


def _saying(answer: str) -> Ability:
    async def told(_: Asked) -> Reply:
        return say(answer)

    return told


def _noting(request: str) -> Ability:
    async def told(_: Asked) -> Reply:
        return noted(request)

    return told


async def _written(asked: Asked) -> Reply:
    return say(f"utter_{asked.intent}")


async def _greeted(asked: Asked) -> Reply:
    return greet(asked)


async def _outside(asked: Asked) -> Reply:
    return out_of_scope(asked)

"""What comes next in a conversation: Rasa's RulePolicy, which need not think twice about the same turn."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from bot.intents import CALLS, LEANING, QUIET
from bot.spelling import length
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME, PREVIOUS_ACTION
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

Turn = tuple[str | None, tuple[str, ...]]
"""The intent of the last message, and the actions since."""

GOING_ON = "action_doubtful"
"""Decides whether a message of a doubtful intent rather goes on with the talk, and else speaks its written answer."""

BRIEF = 12
"""After an answer a message of at most so many characters may ask of a detail of it, however sure its intent is."""

SUBJECT = "subject"
"""The slot that holds what is talked of, by which our own domain is known."""


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class RememberingRulePolicy(RulePolicy):
    """RulePolicy that predicts once what follows an intent and the actions since, and then knows it.

    Rasa compares the conversation with every rule, twice, at every step: with fifty rules 5 ms a message. Where
    each rule starts with a message and holds no other, and no slot or loop has a say, the turn decides alone;
    anything else is predicted as Rasa does.

    In the middle of a talk a doubtful intent with a written answer is left to ``action_doubtful``: 禮拜天到的話呢
    after opening hours is nearly, but not quite, a question about delivery. So is a brief one after an answer:
    运费算谁的 after the rule of returns.

    Settings: those of RulePolicy.
    """

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """The remembered prediction for this turn, or RulePolicy's."""
        turn = _turn(tracker)
        if turn and turn[1] == (GOING_ON,):
            return self._of_action(ACTION_LISTEN_NAME, tracker, domain)
        prediction = self._by_rules(turn, tracker, domain, rule_only_data, **kwargs)
        is_left = turn and _may_go_on(turn, tracker) and _is_written(turn, prediction, domain)
        return self._of_action(GOING_ON, tracker, domain) if is_left else prediction

    def _of_action(
        self, action: str, tracker: DialogueStateTracker, domain: Domain
    ) -> PolicyPrediction:
        return self._prediction(self._prediction_result(action, tracker, domain))

    def _by_rules(
        self,
        turn: Turn | None,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        if tracker.active_loop or turn is None or not self._is_decided_by_turn(domain):
            return super().predict_action_probabilities(tracker, domain, rule_only_data, **kwargs)
        known = self._known
        if turn not in known:
            known[turn] = super().predict_action_probabilities(
                tracker, domain, rule_only_data, **kwargs
            )
        return known[turn]

    @property
    def _known(self) -> dict[Turn, PolicyPrediction]:
        return self.__dict__.setdefault("_predictions", {})

    def _is_decided_by_turn(self, domain: Domain) -> bool:
        known = self.__dict__
        if "_by_turn" not in known:
            has_say = any(slot.influence_conversation for slot in domain.slots)
            known["_by_turn"] = not has_say and _are_of_one_turn(self.lookup[RULES])
        return bool(known["_by_turn"])


def _turn(tracker: DialogueStateTracker) -> Turn | None:
    actions: list[str] = []
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return event.intent_name, tuple(reversed(actions))
        if isinstance(event, ActionExecuted):
            actions.append(event.action_name)
    return None


def _may_go_on(turn: Turn, tracker: DialogueStateTracker) -> bool:
    message = tracker.latest_message
    if turn[1] or message is None or turn[0] in CALLS or SUBJECT not in tracker.slots:
        return False
    said = next((each for each in reversed(tracker.events) if isinstance(each, BotUttered)), None)
    if said is None:
        return False
    if float(message.intent.get("confidence", 1.0)) < LEANING:
        return True
    is_answered = (said.data.get("custom") or {}).get("kind") == "answer"
    return is_answered and turn[0] not in QUIET and length(message.text or "") <= BRIEF


def _is_written(turn: Turn, prediction: PolicyPrediction, domain: Domain) -> bool:
    """Whether the answer is the text of the intent itself."""
    best = max(range(len(prediction.probabilities)), key=prediction.probabilities.__getitem__)
    names = domain.action_names_or_texts
    return GOING_ON in names and names[best] == f"utter_{turn[0]}"


def _are_of_one_turn(rules: Iterable[str]) -> bool:
    """Whether each rule's states, which Rasa keeps as JSON, hold one message: the one that it starts with."""
    for rule in rules:
        listened = [_listened(state) for state in json.loads(rule)]
        if listened.count(True) != 1 or not listened[0]:
            return False
    return True


def _listened(state: dict[str, Any]) -> bool:
    return bool(state.get(PREVIOUS_ACTION, {}).get("action_name") == ACTION_LISTEN_NAME)

"""What is quicker than in Rasa is still what Rasa does."""

from pathlib import Path

import pytest
from components.rules import RememberingRulePolicy
from components.shortcuts import DirectGraphRunner, _is_answer
from doubles import Actions, Brain
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent, load_agent
from rasa.core.channels.channel import UserMessage
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker


@pytest.fixture
async def agent(model: Path) -> Agent:
    return await load_agent(model_path=str(model))


def _policy(agent: Agent) -> RememberingRulePolicy:
    nodes = agent.processor.graph_runner._instantiated_nodes.values()
    (policy,) = (n._component for n in nodes if isinstance(n._component, RememberingRulePolicy))
    return policy


async def test_each_turn_goes_on_as_the_rules_say_the_first_time_and_later(agent: Agent) -> None:
    policy, domain = _policy(agent), agent.domain
    chosen = set()
    for intent in domain.intents:
        tracker = DialogueStateTracker("someone", domain.slots)
        tracker.update(ActionExecuted("action_listen"), domain)
        tracker.update(UserUttered("…", {"name": intent, "confidence": 1.0}), domain)
        for _ in range(2):
            wanted = RulePolicy.predict_action_probabilities(policy, tracker, domain)
            for _ in range(2):
                given = policy.predict_action_probabilities(tracker, domain)
                assert given.probabilities == wanted.probabilities
                assert given.policy_name == wanted.policy_name
            action = domain.action_names_or_texts[
                wanted.probabilities.index(max(wanted.probabilities))
            ]
            chosen.add(action)
            tracker.update(ActionExecuted(action), domain)
    assert len(chosen) > 20
    assert "action_listen" in chosen


@pytest.mark.parametrize(
    ("intent", "confidence", "has_answered", "action"),
    [
        ("how_to_order", 0.7, True, "action_doubtful"),
        ("how_to_order", 0.7, False, "utter_how_to_order"),
        ("how_to_order", 0.9, True, "utter_how_to_order"),
        ("store_location", 0.5, True, "action_store_location"),
        ("complaint", 0.5, True, "utter_complaint"),
    ],
)
async def test_a_doubtful_written_answer_in_a_talk_is_left_to_an_action(
    agent: Agent, intent: str, confidence: float, has_answered: bool, action: str
) -> None:
    policy, domain = _policy(agent), agent.domain
    tracker = DialogueStateTracker("someone", domain.slots)
    if has_answered:
        tracker.update(BotUttered("…"), domain)
    tracker.update(ActionExecuted("action_listen"), domain)
    tracker.update(UserUttered("…", {"name": intent, "confidence": confidence}), domain)
    for wanted in (action, "action_listen"):
        given = policy.predict_action_probabilities(tracker, domain).probabilities
        assert domain.action_names_or_texts[given.index(max(given))] == wanted
        tracker.update(ActionExecuted(wanted), domain)


@pytest.mark.parametrize(
    ("text", "intent", "kind", "action"),
    [
        ("运费算谁的", "how_to_order", "answer", "action_doubtful"),
        ("who pays the postage", "how_to_order", "answer", "action_doubtful"),
        ("运费算谁的", "how_to_order", "clarify", "utter_how_to_order"),
        (
            "寄到乌鲁木齐的运费算谁的，贵不贵",
            "how_to_order",
            "answer",
            "utter_how_to_order",
        ),
        ("谢谢", "thanks", "answer", "utter_thanks"),
        ("运费都要我出，太差", "complaint", "answer", "utter_complaint"),
    ],
)
async def test_a_brief_message_after_an_answer_may_ask_of_a_detail_of_it(
    agent: Agent, text: str, intent: str, kind: str, action: str
) -> None:
    policy, domain = _policy(agent), agent.domain
    tracker = DialogueStateTracker("someone", domain.slots)
    tracker.update(BotUttered("…", {"custom": {"kind": kind}}), domain)
    tracker.update(ActionExecuted("action_listen"), domain)
    tracker.update(UserUttered(text, {"name": intent, "confidence": 0.95}), domain)
    given = policy.predict_action_probabilities(tracker, domain).probabilities
    assert domain.action_names_or_texts[given.index(max(given))] == action


async def test_a_rule_that_looks_further_back_is_left_to_rasa(agent: Agent) -> None:
    policy = _policy(agent)
    assert policy._is_decided_by_turn(agent.domain)
    policy.__dict__.pop("_by_turn")
    listened = '{"prev_action": {"action_name": "action_listen"}, "user": {"intent": "greet"}}'
    policy.lookup["rules"][f"[{listened}, {listened}]"] = "action_greet"
    assert not policy._is_decided_by_turn(agent.domain)


async def test_the_graph_gives_what_dask_gives(agent: Agent) -> None:
    runner = agent.processor.graph_runner
    parsed = []
    for kind in (DaskGraphRunner, DirectGraphRunner):
        runner.__class__ = kind
        parsed.append(await agent.processor.parse_message(UserMessage("上海店几点关门")))
    assert parsed[0]["intent"]["name"] == "store_hours"
    assert parsed[0] == parsed[1]
    with pytest.raises(GraphRunError):
        runner.run(inputs={next(iter(runner._instantiated_nodes)): 1})


@pytest.mark.parametrize(
    "answer", [None, [], {"events": {}}, {"responses": ["…"]}, {"events": [1]}]
)
def test_what_no_action_would_answer_is_refused(answer: object) -> None:
    with pytest.raises(ValidationError, match="action_greet"):
        _is_answer(RemoteAction("action_greet", None), answer)


async def test_the_actions_are_called_on_a_kept_connection(brain: Brain, actions: Actions) -> None:
    for city in ("上海", "北京", "成都"):
        await brain.say(f"你们{city}店几点关门")
    assert len(actions.calls) == 3
    assert len(actions.callers) == 1

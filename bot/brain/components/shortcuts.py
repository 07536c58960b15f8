"""Three places where Rasa 3.6.21 takes longer over a message than it needs to, replaced in this process.

What each of them does stays the same; docs/performance.md says what they cost.
"""

from __future__ import annotations

from functools import lru_cache
from graphlib import TopologicalSorter
from typing import Any

import rasa.core.processor
import ujson
from aiohttp import BaseConnector, BasicAuth, ClientSession, ClientTimeout, TCPConnector
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.core.constants import DEFAULT_REQUEST_TIMEOUT
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.utils.endpoints import EndpointConfig


def take_shortcuts() -> None:
    """Replace all three; to be called before a model is loaded."""
    rasa.core.processor.DaskGraphRunner = DirectGraphRunner  # type: ignore[misc]
    RemoteAction._validate_action_result = _is_answer  # type: ignore[method-assign]
    EndpointConfig.session = _session  # type: ignore[method-assign]


class DirectGraphRunner(DaskGraphRunner):
    """Runs a model's components one after the other, in an order found once; Dask plans each message anew."""

    def run(
        self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        """What each target gives; ``inputs`` are known by the names under which components need them."""
        wanted = tuple(targets or self._graph_schema.target_names)
        known = dict(inputs or {})
        if clash := known.keys() & self._instantiated_nodes.keys():
            raise GraphRunError(f"{sorted(clash)[0]} is an input and a component.")
        for name, needs in self._order(wanted):
            given = [(need, known[need]) if need in known else need for need in needs]
            _, known[name] = self._instantiated_nodes[name](*given)
        return {target: known[target] for target in wanted}

    def _order(self, targets: tuple[str, ...]) -> list[tuple[str, list[str]]]:
        orders: dict[tuple[str, ...], list[tuple[str, list[str]]]] = self.__dict__.setdefault(
            "_orders", {}
        )
        if targets not in orders:
            nodes = self._graph_schema.minimal_graph_schema(list(targets)).nodes
            needs = {name: list(node.needs.values()) for name, node in nodes.items()}
            order = TopologicalSorter(needs).static_order()
            orders[targets] = [(name, needs[name]) for name in order if name in needs]
        return orders[targets]


def _is_answer(action: RemoteAction, answer: Any) -> bool:
    """True; raises ValidationError, as Rasa expects, for an answer that no action would give.

    Rasa checks each event against the schemas of all kinds of events, and the schemas themselves; an event of an
    unknown kind is refused as well when it is read afterwards.
    """
    if not isinstance(answer, dict):
        raise ValidationError(f"{action.name()} answered with no JSON object.")
    for part in ("events", "responses"):
        listed = answer.get(part, [])
        if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
            raise ValidationError(f"{part} of {action.name()}'s answer is no list of objects.")
    return True


def _session(endpoint: EndpointConfig) -> ClientSession:
    """A session on kept connections; Rasa opens a new one for every call."""
    auth = BasicAuth(**_named(endpoint.basic_auth)) if endpoint.basic_auth else None
    timeout = ClientTimeout(total=DEFAULT_REQUEST_TIMEOUT)
    return ClientSession(
        headers=endpoint.headers,
        auth=auth,
        timeout=timeout,
        json_serialize=ujson.dumps,
        connector=_connections(),
        connector_owner=False,
    )


@lru_cache(maxsize=1)
def _connections() -> BaseConnector:
    return TCPConnector(limit=0)


def _named(auth: dict[str, str]) -> dict[str, str]:
    return {"login": auth["username"], "password": auth["password"]}

"""The action server speaks rasa-sdk's protocol."""

from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

from actions.server import routes
from tests.actions.conftest import Talk

Client = TestClient[Any, Any]
EMPTY = {"sender_id": "wx1:follower", "slots": {}, "latest_message": {}, "events": []}


async def test_it_is_healthy(client: Client) -> None:
    response = await client.get("/health")
    assert await response.json() == {"status": "ok"}


async def test_an_unknown_action_is_not_found(client: Client) -> None:
    call = {"next_action": "action_dance", "tracker": {}, "domain": {}}
    response = await client.post("/webhook", json=call)
    assert response.status == 404
    assert (await response.json())["action_name"] == "action_dance"


async def test_a_call_without_the_domain_asks_for_it(client: Client) -> None:
    call = {"next_action": "action_store_hours", "tracker": {}}
    response = await client.post("/webhook", json=call)
    assert response.status == 449


async def test_broken_calls_are_refused(client: Client) -> None:
    assert (await client.post("/webhook", data=b"{")).status == 400
    assert (await client.post("/webhook", json=["x"])).status == 400


async def test_a_fault_is_told_without_its_words(client: Client) -> None:
    call = {"next_action": "action_store_hours", "domain": {"x": 1}}
    response = await client.post("/webhook", json=call)
    assert response.status == 500
    assert await response.json() == {"error": "KeyError"}


async def test_the_reply_has_the_channels_form(talk: Talk) -> None:
    reply = await talk.say("几点关门", "store_hours")
    assert set(reply) == {"name", "kind", "text", "choices", "hand_over"}


async def test_a_rejection_is_told_with_the_action() -> None:
    async def reject(dispatcher: Any, tracker: Any, domain: Any) -> None:
        raise ActionExecutionRejection("action_picky")

    executor, app = ActionExecutor(), web.Application()
    executor.register_function("action_picky", reject)
    app.add_routes(routes(executor))
    async with TestClient(TestServer(app)) as client:
        call = {"next_action": "action_picky", "tracker": EMPTY, "domain": {"x": 1}}
        response = await client.post("/webhook", json=call)
        assert response.status == 400
        assert (await response.json())["action_name"] == "action_picky"

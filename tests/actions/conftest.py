"""A conversation with the action server over HTTP, as Rasa holds it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiohttp.test_utils import TestClient, TestServer

from actions.server import create_actions_app
from bot.answers import AnswerBook
from bot.brand import Brand
from bot.brand_files import live_brand
from bot.live import Live
from bot.members import CrmUnavailable, Member

BRAND = Path(__file__).parent / "brand"
SHANGHAI = ZoneInfo("Asia/Shanghai")

ACTIONS = {
    "store_hours": "action_store_hours",
    "store_location": "action_store_location",
    "store_contact": "action_store_contact",
    "gift_ideas": "action_gift_ideas",
    "membership_points_balance": "action_points_balance",
    "inform": "action_continue",
    "affirm": "action_continue",
    "deny": "action_continue",
    "promotion_campaign": "action_promotions",
    "membership_tier_upgrade": "action_membership_tier",
    "product_availability": "action_product_availability",
    "product_info": "action_product_info",
    "product_price": "action_product_price",
    "product_recommendation": "action_product_recommendation",
    "order_change": "action_order_change",
    "order_cancel": "action_order_cancel",
    "order_status": "action_order_status",
    "appointment_booking": "action_appointment_booking",
    "out_of_scope": "action_out_of_scope",
    "greet": "action_greet",
    "shipping_delivery": "action_delivery",
    "membership_join": "action_doubtful",
    "invoice": "action_doubtful",
    "personalisation_engraving": "action_product_rule",
    "size_fitting": "action_product_rule",
    "care_maintenance": "action_product_rule",
    "gift_wrapping": "action_product_rule",
    "parking": "action_parking",
    "repair_aftersales": "action_doubtful",
    "return_exchange": "action_doubtful",
    "corporate_orders": "action_doubtful",
    "nlu_fallback": "action_unsure",
}
"""Which action answers an intent, as the rules have it."""


class Register:
    """A customer register that knows who was put into it."""

    def __init__(self) -> None:
        self.members: dict[str, Member] = {}
        self.is_down = False

    async def find(self, openid: str) -> Member | None:
        """The member, None if nobody was put in."""
        if self.is_down:
            raise CrmUnavailable("down")
        return self.members.get(openid)


@dataclass
class Talk:
    """Keeps slots and events between the turns; ``now`` is the next message's time."""

    client: TestClient[Any, Any]
    language: str = "zh-Hans"
    now: datetime = datetime(2026, 11, 25, 15, 0, tzinfo=SHANGHAI)
    slots: dict[str, Any] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)

    async def say(
        self, text: str, intent: str, ranking: dict[str, float] | None = None, **entities: str
    ) -> dict[str, Any]:
        """One turn of one reply."""
        (reply,) = await self.turn(text, intent, ranking, **entities)
        return reply

    async def turn(
        self, text: str, intent: str, ranking: dict[str, float] | None = None, **entities: str
    ) -> list[dict[str, Any]]:
        """One turn and all its replies."""
        message = self._message(text, intent, ranking or {}, entities)
        user = {"event": "user", "text": text, "metadata": message["metadata"]}
        self.events.append({**user, "parse_data": {"entities": message["entities"]}})
        response = await self.client.post("/webhook", json=self._call(ACTIONS[intent], message))
        assert response.status == 200, await response.text()
        result = await response.json()
        self.slots |= {event["name"]: event["value"] for event in result["events"]}
        self.events += result["events"]
        replies: list[dict[str, Any]] = [each["custom"] for each in result["responses"]]
        self.events += [{"event": "bot", "text": None, "data": {"custom": r}} for r in replies]
        return replies

    def _message(
        self, text: str, intent: str, ranking: dict[str, float], entities: dict[str, str]
    ) -> dict[str, Any]:
        return {
            "text": text,
            "intent": {"name": intent, "confidence": 0.9},
            "intent_ranking": [
                {"name": name, "confidence": confidence} for name, confidence in ranking.items()
            ],
            "entities": [
                _entity(text, kind, value)
                for kind, values in entities.items()
                for value in values.split()
            ],
            "metadata": {
                "account": "wx1",
                "text": text,
                "time": self.now.timestamp(),
                "language": self.language,
            },
        }

    def _call(self, action: str, message: dict[str, Any]) -> dict[str, Any]:
        return {
            "version": "3.6.21",
            "next_action": action,
            "sender_id": "wx1:follower",
            "domain": {"actions": [action]},
            "tracker": {
                "sender_id": "wx1:follower",
                "slots": self.slots,
                "latest_message": message,
                "events": self.events,
                "paused": False,
                "followup_action": None,
                "active_loop": {},
                "latest_action_name": "action_listen",
            },
        }


def _entity(text: str, kind: str, value: str) -> dict[str, Any]:
    """``北京=beijing`` stands where 北京 stands; an id alone stands nowhere."""
    named, _, id = value.rpartition("=")
    start = max(text.find(named or id), 0)
    length = len(named or id) if (named or id) in text else 0
    return {"entity": kind, "value": id, "start": start, "end": start + length}


@pytest.fixture
def register() -> Register:
    """A customer register without members."""
    return Register()


@pytest.fixture(scope="session")
def answers(nlu_data: Path) -> AnswerBook:
    """The shipped answers."""
    return AnswerBook(nlu_data)


@pytest.fixture(scope="session")
def brand() -> Live[Brand]:
    """The small brand."""
    return live_brand(BRAND)


@pytest.fixture
async def client(
    brand: Live[Brand], answers: AnswerBook, register: Register
) -> AsyncIterator[TestClient[Any, Any]]:
    """The action server with the small brand and the shipped answers."""
    app = create_actions_app(brand, answers, register)
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.fixture
def talk(client: TestClient[Any, Any]) -> Talk:
    """A conversation in Simplified Chinese on Wednesday 25 November 2026, 15:00 in Shanghai."""
    return Talk(client)

"""A brain without a model, for drills: the real one's channel and memory, and a start within a second.

It understands one thing: the number of a question (``#f03-0012``), which its answer repeats. Like the real one it keeps
each turn in Redis, lets an action speak, and says ``failed`` when either cannot be reached.
"""

import asyncio
import json
import os
import random
import re
import sys
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, web
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as ConnectionLost
from redis.exceptions import RedisError

from connectors.store.sentinel import open_redis

MARK = re.compile(r"#[a-z0-9]+-[0-9]+")
TURN_SECONDS = 86400

PAUSES = ((0.86, 0.005, 0.06), (0.97, 0.3, 1.5), (1.0, 4.2, 6.0))
"""How long it thinks: up to which share of the turns, from and to how many seconds. Some are late for a callback."""

ACTION = "action_greet"
ASKS_AN_ACTION = 3
"""Every so many-th question is answered with the help of an action."""


class Trouble(Exception):
    """A turn that failed; the message is what the channel tells."""


class Brain:
    """The channel's addresses over one Redis and one action server."""

    def __init__(self, redis: Redis, session: ClientSession, actions: str) -> None:
        self.redis, self.session, self.actions = redis, session, actions

    def routes(self) -> list[web.RouteDef]:
        """As in ``bot/brain/components/channel.py``."""
        at = "/webhooks/bida"
        return [
            web.get(f"{at}/health", self.health),
            web.post(f"{at}/webhook", self.receive),
            web.delete(at + "/conversations/{account}/{sender}", self.erase),
        ]

    async def health(self, request: web.Request) -> web.Response:
        """It has no model to load."""
        return web.json_response({"status": "ok", "model": "none"})

    async def receive(self, request: web.Request) -> web.Response:
        """The stored turn of a known message, else a new one."""
        asked = await request.json()
        try:
            return web.json_response(text=await self._turn(asked))
        except (Trouble, RedisError, OSError) as trouble:
            failed = {"status": "failed", "error": type(trouble).__name__}
            return web.json_response(failed | {"message_id": asked["message_id"]})

    async def erase(self, request: web.Request) -> web.Response:
        """Forget a follower."""
        place = request.match_info
        await self.redis.delete(_turns(place["account"], place["sender"]))
        return web.json_response({"status": "ok"})

    async def _turn(self, asked: dict[str, Any]) -> str:
        key = _turns(asked["account"], asked["sender"])
        stored = await self.redis.hget(key, asked["message_id"])
        if stored:
            return str(stored)
        await asyncio.sleep(_pause())
        marks = MARK.findall(asked["text"])
        if marks and int(marks[-1].rpartition("-")[2]) % ASKS_AN_ACTION == 0:
            await self._act(asked)
        turn = json.dumps(_told(asked, marks), ensure_ascii=False)
        pipe = self.redis.pipeline(transaction=True)
        pipe.hset(key, asked["message_id"], turn)
        pipe.expire(key, TURN_SECONDS)
        await pipe.execute()
        return turn

    async def _act(self, asked: dict[str, Any]) -> None:
        sender = f"{asked['account']}:{asked['sender']}"
        metadata = {"account": asked["account"], "text": asked["text"], "time": asked["time"]}
        message = {
            "text": asked["text"],
            "intent": {"name": "greet", "confidence": 0.9},
            "intent_ranking": [],
            "entities": [],
            "metadata": metadata | {"language": "zh-Hans"},
        }
        tracker = {
            "sender_id": sender,
            "slots": {},
            "latest_message": message,
            "events": [],
            "paused": False,
            "followup_action": None,
            "active_loop": {},
            "latest_action_name": "action_listen",
        }
        call = {"next_action": ACTION, "sender_id": sender, "tracker": tracker}
        call |= {"domain": {"actions": [ACTION]}, "version": "3.6.21"}
        try:
            async with self.session.post(f"{self.actions}/webhook", json=call) as response:
                response.raise_for_status()
        except (ClientError, TimeoutError) as error:
            raise Trouble(ACTION) from error


def _turns(account: str, sender: str) -> str:
    return f"bida:{{{account}}}:drill:turns:{sender}"


def _pause() -> float:
    luck = random.random()
    _, least, most = next(each for each in PAUSES if luck <= each[0])
    return random.uniform(least, most)


def _told(asked: dict[str, Any], marks: list[str]) -> dict[str, Any]:
    text = f"您问的 {' '.join(marks)}，答案在这里。" if marks else "不客气。"
    reply = {"name": "utter_drill", "kind": "answer", "text": text, "choices": []}
    intent = {"name": "drill", "confidence": 0.9}
    return {
        "status": "ok",
        "error": None,
        "message_id": asked["message_id"],
        "model": "none",
        "language": "zh-Hans",
        "replies": [reply | {"hand_over": None}],
        "nlu": {"text": asked["text"], "intent": intent, "ranking": [], "entities": []},
    }


async def _app() -> web.Application:
    app = web.Application()

    async def opened(app: web.Application) -> Any:
        redis = open_redis(
            os.environ["REDIS_URL"],
            decode_responses=True,
            retry=Retry(ExponentialBackoff(cap=0.5, base=0.05), 8),
            retry_on_error=[ConnectionLost],
        )
        async with ClientSession(timeout=ClientTimeout(total=5, connect=1)) as session:
            app.add_routes(Brain(redis, session, os.environ["ACTIONS_URL"]).routes())
            yield
        await redis.aclose()

    app.cleanup_ctx.append(opened)
    return app


if __name__ == "__main__":
    web.run_app(_app(), host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)

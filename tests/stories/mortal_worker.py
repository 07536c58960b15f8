"""A worker in a process of its own that is killed after a given step, with doubles of the brain and of WeChat.

A step is an answer of the store, or one side of a customer message, counted from the first follower taken.
"""

import asyncio
import os
import signal
from dataclasses import dataclass
from typing import Any

from redis.asyncio.connection import UnixDomainSocketConnection

from bot.clock import SystemClock
from bot.engine import Engine
from bot.messages import Bubble, Inbound
from bot.turn import Turn
from connectors.store.connection import Connection
from connectors.store.conversations import Conversations
from connectors.store.inbox import Inbox
from connectors.worker import Worker
from tests.doubles import PlainMenu, PlainNotices, answer

ACCOUNT = "wxaccount"


@dataclass
class Life:
    """How many steps are left."""

    left: int = 0
    has_begun: bool = False

    def step(self) -> None:
        """Die without a word if this was the last."""
        if self.has_begun:
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


LIFE = Life()


class Counted(UnixDomainSocketConnection):
    """A connection whose answers are steps, save for those with which it is made."""

    is_being_made = False

    async def connect(self) -> None:
        self.is_being_made = True
        await super().connect()
        self.is_being_made = False

    async def read_response(self, *args: Any, **options: Any) -> Any:
        response = await super().read_response(*args, **options)
        if not self.is_being_made:
            LIFE.step()
        return response


class Taking(Inbox):
    """An inbox whose first taking begins the count."""

    async def take(self, seconds: float = 1.0) -> str | None:
        openid = await super().take(seconds)
        if openid and not LIFE.has_begun:
            LIFE.has_begun = True
            LIFE.step()
        return openid


@dataclass
class Answering:
    """Answers with the message's own words after a moment."""

    seconds: float

    async def ask(self, message: Inbound) -> Turn:
        await asyncio.sleep(self.seconds)
        return answer(f"答 {message.text}")

    async def forget(self, account: str, openid: str) -> None:
        """Nothing is kept."""


@dataclass
class Posting:
    """WeChat: what it takes stands in a file, whoever dies."""

    file: int
    is_allowed: bool = True

    async def send(self, openid: str, bubble: Bubble) -> None:
        LIFE.step()
        # One line a message: what waited together goes as one.
        told = " ".join(bubble.text.split())
        os.write(self.file, f"{openid} {told}\n".encode())
        LIFE.step()


def run(url: str, sent: str, steps: int, seconds: float) -> None:
    """Work until SIGTERM, or until the last of so many steps; 0 mean never. ``seconds``: what the brain needs."""
    asyncio.run(_run(url, sent, steps, seconds))


async def _run(url: str, sent: str, steps: int, seconds: float) -> None:
    LIFE.left = steps
    connection = Connection(url)
    connection.redis.connection_pool.connection_class = Counted
    file = os.open(sent, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    clock = SystemClock()
    parts = (Answering(seconds), Posting(file), PlainNotices(), PlainMenu(), clock)
    engine = Engine(Conversations(connection, ACCOUNT), *parts)
    worker = Worker(engine, Taking(connection, ACCOUNT, clock), 16)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, worker.stop)
    await worker.run()
    await connection.close()

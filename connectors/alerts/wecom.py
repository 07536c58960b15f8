"""WeCom's group robot: a webhook that takes 20 messages a minute.

Source: 企业微信开发者中心 › 消息推送（原群机器人） › 消息推送配置说明.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import ClientError, ClientSession, ClientTimeout
from redis.asyncio import Redis

from connectors.alerts.ways import ANSWER_SECONDS, NotSent, Refused
from connectors.store.desk.letters import Letter
from connectors.store.keys import robot_pace

PER_MINUTE = 20
MINUTE = 60
MARKDOWN_BYTES = 4096
TOO_FAST = 45009
BUSY = -1


@dataclass(frozen=True)
class WecomRobots:
    """Sends letters to robots; ``address`` gives the webhook of a team, None where there is none (any more)."""

    session: ClientSession
    redis: Redis
    address: Callable[[str], str | None]

    async def send(self, letter: Letter) -> None:
        """Send one. Raises NotSent or Refused; neither tells the address, whose key lets anybody write to the group."""
        address = self.address(letter.to)
        if address is None:
            raise Refused("this team has no robot any more")
        await self._keep_pace(address)
        body = {"msgtype": "markdown", "markdown": {"content": markdown(letter)}}
        try:
            async with self.session.post(
                address, json=body, timeout=ClientTimeout(total=ANSWER_SECONDS)
            ) as response:
                if response.status >= 500:
                    raise NotSent(f"HTTP {response.status}")
                if response.status >= 400:
                    raise Refused(f"HTTP {response.status}")
                told = await response.json(content_type=None)
        except (ClientError, TimeoutError, OSError, ValueError) as error:
            # An error's own text may hold the address.
            raise NotSent(type(error).__name__) from None
        _judge(told)

    async def _keep_pace(self, address: str) -> None:
        """WeCom's minute, counted for all processes; a message beyond it would be refused and count all the same."""
        key = robot_pace(hashlib.sha256(address.encode()).hexdigest()[:16])
        pipe = self.redis.pipeline(transaction=True)
        pipe.incr(key)
        pipe.expire(key, MINUTE, nx=True)
        pipe.ttl(key)
        count, _, left = await pipe.execute()
        if count > PER_MINUTE:
            raise NotSent("20 messages a minute", max(1, left), counts=False)


def _judge(told: object) -> None:
    code = told.get("errcode") if isinstance(told, dict) else None
    if code == 0:
        return
    if code == TOO_FAST:
        raise NotSent("errcode 45009", MINUTE, counts=False)
    if code == BUSY or not isinstance(code, int):
        raise NotSent(f"errcode {code}" if isinstance(code, int) else "an answer without errcode")
    raise Refused(f"errcode {code}")


def markdown(letter: Letter) -> str:
    """The letter as WeCom shows it, within its length."""
    mentions = " ".join(f"<@{each}>" for each in letter.mentions)
    link = f"[{letter.label}]({letter.link})" if letter.link else ""
    ending = "\n".join(filter(None, (link, mentions)))
    lines = [f"**{_plain(letter.title)}**", *(f"> {_plain(line)}" for line in letter.lines)]
    room = MARKDOWN_BYTES - len(ending.encode()) - 1
    text = "\n".join(lines).encode()[:room].decode(errors="ignore")
    return f"{text}\n{ending}".strip()


def _plain(text: str) -> str:
    """Without what WeCom would take for marks or mentions: trainers name reasons, and agents themselves."""
    return " ".join("".join(" " if each in "<>[]()*`#\\" else each for each in text).split())

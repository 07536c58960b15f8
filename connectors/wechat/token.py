"""One access token for all processes: kept in Redis, fetched by one of them at a time.

Source: WeChat's page 获取稳定版接口调用凭据. ``stable_token`` gives the same token until its last five minutes, so a
second fetch never voids what another process uses; ``force_refresh`` is never asked for.
"""

import asyncio
import secrets
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol, cast

import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout
from redis.asyncio import Redis

from bot.clock import Clock
from connectors.metrics import TOKENS
from connectors.store.connection import reaching_the_store
from connectors.store.keys import Keys

log = structlog.get_logger()

RENEW_SECONDS = 300
"""WeChat renews in the last five minutes; earlier it would give the same token again."""

LOCK_SECONDS = 10
FETCH_TIMEOUT = ClientTimeout(total=8, connect=3)

UNREACHABLE_SECONDS, REFUSED_SECONDS, SAME_SECONDS = 5, 60, 30
"""How long nobody asks again when WeChat did not answer, said no, or gave the very token that it had called void."""


class TokenUnavailable(Exception):
    """WeChat gives no token, and why."""


class Tokens(Protocol):
    """Where an API call gets its token."""

    async def token(self, refused: str | None = None) -> str:
        """A token; ``refused`` is one that WeChat just called void. Raises TokenUnavailable or StoreDown."""


async def ask_for_token(
    session: ClientSession, api_url: str, app_id: str, secret: str
) -> dict[str, Any]:
    """WeChat's answer to ``stable_token``, a refusal too. Raises ClientError, TimeoutError or ValueError."""
    body = {
        "grant_type": "client_credential",
        "appid": app_id,
        "secret": secret,
        "force_refresh": False,
    }
    url = f"{api_url}/cgi-bin/stable_token"
    async with session.post(url, json=body, timeout=FETCH_TIMEOUT) as response:
        answer: dict[str, Any] = await response.json(content_type=None)
        return answer


@dataclass(frozen=True)
class FetchedToken:
    """A token fetched for one command, which needs no store."""

    value: str

    async def token(self, refused: str | None = None) -> str:
        """The token. Raises TokenUnavailable when it is refused."""
        if refused == self.value:
            raise TokenUnavailable("WeChat refuses the token that it has just given")
        return self.value


@dataclass(frozen=True)
class SharedToken:
    """The token of one account, shared through Redis."""

    redis: Redis
    session: ClientSession
    api_url: str
    app_id: str
    secret: str
    clock: Clock

    async def token(self, refused: str | None = None) -> str:
        """The stored token unless it is about to end or was ``refused``; then a fresh one, fetched once for all.

        While another process fetches, or WeChat gives none, the stored one is used to its very end.
        """
        with reaching_the_store():
            return await self._kept(refused) or await self._fetched_once(refused)

    async def _kept(self, refused: str | None) -> str | None:
        """The stored token, unless it is refused or about to end."""
        stored = await self._stored()
        return stored["token"] if self._is_good(stored, refused) else None

    async def _still_alive(self, refused: str | None) -> str | None:
        """The stored token, though it be about to end."""
        stored = await self._stored()
        return stored["token"] if self._is_alive(stored, refused) else None

    async def _fetched_once(self, refused: str | None) -> str:
        lock, holder = Keys(self.app_id).token_lock(), secrets.token_hex(8)
        for _ in range(LOCK_SECONDS * 10):
            if failure := await self.redis.get(Keys(self.app_id).token_failure()):
                return await self._still_alive(refused) or _unavailable(str(failure))
            if await self.redis.set(lock, holder, nx=True, ex=LOCK_SECONDS):
                try:
                    return await self._kept(refused) or await self._fetch(refused)
                finally:
                    await self._unlock(holder)
            if alive := await self._still_alive(refused):
                return alive
            await asyncio.sleep(0.1)
        raise TokenUnavailable("another process has been fetching a token for too long")

    async def _fetch(self, refused: str | None) -> str:
        try:
            answer = await self._ask()
        except (ClientError, TimeoutError, ValueError) as error:
            TOKENS.labels("unreachable").inc()
            return await self._failed(
                f"no answer: {type(error).__name__}", UNREACHABLE_SECONDS, refused
            )
        if "access_token" not in answer:
            TOKENS.labels("refused").inc()
            log.error("wechat.token_refused", errcode=answer.get("errcode"))
            return await self._failed(f"errcode {answer.get('errcode')}", REFUSED_SECONDS, refused)
        TOKENS.labels("fetched").inc()
        token = await self._keep(str(answer["access_token"]), int(answer["expires_in"]))
        if token == refused:
            # The caller may try it once more; nobody else fetches it again to no purpose.
            await self._note_failure("WeChat gives the token again that it refuses", SAME_SECONDS)
        return token

    async def _failed(self, why: str, seconds: int, refused: str | None) -> str:
        """What can be done without a fresh token: the old one works for five minutes after its renewal falls due."""
        await self._note_failure(why, seconds)
        return await self._still_alive(refused) or _unavailable(why)

    async def _note_failure(self, why: str, seconds: int) -> None:
        await self.redis.set(Keys(self.app_id).token_failure(), why, ex=seconds)

    async def _ask(self) -> dict[str, Any]:
        return await ask_for_token(self.session, self.api_url, self.app_id, self.secret)

    async def _keep(self, token: str, seconds: int) -> str:
        key, expires_at = Keys(self.app_id).token(), self.clock.now() + seconds
        await self.redis.hset(key, mapping={"token": token, "expires_at": repr(expires_at)})
        await self.redis.expire(key, seconds)
        return token

    async def _stored(self) -> dict[str, str]:
        return cast(dict[str, str], await self.redis.hgetall(Keys(self.app_id).token()))

    def _is_good(self, stored: dict[str, str], refused: str | None) -> bool:
        return self._is_alive(stored, refused) and self._left(stored) > RENEW_SECONDS

    def _is_alive(self, stored: dict[str, str], refused: str | None) -> bool:
        return bool(stored) and stored["token"] != refused and self._left(stored) > 0

    def _left(self, stored: dict[str, str]) -> float:
        return float(stored["expires_at"]) - self.clock.now()

    async def _unlock(self, holder: str) -> None:
        lock = Keys(self.app_id).token_lock()
        if await self.redis.get(lock) == holder:
            await self.redis.delete(lock)


def _unavailable(why: str) -> NoReturn:
    raise TokenUnavailable(why)

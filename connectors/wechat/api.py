"""WeChat's API over aiohttp: one token retry, bounded time, and every answer one of a few kinds."""

from dataclasses import dataclass
from typing import Any

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
)

from connectors.wechat.token import Tokens

TIMEOUT = ClientTimeout(total=8, connect=3)

TOKEN_FAULTS = frozenset({40001, 40014, 42001})
"""The token is invalid, malformed, expired: worth one refresh and one repetition (global return codes)."""


class ApiError(Exception):
    """WeChat answered with an ``errcode``."""

    def __init__(self, errcode: int, message: str) -> None:
        self.errcode = errcode
        super().__init__(f"{errcode} {message}")


class NotSent(Exception):
    """The request certainly did not reach WeChat."""


class CutOff(Exception):
    """The request went out and no answer came: what became of it is unknown."""


@dataclass(frozen=True)
class Api:
    """Calls of one account's API; ``call`` is the transport of ``library.Methods``."""

    session: ClientSession
    url: str
    tokens: Tokens

    async def call(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The JSON answer of a successful call. Raises ApiError, NotSent, CutOff or TokenUnavailable."""
        token = await self.tokens.token()
        answer = await self._once(method, path, body, token)
        if answer.get("errcode") in TOKEN_FAULTS:
            token = await self.tokens.token(refused=token)
            answer = await self._once(method, path, body, token)
        if answer.get("errcode", 0) != 0:
            raise ApiError(int(answer["errcode"]), str(answer.get("errmsg", "")))
        return answer

    async def _once(
        self, method: str, path: str, body: dict[str, Any], token: str
    ) -> dict[str, Any]:
        options: dict[str, Any] = {"json": body} if method == "post" else {}
        url, params = self.url + path, {"access_token": token}
        try:
            async with self.session.request(
                method, url, params=params, timeout=TIMEOUT, **options
            ) as response:
                response.raise_for_status()
                answer: dict[str, Any] = await response.json(content_type=None)
        except (ClientConnectorError, ConnectionTimeoutError) as error:
            raise NotSent(type(error).__name__) from error
        except (ClientError, TimeoutError, ValueError) as error:
            raise CutOff(type(error).__name__) from error
        return answer

"""WeChat's API over aiohttp: one token retry, bounded time, and every answer one of a few kinds."""

from dataclasses import dataclass
from typing import Any

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    FormData,
)

from connectors.wechat.token import Tokens

TIMEOUT = ClientTimeout(total=8, connect=3)
UPLOAD_TIMEOUT = ClientTimeout(total=60, connect=3)
"""Ten megabytes take their time."""

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

    async def upload(self, kind: str, content: bytes, filename: str) -> str:
        """The id of a file that WeChat now keeps for three days. Raises as ``call`` does.

        Source: WeChat's page 新增临时素材.
        """
        token = await self.tokens.token()
        answer = await self._uploaded(kind, content, filename, token)
        if answer.get("errcode") in TOKEN_FAULTS:
            token = await self.tokens.token(refused=token)
            answer = await self._uploaded(kind, content, filename, token)
        if answer.get("errcode", 0) != 0 or not answer.get("media_id"):
            raise ApiError(int(answer.get("errcode", -1)), str(answer.get("errmsg", "")))
        return str(answer["media_id"])

    async def _uploaded(
        self, kind: str, content: bytes, filename: str, token: str
    ) -> dict[str, Any]:
        form = FormData()
        form.add_field("media", content, filename=filename)
        params = {"access_token": token, "type": kind}
        return await self._answer(
            "post", "/cgi-bin/media/upload", params, UPLOAD_TIMEOUT, data=form
        )

    async def _once(
        self, method: str, path: str, body: dict[str, Any], token: str
    ) -> dict[str, Any]:
        options: dict[str, Any] = {"json": body} if method == "post" else {}
        return await self._answer(method, path, {"access_token": token}, TIMEOUT, **options)

    async def _answer(
        self, method: str, path: str, params: dict[str, str], timeout: ClientTimeout, **options: Any
    ) -> dict[str, Any]:
        try:
            async with self.session.request(
                method, self.url + path, params=params, timeout=timeout, **options
            ) as response:
                response.raise_for_status()
                answer: dict[str, Any] = await response.json(content_type=None)
        except (ClientConnectorError, ConnectionTimeoutError) as error:
            raise NotSent(type(error).__name__) from error
        except (ClientError, TimeoutError, ValueError) as error:
            raise CutOff(type(error).__name__) from error
        return answer

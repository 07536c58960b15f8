"""The connection to a callback address: one request, its whole answer within a limit, and how it can break."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientError, ClientPayloadError, ClientSession, ClientTimeout, TCPConnector

from connectors.simulator.envelope import Envelope
from connectors.simulator.judge import Abnormal, Answer
from connectors.simulator.model.faults import Fault

HEADERS = {"Content-Type": "text/xml", "User-Agent": "Mozilla/4.0", "Accept": "*/*"}
DROPS = 20
"""Into so many pieces a slow body is cut."""


class Wire:
    """Sends requests while ``opened`` is entered, each on a connection of its own: the limit counts from there."""

    _session: ClientSession

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Keep a session."""
        connector = TCPConnector(limit=0, force_close=True)
        timeout = ClientTimeout(total=None)
        async with ClientSession(connector=connector, timeout=timeout) as self._session:
            yield

    async def send(
        self, method: str, url: str, envelope: Envelope, limit: float, fault: Fault | None = None
    ) -> Answer:
        """The answer, whole. Raises Abnormal after ``limit`` seconds, and when there is no connection."""
        try:
            async with (
                asyncio.timeout(limit),
                self._session.request(
                    method, url, allow_redirects=False, **_options(envelope, fault)
                ) as response,
            ):
                return Answer(response.status, await response.read())
        except TimeoutError as error:
            raise Abnormal(f"no whole answer within {limit:g} s") from error
        except (ClientError, OSError) as error:
            raise Abnormal(f"no connection: {type(error).__name__}") from error


def _options(envelope: Envelope, fault: Fault | None) -> dict[str, Any]:
    body: Any = envelope.body or None
    headers = dict(HEADERS)
    if fault:
        body = _broken(envelope.body, fault)
        headers["Content-Length"] = str(len(envelope.body))
    return {"params": envelope.query, "headers": headers, "data": body}


async def _broken(body: bytes, fault: Fault) -> AsyncIterator[bytes]:
    """The body, cut off in its middle or drop by drop."""
    if fault.kind == "cut_push":
        yield body[: len(body) // 2]
        raise ClientPayloadError("the connection was cut on purpose")
    size = len(body) // DROPS + 1
    for start in range(0, len(body), size):
        yield body[start : start + size]
        await asyncio.sleep(fault.number("seconds", 2.0) / DROPS)

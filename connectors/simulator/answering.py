"""How the scripted API reads requests and answers them: JSON in, JSON out, a sentence for every fault."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from connectors.simulator.model.codes import Refusal
from connectors.simulator.model.platform import Impossible, UnknownFollower

Fields = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class BadRequest(Exception):
    """A request that the API cannot read; the message says why."""


@web.middleware
async def explained(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn the model's exceptions into JSON with a sentence."""
    try:
        return await handler(request)
    except UnknownFollower as error:
        return failed(404, f"there is no follower {error}")
    except Impossible as error:
        return failed(409, str(error))
    except Refusal as error:
        return failed(409, error.errmsg)
    except BadRequest as error:
        return failed(400, str(error))


async def body_of(request: web.Request) -> Fields:
    """The JSON object of a request, empty when there is none. Raises BadRequest."""
    raw = await request.read()
    try:
        body = json.loads(raw) if raw else {}
    except ValueError as error:
        raise BadRequest("the body is no JSON") from error
    if not isinstance(body, dict):
        raise BadRequest("the body is no JSON object")
    return body


def need(body: Fields, name: str) -> str:
    """A text that has to be there. Raises BadRequest."""
    value = body.get(name)
    if not isinstance(value, str):
        raise BadRequest(f"{name} is missing")
    return value


def number(request: web.Request, name: str) -> float:
    """A number of the query, 0 when it is not there. Raises BadRequest."""
    try:
        return max(0.0, float(request.query.get(name) or 0))
    except ValueError as error:
        raise BadRequest(f"{name} is no number") from error


def told(fields: Fields) -> web.Response:
    """An answer."""
    return web.json_response(fields, dumps=lambda f: json.dumps(f, ensure_ascii=False))


def failed(status: int, sentence: str) -> web.Response:
    """An answer that says what is wrong."""
    return web.json_response({"error": sentence}, status=status)

"""Access tokens: ``/cgi-bin/token`` and ``/cgi-bin/stable_token``."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from connectors.simulator.calls.call import APP_ID, Call, Fields, Handler
from connectors.simulator.model.codes import Refusal
from connectors.simulator.model.tokens import OVERLAP_SECONDS, Token


async def token(call: Call) -> Fields:
    """A new token at each call."""
    await call.hang("hang_token")
    call = _checked(call, call.request.query)
    issued = call.platform.tokens.issue(call.now, overlap_seconds=_overlap(call))
    return _told(issued, call)


async def stable_token(call: Call) -> Fields:
    """The same token until its last minutes."""
    await call.hang("hang_token")
    body = await call.json()
    call = _checked(call, body)
    issued = call.platform.tokens.issue_stable(
        call.now, force=body.get("force_refresh") is True, overlap_seconds=_overlap(call)
    )
    return _told(issued, call)


def _checked(call: Call, given: Mapping[str, Any]) -> Call:
    """The call as its account's. Raises Refusal; quotas are the account's and so come last."""
    if given.get("grant_type") != "client_credential":
        raise Refusal(40002)
    if not given.get("appid"):
        raise Refusal(41002)
    if not given.get("secret"):
        raise Refusal(41004)
    call = replace(call, platform=call.wechat.of_app(str(given["appid"])))
    account = call.platform.account
    call.request[APP_ID] = account.app_id
    if given["secret"] != account.secret:
        raise Refusal(40125)
    _check_address(call)
    call.platform.quotas.use(call.request.path, call.now)
    return call


def _check_address(call: Call) -> None:
    address, allowed = str(call.request.remote), call.platform.account.ip_whitelist
    is_strange = bool(allowed) and address not in allowed
    if is_strange or call.take("ip_not_whitelisted"):
        raise Refusal(40164, f"{address} ipv6 ::ffff:{address}")


def _overlap(call: Call) -> float:
    return 0.0 if call.take("no_token_overlap") else OVERLAP_SECONDS


def _told(issued: Token, call: Call) -> Fields:
    return {
        "access_token": issued.value,
        "expires_in": math.ceil(issued.ends_at - call.now),
    }


CALLS: dict[str, tuple[str, Handler]] = {
    "/cgi-bin/token": ("GET", token),
    "/cgi-bin/stable_token": ("POST", stable_token),
}

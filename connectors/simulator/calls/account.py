"""What an owner asks about the account itself: its callback address, WeChat's addresses, its quotas."""

from connectors.simulator.calls.call import Call, Fields, Handler
from connectors.simulator.model.codes import Refusal

ACTIONS = ("dns", "ping", "all")
OPERATORS = ("CHINANET", "UNICOM", "CAP", "DEFAULT")


async def check_callback(call: Call) -> Fields:
    """Here every address is reachable."""
    body = await call.json()
    if body.get("action") not in ACTIONS:
        raise Refusal(40202)
    if body.get("check_operator") not in OPERATORS:
        raise Refusal(40203)
    ping = {"from_operator": "UNICOM", "package_loss": "0%", "time": "1.000ms"}
    told = {
        "dns": [{"ip": "127.0.0.1", "real_operator": "UNICOM"}],
        "ping": [{"ip": "127.0.0.1", **ping}],
    }
    return {name: told[name] for name in told if body["action"] in (name, "all")}


async def addresses(call: Call) -> Fields:
    """From where pushes come, and where the API is."""
    return {"ip_list": ["127.0.0.1"]}


async def quota(call: Call) -> Fields:
    """How much of an API's day is used."""
    limit, used = call.platform.quotas.state(str((await call.json()).get("cgi_path")), call.now)
    return {
        "errcode": 0,
        "errmsg": "ok",
        "quota": {"daily_limit": limit, "used": used, "remain": max(0, limit - used)},
    }


async def clear_quota(call: Call) -> Fields:
    """Begin the day anew."""
    if (await call.json()).get("appid") != call.platform.account.app_id:
        raise Refusal(40013)
    call.platform.quotas.clear(call.now)
    return {}


CALLS: dict[str, tuple[str, Handler]] = {
    "/cgi-bin/callback/check": ("POST", check_callback),
    "/cgi-bin/getcallbackip": ("GET", addresses),
    "/cgi-bin/get_api_domain_ip": ("GET", addresses),
    "/cgi-bin/openapi/quota/get": ("POST", quota),
    "/cgi-bin/clear_quota": ("POST", clear_quota),
}

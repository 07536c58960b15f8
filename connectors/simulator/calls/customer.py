"""Customer-service messages: ``/cgi-bin/message/custom/...``."""

import asyncio

from connectors.simulator.calls.call import HANG_SECONDS, OPENID, Call, CutOff, Fields, Handler
from connectors.simulator.model.codes import Refusal


async def send(call: Call) -> Fields:
    """Show a message to a follower; what breaks after it was accepted leaves the sender in doubt."""
    body = await call.json()
    openid = call.request[OPENID] = str(body.get("touser"))
    if fault := call.take("send_errcode", openid=openid):
        raise Refusal(int(fault.number("errcode", -1)))
    broken = call.take("hang_send", "cut_send", openid=openid)
    if broken is None or broken.details.get("accepted", True):
        call.platform.send(body)
    if broken and broken.kind == "cut_send":
        raise CutOff
    if broken:
        await asyncio.sleep(broken.number("seconds", HANG_SECONDS))
    return {}


async def typing(call: Call) -> Fields:
    """Show that an answer is being typed."""
    body = await call.json()
    call.request[OPENID] = str(body.get("touser"))
    call.platform.typing(body)
    return {}


CALLS: dict[str, tuple[str, Handler]] = {
    "/cgi-bin/message/custom/send": ("POST", send),
    "/cgi-bin/message/custom/typing": ("POST", typing),
}

"""A demo CRM: what a brand's membership system would answer about a follower."""

from dataclasses import asdict, dataclass

from aiohttp import web

from connectors.simulator.model.faults import Faults
from connectors.simulator.model.platform import UnknownFollower
from connectors.simulator.model.wechat import WeChat


@dataclass(frozen=True)
class Crm:
    """Members are followers whose card a tester bound on the phone page."""

    wechat: WeChat
    faults: Faults

    def routes(self) -> list[web.RouteDef]:
        """The one address."""
        return [web.get("/crm/members/{openid}", self.member)]

    async def member(self, request: web.Request) -> web.Response:
        """Name, tier, points and which of them expire when; 404 for a follower without a card."""
        if self.faults.take("crm_down"):
            raise web.HTTPServiceUnavailable
        openid = request.match_info["openid"]
        try:
            member = self.wechat.of_follower(openid).follower(openid).member
        except UnknownFollower:
            member = None
        if member is None:
            return web.json_response({"error": "no card is bound"}, status=404)
        return web.json_response(asdict(member))

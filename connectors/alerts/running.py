"""The alerts of a worker process: decided and sent in the background, by one process at a time."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from bot.desk.teams import Teams
from connectors.alerts.alerts import Alerts
from connectors.alerts.arrivals import Arrivals
from connectors.alerts.mail import Mails
from connectors.alerts.post import Post
from connectors.alerts.receivers import Receivers
from connectors.alerts.ways import WayOut
from connectors.alerts.wecom import WecomRobots
from connectors.crm import HttpMembers
from connectors.desk.guard.accounts import Accounts
from connectors.logs import place_of
from connectors.parts import Parts
from connectors.store.desk.letters import Letters, Way
from connectors.store.keys import ALERTS_LEASE
from connectors.store.lease import Lease

log = structlog.get_logger()

PAUSE_SECONDS = 2.0


@dataclass(frozen=True)
class Alerting:
    """Decides and sends while it holds the lease."""

    accounts: Sequence[Parts]
    alerts: Alerts
    arrivals: Sequence[Arrivals]
    post: Post
    lease: Lease

    @classmethod
    def over(cls, accounts: Sequence[Parts]) -> "Alerting":
        """The alerts of all accounts, as the first one's settings say."""
        first = accounts[0]
        settings, redis, clock = first.settings, first.connection.redis, first.clock
        if settings.public_url is None and Receivers(settings, Teams).is_any:
            log.warning("alerts.no_links", why="PUBLIC_URL is not set: no alert leads to the desk")
        receivers = Receivers(settings, lambda: first.reception.reception.teams)
        letters, members = Letters(redis), HttpMembers(first.session, settings.crm_url)
        people = Accounts(redis)
        return cls(
            accounts,
            Alerts(accounts, receivers, letters, settings, clock, redis),
            [Arrivals(each, people, receivers, letters, members, clock) for each in accounts],
            Post(letters, _ways(first, receivers), clock),
            Lease(redis, ALERTS_LEASE),
        )

    async def run(self) -> None:
        """Work until cancelled."""
        try:
            while True:
                try:
                    await self.step()
                except Exception as error:
                    # Whatever is wrong with alerts, followers are served.
                    log.error("alerts.failed", why=type(error).__name__, where=place_of(error))
                await asyncio.sleep(PAUSE_SECONDS)
        finally:
            await self.post.close()

    async def step(self) -> None:
        """Do all that is due now, if it is this process' turn."""
        if not await self.lease.is_ours():
            return
        listed = {
            each.settings.wechat_app_id: await each.conversations.listed() for each in self.accounts
        }
        await self.alerts.step(listed)
        for arrivals in self.arrivals:
            await arrivals.step(listed[arrivals.parts.settings.wechat_app_id])
        await self.post.step()


def _ways(parts: Parts, receivers: Receivers) -> dict[Way, WayOut]:
    ways: dict[Way, WayOut] = {
        "wecom": WecomRobots(parts.session, parts.connection.redis, receivers.robot)
    }
    if server := parts.settings.mail_server:
        ways["mail"] = Mails(server)
    return ways

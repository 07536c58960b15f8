"""All accounts of the platform: whose a follower, an app id or a token is."""

from collections.abc import Iterator
from dataclasses import dataclass

from connectors.simulator.model.codes import Refusal
from connectors.simulator.model.follower import Follower
from connectors.simulator.model.platform import Platform, UnknownFollower


@dataclass(frozen=True)
class WeChat:
    """At least one account; the first is meant where none is named."""

    platforms: tuple[Platform, ...]

    @property
    def first(self) -> Platform:
        """The account that is meant where none is named."""
        return self.platforms[0]

    def of_app(self, app_id: str) -> Platform:
        """The account of this app id. Raises Refusal 40013."""
        for platform in self.platforms:
            if platform.account.app_id == app_id:
                return platform
        raise Refusal(40013)

    def of_follower(self, openid: str) -> Platform:
        """The account that this openid belongs to. Raises UnknownFollower."""
        for platform in self.platforms:
            if openid in platform.followers:
                return platform
        raise UnknownFollower(openid)

    def of_token(self, token: str) -> Platform:
        """The account that was given this token; the first, which will refuse it, when none was."""
        return next((p for p in self.platforms if token in p.tokens.known), self.first)

    def followers(self) -> Iterator[tuple[Platform, Follower]]:
        """Everybody, account by account."""
        for platform in self.platforms:
            for follower in platform.followers.values():
                yield platform, follower

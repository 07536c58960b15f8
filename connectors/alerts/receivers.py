"""Where alerts go: to a team's own robot and addresses, else to those of the settings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from bot.desk.teams import Team, Teams
from connectors.desk.words import say
from connectors.settings import Settings
from connectors.store.desk.letters import Letter

WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"


@dataclass(frozen=True)
class Message:
    """What is told: ``path`` below PUBLIC_URL is where it leads, ``label`` the name of the text that stands on it."""

    title: str
    lines: tuple[str, ...]
    path: str = "/desk/"
    label: str = "alert_open"


@dataclass(frozen=True)
class Receivers:
    """Makes letters of what is to be told."""

    settings: Settings
    teams: Callable[[], Teams]

    @property
    def is_any(self) -> bool:
        """Whether anybody is told anything."""
        if self.settings.alert_wecom_url or self.settings.alert_mail_to:
            return True
        return any(team.wecom_url or team.mail_to for team in self.teams().by_id.values())

    def robot(self, team: str) -> str | None:
        """The webhook of a team's own robot, or of the one for all (the empty name); None where there is none.

        A team's webhook is typed into a form: it may only lead to where robots are, not into our own network.
        """
        if not team:
            url = self.settings.alert_wecom_url
            return url.get_secret_value() if url else None
        told = self.teams().get(team).wecom_url
        return told if told and self.is_robot(told) else None

    def is_robot(self, url: str) -> bool:
        """Whether a webhook leads to WeCom, or to the same place as that of the settings."""
        every = self.settings.alert_wecom_url
        return _place(url) in {_place(WECOM), _place(every.get_secret_value() if every else WECOM)}

    def letters(
        self, team: Team, message: Message, mentions: Sequence[str] = (), mail: str = ""
    ) -> list[Letter]:
        """The letters that tell a team something: to its robot, with ``mentions`` of WeCom user ids, and by e-mail.

        ``mail``: one person's address instead of the team's.
        """
        link = f"{self.settings.public_url}{message.path}" if self.settings.public_url else ""
        label = say(self.settings.alert_language, message.label)
        written = Letter("mail", "", message.title, message.lines, link, label)
        letters = [replace(written, to=address) for address in self.addresses(team, mail)]
        own = team.id if self.robot(team.id) else ""
        if self.robot(own):
            letters.append(replace(written, way="wecom", to=own, mentions=tuple(mentions)))
        return letters

    def addresses(self, team: Team, mail: str = "") -> Sequence[str]:
        """Whom a team's alerts reach by e-mail."""
        if self.settings.smtp_host is None:
            return ()
        return (mail,) if mail else team.mail_to or self.settings.alert_mail_to


def _place(url: str) -> tuple[str, str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc, parts.path

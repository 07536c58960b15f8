"""Alerts by e-mail, over the SMTP server of the settings."""

import asyncio
import ssl
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Literal

import aiosmtplib
from pydantic import SecretStr

from connectors.alerts.ways import ANSWER_SECONDS, NotSent, Refused
from connectors.store.desk.letters import Letter

Security = Literal["starttls", "tls", "none"]

PORTS: dict[Security, int] = {"starttls": 587, "tls": 465, "none": 25}
SENDING_SECONDS = 30.0
"""How long one message may take with all its questions and answers."""


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in. ``security``: ``starttls`` and ``tls`` never fall back to an open line."""

    host: str
    sender: str
    security: Security = "starttls"
    port: int | None = None
    user: str = ""
    password: SecretStr | None = None
    context: ssl.SSLContext | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Mails:
    """Sends letters as plain text."""

    server: MailServer

    async def send(self, letter: Letter) -> None:
        """Send one. Raises NotSent or Refused."""
        server = self.server
        try:
            async with asyncio.timeout(SENDING_SECONDS):
                await aiosmtplib.send(
                    message(letter, server.sender),
                    sender=server.sender,
                    recipients=[letter.to],
                    hostname=server.host,
                    port=server.port or PORTS[server.security],
                    username=server.user or None,
                    password=server.password.get_secret_value() if server.password else None,
                    use_tls=server.security == "tls",
                    start_tls=server.security == "starttls",
                    tls_context=server.context,
                    timeout=ANSWER_SECONDS,
                )
        except aiosmtplib.SMTPRecipientsRefused as refusal:
            _judge([each.code for each in refusal.recipients])
        except aiosmtplib.SMTPResponseException as refusal:
            _judge([refusal.code])
        except (aiosmtplib.SMTPException, TimeoutError, OSError) as error:
            raise NotSent(type(error).__name__) from None


def _judge(codes: list[int]) -> None:
    """5xx is for good, 4xx passes; what stands behind the code may quote addresses and stays out."""
    if all(code >= 500 for code in codes):
        raise Refused(f"SMTP {codes[0]}") from None
    raise NotSent(f"SMTP {codes[0]}") from None


def message(letter: Letter, sender: str) -> EmailMessage:
    """The letter as a mail."""
    made = EmailMessage()
    made["From"] = Address("Bida 必答", addr_spec=sender)
    made["To"] = Address(addr_spec=letter.to)
    made["Subject"] = " ".join(letter.title.split())
    made["Date"] = formatdate()
    made["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    # Nobody's absence is to be answered to a machine.
    made["Auto-Submitted"] = "auto-generated"
    ending = f"\n{letter.label}: {letter.link}\n" if letter.link else ""
    made.set_content("\n".join((letter.title, "", *letter.lines)) + "\n" + ending)
    return made

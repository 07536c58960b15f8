"""``REDIS_URL`` where Redis Sentinel watches over several servers: read alike by the connector and the brain."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

SCHEMES = ("redis+sentinel", "rediss+sentinel")
SENTINEL_PORT = 26379

FORM = "redis+sentinel://[user:password@]host:port,host:port,.../name[/database]"


@dataclass(frozen=True)
class Watched:
    """A set of servers: where its sentinels are, what they call it, and how to log in at the servers."""

    sentinels: tuple[tuple[str, int], ...]
    name: str
    database: int = 0
    username: str | None = None
    password: str | None = None
    is_encrypted: bool = False


def is_watched(url: str) -> bool:
    """Whether the address is one of sentinels."""
    return url.partition("://")[0] in SCHEMES


def watched(url: str) -> Watched:
    """Read such an address. Raises ValueError with its right form."""
    parts = urlsplit(url)
    login, _, hosts = parts.netloc.rpartition("@")
    username, _, password = login.partition(":")
    path = re.fullmatch(r"/([^/]+)(?:/(\d+))?", parts.path)
    sentinels = tuple(_place(each) for each in hosts.split(",") if each)
    if parts.scheme not in SCHEMES or path is None or not sentinels:
        raise ValueError(f"must have the form {FORM}")
    return Watched(
        sentinels,
        unquote(path[1]),
        int(path[2] or 0),
        unquote(username) or None,
        unquote(password) or None,
        parts.scheme.startswith("rediss"),
    )


def _place(host: str) -> tuple[str, int]:
    found = re.fullmatch(r"(\[[^\]]+\]|[^:\[\]]+)(?::(\d{1,5}))?", host)
    if found is None:
        raise ValueError(f"must have the form {FORM}")
    return found[1].strip("[]"), int(found[2] or SENTINEL_PORT)

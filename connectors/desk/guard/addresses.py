"""Where a request comes from, when it comes through proxies."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from aiohttp import web

from connectors.settings import SettingsError

_HOP = re.compile(r"\[(?P<six>[^\]]+)\](:\d+)?|(?P<four>[\d.]+):\d+")


@dataclass(frozen=True)
class Proxies:
    """The proxies whose word about the client's address is believed; nobody else's is."""

    networks: tuple[IPv4Network | IPv6Network, ...]

    @classmethod
    def named(cls, names: Iterable[str]) -> "Proxies":
        """The proxies of TRUSTED_PROXIES: addresses or networks. Raises SettingsError."""
        try:
            return cls(tuple(ip_network(name, strict=False) for name in names))
        except ValueError as error:
            raise SettingsError(
                f"TRUSTED_PROXIES is wrong: {error}; it lists addresses or networks by comma."
            ) from None

    def client(self, request: web.Request) -> str:
        """The address of the browser: read from the right, the first that no trusted proxy has."""
        forwarded = ",".join(request.headers.getall("X-Forwarded-For", []))
        address = request.remote or ""
        for hop in reversed([hop.strip() for hop in forwarded.split(",") if hop.strip()]):
            if not self._has(address):
                break
            address = _without_port(hop)
        # A network's owner has endless IPv6 addresses: the first half names the owner.
        return _owner(address)

    def _has(self, address: str) -> bool:
        try:
            one = ip_address(address)
        except ValueError:
            return False
        return any(one in network or _plain(one) in network for network in self.networks)


def _owner(address: str) -> str:
    try:
        one = _plain(ip_address(address))
    except ValueError:
        return address[:64]
    return str(one) if one.version == 4 else str(ip_network((one, 64), strict=False))


def _plain(one: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The address; one of IPv4 may be written as IPv6, as sockets for both do."""
    return one.ipv4_mapped or one if isinstance(one, IPv6Address) else one


def _without_port(hop: str) -> str:
    """What a proxy wrote of a client, without brackets and port."""
    found = _HOP.fullmatch(hop)
    return found["six"] or found["four"] if found else hop

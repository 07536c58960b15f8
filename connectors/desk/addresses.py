"""Where a request comes from, when it comes through proxies."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from aiohttp import web

from connectors.settings import SettingsError


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
            address = hop
        # A network's owner has endless IPv6 addresses: the first half names the owner.
        return _owner(address)

    def _has(self, address: str) -> bool:
        try:
            one = ip_address(address)
        except ValueError:
            return False
        return any(one in network for network in self.networks)


def _owner(address: str) -> str:
    try:
        one = ip_address(address)
    except ValueError:
        return address[:64]
    return str(one) if one.version == 4 else str(ip_network((one, 64), strict=False))

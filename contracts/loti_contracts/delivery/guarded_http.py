"""No way into the house: which addresses a fetch may connect to, decided at the moment of connecting.

A name is resolved here, each address is judged, and the connection goes to the judged address itself. So a name that
changes its address between check and use, an address written as decimal, hexadecimal or IPv4 inside IPv6, and every
hop of a redirect meet the same question.
"""

import asyncio
import socket
import ssl
from collections.abc import Iterable
from functools import cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpcore2
import httpx2

_NAT64 = IPv6Network("64:ff9b::/96")
SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


class RefusedAddress(httpcore2.ConnectError):
    """The host is, or leads to, an address that may not be reached."""


def is_public(address: str) -> bool:
    """Whether an IP address is out on the internet, seen through IPv4-mapped, 6to4, Teredo and NAT64 forms."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        inner = _inside(ip)
        if inner is not None:
            return is_public(str(inner))
        if ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_link_local)


def _inside(ip: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for."""
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


class GuardedBackend(httpcore2.AsyncNetworkBackend):
    """Connects only to public addresses, unless `allow_private`."""

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._network = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect to the first address of `host` that may be reached and answers.

        Raises:
            RefusedAddress: none may be reached.
            httpcore2.ConnectError: the name is unknown, or nobody answers.
        """
        addresses = await self._resolved(host, port)
        allowed = [address for address in addresses if self._allow_private or is_public(address)]
        if not allowed:
            at = "" if addresses == [host] else f"at {', '.join(addresses)}, "
            raise RefusedAddress(
                f"{host} is {at}a private or reserved address, which is not asked unless LOTI_ALLOW_PRIVATE allows it"
            )
        failure: Exception | None = None
        for address in allowed:
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise httpcore2.ConnectError(f"{host} does not answer on port {port}") from failure

    async def _resolved(self, host: str, port: int) -> list[str]:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore2.ConnectError(f"the name {host} is not known ({error})") from error
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Never: what is asked is on the network."""
        raise RefusedAddress("a socket file is no address on the network")

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


@cache
def _verifying() -> ssl.SSLContext:
    """Certificates are verified against the public authorities; reading those takes 50 ms, and is done once."""
    return httpx2.create_ssl_context()


class GuardedTransport(httpx2.AsyncHTTPTransport):
    """httpx2's transport over guarded connections, TLS certificates verified.

    httpx2 offers no way to pass the network backend on, so the connection pool is built here.
    """

    def __init__(self, *, allow_private: bool) -> None:
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=_verifying(),
            max_connections=50,
            max_keepalive_connections=10,
            keepalive_expiry=5.0,
            network_backend=GuardedBackend(allow_private=allow_private),
        )

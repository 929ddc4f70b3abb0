"""Pages of the web, fetched only when that is asked for, and only from public addresses.

Every name is resolved once, every address it has is checked, and the connection goes to a checked
address: a name that answers differently the second time (DNS rebinding) gains nothing. Each
redirect is checked anew. No proxy, no cookie, no password is used.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from kg import __version__
from kg.errors import ArticleError

__all__ = ["Fetched", "fetch", "is_address", "is_public"]

MAX_REDIRECTS = 5
SECONDS = 30.0
"""For the whole page, redirects included."""
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came from the web.

    Attributes:
        url: where it came from in the end.
        retrieved: the server's own Date header; None if it sent none.
    """

    url: str
    content: bytes
    content_type: str
    retrieved: str | None


def is_address(given: str) -> bool:
    """Tell whether an input is an address of the web.

    >>> is_address("https://arnor.example/a"), is_address("news/a.txt")
    (True, False)
    """
    return given[:8].casefold().startswith(("http://", "https://"))


def is_public(address: str) -> bool:
    """Tell whether a numeric address belongs to the public internet, what it wraps included.

    >>> is_public("1.1.1.1"), is_public("127.0.0.1"), is_public("::ffff:10.0.0.1")
    (True, False, False)
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inside = [found.ipv4_mapped, found.sixtofour, *(found.teredo or ())]
        if found in ipaddress.ip_network("64:ff9b::/96"):
            inside.append(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF))
        if any(one is not None and not is_public(str(one)) for one in inside):
            return False
    return found.is_global and not found.is_multicast


def fetch(url: str, *, max_bytes: int, is_allowed: Callable[[str], bool] = is_public) -> Fetched:
    """Fetch one page.

    Args:
        is_allowed: decides on each numeric address that a connection would go to.

    Raises:
        ArticleError: it can't or must not be fetched.
    """
    deadline = time.monotonic() + SECONDS
    for _ in range(MAX_REDIRECTS + 1):
        parts = _checked(url, is_allowed)
        answer = _answer(parts, max_bytes, deadline, is_allowed)
        if isinstance(answer, Fetched):
            return answer
        url = urljoin(url, answer)
    raise ArticleError(f"redirects more than {MAX_REDIRECTS} times")


def _checked(url: str, is_allowed: Callable[[str], bool]) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ArticleError("is no usable address") from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise ArticleError(f"leads to {parts.scheme or 'no'}: only http and https are fetched")
    if parts.username is not None:
        raise ArticleError("holds a user name; give the address without it")
    if port is not None and port not in PORTS.values() and is_allowed is is_public:
        raise ArticleError(f"asks for port {port}; only 80 and 443 are fetched from")
    return parts


def _public_addresses(host: str, port: int, is_allowed: Callable[[str], bool]) -> list[str]:
    """Resolve a name; if any of its addresses is private, none is used."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise ArticleError(f"can't be fetched: {host[:80]!r} is not known") from None
    numeric = [str(one[4][0]) for one in found]
    if not numeric or not all(map(is_allowed, numeric)):
        raise ArticleError(f"can't be fetched: {host[:80]!r} is no public address")
    return list(dict.fromkeys(numeric))


def _answer(
    parts: SplitResult, max_bytes: int, deadline: float, is_allowed: Callable[[str], bool]
) -> Fetched | str:
    """Ask one server; give the page, or where it sends us."""
    host = str(parts.hostname)
    port = parts.port or PORTS[parts.scheme]
    address = _public_addresses(host, port, is_allowed)[0]
    try:
        connection = _connection(parts.scheme, host, address, port)
        hanging_up = _hang_up_at(deadline, connection)
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            headers = {"User-Agent": f"kg/{__version__}", "Accept": "text/html,*/*;q=0.5",
                       "Accept-Encoding": "identity"}  # fmt: skip
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            if response.status in (301, 302, 303, 307, 308) and response.getheader("Location"):
                return str(response.getheader("Location"))
            if response.status != 200:
                raise ArticleError(f"can't be fetched: the server answered {response.status}")
            return Fetched(
                url=parts.geturl(),
                content=_content(response, max_bytes, deadline),
                content_type=response.getheader("Content-Type") or "",
                retrieved=response.getheader("Date"),
            )
        finally:
            hanging_up.cancel()
            connection.close()
    except (OSError, http.client.HTTPException, ValueError) as error:
        if time.monotonic() >= deadline:
            raise ArticleError(f"took longer than {SECONDS:.0f} seconds") from None
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise ArticleError(f"can't be fetched ({reason})") from None


def _connection(scheme: str, host: str, address: str, port: int) -> http.client.HTTPConnection:
    """Connect to the checked address; the name only tells the server which site is meant."""
    connection = http.client.HTTPConnection(host, port, timeout=10)
    reached = socket.create_connection((address, port), timeout=10)
    if scheme == "https":
        reached = ssl.create_default_context().wrap_socket(reached, server_hostname=host)
    connection.sock = reached
    return connection


def _hang_up_at(deadline: float, connection: http.client.HTTPConnection) -> threading.Timer:
    """End a connection at the deadline, whatever the server is about to send.

    A time limit of the socket counts from one byte to the next: a server that sends its headers
    one byte in nine seconds would be waited for without end.
    """

    def hang_up() -> None:
        with contextlib.suppress(OSError, AttributeError):  # it may be closed by now
            connection.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(0.0, deadline - time.monotonic()), hang_up)
    timer.daemon = True
    timer.start()
    return timer


def _content(response: http.client.HTTPResponse, max_bytes: int, deadline: float) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while piece := response.read1(1 << 16):
        size += len(piece)
        pieces.append(piece)
        if size > max_bytes:
            raise ArticleError(f"is larger than {max_bytes >> 20} MB")
        if time.monotonic() > deadline:
            break
    if time.monotonic() > deadline:
        raise ArticleError(f"took longer than {SECONDS:.0f} seconds")
    if response.length:
        raise ArticleError(f"breaks off {response.length:,} bytes before the end that it announced")
    content = b"".join(pieces)
    if response.getheader("Content-Encoding", "").casefold() == "gzip":
        return _unpacked(content, max_bytes)
    return content


def _unpacked(packed: bytes, max_bytes: int) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        content = unpacker.decompress(packed, max_bytes)
    except zlib.error:
        raise ArticleError("can't be unpacked") from None
    if unpacker.unconsumed_tail:
        raise ArticleError(f"is larger than {max_bytes >> 20} MB when it is unpacked")
    return content

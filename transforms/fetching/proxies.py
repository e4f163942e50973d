"""Proxies: a server that makes the connections in our place, where one is configured."""

import base64
import dataclasses
from urllib.parse import unquote, urlsplit

_DEFAULT_PORT = 3128


class ProxyInvalid(ValueError):
    """A setting, not a record: the address of the proxy cannot be used."""


@dataclasses.dataclass(frozen=True, slots=True)
class Proxy:
    """Where the proxy listens, and what it is told besides the address. Its own address is not held to any rule."""

    host: str
    port: int
    authorization: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """What goes with each CONNECT."""
        return {"Proxy-Authorization": self.authorization} if self.authorization else {}


def read_proxy(url: str) -> Proxy:
    """Read `http://[user:password@]host[:port]`; the port is 3128 where none is given.

    Raises:
        ProxyInvalid: It is of another form.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or _DEFAULT_PORT
    except ValueError as error:
        raise ProxyInvalid(f"no address of a proxy: {error}") from error
    if parts.scheme != "http" or not parts.hostname or parts.path not in ("", "/") or parts.query:
        raise ProxyInvalid("a proxy is given as http://host:port")
    authorization = None
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        authorization = "Basic " + base64.b64encode(pair.encode("utf-8")).decode("ascii")
    return Proxy(parts.hostname, port, authorization)

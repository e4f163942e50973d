"""Addresses: which URLs may be asked, judged by their form before anything is looked up or connected to."""

import dataclasses
import re
from urllib.parse import quote

from schemas.rejects import ForbiddenAddress, UrlInvalid, UrlScheme
from transforms.fetching.hosts import read_host
from transforms.fetching.networks import Address, Rules

# Characters: what RFC 9110, section 4.1, asks every server to take.
MAX_LENGTH = 8000
_PORTS = {"http": 80, "https": 443}
_SECURE_PORTS = (443, 8443)
# Controls of ASCII and of Latin-1, the backslash that browsers read as a slash, and halves of characters.
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\\\ud800-\udfff]")
# The same in escapes, of those that end a line or a text: whoever undoes them on the way is led astray.
_ESCAPED = re.compile(r"%(?:00|0[AaDd])")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_AUTHORITY = re.compile(r"//([^/?#]*)([^?#]*)(?:\?([^#]*))?")
_HOST_AND_PORT = re.compile(r"(\[[^\[\]]*\]|[^:\[\]]*)(?::(.*))?")
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
# What RFC 3986 lets stand in a path, and a percent sign that begins an escape.
_PATH_SAFE = "/%:@!$&'()*+,;=~"
_QUERY_SAFE = _PATH_SAFE + "?"


@dataclasses.dataclass(frozen=True, slots=True)
class Target:
    """A URL that may be asked. `host` is a name in ASCII or an address without brackets; `path` has the query."""

    scheme: str
    host: str
    port: int
    path: str
    address: Address | None = None

    @property
    def netloc(self) -> str:
        """Host and port as in the Host header: brackets about IPv6, no port where it is the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port: what one robots.txt speaks for."""
        return f"{self.scheme}://{self.netloc}"

    @property
    def url(self) -> str:
        """The whole URL in normal form, without fragment."""
        return self.origin + self.path


def vet_url(url: str, rules: Rules) -> Target:
    """Read a URL that somebody else wrote, and judge its form; spaces around it are passed over.

    `feed:` is read as http, or as https where port or inner scheme say so. A name is not looked up: all of its
    addresses are held against the same rules when it is connected to.

    Raises:
        UrlInvalid: It is no URL of a host, is longer than `MAX_LENGTH`, holds credentials, control characters (also
            line ends and NUL in escapes) or a backslash.
        UrlScheme: It is of another scheme.
        ForbiddenAddress: Host or port are not of the public web, nor allowed by the rules.
        DnsFailed: The host can have no address.
    """
    url = url.strip(" ")
    if len(url) > MAX_LENGTH:
        raise UrlInvalid(f"{len(url)} characters, limit {MAX_LENGTH}: {url[:100]!r}")
    if found := _FORBIDDEN.search(url) or _ESCAPED.search(url):
        raise UrlInvalid(f"{found[0]!r} in {url[:200]!r}")
    scheme, rest = _split_scheme(url)
    parts = _AUTHORITY.match(rest)
    if not parts:
        raise UrlInvalid(f"no host in {url[:200]!r}")
    authority, path, query = parts.groups()
    if "@" in authority:
        raise UrlInvalid(f"credentials in {url[:200]!r}")
    host, port = _split_port(authority)
    scheme = scheme or ("https" if port in _SECURE_PORTS else "http")
    port = _PORTS[scheme] if port is None else port
    if port not in rules.ports:
        raise ForbiddenAddress(f"port {port} is none of {', '.join(map(str, sorted(rules.ports)))}")
    found_host = read_host(host, rules)
    address = None if isinstance(found_host, str) else found_host
    return Target(scheme, str(found_host), port, _normalise(path, query), address)


def _split_scheme(url: str) -> tuple[str, str]:
    """Give scheme and rest; the scheme is empty for `feed://`, which may be either."""
    found = _SCHEME.match(url)
    if not found:
        raise UrlInvalid(f"no scheme in {url[:200]!r}")
    scheme, rest = found[1].lower(), url[found.end() :]
    if scheme == "feed":
        if rest.startswith("//"):
            return "", rest
        inner = _SCHEME.match(rest)
        scheme, rest = (inner[1].lower(), rest[inner.end() :]) if inner else (scheme, rest)
    if scheme not in _PORTS:
        raise UrlScheme(f"not http or https: {url[:200]!r}")
    return scheme, rest


def _split_port(authority: str) -> tuple[str, int | None]:
    parts = _HOST_AND_PORT.fullmatch(authority)
    if not parts:
        raise UrlInvalid(f"no host and port: {authority[:100]!r}")
    host, port = parts[1], parts[2]
    if not port:
        return host, None
    if not (port.isascii() and port.isdigit()) or len(port) > 5 or not 0 < int(port) < 65536:
        raise UrlInvalid(f"no port: {port[:20]!r}")
    return host, int(port)


def _normalise(path: str, query: str | None) -> str:
    plain = quote(_LONE_PERCENT.sub("%25", path or "/"), safe=_PATH_SAFE)
    return plain if query is None else f"{plain}?{quote(_LONE_PERCENT.sub('%25', query), safe=_QUERY_SAFE)}"

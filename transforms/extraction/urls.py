"""URLs: one address for one article, whatever was hung on it on its way."""

import ipaddress
import re
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from courlan import extract_domain
from w3lib.url import canonicalize_url, url_query_cleaner

from schemas.rejects import UrlInvalid

# Characters. Browsers and servers agree on about this much.
_MAX_LENGTH = 4096
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\\]")
_DEFAULT_PORTS = {"http": 80, "https": 443}
# Query parameters that say how a reader came and not what is read. Names from the documentation of Google
# Analytics and Ads, Meta, Microsoft, Yandex, Matomo, HubSpot, Mailchimp, Marketo, AT Internet and Instagram.
_TRACKING = re.compile(
    r"(?i)^(utm_.*|pk_.*|mtm_.*|matomo_.*|hsa_.*|_hs.*|at_(medium|campaign|custom\d*|link.*|bbc_team|ptr_name)|mc_[ce]id|"
    r"fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh|mkt_tok|wt_mc|wt_zmc|ocid|"
    r"cmpid|ncid|ns_.*|spm|_ga|_gl|ref_src|ref_url|smid|smtyp|xtor|trk|taid|cmp|rss|feed_id|"
    r"(jsession|phpsess|aspsession)(id)?.*|sessionid|session_id|sid)$"
)
# A name as the DNS has it, after IDNA; underscores are met in the wild.
_HOST = re.compile(
    r"(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*"
)
_PATH_SESSION = re.compile(r"(?i);(jsessionid|phpsessid|sid)=[^/?#;]*")


def canonicalize(url: str) -> str:
    """Clean a URL of tracking, fragments, session ids and default ports; query parameters are sorted.

    Raises:
        UrlInvalid: It is no http or https address of a host, or holds credentials or control characters.
    """
    parts = _split(url.strip())
    host = (parts.hostname or "").rstrip(".")
    port = f":{parts.port}" if parts.port and parts.port != _DEFAULT_PORTS[parts.scheme] else ""
    netloc = (f"[{host}]" if ":" in host else host) + port
    plain = urlunsplit((parts.scheme, netloc, _PATH_SESSION.sub("", parts.path) or "/", parts.query, ""))
    tracking = [name for name in _parameter_names(parts.query) if _TRACKING.match(unquote(name))]
    cleaned = url_query_cleaner(plain, tracking, remove=True, unique=False) if tracking else plain
    try:
        canonical = str(canonicalize_url(cleaned))
    except ValueError as error:
        raise UrlInvalid(f"{url[:200]!r}: {error}") from error
    if not _is_host(urlsplit(canonical).hostname or ""):
        raise UrlInvalid(f"no name of a host in {url[:200]!r}")
    return canonical


def _split(url: str) -> SplitResult:
    if len(url) > _MAX_LENGTH:
        raise UrlInvalid(f"{len(url)} characters, limit {_MAX_LENGTH}: {url[:100]!r}")
    if _FORBIDDEN.search(url):
        raise UrlInvalid(f"control characters or a backslash in {url[:200]!r}")
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 (raises where it is no number)
    except ValueError as error:
        raise UrlInvalid(f"{url[:200]!r}: {error}") from error
    if parts.scheme not in _DEFAULT_PORTS:
        raise UrlInvalid(f"not http or https: {url[:200]!r}")
    if not parts.hostname or parts.username is not None or parts.password is not None:
        raise UrlInvalid(f"no host, or credentials, in {url[:200]!r}")
    return parts


def _is_host(host: str) -> bool:
    if ":" not in host:
        return _HOST.fullmatch(host) is not None
    try:
        ipaddress.IPv6Address(host)
    except ValueError:
        return False
    return True


def _parameter_names(query: str) -> list[str]:
    return [pair.partition("=")[0] for pair in query.split("&") if pair]


def article_key(canonical: str) -> str:
    """Give what identifies an article: the canonical URL without scheme, `www.` and a closing slash."""
    return re.sub(r"^https?://(www\.)?", "", canonical).rstrip("/")


def host_of(url: str) -> str | None:
    """Give the host of a URL without `www.`, or None where it has none."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def is_same_site(url: str, other: str) -> bool:
    """Say whether two URLs lie within one registered domain, by the public suffix list."""
    return site_of(url) == site_of(other) != ""


def site_of(url: str) -> str:
    """Give the registered domain of a URL by the public suffix list, empty where it has no host."""
    # Addresses and names under no public suffix have no registered domain: the host stands for it.
    return extract_domain(url, fast=False) or host_of(url) or ""

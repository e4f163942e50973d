"""Options of every command that fetches: who asks, by which way, and which addresses may be asked."""

import argparse
import ipaddress
import re

from schemas.version import VERSION
from transforms.fetching.fetcher import Fetcher
from transforms.fetching.networks import DEFAULT_PORTS, Network, Rules, private_networks
from transforms.fetching.proxies import Proxy, ProxyInvalid, read_proxy
from transforms.fetching.robots import product_of

# An address at which whoever runs this can be reached, as the site's owner will want to.
_CONTACT = re.compile(r"https?://[^\s/.]+\.\S+|[^\s@]+@[^\s@]+\.[^\s@]+")


def add_fetcher_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that `make_fetcher` reads, and those about addresses."""
    add = parser.add_argument
    add(
        "--user_agent",
        type=_user_agent,
        metavar="TEXT",
        help=f"what sites are told, with a contact: 'pledgeline/{VERSION} (+https://example.org/about)'",
    )
    add("--proxy", type=_proxy, metavar="URL", help="make connections through http://[user:password@]host:port")
    add_address_options(parser)


def add_address_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that `read_rules` reads."""
    add = parser.add_argument
    add("--allow_private_networks", action="store_true", help="ask private and local addresses too")
    add(
        "--allow_networks",
        type=_networks,
        default=(),
        metavar="NETWORK,...",
        help="ask these networks too, such as 10.1.0.0/16",
    )
    add(
        "--allow_ports", type=_ports, default=(), metavar="PORT,...", help="ask these ports besides 80, 443, 8080, 8443"
    )


def read_rules(known: argparse.Namespace) -> Rules:
    """Make the rules of what was given on the command line."""
    private = private_networks() if known.allow_private_networks else ()
    return Rules((*private, *known.allow_networks), DEFAULT_PORTS | set(known.allow_ports))


def make_fetcher(known: argparse.Namespace) -> Fetcher:
    """Make the fetcher of what was given on the command line; without a user agent there is none."""
    return Fetcher(known.user_agent, rules=read_rules(known), proxy=known.proxy)


def _user_agent(text: str) -> str:
    try:
        product_of(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    if not _CONTACT.search(text) or not (text.isascii() and text.isprintable()):
        raise argparse.ArgumentTypeError(f"{text!r} names no contact: 'name/1.0 (+https://example.org/about)'")
    return text


def _proxy(text: str) -> Proxy:
    try:
        return read_proxy(text)
    except ProxyInvalid as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _ports(text: str) -> tuple[int, ...]:
    ports = [part.strip() for part in text.split(",") if part.strip()]
    if not all(port.isascii() and port.isdigit() and 0 < int(port) < 65536 for port in ports):
        raise argparse.ArgumentTypeError(f"{text!r} is no list of ports such as 8000,9000")
    return tuple(int(port) for port in ports)

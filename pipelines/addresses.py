"""Options of every command that fetches: which addresses may be asked."""

import argparse
import ipaddress

from transforms.fetching.networks import DEFAULT_PORTS, Network, Rules, private_networks


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

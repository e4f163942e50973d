"""Networks: which IP addresses belong to the public web, and which are private, local or reserved."""

import dataclasses
import functools
import ipaddress

from schemas.rejects import ForbiddenAddress
from transforms.tagging.lexicon import read_table

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

DEFAULT_PORTS = frozenset({80, 443, 8080, 8443})
# Addresses of IPv6 that stand for one of IPv4: translation (RFC 6052) and 6to4 (RFC 3056).
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR = ipaddress.IPv6Network("2002::/16")
# All that was ever given to the public of IPv6 (RFC 4291, RFC 3587).
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")


@dataclasses.dataclass(frozen=True, slots=True)
class Rules:
    """What may be asked besides public addresses: networks that are meant although private; and ports."""

    private_networks: tuple[Network, ...] = ()
    ports: frozenset[int] = DEFAULT_PORTS


def check_address(address: Address, rules: Rules) -> None:
    """Hold an address against the rules; one of IPv6 that stands for one of IPv4 is judged as that.

    Raises:
        ForbiddenAddress: It is not public, nor in a network that the rules allow.
    """
    meant = unwrap(address)
    if any(meant in network for network in rules.private_networks if network.version == meant.version):
        return
    for network, meaning in _refused_networks():
        if network.version == meant.version and meant in network:
            raise ForbiddenAddress(f"{_describe(address, meant)} is not public: {meaning} ({network})")
    # The library's table may know what ours does not yet; outside 2000::/3 nothing of IPv6 was given away.
    outside = meant.version == 6 and meant not in _GLOBAL_UNICAST
    if outside or not meant.is_global or meant.is_multicast:
        raise ForbiddenAddress(f"{_describe(address, meant)} is not public")


def unwrap(address: Address) -> Address:
    """Give the IPv4 address that one of IPv6 stands for (mapped, translated, 6to4), else the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _TRANSLATED:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _SIX_TO_FOUR:
        return ipaddress.IPv4Address(int(address) >> 80 & 0xFFFFFFFF)
    return address


@functools.cache
def private_networks() -> tuple[Network, ...]:
    """Give the networks of this machine and of local ones: what is allowed where all private ones are."""
    rows = (row for row in read_table("networks") if row["private"])
    return tuple(ipaddress.ip_network(row["network"]) for row in rows)


@functools.cache
def _refused_networks() -> tuple[tuple[Network, str], ...]:
    return tuple((ipaddress.ip_network(row["network"]), row["meaning"]) for row in read_table("networks"))


def _describe(address: Address, meant: Address) -> str:
    return str(address) if address == meant else f"{address}, which stands for {meant},"

"""Names: look a host up once, within a time, and hold every address of the answer against the rules."""

import ipaddress
import queue
import socket
import threading
from collections.abc import Callable, Iterable

from schemas.rejects import DnsFailed, TimedOut
from transforms.fetching.addresses import Target
from transforms.fetching.networks import Address, Rules, check_address

# From a host's name to its addresses, best first; raises OSError where there are none. May block.
Resolver = Callable[[str], Iterable[Address]]


def system_resolver(host: str) -> list[Address]:
    """Ask the operating system."""
    answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [ipaddress.ip_address(address[0]) for *_, address in answers]


def find_addresses(target: Target, rules: Rules, resolver: Resolver, *, seconds: float) -> tuple[Address, ...]:
    """Give the addresses that may be connected to; a literal one is looked up nowhere.

    One address of the answer that is not public condemns them all: which of them would be met is chance.

    Raises:
        DnsFailed: There is no answer, or an empty one.
        TimedOut: The answer took longer than `seconds`.
        ForbiddenAddress: An address is not public, nor allowed.
    """
    found = (target.address,) if target.address else _look_up(target.host, rules, resolver, seconds)
    for address in found:
        check_address(address, rules)
    return found


def _look_up(host: str, rules: Rules, resolver: Resolver, seconds: float) -> tuple[Address, ...]:
    # The dot keeps the system from trying the name within its own domain too; there, short names are meant to work.
    name = host if rules.private_networks else f"{host}."
    answers: queue.SimpleQueue[tuple[Address, ...] | Exception] = queue.SimpleQueue()
    # The system's look-up knows no deadline of ours: one that hangs is left behind, and does not hold up the exit.
    threading.Thread(target=_answer, args=(answers, resolver, name), daemon=True).start()
    try:
        found = answers.get(timeout=max(seconds, 0))
    except queue.Empty:
        raise TimedOut(f"no answer about {host} from the DNS in {seconds:.3g} s") from None
    if isinstance(found, (OSError, UnicodeError)):
        raise DnsFailed(f"{host}: {found}") from found
    if isinstance(found, Exception):
        raise found
    if not found:
        raise DnsFailed(f"{host} has no address")
    return found


def _answer(answers: "queue.SimpleQueue[tuple[Address, ...] | Exception]", resolver: Resolver, name: str) -> None:
    try:
        answers.put(tuple(dict.fromkeys(resolver(name))))
    except Exception as error:
        answers.put(error)

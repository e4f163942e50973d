"""Check: say of addresses whether they would be asked, without asking them."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator

from pipelines.fetching import add_address_options, read_rules
from schemas.rejects import Rejected
from transforms.fetching.addresses import vet_url
from transforms.fetching.names import Resolver, find_addresses, system_resolver
from transforms.fetching.networks import Rules

# For one name, as when it is fetched.
_LOOK_UP_SECONDS = 10.0


def main(arguments: list[str]) -> int:
    """Print the verdict on each address as a JSON object a line; exits with 0 whatever the verdicts are."""
    known = _parser().parse_intermixed_args(arguments)
    rules = read_rules(known)
    for url in _addresses(known.url):
        reason = find_reason(url, rules, system_resolver if known.resolve else None)
        print(json.dumps({"url": url, "verdict": "block" if reason else "allow", "reason": reason}))
    return 0


def find_reason(url: str, rules: Rules, resolver: Resolver | None) -> str | None:
    """Give the reason why an address is refused, or None; names are looked up where there is a resolver."""
    try:
        target = vet_url(url, rules)
        if resolver:
            find_addresses(target, rules, resolver, seconds=_LOOK_UP_SECONDS)
    except Rejected as error:
        return error.reason
    return None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pledgeline check",
        description="Say of each address whether it would be asked: one JSON object a line with url, verdict (allow or "
        "block) and reason. Nothing is connected to.",
        allow_abbrev=False,
    )
    parser.add_argument("url", nargs="+", metavar="URL", help="an address; - reads them from the input, one a line")
    parser.add_argument("--resolve", action="store_true", help="look names up, and judge their addresses too")
    add_address_options(parser)
    return parser


def _addresses(given: Iterable[str]) -> Iterator[str]:
    for url in given:
        if url == "-":
            lines = (line.decode("utf-8", "surrogateescape").removesuffix("\n") for line in sys.stdin.buffer)
            yield from (line.removesuffix("\r") for line in lines if line.strip())
        else:
            yield url

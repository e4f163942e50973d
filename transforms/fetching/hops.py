"""Hops: from one address to the next, as redirects lead."""

import dataclasses
from collections.abc import Callable
from urllib.parse import quote, urljoin

from schemas.rejects import RedirectLoop, TooManyRedirects, UrlInvalid
from transforms.fetching.addresses import Target, vet_url
from transforms.fetching.heads import PERMANENT, REDIRECTS, field
from transforms.fetching.networks import Rules
from transforms.fetching.transport import Answer


@dataclasses.dataclass(frozen=True, slots=True)
class Arrival:
    """Where the redirects ended. `moved_to` is how far an unbroken chain of permanent ones led."""

    target: Target
    answer: Answer
    moved_to: str | None = None


def follow(url: str, ask: Callable[[Target], Answer], *, rules: Rules, redirects: int) -> Arrival:
    """Ask an address, and those that it redirects to, each judged like the first.

    Raises:
        Rejected: An address is refused, or what `ask` raises.
        RedirectLoop: An address was asked already.
        TooManyRedirects: There are more than `redirects`.
    """
    target, asked, moved_to, is_permanent = vet_url(url, rules), set[str](), None, True
    for _ in range(redirects + 1):
        asked.add(target.url)
        answer = ask(target)
        location = field(answer.fields, "location") if answer.exchange.status in REDIRECTS else None
        if not location:
            return Arrival(target, answer, moved_to)
        target = vet_url(_resolve(target.url, location), rules)
        is_permanent = is_permanent and answer.exchange.status in PERMANENT
        moved_to = target.url if is_permanent else moved_to
        if target.url in asked:
            raise RedirectLoop(f"{target.url} redirects to itself in {len(asked)} steps")
    raise TooManyRedirects(f"more than {redirects} redirects, the last to {target.url}")


def _resolve(base: str, location: str) -> str:
    # Fields were read as Latin-1, and servers write UTF-8 there: its bytes are what is meant.
    escaped = quote(location.encode("latin-1"), safe=_ASCII)
    try:
        return urljoin(base, escaped)
    except ValueError as error:
        raise UrlInvalid(f"redirect to {location[:200]!r}: {error}") from error


# All that needs no escape on the way: what is wrong with it is judged afterwards.
_ASCII = "".join(map(chr, range(128)))

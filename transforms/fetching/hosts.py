"""Hosts: the one name or address that a URL's host stands for, however it is written."""

import functools
import ipaddress
import re
from urllib.parse import unquote_to_bytes

import idna

from schemas.rejects import DnsFailed, ForbiddenAddress, UrlInvalid
from transforms.fetching.networks import Address, Rules, check_address
from transforms.tagging.lexicon import read_table

# Characters, before it is decoded: a name has at most 253, each of which may be written in nine (%E2%91%A0).
_MAX_LENGTH = 253 * 9
# As the DNS has it, after IDNA; underscores are met in the wild.
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
# A letter of ASCII that is written as an escape: no honest address does so.
_NEEDLESS_ESCAPE = re.compile(r"%[0-7][0-9A-Fa-f]")
# Of ASCII, what no name has; also what other characters stand for, such as the slash that ／ is.
_NO_NAME = re.compile(r"[^a-z0-9_.\-\u0080-\U0010ffff]")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


def read_host(text: str, rules: Rules) -> str | Address:
    """Read a URL's host, without its port: a name in ASCII and small letters without its last dot, or an address.

    Numbers count as addresses in all the forms that system libraries take (`0x7f.1`, `017700000001`,
    `2130706433`, full-width digits), as the URL standard of WHATWG has it.

    Raises:
        UrlInvalid: It is neither.
        ForbiddenAddress: It is an address, or a name, that is no part of the public web.
        DnsFailed: The name can have no address.
    """
    if text.startswith("["):
        address = _read_bracketed(text)
        check_address(address, rules)
        return address
    name = _map_name(text)
    last = name.rpartition(".")[2]
    if _NUMBER.fullmatch(last):
        return _read_number(name, rules)
    ascii_name = ".".join(_to_ascii(label) for label in name.split("."))
    if len(ascii_name) > 253:
        raise UrlInvalid(f"the host has {len(ascii_name)} characters, limit 253")
    _check_name(ascii_name, rules)
    return ascii_name


def _read_bracketed(text: str) -> Address:
    inner = text[1:-1] if text.endswith("]") else ""
    if "%" in inner:
        raise ForbiddenAddress(f"{text[:60]!r}: a zone is of the local link alone")
    try:
        return ipaddress.IPv6Address(inner)
    except ValueError as error:
        raise UrlInvalid(f"{text[:60]!r} is no address of IPv6") from error


def _map_name(text: str) -> str:
    """Undo escapes, fold letters and dots of other scripts (UTS 46), and take the last dot off."""
    if not text or len(text) > _MAX_LENGTH:
        raise UrlInvalid(f"no host, or one that is too long: {text[:60]!r}")
    if _NEEDLESS_ESCAPE.search(text):
        raise UrlInvalid(f"escapes in the host {text[:60]!r}")
    try:
        plain = unquote_to_bytes(text).decode("utf-8") if "%" in text else text
        mapped = idna.uts46_remap(plain, std3_rules=False, transitional=False)
    except (UnicodeError, ValueError) as error:
        raise UrlInvalid(f"the host {text[:60]!r}: {error}") from error
    name = mapped.removesuffix(".")
    if not name or _NO_NAME.search(name):
        raise UrlInvalid(f"no name of a host: {text[:60]!r}")
    return name


def _read_number(name: str, rules: Rules) -> Address:
    """Read an address of IPv4; a leading zero means octal to some and nothing to others, so both must be public."""
    parts = name.split(".")
    address = _combine([_read_part(part) for part in parts], name)
    check_address(address, rules)
    plain = [part.lstrip("0") or "0" if part.isdigit() else part for part in parts]
    if plain != parts:
        check_address(_combine([_read_part(part) for part in plain], name), rules)
    return address


def _read_part(part: str) -> int:
    if not _NUMBER.fullmatch(part):
        raise UrlInvalid(f"{part[:60]!r} is no part of an address")
    try:
        if part.startswith("0x"):
            return int(part[2:] or "0", 16)
        return int(part, 8) if len(part) > 1 and part.startswith("0") else int(part)
    except ValueError as error:
        raise UrlInvalid(f"{part[:60]!r} is no part of an address") from error


def _combine(numbers: list[int], name: str) -> Address:
    """Make an address of one to four numbers, the last of which fills what is left (inet_aton)."""
    *first, last = numbers
    if len(first) > 3 or any(number > 255 for number in first) or last >= 256 ** (4 - len(first)):
        raise UrlInvalid(f"{name[:60]!r} is no address of IPv4")
    return ipaddress.IPv4Address(int.from_bytes([*first, *last.to_bytes(4 - len(first))]))


def _to_ascii(label: str) -> str:
    if not label.isascii():
        return _encode(label)
    if not _LABEL.fullmatch(label):
        raise UrlInvalid(f"{label[:70]!r} is no part of a host's name")
    if label.startswith("xn--"):
        _check_encoded(label)
    return label


def _encode(label: str) -> str:
    try:
        return idna.alabel(label).decode("ascii")
    except idna.InvalidCodepoint:
        # Symbols such as ☃: IDNA of 2008 knows none, but UTS 46 does, browsers do, and names of the kind exist.
        encoded = "xn--" + label.encode("punycode").decode("ascii")
    except (UnicodeError, ValueError) as error:
        raise UrlInvalid(f"the host's part {label[:60]!r}: {error}") from error
    if not _LABEL.fullmatch(encoded):
        raise UrlInvalid(f"the host's part {label[:60]!r} is {encoded[:80]!r} in ASCII, which is none")
    return encoded


def _check_encoded(label: str) -> None:
    """Refuse what no encoder makes: a name in two forms is a way around a check."""
    try:
        plain = label[4:].encode("ascii").decode("punycode")
        same = not plain.isascii() and idna.uts46_remap(plain, std3_rules=False, transitional=False) == plain
    except (UnicodeError, ValueError) as error:
        raise UrlInvalid(f"{label!r} cannot be decoded: {error}") from error
    if not same or _encode(plain) != label:
        raise UrlInvalid(f"{label!r} is not what its letters are encoded as")


def _check_name(name: str, rules: Rules) -> None:
    """Refuse names that can only mean this machine or its surroundings, unless those are allowed."""
    labels = name.split(".")
    row = next((row for i in range(len(labels)) if (row := _refused_names().get(".".join(labels[i:])))), None)
    if row and row["reason"] == DnsFailed.reason:
        raise DnsFailed(f"{name} can have no address: {row['meaning']}")
    if rules.private_networks:
        return
    if row:
        raise ForbiddenAddress(f"{name} is not public: {row['meaning']}")
    if len(labels) == 1:
        raise ForbiddenAddress(f"{name} is not public: a name without a dot is of the local network")


@functools.cache
def _refused_names() -> dict[str, dict[str, str]]:
    return {row["host"]: row for row in read_table("hosts")}

import gzip
import io
import random

import pytest

from schemas.rejects import Rejected
from transforms.reading.members import Members

TEXT = b"".join(b"%06d the council promised to mend the bridge\n" % number for number in range(30_000))


class Pipe:
    """A stream that gives a few bytes at a time."""

    def __init__(self, data: bytes, step: int) -> None:
        self._file, self._step = io.BytesIO(data), step

    def read(self, size: int = -1) -> bytes:
        """Read at most a step."""
        return self._file.read(min(size, self._step) if size >= 0 else self._step)


def unpack(data: bytes) -> tuple[bytes, list[str]]:
    pieces = list(Members(io.BytesIO(data), b""))
    faults = [piece.reason for piece in pieces if isinstance(piece, Rejected)]
    return b"".join(piece for piece in pieces if isinstance(piece, bytes)), faults


def test_members_follow_each_other_with_padding_between():
    assert unpack(gzip.compress(b"one\n") + bytes(100_000) + gzip.compress(b"two\n") + bytes(9)) == (b"one\ntwo\n", [])


def test_a_stream_may_give_little_at_a_time():
    pieces = Members(Pipe(gzip.compress(TEXT), 7), b"")  # type: ignore[arg-type]
    assert b"".join(piece for piece in pieces if isinstance(piece, bytes)) == TEXT


@pytest.mark.parametrize("times", [1, 2, 7, 20])
def test_what_the_unpacker_holds_back_is_fetched(times):
    data = b"0" * (1 << 20) * times + b"end"
    assert unpack(gzip.compress(data, 9)) == (data, [])


@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_all_before_a_cut_is_kept(share):
    packed = gzip.compress(TEXT)
    kept, faults = unpack(packed[: int(len(packed) * share)])
    assert faults == ["truncated"]
    assert TEXT.startswith(kept)
    assert len(kept) > 0.9 * share * len(TEXT)


def test_all_before_damage_and_the_members_after_it_are_kept():
    first, second, third = (gzip.compress(b"%d " % number * 500 + TEXT[:1000]) for number in range(3))
    damaged = bytearray(second)
    damaged[len(second) // 2] ^= 0xFF
    kept, faults = unpack(first + bytes(damaged) + third)
    assert faults == ["decode"]
    assert kept.startswith(gzip.decompress(first))
    assert kept.endswith(gzip.decompress(third))


def test_a_wrong_checksum_is_told_though_all_could_be_unpacked():
    packed = bytearray(gzip.compress(TEXT))
    packed[-6] ^= 1
    assert unpack(bytes(packed)) == (TEXT, ["decode"])


def test_what_is_no_member_is_told():
    assert unpack(gzip.compress(b"one") + b"something else" + gzip.compress(b"two")) == (b"onetwo", ["decode"])


def test_random_damage_never_raises_and_keeps_what_lies_before():
    chance = random.Random(7)
    packed = gzip.compress(TEXT[:200_000])
    for _ in range(100):
        place = chance.randrange(12, len(packed))
        damaged = packed[:place] + chance.randbytes(3) + packed[place + 3 :]
        kept, faults = unpack(damaged)
        whole = unpack(packed[:place])[0]
        assert faults or damaged == packed
        assert kept.startswith(whole[: max(len(whole) - 300, 0)])

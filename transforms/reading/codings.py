"""Codings: undo what HTTP did to a body on its way, within limits."""

import re
import zlib
from collections.abc import Iterator

import brotli
import zstandard

from schemas.rejects import DecompressionBomb, Rejected, TooLarge, Undecodable

# Bytes, decoded. Article pages stay far below; it bounds what one record can take of memory.
MAX_BODY_BYTES = 20_000_000
# A body may grow by this factor; below a megabyte nobody minds, and small pages of few words do grow more.
_MAX_RATIO = 100
_RATIO_FREE_BYTES = 1_000_000
_MAX_CODINGS = 5
_STEP = 64 * 1024
# Bytes. The window that RFC 9659 allows for zstd in HTTP.
_ZSTD_WINDOW = 8 * 1024 * 1024
# Bytes. Its unpacker knows no limit, and four bytes may stand for 128 KiB: one step gives at most 8 MB.
_ZSTD_STEP = 256
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]{0,4096})?\r?\n")
# Some servers name a charset here, or say that there is nothing to say.
_NO_CODINGS = frozenset({"", "identity", "none", "utf-8", "utf8", "binary", "8bit"})


def undo_codings(body: bytes, *, content: str | None, transfer: str | None, max_bytes: int = MAX_BODY_BYTES) -> bytes:
    """Undo the codings that the headers Content-Encoding and Transfer-Encoding list, the last first.

    Some archives hold bodies that are decoded already beside headers that say otherwise: markup that cannot be
    decoded stays as it is.

    Raises:
        TooLarge: The body has more than `max_bytes` decoded.
        DecompressionBomb: It grows more than a hundredfold.
        Undecodable: A coding is unknown, or the bytes are not in it.
    """
    codings = [*_split(content), *_split(transfer)]
    if len(codings) > _MAX_CODINGS:
        raise Undecodable(f"{len(codings)} codings on one another, limit {_MAX_CODINGS}")
    stored_size = len(body)
    for coding in reversed(codings):
        body = _undo(body, coding, stored_size, max_bytes)
    if len(body) > max_bytes:
        raise TooLarge(f"{len(body)} bytes, limit {max_bytes}")
    return body


def _split(header: str | None) -> list[str]:
    names = [name.strip().lower().removeprefix("x-") for name in (header or "").split(",")]
    return [name for name in names if name not in _NO_CODINGS]


def _undo(body: bytes, coding: str, stored_size: int, max_bytes: int) -> bytes:
    decode = _DECODERS.get(coding)
    if decode is None:
        raise Undecodable(f"unknown coding {coding[:40]!r}")
    if not body:
        return body
    decoded = bytearray()
    try:
        for piece in decode(body):
            decoded += piece
            _check_growth(len(decoded), stored_size, max_bytes)
    except (zlib.error, brotli.error, zstandard.ZstdError, Undecodable) as error:
        if _is_markup(body):
            return body
        raise Undecodable(f"{coding}: {error}") from error
    return bytes(decoded)


def _check_growth(size: int, stored_size: int, max_bytes: int) -> None:
    error: Rejected | None = None
    if size > _RATIO_FREE_BYTES and size > stored_size * _MAX_RATIO:
        error = DecompressionBomb(f"{stored_size} bytes grow to more than {size}, limit {_MAX_RATIO} to 1")
    elif size > max_bytes:
        error = TooLarge(f"more than {max_bytes} bytes decoded")
    if error:
        raise error


def _is_markup(body: bytes) -> bool:
    return body[:1024].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def _unchunk(body: bytes) -> Iterator[bytes]:
    at = 0
    while size := _CHUNK_SIZE.match(body, at):
        length = int(size[1], 16)
        at = size.end()
        if length == 0:
            return
        if at + length > len(body):
            raise Undecodable(f"a chunk of {length} bytes, {len(body) - at} left")
        yield body[at : at + length]
        at += length
        at += 2 if body.startswith(b"\r\n", at) else 1 if body.startswith(b"\n", at) else 0
    raise Undecodable(f"no chunk size at byte {at}")


def _gunzip(body: bytes) -> Iterator[bytes]:
    if not body.startswith(b"\x1f\x8b"):
        raise Undecodable("no gzip header")
    # Bytes behind the last member are passed over, as browsers do.
    while body.startswith(b"\x1f\x8b"):
        unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
        yield from _inflate(unpacker, body)
        body = unpacker.unused_data


def _deflate(body: bytes) -> Iterator[bytes]:
    # RFC 9110 asks for the zlib format; some servers send the bare stream.
    zlib_header = len(body) > 1 and body[0] & 0x0F == 8 and (body[0] << 8 | body[1]) % 31 == 0
    yield from _inflate(zlib.decompressobj(zlib.MAX_WBITS if zlib_header else -zlib.MAX_WBITS), body)


def _inflate(unpacker: "zlib._Decompress", body: bytes) -> Iterator[bytes]:
    data = body
    while not unpacker.eof:
        unpacked = unpacker.decompress(data, _STEP)
        data = unpacker.unconsumed_tail
        yield unpacked
        if not unpacked and not data and not unpacker.eof:
            raise Undecodable("the stream ends before its end")


def _unbrotli(body: bytes) -> Iterator[bytes]:
    unpacker = brotli.Decompressor()
    unpacked = unpacker.process(body, output_buffer_limit=_STEP)
    while unpacked or not unpacker.is_finished():
        yield unpacked
        if unpacker.is_finished():
            return
        if not unpacked and unpacker.can_accept_more_data():
            raise Undecodable("the stream ends before its end")
        unpacked = unpacker.process(b"", output_buffer_limit=_STEP)


def _unzstd(body: bytes) -> Iterator[bytes]:
    unpacker, ended = _new_unzstd(), True
    for start in range(0, len(body), _ZSTD_STEP):
        data = body[start : start + _ZSTD_STEP]
        while data:
            yield unpacker.decompress(data)
            ended, data = unpacker.eof, unpacker.unused_data
            if ended:
                unpacker = _new_unzstd()
    if not ended:
        raise Undecodable("the stream ends before its end")


def _new_unzstd() -> "zstandard.ZstdDecompressionObj":
    return zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()


_DECODERS = {
    "chunked": _unchunk,
    "gzip": _gunzip,
    "deflate": _deflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}

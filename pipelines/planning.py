"""Planning: input patterns become sources, each file sniffed and passed over once."""

import dataclasses
import hashlib
import os
import pathlib
import posixpath
from collections.abc import Collection, Iterable, Iterator

from apache_beam.io.filesystem import BeamIOError, FileMetadata
from apache_beam.io.filesystems import FileSystems

from pipelines.exits import NoInput
from transforms.read import open_input
from transforms.reading.containers import Container, is_sidecar, scan, sidecar_name, sniff
from transforms.reading.globs import fixed_part, matches
from transforms.scans import Scan, ScanCache
from transforms.segments import Source, Unit

# Bytes that the type of a file is told from.
_HEAD_BYTES = 64 * 1024
_WILDCARDS = frozenset("*?[")


@dataclasses.dataclass(frozen=True, slots=True)
class InputFile:
    """A file that a pattern matched: its address, its name relative to the pattern's fixed part, sidecar and stamp."""

    path: str
    name: str
    sidecar: str | None
    stamp: str


def find_inputs(patterns: Iterable[str]) -> list[InputFile]:
    """Find the files of patterns, each once, under the name that the first pattern gives it.

    Raises:
        NoInput: A pattern matched nothing.
        BeamIOError: A place cannot be listed.
    """
    found: dict[str, InputFile] = {}
    for pattern in patterns:
        files = list(_match(pattern))
        if not files:
            raise NoInput(f"no file matches --input {pattern}")
        for file in files:
            found.setdefault(file.path, file)
    return list(found.values())


def find_landed(folder: pathlib.Path, paths: Collection[pathlib.Path]) -> list[InputFile]:
    """Find files of the landing folder, under the names that a backfill of the whole folder gives them."""
    wanted = {str(path) for path in paths}
    return [file for file in find_inputs([str(folder)]) if file.path in wanted] if wanted else []


def _match(pattern: str) -> Iterator[InputFile]:
    if _is_file(pattern):
        folder = posixpath.dirname(pattern)
        listed = _list(_literal(pattern)) | _list(_literal(sidecar_name(pattern)))
        yield _input_file(pattern, folder, listed)
        return
    if not _WILDCARDS & set(pattern):
        pattern = pattern.rstrip("/") + "/**"
    if not fixed_part(pattern):
        # Beam lists nothing for a pattern without any folder.
        pattern = f"./{pattern}"
    folder = fixed_part(pattern)
    listed = _list(folder + "**")
    names = set(listed)
    for path in sorted(listed):
        if matches(pattern, path) and not is_sidecar(path, names):
            yield _input_file(path, folder, listed)


def _is_file(path: str) -> bool:
    # A name may hold wildcards to the letter: a file of that very name comes first. A local folder is listed too.
    return path in _list(_literal(path)) and not os.path.isdir(path)


def _literal(path: str) -> str:
    # `?` for each character that would be a wildcard, since Beam's patterns have no escape: matches more, and it too.
    return "".join("?" if character in _WILDCARDS else character for character in path)


def _list(pattern: str) -> dict[str, FileMetadata]:
    try:
        (result,) = FileSystems.match([pattern])
    except BeamIOError as error:
        causes = getattr(error, "exception_details", None) or {}
        if any(isinstance(cause, FileNotFoundError) for cause in causes.values()):
            return {}
        raise
    return {metadata.path: metadata for metadata in result.metadata_list}


def _input_file(path: str, folder: str, listed: dict[str, FileMetadata]) -> InputFile:
    sidecar: str | None = sidecar_name(path)
    if sidecar == path or sidecar not in listed:
        sidecar = None
    return InputFile(
        path=path,
        name=path.removeprefix(folder).lstrip("/"),
        sidecar=sidecar,
        stamp=_stamp(listed[path], listed[sidecar] if sidecar else None),
    )


def _stamp(*files: FileMetadata | None) -> str:
    return "+".join(f"{file.size_in_bytes}:{file.last_updated_in_seconds}" for file in files if file)


def current_stamp(path: str, sidecar: str | None) -> str:
    """Give a file's stamp as it is now; empty where it is gone."""
    return _stamp(_list(_literal(path)).get(path), _list(_literal(sidecar)).get(sidecar) if sidecar else None)


def scan_inputs(files: Iterable[InputFile], cache: ScanCache) -> list[Source]:
    """Pass over the bytes of files, or remember what an earlier pass gave.

    Raises:
        OSError: A file cannot be read.
    """
    sources, new = [], []
    for file in files:
        known = cache.get(file.path, file.stamp)
        result = known or _scan_file(file.path)
        if not known:
            new.append((file.path, file.stamp, result))
        sources.append(_source(file, result))
    cache.put_all(new)
    return sources


def scan_archive_file(path: str) -> Source:
    """Pass over the bytes of one archive, which is named by its file's name alone.

    Raises:
        OSError: It cannot be read.
    """
    file = InputFile(path, posixpath.basename(path), None, current_stamp(path, None))
    return _source(file, _scan_file(path))


def _scan_file(path: str) -> Scan:
    with open_input(path) as stream:
        container = sniff(stream.read(_HEAD_BYTES), path)
    with open_input(path) as stream:
        units = tuple(Unit(unit.digest, unit.size, unit.offset) for unit in scan(stream, container))
    return Scan(container.value, units)


def _source(file: InputFile, result: Scan) -> Source:
    takes_sidecar = Container(result.container) in (Container.TEXT, Container.HTML)
    sidecar = file.sidecar if takes_sidecar else None
    return Source(
        path=file.path,
        name=file.name,
        container=result.container,
        sidecar=sidecar,
        sidecar_digest=_digest(sidecar) if sidecar else b"",
        stamp=file.stamp,
        units=result.units,
    )


def _digest(path: str) -> bytes:
    with open_input(path) as stream:
        return hashlib.file_digest(stream, "sha256").digest()

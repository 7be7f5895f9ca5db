"""The files in an archive, archives within it included, with limits on their number, size and depth."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from coppice.core.limits import UNPACKED_BYTES, megabytes
from coppice.tools.import_file.imported import NotImported

MEMBERS = 200  # of an archive
LEVELS = 2  # of archives within one another
ARCHIVE = ".zip"
DAMAGED = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    zlib.error,
)


def is_archive(content: bytes) -> bool:
    """Return whether the content is an archive."""
    return zipfile.is_zipfile(io.BytesIO(content))


def members(content: bytes, name: str, suffixes: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """Yield the path and the content of each file of an archive with one of the suffixes, those of archives within it too.

    Raises
    ------
    NotImported
        If the archive is damaged or encrypted, holds more than anybody packs, or names a file outside of itself.
    """
    unpacked = 0
    for path, part in _members(content, name, suffixes, LEVELS):
        unpacked += len(part)
        if unpacked > UNPACKED_BYTES:
            raise NotImported(f"{name}: unpacks to more than {megabytes(UNPACKED_BYTES)}")
        yield path, part


def _members(content: bytes, name: str, suffixes: tuple[str, ...], levels: int) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for info in checked(archive, name):
                suffix = PurePosixPath(info.filename).suffix.lower()
                if suffix in suffixes:
                    yield info.filename, archive.read(info)
                elif suffix == ARCHIVE and levels > 1:
                    yield from _members(archive.read(info), f"{name}: {info.filename}", suffixes, levels - 1)
    except DAMAGED as error:
        raise NotImported(f"{name}: can't be unpacked: {error}") from error


def checked(archive: zipfile.ZipFile, name: str) -> list[zipfile.ZipInfo]:
    """Return what an archive lists; a file that unpacks to more than it lists is damaged, as its checksum then tells."""
    infos = archive.infolist()
    if len(infos) > MEMBERS:
        raise NotImported(f"{name}: holds {len(infos):,} files; {MEMBERS} at most")
    if sum(info.file_size for info in infos) > UNPACKED_BYTES:
        raise NotImported(f"{name}: unpacks to more than {megabytes(UNPACKED_BYTES)}")
    for info in infos:
        path = PurePosixPath(info.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts:
            raise NotImported(f"{name}: a file in it is called {info.filename[:80]!r}, which leads out of the archive")
    return infos

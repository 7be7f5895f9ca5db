"""Zip files of strangers: what they hold, within limits."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from pathlib import PurePosixPath

from coppice.core.limits import UNPACKED_BYTES, megabytes
from coppice.tools.import_file.imported import NotImported

MEMBERS = 200  # files of an archive and of those within it
LEVELS = 2  # archives within archives
ZIP = b"PK\x03\x04"


class Archive:
    """Unpacks a zip file in memory: names with `..`, too many files, levels or bytes are refused."""

    def __init__(self, name: str, wanted: Callable[[str], bool]) -> None:
        self.name = name
        self.wanted = wanted
        self.bytes_left = UNPACKED_BYTES
        self.members = 0

    def refusal(self, message: str) -> NotImported:
        """Return the error for the archive."""
        return NotImported(f"{self.name}: {message}")

    def files(self, content: bytes, level: int = 1) -> dict[str, bytes]:
        """Return the wanted files by their paths, those of archives within it below the path of each."""
        unpacked: dict[str, bytes] = {}
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for member in archive.infolist():
                    if member.is_dir():
                        continue
                    path = self.checked(member.filename)
                    is_archive = path.lower().endswith(".zip")
                    if is_archive and level == LEVELS:
                        raise self.refusal(f"holds zip files within zip files, {LEVELS} levels deep or more")
                    if not is_archive and not self.wanted(path):
                        continue
                    inner = self.unpacked(archive, member)
                    if is_archive:
                        unpacked |= {f"{path}/{name}": file for name, file in self.files(inner, level + 1).items()}
                    else:
                        unpacked[path] = inner
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, zlib.error) as error:
            raise self.refusal(f"not a zip file that can be read: {error}") from None
        return unpacked

    def checked(self, name: str) -> str:
        """Return the path of a member, counted."""
        self.members += 1
        if self.members > MEMBERS:
            raise self.refusal(f"holds more than {MEMBERS} files")
        path = PurePosixPath(name.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
            raise self.refusal(f"holds the path '{name[:100]!a}', which leads out of it")
        return path.as_posix()

    def unpacked(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
        """Return the content of a member; what it says of its size is not trusted."""
        with archive.open(member) as stream:
            content = stream.read(self.bytes_left + 1)
        self.bytes_left -= len(content)
        if self.bytes_left < 0:
            raise self.refusal(f"unpacks to more than {megabytes(UNPACKED_BYTES)}")
        return content


def files_of(content: bytes, name: str, *suffixes: str) -> dict[str, bytes]:
    """Return the files of a zip file, and of zip files in it, whose names end in one of `suffixes`, by their paths."""
    return Archive(name, lambda path: path.lower().endswith(suffixes)).files(content)

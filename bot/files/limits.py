"""How many files a conversation takes, and how large each may be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FileLimits:
    """most: files in a conversation; megabytes: of each."""

    most: int = 5
    megabytes: int = 10

    @property
    def bytes(self) -> int:
        """The largest file, in bytes."""
        return self.megabytes * 1024 * 1024

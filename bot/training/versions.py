"""Versions of the model: who trained each and why, which one answers customers, and which did before.

What is known of a version lies beside it (`<model>.json`); which one is live is a fact about one
installation and lies in its state directory (`live.json`).
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path

import msgspec

from bot.errors import FirstlineError

LIVE = "live.json"
SUFFIX = ".tar.gz"
NAME_DIGITS = 16
# Who made a model live that nobody has chosen.
START = "start"


class Version(msgspec.Struct, frozen=True):
    """One trained model. `seconds` is how long it took, `examples` how many it learned from."""

    model: str
    trained_at: datetime
    by: str = ""
    why: str = ""
    seconds: float = 0.0
    examples: int = 0


class Promotion(msgspec.Struct, frozen=True):
    """A model went live; `former` is the one it replaced."""

    model: str
    at: datetime
    by: str
    why: str
    former: str = ""


class Versions:
    """The versions in one folder, and those that were live in one installation, latest last."""

    def __init__(self, models: Path, state_dir: Path) -> None:
        self._models = models
        self._live = state_dir / LIVE

    def path(self, model: str) -> Path:
        """Where the model of this name lies. Raises `FirstlineError` when it is not there."""
        path = self._models / f"{model}{SUFFIX}"
        if not model or "/" in model or not path.is_file():
            raise FirstlineError(f"There is no model called {model!r}. See `firstline train list`")
        return path

    def all(self) -> list[Version]:
        """Every model there is, newest first."""
        paths = self._models.glob("?" * NAME_DIGITS + SUFFIX)
        return sorted(map(self._read, paths), key=lambda it: it.trained_at, reverse=True)

    def record(self, version: Version) -> None:
        """Keeps what is known of a version."""
        _write(self._models / f"{version.model}.json", msgspec.json.encode(version))

    def history(self) -> list[Promotion]:
        """What went live when, oldest first."""
        try:
            return msgspec.json.decode(self._live.read_bytes(), type=list[Promotion])
        except FileNotFoundError:
            return []

    def live(self) -> Promotion | None:
        """What is live by somebody's word; None when nobody has ever said."""
        history = self.history()
        return history[-1] if history else None

    def promote(self, model: str, by: str, why: str, former: str) -> Promotion:
        """Makes `model` live in place of `former`. Raises `FirstlineError` when it is not there."""
        self.path(model)
        with self._locked():
            now = datetime.now(timezone.utc)
            promotion = Promotion(model, now, by, why, former)
            _write(self._live, msgspec.json.encode([*self.history(), promotion]))
        return promotion

    def follow(self, model: str) -> None:
        """Makes `model` live unless somebody has chosen: what a fresh start serves is no accident
        of which models there are, and stays until the next start or somebody's word.
        """
        live = self.live()
        if live is None or (live.by == START and live.model != model):
            self.promote(model, START, "", "")

    def rollback(self, by: str, why: str) -> Promotion:
        """Makes the model live again that the present one replaced. Raises `FirstlineError`."""
        live = self.live()
        if live is None or not live.former:
            raise FirstlineError("No model has been replaced yet, so there is none to return to")
        return self.promote(live.former, by, why, live.model)

    def _read(self, path: Path) -> Version:
        name = path.name.removesuffix(SUFFIX)
        try:
            return msgspec.json.decode((self._models / f"{name}.json").read_bytes(), type=Version)
        except (FileNotFoundError, msgspec.DecodeError):
            return Version(name, datetime.fromtimestamp(path.stat().st_mtime, timezone.utc))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._live.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._live.with_suffix(".lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def _write(path: Path, body: bytes) -> None:
    """Puts a file into place whole."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_bytes(body)
    unfinished.replace(path)

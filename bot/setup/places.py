"""Where the set-up puts things, all inside the checkout and out of version control."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENVS = ROOT / ".venv"
REQUIREMENTS = ROOT / "requirements"
WEB = ROOT / "web"
LOCK_COPY = "requirements.lock"


def venv(name: str) -> Path:
    """Folder of the environment `name` (bootstrap, edge, engine, redis, node, stock)."""
    return VENVS / name


def lock_of(name: str) -> Path:
    """The locked requirements of the environment `name`."""
    return REQUIREMENTS / f"{name}.txt"


def is_current(name: str) -> bool:
    """Whether the environment holds what its lock says; its copy of the lock is the proof."""
    copy = venv(name) / LOCK_COPY
    return copy.is_file() and copy.read_bytes() == lock_of(name).read_bytes()

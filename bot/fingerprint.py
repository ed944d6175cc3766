"""Which trained model fits what it was trained from: one hash over all that training reads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODELS = ROOT / "models"
SOURCES = ("config.yml", "domain.yml", "data", "bot/nlu", "bot/content", "requirements/engine.txt")
LENGTH = 16


def model_fingerprint(root: Path = ROOT) -> str:
    """Hexadecimal SHA-256, shortened, over names and bytes of everything that training reads."""
    digest = hashlib.sha256()
    for path in _files(root):
        name = path.relative_to(root).as_posix().encode()
        content = path.read_bytes()
        digest.update(b"%d %s %d " % (len(name), name, len(content)))
        digest.update(content)
    return digest.hexdigest()[:LENGTH]


def model_path(root: Path = ROOT) -> Path:
    """Where the model that fits the present training data is, or will be when trained."""
    return root / "models" / f"{model_fingerprint(root)}.tar.gz"


def _files(root: Path) -> Iterator[Path]:
    for source in SOURCES:
        path = root / source
        if path.is_dir():
            yield from sorted(
                inner
                for inner in path.rglob("*")
                if inner.is_file() and inner.suffix != ".pyc" and not inner.name.startswith(".")
            )
        elif path.is_file():
            yield path

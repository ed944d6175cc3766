"""Which model belongs to the present data: its name is a fingerprint of all that goes into it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import structlog

from bot.errors import FirstlineError
from bot.settings import ROOT

MODELS = ROOT / "models"
INGREDIENTS = ("config.yml", "domain.yml", "requirements/engine.txt")
INGREDIENT_FOLDERS = ("data", "bot/nlu", "bot/content")
DIGITS = 16


def fingerprint(root: Path = ROOT) -> str:
    """16 hexadecimal digits that change with data, configuration, components or parts."""
    folders = (file for name in INGREDIENT_FOLDERS for file in (root / name).rglob("*"))
    files = [root / name for name in INGREDIENTS]
    files += [file for file in folders if file.is_file() and "__pycache__" not in file.parts]
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file.relative_to(root).as_posix()}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest() if file.is_file() else b"-")
    return digest.hexdigest()[:DIGITS]


def model_path(folder: Path = MODELS) -> Path:
    """Where the model of the present data is, or would be."""
    return folder / f"{fingerprint()}.tar.gz"


def current_model(folder: Path = MODELS) -> Path:
    """The model of the present data. Raises `FirstlineError` when it has not been trained."""
    path = model_path(folder)
    if not path.is_file():
        raise FirstlineError(
            f"No model fits the present data ({path.name} is missing). Run `make train`"
        )
    return path


def serving_model(folder: Path = MODELS) -> Path:
    """The model to answer customers with: that of the present data, else the newest there is.

    Whoever edits `data/` under a running desk must not keep its engine from starting again. Raises
    `FirstlineError` when there is no model at all.
    """
    if model_path(folder).is_file():
        return model_path(folder)
    newest = max(
        folder.glob("?" * DIGITS + ".tar.gz"), key=lambda path: path.stat().st_mtime, default=None
    )
    if newest is None:
        return current_model(folder)
    structlog.get_logger(__name__).warning("model_older_than_data", model=newest.name)
    return newest

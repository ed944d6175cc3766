"""A checkout of the tests' own, to be changed as a trainer changes it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from bot.content.hours import DAYS
from bot.engine.models import MODELS, fingerprint
from bot.settings import ROOT

LEFT_OUT = (
    ".git", ".venv", ".firstline", ".rasa", "models", "node_modules", "results", "artefacts",
    "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis",
)  # fmt: skip


ALWAYS_OPEN = """\
time_zone: Europe/London
weekly:
""" + "".join(f'  {day}: [{{opens: "00:00", closes: "23:59"}}]\n' for day in DAYS)


def open_checkout(to: Path) -> Path:
    """A copy of this checkout in which people answer at any hour, whenever the tests run."""
    copy_checkout(to)
    (to / "data" / "hours.yml").write_text(ALWAYS_OPEN)
    return to


def copy_checkout(to: Path) -> Path:
    """A copy of this checkout with what is installed, built and trained; its `data/` is its own."""
    shutil.copytree(ROOT, to, ignore=shutil.ignore_patterns(*LEFT_OUT), symlinks=True)
    (to / ".venv").symlink_to(ROOT / ".venv")
    (to / "web" / "node_modules").symlink_to(ROOT / "web" / "node_modules")
    models = to / "models"
    models.mkdir()
    (models / "encoder").symlink_to(MODELS / "encoder")
    for file in MODELS.glob(f"{fingerprint()}.*"):
        os.link(file, models / file.name)
    return to

"""A copy of what trainers edit, to be spoilt and mended."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.settings import ROOT


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A checkout with the real data, the real code of the actions, and the real tests' folder."""
    root = tmp_path / "project"
    for folder in ("data", "actions", "tests/conversations"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "bot").symlink_to(ROOT / "bot")
    shutil.copy(ROOT / "domain.yml", root)
    return root

"""What a model's name depends on: all that is taught, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.engine.models import NOT_TAUGHT, fingerprint
from bot.settings import ROOT


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("hours", "commands"):
        target = tmp_path / "data" / f"{name}.yml"
        target.parent.mkdir(exist_ok=True)
        target.write_bytes((ROOT / "data" / target.name).read_bytes())
    return tmp_path


@pytest.mark.parametrize(("name", "trains"), [("hours", False), ("commands", True)])
def test_only_what_is_taught_asks_for_training(root: Path, name: str, trains: bool) -> None:
    before = fingerprint(root)
    with (root / "data" / f"{name}.yml").open("a") as file:
        file.write("# changed\n")
    assert (fingerprint(root) != before) is trains


def test_every_file_that_is_left_out_is_there() -> None:
    assert [name for name in NOT_TAUGHT if not (ROOT / name).is_file()] == []

"""Which model a model is compared with when nobody says."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.engine.compare import other_model
from bot.errors import FirstlineError
from bot.training.versions import SUFFIX, Version, Versions

OLD, MIDDLE, NEW = (digit * 16 for digit in "abc")
BEGAN = datetime(2026, 11, 22, 9, tzinfo=timezone.utc)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three models, trained an hour after each other."""
    for hours, name in enumerate((OLD, MIDDLE, NEW)):
        (tmp_path / f"{name}{SUFFIX}").touch()
        Versions(tmp_path, tmp_path).record(Version(name, BEGAN + timedelta(hours=hours)))
    return tmp_path


def other(folder: Path, model: str, against: str = "") -> str:
    return other_model(model, against, folder, folder).name.removesuffix(SUFFIX)


def test_a_new_model_is_compared_with_the_live_one(folder: Path) -> None:
    Versions(folder, folder).promote(OLD, "trainer-1", "", "")
    assert other(folder, NEW) == OLD


def test_the_live_model_is_compared_with_the_one_it_replaced(folder: Path) -> None:
    Versions(folder, folder).promote(NEW, "trainer-1", "", OLD)
    assert other(folder, NEW) == OLD


def test_without_a_former_one_it_is_the_one_trained_before(folder: Path) -> None:
    Versions(folder, folder).follow(NEW)
    assert other(folder, NEW) == MIDDLE


def test_a_former_one_that_is_gone_is_not_looked_for(folder: Path) -> None:
    Versions(folder, folder).promote(NEW, "trainer-1", "", "f" * 16)
    assert other(folder, NEW) == MIDDLE


def test_a_model_named_is_taken(folder: Path) -> None:
    assert other(folder, NEW, against=MIDDLE) == MIDDLE


@pytest.mark.parametrize(("model", "against"), [(OLD, ""), (NEW, NEW)])
def test_no_model_is_compared_with_itself(folder: Path, model: str, against: str) -> None:
    Versions(folder, folder).follow(OLD)
    with pytest.raises(FirstlineError, match="but itself"):
        other(folder, model, against)

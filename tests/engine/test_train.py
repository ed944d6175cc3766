"""Training while the data is being changed: a model is of the data that it is named after, or is not kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.engine import train as training
from bot.errors import FirstlineError


class Data:
    """Data that is changed during the next so many trainings; a training writes its name into the model."""

    def __init__(self, changes: int) -> None:
        self.changes = changes
        self.state = 0

    def path(self, folder: Path) -> Path:
        return folder / f"{self.state:016x}.tar.gz"

    def trained(self, folder: Path, name: str) -> Path:
        path = folder / name
        path.write_text(str(self.state))
        if self.changes:
            self.changes -= 1
            self.state += 1
        return path


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch) -> Data:
    data = Data(changes=1)
    monkeypatch.setattr(training, "model_path", data.path)
    monkeypatch.setattr(training, "_trained", data.trained)
    return data


def models(folder: Path) -> dict[str, str]:
    return {it.name: it.read_text() for it in folder.iterdir() if not it.name.endswith(".json")}


def test_what_was_changed_meanwhile_is_trained_anew(changed: Data, tmp_path: Path) -> None:
    path = training.train(tmp_path)
    assert path == changed.path(tmp_path)
    assert models(tmp_path) == {path.name: "1"}


def test_data_that_never_rests_is_an_error_that_says_what_to_do(
    changed: Data, tmp_path: Path
) -> None:
    changed.changes = 100
    with pytest.raises(FirstlineError, match=r"changed during each of 3 trainings.*make train"):
        training.train(tmp_path)
    assert models(tmp_path) == {}

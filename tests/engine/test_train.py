"""Training while the data is being changed: a model is of the data that it is named after."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.engine import train as training
from bot.engine.models import models_to_serve


class Data:
    """Data that is changed during the next training; a training writes the data's state into the model."""

    def __init__(self) -> None:
        self.changes = True
        self.state = 0

    def path(self, folder: Path) -> Path:
        return folder / f"{self.state:016x}.tar.gz"

    def trained(self, folder: Path, name: str) -> Path:
        path = folder / name
        path.write_text(str(self.state))
        if self.changes:
            self.state += 1
        self.changes = False
        return path


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch) -> Data:
    data = Data()
    monkeypatch.setattr(training, "model_path", data.path)
    monkeypatch.setattr(training, "_trained", data.trained)
    return data


def test_a_model_of_changing_data_may_answer_and_passes_for_no_data(
    data: Data, tmp_path: Path
) -> None:
    path = training.train(tmp_path)
    assert models_to_serve(tmp_path) == [path]
    assert path.name not in {f"{0:016x}.tar.gz", f"{1:016x}.tar.gz"}


def test_afterwards_the_data_is_trained_as_it_is(data: Data, tmp_path: Path) -> None:
    former = training.train(tmp_path)
    path = training.train(tmp_path)
    assert (path, path.read_text()) == (data.path(tmp_path), "1")
    assert former.is_file()

"""Rasa ready to be imported, and parts of the understanding that are costly to build."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.engine.rasa import prepare

prepare()

from bot.content import Content, load_content  # noqa: E402
from bot.nlu.extraction import Catalogue, Extraction  # noqa: E402
from bot.settings import ROOT  # noqa: E402

TODAY = date(2026, 11, 20)  # a Friday


@pytest.fixture(scope="session")
def content() -> Content:
    """The operator's content as it is in the project."""
    return load_content(ROOT / "data")


@pytest.fixture(scope="session")
def extraction(content: Content) -> Extraction:
    """The finders with the project's catalogue."""
    return Extraction(Catalogue.of(content))


@pytest.fixture
def storage(tmp_path: Path) -> object:
    """A place for trained components, as Rasa gives them one."""
    from rasa.engine.storage.local_model_storage import LocalModelStorage

    return LocalModelStorage.create(tmp_path)

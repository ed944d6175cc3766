from __future__ import annotations

import pytest

from bot.content import Content, load_content
from bot.settings import ROOT


@pytest.fixture(scope="session")
def content() -> Content:
    """The operator's content as it stands."""
    return load_content(ROOT / "data")

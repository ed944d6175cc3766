"""The engine's side with a really trained model, trained at most once per run."""

from __future__ import annotations

from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.engine import rasa_patches
from bot.engine.rasa import prepare

prepare()  # before anything imports Rasa
rasa_patches.apply()

from bot.content import Content  # noqa: E402
from bot.engine.dialogue import Dialogue  # noqa: E402
from bot.engine.models import MODELS  # noqa: E402
from bot.engine.train import train  # noqa: E402
from tests.engine.desk import Desk  # noqa: E402
from tests.engine.talk import CONTENT, Talk  # noqa: E402


def pytest_configure(config: pytest.Config) -> None:
    """What the libraries that Rasa pins warn one another of cannot be acted on."""
    config.addinivalue_line("filterwarnings", "ignore::DeprecationWarning")


@pytest.fixture(scope="session")
def model() -> Path:
    """The model of the present data."""
    return train(MODELS)


@pytest.fixture(scope="session")
def dialogue(model: Path) -> Dialogue:
    """The real dialogue."""
    return Dialogue(model)


@pytest.fixture
def talk(dialogue: Dialogue) -> Talk:
    """A new conversation with the real dialogue."""
    return Talk(dialogue)


@pytest.fixture(scope="session")
def content() -> Content:
    """The operator's content."""
    return CONTENT


@pytest.fixture
async def desk(redis: Redis) -> Desk:
    return Desk(redis)

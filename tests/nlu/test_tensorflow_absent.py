"""The placeholders for TensorFlow fit the Rasa that is installed."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys

import pytest

from bot.engine import tensorflow_absent
from bot.errors import FirstlineError


def test_rasa_is_the_release_that_the_placeholders_were_written_for() -> None:
    assert importlib.metadata.version("rasa") == tensorflow_absent.RASA_VERSION


def test_tensorflow_is_not_installed() -> None:
    with pytest.raises(importlib.metadata.PackageNotFoundError):
        importlib.metadata.version("tensorflow")


def test_rasa_still_imports_tensorflow_itself_so_that_the_placeholders_are_needed() -> None:
    run = subprocess.run(
        [sys.executable, "-c", "import rasa.core.agent"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode != 0
    assert "tensorflow" in run.stderr


def test_everything_of_rasa_that_trains_and_serves_can_be_imported() -> None:
    code = (
        "from bot.engine import tensorflow_absent; tensorflow_absent.install(); tensorflow_absent.install();"
        "import rasa.core.agent, rasa.model_training, rasa.cli.run, rasa.engine.recipes.default_components, spacy;"
        "from thinc.compat import has_tensorflow; assert not has_tensorflow"
    )
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, timeout=180
    )
    assert run.returncode == 0, run.stderr[-2000:]


def test_a_component_that_needs_tensorflow_says_so() -> None:
    from rasa.utils.tensorflow.models import RasaModel

    with pytest.raises(FirstlineError, match="RasaModel needs TensorFlow"):
        RasaModel()


def test_another_release_of_rasa_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    real = [finder for finder in sys.meta_path if type(finder).__name__ != "_AbsentFinder"]
    monkeypatch.setattr(sys, "meta_path", real)
    monkeypatch.setattr(tensorflow_absent, "_installed", lambda package: False)
    monkeypatch.setattr(tensorflow_absent, "RASA_VERSION", "3.6.20")
    with pytest.raises(FirstlineError, match=r"3\.6\.21 is installed"):
        tensorflow_absent.install()

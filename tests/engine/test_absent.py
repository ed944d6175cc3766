"""The placeholders fit the Rasa that is installed, and what answers customers does without the rest."""

from __future__ import annotations

import importlib.metadata
import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.engine import absent
from bot.errors import FirstlineError
from bot.settings import ROOT
from tests.engine.talk import Talk

# A report with a side question, a correction, words for a person, and a plain yes at the summary.
MESSAGES = [
    "hello", "My iphone 14 pro has had no mobile data since friday, I restarted it twice",
    "it says 'Could not activate cellular data network'", "how do I find my PUK?",
    "my account number is 8847201193", "sorry, it is a Google Pixel 8", "in Leeds, at home",
    "jo@mail.example", "asdf qwer", "I'd rather not say", "Yes, that is right",
]  # fmt: skip


def test_rasa_is_the_release_that_the_placeholders_were_written_for() -> None:
    assert importlib.metadata.version("rasa") == absent.RASA_VERSION


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
        "from bot.engine import absent; absent.install(); absent.install();"
        "import rasa.core.agent, rasa.model_training, rasa.cli.run, rasa.engine.recipes.default_components, spacy;"
        "from thinc.compat import has_tensorflow; assert not has_tensorflow"
    )
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, timeout=180
    )
    assert run.returncode == 0, run.stderr[-2000:]


async def test_turns_are_the_same_without_what_serving_does_not_load(
    model: Path, talk: Talk
) -> None:
    alone = subprocess.run(
        [sys.executable, "-m", "tests.engine.serving_alone", str(model)], cwd=ROOT,
        input=json.dumps(MESSAGES), capture_output=True, text=True, timeout=180,
    )  # fmt: skip
    assert alone.returncode == 0, alone.stderr[-2000:]
    found = json.loads(alone.stdout)
    assert found["said"] == [await talk.say(message) for message in MESSAGES]
    assert found["case"] == {name: str(field.value) for name, field in talk.case.fields.items()}
    assert {"sklearn", "spacy.training"} <= set(found["loaded"])  # their placeholders
    assert not {"sklearn.base", "scipy._lib", "sqlalchemy.engine.base"} & set(found["loaded"])


def test_all_that_serving_does_without_is_installed_for_others() -> None:
    assert [name for name in absent.NOT_SERVING if find_spec(name) is None] == []


def test_a_component_that_needs_tensorflow_says_so() -> None:
    from rasa.utils.tensorflow.models import RasaModel

    with pytest.raises(FirstlineError, match="RasaModel needs TensorFlow"):
        RasaModel()


def test_a_placeholder_is_no_endless_list() -> None:
    with pytest.raises(TypeError):
        list(absent._placeholder("many"))


def test_another_release_of_rasa_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    real = [finder for finder in sys.meta_path if type(finder).__name__ != "_AbsentFinder"]
    monkeypatch.setattr(sys, "meta_path", real)
    monkeypatch.setattr(absent, "_installed", lambda package: False)
    monkeypatch.setattr(absent, "RASA_VERSION", "3.6.20")
    with pytest.raises(FirstlineError, match=r"3\.6\.21 is installed"):
        absent.install()

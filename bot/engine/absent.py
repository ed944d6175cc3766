"""Lets Rasa 3.6 run without packages that it imports and we never use.

Rasa imports TensorFlow at the top of components we never use (DIET, TED, …), 1.9 GB on disk and
150 MB in memory for nothing; it is not installed. Other packages are, because training or `rasa`
itself uses them, but a process that answers customers never does: loading them would cost it a
second or two of each start. `install()` answers those imports with placeholders: they can be
subclassed, named in annotations and used as decorators while modules load, and raise as soon as
somebody tries to build one. It must run before `rasa` is imported.
"""

from __future__ import annotations

import importlib.metadata
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from bot.errors import FirstlineError

RASA_VERSION = "3.6.21"
NOT_INSTALLED = ("tensorflow", "keras", "tensorflow_hub", "tensorflow_text")
# What serving does without: channels, stores and brokers of Rasa's, its command line and server,
# what trains, and of spaCy all but words and matchers.
NOT_SERVING = (
    "aiogram", "engineio", "slack_sdk", "socketio", "twilio", "webexteamssdk", "google.auth",
    "google.oauth2", "requests", "requests_toolbelt", "sanic", "jwt",
    "aio_pika", "aiormq", "boto3", "botocore", "portalocker", "pymongo", "sqlalchemy",
    "apscheduler", "matplotlib", "prompt_toolkit", "questionary", "rasa.core.test", "rasa.nlu.test",
    "dask", "joblib", "scipy", "sklearn", "tqdm",
    "spacy.cli", "spacy.ml", "spacy.pipeline", "spacy.training",
)  # fmt: skip
# thinc (under spaCy) asks for this one and gets along without TensorFlow when it is not there.
REALLY_ABSENT = "tensorflow.experimental"


class _Placeholder(type):
    """Stands for any class, function or namespace that is named while loading."""

    __iter__ = None  # else Python would ask for item after item, and get one

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _placeholder(name)

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls.__module__ != __name__:
            raise FirstlineError(
                f"{cls.__name__} needs TensorFlow or another package that the engine does without "
                "(bot/engine/absent.py). Choose another component in config.yml"
            )
        return args[0] if len(args) == 1 and callable(args[0]) and not kwargs else cls

    def __getitem__(cls, item: Any) -> Any:
        return cls


def _placeholder(name: str) -> Any:
    return _Placeholder(name, (), {"__module__": __name__})


class _AbsentModule(ModuleType):
    """A module whose every public name is a placeholder."""

    __path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _placeholder(name)


class _AbsentFinder(MetaPathFinder, Loader):
    """Answers imports of the absent packages and modules, and of everything below them."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = frozenset(names)

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        parts = name.split(".")
        above = (".".join(parts[:end]) for end in range(1, len(parts) + 1))
        if name.startswith(REALLY_ABSENT) or self._names.isdisjoint(above):
            return None
        return ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _AbsentModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


def install(serving: bool = False) -> None:
    """Put the placeholders in place; safe to call twice. Real TensorFlow is left alone.

    serving: this process answers customers and does nothing else. Raises `FirstlineError` when the
    installed Rasa is not the one this was written for, or when Rasa has already been imported.
    """
    names: tuple[str, ...] = () if _installed("tensorflow") else NOT_INSTALLED
    names += NOT_SERVING if serving else ()
    if not names or any(isinstance(finder, _AbsentFinder) for finder in sys.meta_path):
        return
    version = importlib.metadata.version("rasa")
    if version != RASA_VERSION:
        raise FirstlineError(
            f"Rasa {version} is installed, but absent.py knows {RASA_VERSION}. "
            "Run tests/engine/test_absent.py with it, then change RASA_VERSION"
        )
    if "rasa.utils.train_utils" in sys.modules:
        raise FirstlineError("absent.install() must run before Rasa is imported")
    sys.meta_path.insert(0, _AbsentFinder(names))


def _installed(package: str) -> bool:
    try:
        importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True

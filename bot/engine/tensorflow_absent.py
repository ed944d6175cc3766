"""Lets Rasa 3.6 run where TensorFlow is not installed.

Rasa imports TensorFlow at the top of components we never use (DIET, TED, …), 1.9 GB on disk and
150 MB in memory for nothing. `install()` answers those imports with placeholders: they can be
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
ABSENT_PACKAGES = ("tensorflow", "keras", "tensorflow_hub", "tensorflow_text")
# thinc (under spaCy) asks for this one and gets along without TensorFlow when it is not there.
REALLY_ABSENT = "tensorflow.experimental"


class _Placeholder(type):
    """Stands for any class, function or namespace of TensorFlow that is named while loading."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _placeholder(name)

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls.__module__ != __name__:
            raise FirstlineError(
                f"{cls.__name__} needs TensorFlow, which the engine does without. "
                "Choose another component in config.yml"
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
    """Answers imports of the absent packages and of everything below them."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name.partition(".")[0] not in ABSENT_PACKAGES or name.startswith(REALLY_ABSENT):
            return None
        return ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _AbsentModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


def install() -> None:
    """Put the placeholders in place; safe to call twice, nothing happens where TensorFlow is real.

    Raises `FirstlineError` when the installed Rasa is not the one this was written for, or when
    Rasa has already been imported.
    """
    if any(isinstance(finder, _AbsentFinder) for finder in sys.meta_path) or _installed(
        "tensorflow"
    ):
        return
    version = importlib.metadata.version("rasa")
    if version != RASA_VERSION:
        raise FirstlineError(
            f"Rasa {version} is installed, but tensorflow_absent.py knows {RASA_VERSION}. "
            "Run tests/nlu/test_tensorflow_absent.py with it, then change RASA_VERSION"
        )
    if "rasa.utils.train_utils" in sys.modules:
        raise FirstlineError("tensorflow_absent.install() must run before Rasa is imported")
    sys.meta_path.insert(0, _AbsentFinder())


def _installed(package: str) -> bool:
    try:
        importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True

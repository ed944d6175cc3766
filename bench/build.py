"""Builds the stock bot: our small files of bench/stock/ and, from data/, the same examples.

What `rasa init` proposes is taken from the installed Rasa itself: its own config.yml, in which
pipeline and policies are left to Rasa's defaults.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.settings import ROOT
from bot.setup.places import lock_of, venv

SOURCES = ROOT / "bench" / "stock"
INIT = "lib/python3.10/site-packages/rasa/cli/initial_project"
DIGITS = 16

_yaml = YAML()
_yaml.width = 10_000


def build_bot(folder: Path, data: Path = ROOT / "data") -> Path:
    """The stock bot's files in `folder`, which is emptied first; returns `folder`."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(SOURCES, folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(venv("stock") / INIT / "config.yml", folder / "config.yml")
    examples = examples_of(data)
    intents = sorted({name.partition("/")[0] for name in examples})
    nlu = [{"intent": name, "examples": _listed(texts)} for name, texts in examples.items()]
    _write(folder / "data" / "nlu.yml", {"nlu": nlu})
    (folder / "domain").mkdir()
    (folder / "domain.yml").rename(folder / "domain" / "domain.yml")
    answers = {f"utter_faq/{name}": [{"text": text}] for name, text in answers_of(data).items()}
    _write(folder / "domain" / "content.yml", {"intents": intents, "responses": answers})
    return folder


def examples_of(data: Path) -> dict[str, list[str]]:
    """The training examples under `data`, by intent; an article's questions are `faq/<article>`."""
    examples: dict[str, list[str]] = {"report_problem": []}
    for path in sorted((data / "problems").glob("*.yml")):
        examples["report_problem"] += _texts(_read(path)["examples"])
    for path in sorted((data / "faq").glob("*.yml")):
        examples[f"faq/{path.stem}"] = _texts(_read(path)["questions"])
    for path in sorted((data / "intents").glob("*.yml")):
        for part in _read(path).get("nlu", ()):
            lines = [line.strip().removeprefix("- ") for line in part["examples"].splitlines()]
            examples.setdefault(part["intent"], []).extend(line for line in lines if line)
    return {name: texts for name, texts in examples.items() if texts}


def answers_of(data: Path) -> dict[str, str]:
    """What the articles under `data` answer, by article."""
    paths = sorted((data / "faq").glob("*.yml"))
    return {path.stem: " ".join(str(_read(path)["answer"]).split()) for path in paths}


def fingerprint(bot: Path) -> str:
    """16 hexadecimal digits that change with the built bot or with the stock environment."""
    digest = hashlib.sha256(lock_of("stock").read_bytes())
    for path in sorted(it for it in bot.rglob("*.yml") if it.is_file()):
        digest.update(path.relative_to(bot).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:DIGITS]


def _texts(values: list[Any]) -> list[str]:
    return [" ".join(str(value).split()) for value in values]


def _listed(texts: list[str]) -> str:
    # A bracket would begin an annotated entity in Rasa's format.
    return "".join(f"- {text.replace('[', '(').replace(']', ')')}\n" for text in texts)


def _read(path: Path) -> dict[str, Any]:
    return dict(_yaml.load(path.read_text(encoding="utf-8")))


def _write(path: Path, content: dict[str, Any]) -> None:
    with path.open("w", encoding="utf-8") as handle:
        _yaml.dump({"version": "3.1", **content}, handle)

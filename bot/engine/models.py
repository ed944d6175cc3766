"""Which model belongs to the present data: its name is a fingerprint of all that goes into it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from bot.content import Content
from bot.content.records import Article, CaseField, Problem, Step
from bot.errors import FirstlineError
from bot.settings import ROOT
from bot.training.versions import NAME_DIGITS, SUFFIX, Versions

MODELS = ROOT / "models"
INGREDIENTS = ("config.yml", "domain.yml", "requirements/engine.txt")
INGREDIENT_FOLDERS = ("data", "bot/nlu", "bot/content")
# What an operator changes from day to day and no model knows of.
NOT_TAUGHT = frozenset(
    f"data/{name}.yml"
    for name in ("canned", "destinations", "escalation", "follow_up", "handoff", "hours",
                 "incidents", "mail", "response_times", "retention")
)  # fmt: skip
DIGITS = NAME_DIGITS


def fingerprint(root: Path = ROOT) -> str:
    """16 hexadecimal digits that change with data, configuration, components or parts.

    Opening hours and the like leave them as they are: changing those needs no training.
    """
    folders = (file for name in INGREDIENT_FOLDERS for file in (root / name).rglob("*"))
    files = [root / name for name in INGREDIENTS]
    files += [file for file in folders if file.is_file() and "__pycache__" not in file.parts]
    digest = hashlib.sha256()
    for file in sorted(files):
        name = file.relative_to(root).as_posix()
        if name in NOT_TAUGHT:
            continue
        digest.update(f"{name}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest() if file.is_file() else b"-")
    return digest.hexdigest()[:DIGITS]


def model_path(folder: Path = MODELS) -> Path:
    """Where the model of the present data is, or would be."""
    return folder / f"{fingerprint()}{SUFFIX}"


def current_model(folder: Path = MODELS) -> Path:
    """The model of the present data. Raises `FirstlineError` when it has not been trained."""
    path = model_path(folder)
    if not path.is_file():
        raise FirstlineError(
            f"No model fits the present data ({path.name} is missing). Run `make train`"
        )
    return path


def serving_model(folder: Path = MODELS, state_dir: Path | None = None) -> Path:
    """The model to answer customers with, the first of `models_to_serve`.

    Raises `FirstlineError` when there is no model at all.
    """
    return next(iter(models_to_serve(folder, state_dir)), None) or current_model(folder)


def models_to_serve(folder: Path = MODELS, state_dir: Path | None = None) -> list[Path]:
    """The models to answer customers with, best first: the live one, that of the present data, the newest.

    The newest are there because whoever edits `data/` under a running desk must not keep its
    engine from starting again.
    """
    live = Versions(folder, state_dir).live() if state_dir else None
    chosen = [folder / f"{live.model}{SUFFIX}"] if live else []
    newest = sorted(
        folder.glob("?" * DIGITS + SUFFIX), key=lambda path: path.stat().st_mtime, reverse=True
    )
    wanted = [*chosen, model_path(folder), *newest]
    return [path for path in dict.fromkeys(wanted) if path.is_file()]


class Taught(msgspec.Struct, frozen=True):
    """The part of the content that goes with a model: what trainers write, not hours or incidents."""

    fields: dict[str, CaseField]
    problems: dict[str, Problem]
    articles: dict[str, Article]
    steps: dict[str, Step]


def keep_content(model: Path, content: Content) -> None:
    """Keeps beside a model the content it was trained with, so that going back brings it back."""
    taught = Taught(content.fields, content.problems, content.articles, content.steps)
    _content_path(model).write_bytes(msgspec.json.encode(taught))


def content_with(model: Path, content: Content) -> Content:
    """`content` as it was when `model` was trained, as far as that was kept."""
    try:
        taught = msgspec.json.decode(_content_path(model).read_bytes(), type=Taught)
    except (FileNotFoundError, msgspec.DecodeError):
        return content
    parts = {name: getattr(taught, name) for name in Taught.__struct_fields__}
    return msgspec.structs.replace(content, **parts)


def _content_path(model: Path) -> Path:
    return model.with_name(model.name.removesuffix(SUFFIX) + ".content.json")

"""The domain as an operator writes it: domain.yml and the rules and responses under data/."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from bot.content.files import read_yaml
from bot.settings import ROOT

PLACEHOLDER = re.compile(r"{(\w+)}")


@cache
def rasa_files() -> list[tuple[Path, dict[str, Any]]]:
    """The YAML files that Rasa reads, with what is in them."""
    paths = [ROOT / "domain.yml", *sorted((ROOT / "data").glob("*.yml"))]
    paths += sorted((ROOT / "data" / "intents").glob("*.yml"))
    read = [(path, read_yaml(path)) for path in paths]
    return [(path, it) for path, it in read if isinstance(it, dict) and "version" in it]


def domain() -> dict[str, Any]:
    """What stands in domain.yml itself."""
    content: dict[str, Any] = read_yaml(ROOT / "domain.yml")
    return content


@cache
def responses() -> dict[str, list[dict[str, Any]]]:
    """Every response by name, with its variants."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path, content in rasa_files():
        for name, variants in (content.get("responses") or {}).items():
            assert name not in found, f"{path}: {name} is there already"
            found[name] = variants
    return found


@cache
def rules() -> dict[str, list[dict[str, Any]]]:
    """The steps of every rule, by its name."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path, content in rasa_files():
        for rule in content.get("rules") or []:
            assert rule["rule"] not in found, f"{path}: {rule['rule']} is there already"
            found[rule["rule"]] = rule["steps"]
    return found


def placeholders(name: str) -> set[str]:
    """The words that must be filled into a response."""
    return {word for variant in responses()[name] for word in PLACEHOLDER.findall(variant["text"])}

"""What trainers are told to write, written exactly so."""

from __future__ import annotations

import re
from pathlib import Path

from bot.content import load_content
from bot.settings import ROOT
from bot.training.check import ERROR, check


def blocks(name: str) -> list[str]:
    """The YAML of a how-to, block by block, without its indent."""
    text = (ROOT / "docs" / "howto" / f"{name}.md").read_text()
    found = re.findall(r"^ *```yaml\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)
    return [re.sub(r"^   ", "", block, flags=re.MULTILINE) for block in found]


def errors(project: Path) -> list[str]:
    return [finding.text for finding in check(project) if finding.severity == ERROR]


def declare(project: Path, intent: str) -> None:
    domain = project / "domain.yml"
    domain.write_text(domain.read_text().replace("  - greet\n", f"{intent}  - greet\n", 1))


def test_add_a_story(project: Path) -> None:
    intent, story, rule = blocks("add-a-story")
    declare(project, intent)
    file = project / "data" / "feelings.yml"
    file.write_text(story)
    assert errors(project) == []
    file.write_text(f"{story}\n{rule}")
    first, *_ = errors(project)
    assert "The rule “Asked how it is, always”" in first
    assert "the story “Asked how it is” (data/feelings.yml line 14) disagree" in first


def test_add_an_intent(project: Path) -> None:
    intent, file, *_ = blocks("add-an-intent")
    declare(project, intent)
    (project / "data" / "how_long.yml").write_text(file)
    assert errors(project) == []


def test_add_an_answer(project: Path) -> None:
    article, *_ = blocks("add-an-answer")
    (project / "data" / "faq" / "recycle_phone.yml").write_text(article)
    assert errors(project) == []
    assert load_content(project / "data").articles["recycle_phone"].next == ["upgrade"]


def test_add_a_kind_of_problem(project: Path) -> None:
    (problem,) = blocks("add-a-kind-of-problem")
    (project / "data" / "problems" / "watch_not_connecting.yml").write_text(problem)
    assert errors(project) == []
    known = load_content(project / "data").problems["watch_not_connecting"]
    assert [it.step for it in known.suggestions] == ["airplane_mode"]

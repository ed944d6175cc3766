"""Browsing and editing what the bot is taught with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.content import load_content
from bot.errors import ContentError, NotFound
from bot.training.content import browse, edit, open_item, ways
from bot.training.files import Workspace


@pytest.fixture
def workspace(project: Path) -> Workspace:
    return Workspace(project, project / "aside")


def lines(patch: str) -> list[str]:
    return [line for line in patch.splitlines()[2:] if line[0] in "+-"]


def test_everything_is_found_by_its_words(workspace: Workspace) -> None:
    kinds = {item.kind for item in browse(workspace)}
    assert kinds == {"article", "problem", "intent", "text", "rule"}
    found = [item.name for item in browse(workspace, "change my voicemail greeting")]
    assert "voicemail" in found
    assert len(found) < 5
    [rule] = browse(workspace, "rule goodbye utter_goodbye")
    assert (rule.file, rule.title) == ("data/chitchat.yml", "goodbye → utter_goodbye")


def test_who_uses_what(workspace: Workspace) -> None:
    text = open_item(workspace, "text", "utter_goodbye")
    assert text.used_by == ["rule Goodbye"]
    assert "a button of utter_summary" in open_item(workspace, "intent", "affirm").used_by


@pytest.mark.parametrize(
    ("kind", "name", "fields", "expected"),
    [
        ("article", "voicemail", {"title": "Voicemail and its PIN"},
         ["-title: Voicemail", "+title: Voicemail and its PIN"]),
        ("article", "voicemail", {"next": ["call_forwarding", "sim_pin"]},
         ["-next: [call_forwarding]", "+next: [call_forwarding, sim_pin]"]),
        ("problem", "no_calls", {"priority": "P1"}, ["-priority: P2", "+priority: P1"]),
        ("text", "utter_welcome", {"texts": ["My pleasure."]},
         ["-    - text: You're welcome.", "+    - text: My pleasure."]),
        ("rule", "Goodbye", {"steps": ["intent: goodbye", "action: utter_welcome"]},
         ["-      - action: utter_goodbye", "+      - action: utter_welcome"]),
    ],
)  # fmt: skip
def test_an_edit_changes_only_what_is_edited(
    workspace: Workspace, kind: str, name: str, fields: dict[str, Any], expected: list[str]
) -> None:
    looked_at = edit(workspace, kind, name, fields, write=False)
    assert lines(looked_at.patch) == expected
    assert workspace.read(looked_at.file) == open_item(workspace, kind, name).source
    edit(workspace, kind, name, fields, write=True)
    field, value = next(iter(fields.items()))
    assert open_item(workspace, kind, name).fields[field] == value


def test_examples_of_an_intent(workspace: Workspace) -> None:
    before = open_item(workspace, "intent", "thanks").fields["examples"]
    after = [*before[1:], "you are a gem"]
    done = edit(workspace, "intent", "thanks", {"examples": after}, write=True)
    assert lines(done.patch) == [f"-    - {before[0]}", "+    - you are a gem"]


def test_a_new_article(workspace: Workspace) -> None:
    fields = {
        "title": "Recycle an old phone", "category": "devices", "answer": "We take it back.",
        "questions": ["what can I do with my old phone", "do you take old phones back"],
    }  # fmt: skip
    done = edit(workspace, "article", "recycle_phone", fields, write=True)
    assert done.findings == []
    article = load_content(workspace.root / "data").articles["recycle_phone"]
    assert article.questions == fields["questions"]
    assert workspace.read(done.file).startswith("title: Recycle an old phone\ncategory: devices\n")


def test_what_would_be_wrong_is_not_written(workspace: Workspace) -> None:
    done = edit(workspace, "intent", "thanks", {"examples": ["nobody can ring me"]}, write=True)
    assert done.findings[0].kind == "same sentence, two meanings"
    assert "nobody can ring me" not in workspace.read("data/intents/thanks.yml")
    with pytest.raises(ContentError, match="P9"):
        edit(workspace, "problem", "no_calls", {"priority": "P9"}, write=True)
    with pytest.raises(ContentError, match="has no colour"):
        edit(workspace, "article", "voicemail", {"colour": "red"}, write=True)
    with pytest.raises(ContentError, match="is no step"):
        edit(workspace, "rule", "Goodbye", {"steps": ["sing"]}, write=True)
    with pytest.raises(NotFound):
        edit(workspace, "article", "../../etc/x", {"title": "x"}, write=True)
    done = edit(workspace, "rule", "Goodbye", {"steps": ["intent: farewell"]}, write=True)
    assert "the intent “farewell”, which there is not" in " ".join(it.text for it in done.findings)


def test_rules_for_drawing(workspace: Workspace) -> None:
    [goodbye] = [way for way in ways(workspace) if way["name"] == "Goodbye"]
    assert [step["names"] for step in goodbye["steps"]] == [["goodbye"], ["utter_goodbye"]]
    assert goodbye["steps"][1]["words"].startswith("Goodbye. ")

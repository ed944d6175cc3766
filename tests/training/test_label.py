"""Labelling: the example and the test that come of one message, in clean YAML."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bot.conversation.events import CUSTOMER, Event
from bot.errors import ContentError
from bot.eval.conversations_format import load_conversations
from bot.training.check import ERROR, check
from bot.training.content import open_item
from bot.training.files import Workspace, edited, patch
from bot.training.label import REGRESSIONS, New, keep_test, labels, teach, teach_new
from tests.training.logs import Log


@pytest.fixture
def workspace(project: Path) -> Workspace:
    return Workspace(project, project / "aside")


def changes(workspace: Workspace, before: str, name: str) -> list[str]:
    """The lines added and taken out."""
    diff = patch(name, before, workspace.read(name)).splitlines()[2:]
    return [line for line in diff if line[0] in "+-"]


@pytest.mark.parametrize(
    ("label", "file", "line"),
    [
        ("thanks", "data/intents/thanks.yml", "+    - much obliged, my friend"),
        ("report_problem/no_calls", "data/problems/no_calls.yml", "+  - much obliged, my friend"),
        ("faq/voicemail", "data/faq/voicemail.yml", "+  - much obliged, my friend"),
    ],
)
def test_an_example_is_one_line_more(
    workspace: Workspace, label: str, file: str, line: str
) -> None:
    before = workspace.read(file)
    taught = teach(workspace, "much  obliged, my friend", label)
    assert (taught.example, taught.file) == ("much obliged, my friend", file)
    assert changes(workspace, before, file) == [line]


def test_personal_data_do_not_become_examples(workspace: Workspace) -> None:
    taught = teach(workspace, "mail jo@post.example about account 88472011", "inform")
    assert taught.example == "mail name@mail.example about account 12345678"


def test_what_is_an_example_already_teaches_nothing(workspace: Workspace) -> None:
    with pytest.raises(
        ContentError, match=r"is an example already, in data/problems/no_calls\.yml"
    ):
        teach(workspace, "Nobody can ring me", "thanks")
    with pytest.raises(ContentError, match="nothing called 'boats'"):
        teach(workspace, "sell me a boat", "boats")


def test_a_new_intent_comes_with_its_rule_and_answer(workspace: Workspace) -> None:
    before = workspace.read("domain.yml")
    taught = teach_new(workspace, "will this take long", "how_long", New("Two minutes: no more."))
    assert taught.file == "data/how_long.yml"
    assert changes(workspace, before, "domain.yml") == ["+  - how_long"]
    found = check(workspace.root)
    assert [it.text for it in found if it.severity == ERROR] == []
    [few] = taught.missing
    assert "has only 1 example; 5 or more are needed" in few
    assert open_item(workspace, "text", "utter_how_long").fields == {
        "texts": ["Two minutes: no more."]
    }
    assert open_item(workspace, "rule", "How long").fields == {
        "steps": ["intent: how_long", "action: utter_how_long", "action: action_continue_case"]
    }
    teach(workspace, "are we done soon", "how_long")
    assert "how_long" in {it.label for it in labels(workspace)}


def test_a_new_intent_without_an_answer_is_told_what_is_missing(workspace: Workspace) -> None:
    before = workspace.read("domain.yml")
    with pytest.raises(ContentError, match=r"no story says what to do .* Write a rule"):
        teach_new(workspace, "will this take long", "how_long", New(""))
    assert workspace.read("domain.yml") == before
    assert workspace.read("data/how_long.yml") == ""


def test_a_new_article_of_a_message(workspace: Workspace) -> None:
    new = New("We take it back.", "Recycle an old phone", "device")
    taught = teach_new(workspace, "what can I do with my old phone", "faq/recycle_phone", new)
    assert (taught.file, taught.missing) == ("data/faq/recycle_phone.yml", [])
    [label] = [it for it in labels(workspace) if it.label == "faq/recycle_phone"]
    assert (label.title, label.examples, label.category) == ("Recycle an old phone", 1, "device")


@pytest.mark.parametrize(
    ("text", "label", "new", "why"),
    [
        ("sell me a boat", "thanks", New("No."), "There is thanks already"),
        ("sell me a boat", "Buy a boat", New("No."), "“Buy a boat” is no name"),
        ("sell me a boat", "hours", New("No."), "Something is called “hours” already"),
        ("sell me a boat", "faq/boat", New("No."), "needs a title, a category"),
        ("sell me a boat", "report_problem/boat", New("No."), "needs a title, a category"),
        ("nobody can ring me", "boats", New("No."), "is an example already"),
    ],
)
def test_what_cannot_be_made_new(
    workspace: Workspace, text: str, label: str, new: New, why: str
) -> None:
    with pytest.raises(ContentError, match=why):
        teach_new(workspace, text, label, new)


def test_comments_and_order_stay() -> None:
    text = "# first\nb: 1 # why\n\n# second\n# list\na: [x, y]\nlong: >-\n  one\n  two\n"
    changed = edited(text, "x.yml", lambda it: it["a"].append("z"))
    assert changed == text.replace("[x, y]", "[x, y, z]")


def test_every_file_comes_back_as_it_was(workspace: Workspace) -> None:
    """Nothing but the change itself may change, whichever file a trainer touches."""
    files = [it for kind in ("intents", "faq", "problems")
             for it in sorted((workspace.root / "data" / kind).glob("*.yml"))]  # fmt: skip
    for path in files:
        text = path.read_text()
        assert edited(text, path.name, lambda _: None) == text, path.name


def test_a_conversation_test_of_a_conversation(workspace: Workspace) -> None:
    log = Log()
    log.turn("no bars on my iPhone 14 in NG1 5DT", intent="report_problem")
    log.add(Event("message", {"from": CUSTOMER, "text": "Nothing yet"}, {"payload": "/inform"}))
    log.case(CUSTOMER, edit={"field": "contact_email", "old": "", "new": "jo@post.example"})
    log.add(Event("message", {"from": CUSTOMER, "text": "", "file": {"name": "shot.png"}}))
    said = log.turn("can a human have a look: no, really", intent="out_of_scope")
    log.turn("never mind", intent="cancel")
    name = keep_test(workspace, log.events, said, "ask_human")
    again = keep_test(workspace, log.events, said, "ask_human")
    tests = load_conversations(workspace.root / "tests" / "conversations")
    assert name == "can a human have a look no really"
    assert again == f"{name} (2)"
    steps = tests[f"regressions/{name}"].steps
    assert steps[0].customer == "no bars on my iPhone 14 in M1 1AA"
    assert steps[1].click == "Nothing yet"
    assert steps[2].edits == {"contact_email": "name@mail.example"}
    assert steps[3].sends_file == "shot.png"
    assert (steps[4].customer, steps[4].understood_as) == (
        "can a human have a look: no, really", "ask_human",
    )  # fmt: skip
    assert len(steps) == 5
    assert workspace.read(REGRESSIONS).startswith("about: ")


def test_values_marked_are_expected_in_the_case(workspace: Workspace) -> None:
    log = Log()
    said = log.turn("the brick from my uncle, a Fairphone 5, is dead", intent="out_of_scope")
    name = keep_test(
        workspace, log.events, said, "report_problem/device_fault", {"device": "Fairphone 5"}
    )
    test = load_conversations(workspace.root / "tests" / "conversations")[f"regressions/{name}"]
    assert test.case == {"device": {"verbatim": "Fairphone 5"}}
    for wrong in ({"device": "Pixel 8"}, {"colour": "Fairphone 5"}):
        with pytest.raises(ContentError, match="is not said there"):
            keep_test(workspace, log.events, said, "report_problem/device_fault", wrong)


def test_a_checkout_that_cannot_be_written_to_gives_a_patch(project: Path, tmp_path: Path) -> None:
    before = (project / "data/faq/voicemail.yml").read_text()
    workspace = Workspace(project, tmp_path / "aside", writable=False)
    teach(workspace, "where do missed rings get recorded", "faq/voicemail")
    log = Log()
    keep_test(workspace, log.events, log.turn("where is it recorded"), "faq/voicemail")
    assert (project / "data/faq/voicemail.yml").read_text() == before
    assert "- where do missed rings get recorded" in workspace.read("data/faq/voicemail.yml")
    with pytest.raises(ContentError, match="an example already"):
        teach(workspace, "where do missed rings get recorded", "thanks")
    (tmp_path / "changes.patch").write_text(workspace.patch())
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    subprocess.run(["git", "apply", str(tmp_path / "changes.patch")], cwd=project, check=True)
    assert (project / "data/faq/voicemail.yml").read_text() == workspace.read(
        "data/faq/voicemail.yml"
    )
    assert (project / REGRESSIONS).read_text() == workspace.read(REGRESSIONS)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.yml", "bot/settings.py", "data/../x.yml", "config.yml"]
)
def test_only_trainers_files_are_changed(workspace: Workspace, name: str) -> None:
    with pytest.raises(ContentError, match="not among the files"):
        workspace.write(name, "x: 1\n")


def test_every_label_has_a_title(project: Path) -> None:
    found = {it.label: it for it in labels(Workspace(project, project / "aside"))}
    assert found["faq/voicemail"].category == "network"
    assert found["faq/voicemail"].title == "Voicemail"
    assert found["report_problem/no_calls"].title == "calls not working"
    assert found["thanks"].examples > 5
    assert "report_problem" in found

"""Names stand in code, in domain.yml and under data/; here they are compared."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator

import pytest
from rasa_sdk.executor import ActionExecutor

from actions.turn import SLOT_NAMES, operator_content
from bot.case.asking import COMMANDS, NO_ANSWERS, REPORTS
from bot.case.fields import FIELD_NAMES
from bot.settings import ROOT
from tests.actions.conversation_texts import domain, rasa_files, responses, rules

DOMAIN = domain()
INTENTS = set(DOMAIN["intents"])
# Run by Rasa before each prediction; no rule names it.
ON_EVERY_MESSAGE = "action_validate_slot_mappings"
RASA_OWN = {"action_listen", "action_default_fallback"}


def action_classes() -> set[str]:
    executor = ActionExecutor()
    executor.register_package("actions")
    return set(executor.actions)


def words_in_code(pattern: str) -> Iterator[tuple[str, str]]:
    """Every string of actions/ that matches, with its file; `{}` stands for what is filled in."""
    for path in sorted((ROOT / "actions").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.JoinedStr):
                parts = [p.value if isinstance(p, ast.Constant) else "{}" for p in node.values]
                text = "".join(str(part) for part in parts)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value
            else:
                continue
            if re.fullmatch(pattern, text) and not text.endswith("_"):  # parts of f-strings
                yield path.name, text


def test_slots_of_the_domain_are_the_slots_of_the_code() -> None:
    assert set(DOMAIN["slots"]) == set(SLOT_NAMES)
    assert len(SLOT_NAMES) == len(set(SLOT_NAMES))


def test_slots_are_filled_by_our_own_action_only() -> None:
    for name, slot in DOMAIN["slots"].items():
        assert slot == {"type": "any", "mappings": [{"type": "custom"}]}, name


def test_fields_have_a_label_and_those_asked_for_a_question_a_reason_and_an_example() -> None:
    fields = operator_content().fields
    assert set(fields) == set(FIELD_NAMES)
    assert all(field.label for field in fields.values())
    for name in FIELD_NAMES:
        assert f"utter_ask_{name}" in responses(), name
    for name, field in fields.items():
        if field.asked_for:
            assert field.why, name
            assert field.example, name


def test_actions_of_the_domain_are_the_actions_of_the_code() -> None:
    assert set(DOMAIN["actions"]) == action_classes()


def test_each_action_has_a_file_of_its_own_name() -> None:
    for path in (ROOT / "actions").glob("action_*.py"):
        assert path.stem in action_classes()
    for name in action_classes():
        assert (ROOT / "actions" / f"{name}.py").is_file()


def test_each_action_is_run_by_something() -> None:
    in_rules = {step["action"] for steps in rules().values() for step in steps if "action" in step}
    in_code = {text for _, text in words_in_code(r"action_\w+")}
    followed = {text for file, text in words_in_code(r"action_\w+") if file != f"{text}.py"}
    assert action_classes() - in_rules - followed == {ON_EVERY_MESSAGE}
    assert in_code <= action_classes() | RASA_OWN


def test_rules_name_intents_and_actions_that_exist() -> None:
    known = action_classes() | set(responses())
    for name, steps in rules().items():
        for step in steps:
            assert step.get("intent", "greet") in INTENTS, name
            assert step.get("action", "utter_greet") in known, name


def test_each_intent_has_exactly_one_rule() -> None:
    begins = sorted(steps[0]["intent"] for steps in rules().values())
    assert begins == sorted(INTENTS)


def test_every_response_in_code_exists() -> None:
    used = list(words_in_code(r"utter_[\w{}]+"))
    assert used
    for file, text in used:
        pattern = re.compile(text.replace("{}", r"\w+"))
        assert any(pattern.fullmatch(name) for name in responses()), f"{file}: {text}"


def test_every_response_is_used() -> None:
    in_rules = {step["action"] for steps in rules().values() for step in steps if "action" in step}
    patterns = [
        re.compile(text.replace("{}", r"\w+")) for _, text in words_in_code(r"utter_[\w{}]+")
    ]
    unused = [
        name for name in responses()
        if name not in in_rules and not any(pattern.fullmatch(name) for pattern in patterns)
    ]  # fmt: skip
    assert unused == []


def test_every_kind_of_note_has_words() -> None:
    for kind in ("changed", "kept", "invalid"):
        assert f"utter_{kind}" in responses()


def payloads() -> Iterator[tuple[str, str]]:
    for name, variants in responses().items():
        for variant in variants:
            for button in variant.get("buttons", ()):
                yield name, button["payload"]
    yield from words_in_code(r"/[a-z_]+.*")


@pytest.mark.parametrize(("where", "payload"), sorted(set(payloads())))
def test_a_click_means_an_intent_of_the_domain(where: str, payload: str) -> None:
    name, brace, rest = payload.lstrip("/").partition("{")
    assert name in INTENTS
    if brace and rest.endswith("}"):
        entities = json.loads((brace + rest).replace("{{", "{").replace("}}", "}"))
        assert set(entities) <= set(DOMAIN["entities"])


def test_intents_named_in_code_exist() -> None:
    assert COMMANDS | REPORTS | NO_ANSWERS.keys() <= INTENTS


def test_examples_belong_to_intents_of_the_domain() -> None:
    for path, content in rasa_files():
        for entry in content.get("nlu") or []:
            assert entry["intent"] in INTENTS, path

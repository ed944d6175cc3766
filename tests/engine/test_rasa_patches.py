"""Each patch of Rasa: what it replaces is still there, and it changes the cost, not the outcome."""

from __future__ import annotations

import ast
import copy
import inspect
from importlib import import_module
from typing import Any

import pytest

from bot.engine.rasa import prepare

prepare()

from rasa.core.actions.action import RemoteAction  # noqa: E402
from rasa.core.policies.memoization import MemoizationPolicy  # noqa: E402
from rasa.core.policies.rule_policy import SHOULD_NOT_BE_SET, RulePolicy  # noqa: E402
from rasa.shared.core.events import (  # noqa: E402
    ActionExecuted,
    ActiveLoop,
    Event,
    FollowupAction,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import AnySlot  # noqa: E402
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity  # noqa: E402

from bot.engine import rasa_patches  # noqa: E402
from bot.errors import FirstlineError  # noqa: E402

# What the patches replace, by the class that has it.
REPLACED: list[tuple[type, str]] = [
    (RemoteAction, "_validate_action_result"),
    (Event, "resolve_by_type"),
    (MemoizationPolicy, "predict_action_probabilities"),
    (MemoizationPolicy, "_default_predictions"),
    (RulePolicy, "_find_action_from_rules"),
    (RulePolicy, "_rule_key_to_state"),
    (RulePolicy, "_get_possible_keys"),
    (DialogueStateTracker, "copy"),
]


@pytest.mark.parametrize(("owner", "name"), REPLACED)
def test_rasa_still_has_what_is_replaced(owner: type, name: str) -> None:
    assert callable(getattr(owner, name, None)), f"{owner.__name__}.{name} is gone"


@pytest.mark.parametrize("module", rasa_patches.COPY_FOR_DEBUG)
def test_rasa_copies_in_these_modules_for_debug_logs_only(module: str) -> None:
    tree = ast.parse(inspect.getsource(import_module(module)))
    copies = {node for node in ast.walk(tree) if _is_name_copy(node)}
    logged = {
        node
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "structlogger.debug"
        for node in ast.walk(call)
        if _is_name_copy(node)
    }
    assert copies
    assert copies == logged


def _is_name_copy(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "copy"


def test_another_version_of_rasa_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rasa_patches, "RASA_VERSION", "3.6.99")
    with pytest.raises(FirstlineError, match=r"3\.6\.99"):
        rasa_patches.apply()


def test_what_our_actions_return_is_not_checked_against_a_schema() -> None:
    rasa_patches.apply()
    assert (
        RemoteAction("action_continue_case", None)._validate_action_result({"no": "schema"}) is True
    )


def test_classes_of_events_are_found_as_before_and_remembered() -> None:
    rasa_patches.apply()
    assert Event.resolve_by_type("slot") is SlotSet
    assert Event.resolve_by_type.cache_info().currsize >= 1


def test_a_copied_slot_is_a_slot_of_its_own() -> None:
    rasa_patches.apply()
    slot = AnySlot("device", [{"type": "custom"}])
    slot.value = "iPhone 13"
    copied = copy.copy(slot)
    copied.value = "Pixel 8"
    assert (slot.value, copied.value) == ("iPhone 13", "Pixel 8")
    assert type(copied) is AnySlot
    assert vars(copied).keys() == vars(slot).keys()


def test_a_copied_tracker_is_as_if_all_had_happened_to_it_again() -> None:
    rasa_patches.apply()
    tracker = DialogueStateTracker("c1", [AnySlot("device", [{"type": "custom"}])])
    for event in (
        ActionExecuted("action_listen"), UserUttered("words", {"name": "inform"}),
        SlotSet("device", "iPhone 13"), ActiveLoop("form"), ActionExecuted("form"),
        FollowupAction("action_listen"),
    ):  # fmt: skip
        tracker.update(event)
    copied, replayed = tracker.copy(), tracker.travel_back_in_time(float("inf"))
    assert copied.current_state(EventVerbosity.ALL) == replayed.current_state(EventVerbosity.ALL)
    assert vars(copied).keys() == vars(replayed).keys()
    copied.update(SlotSet("device", "Pixel 8"))
    copied.update(ActiveLoop(None))
    assert tracker.get_slot("device") == "iPhone 13"
    assert (tracker.active_loop_name, len(tracker.events)) == ("form", 6)


LISTENED = '"prev_action": {"action_name": "action_listen"}'


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (f'[{{{LISTENED}, "user": {{"intent": "greet"}}}}]', True),
        (f'[{{{LISTENED}, "user": {{"text": "hello"}}}}]', False),
        (f"[{{{LISTENED}}}]", False),
        ('[{"active_loop": {"name": "form"}}]', False),
        ('[{"prev_action": {"action_name": "utter_greet"}}]', True),
    ],
)
def test_rules_that_a_text_could_match_are_recognised(rule: str, expected: bool) -> None:
    assert rasa_patches.only_intents({rule: "action"}) is expected


@pytest.mark.parametrize(
    ("rule", "did", "intent", "expected"),
    [
        (f'[{{{LISTENED}, "user": {{"intent": "greet"}}}}]', "action_listen", "greet", True),
        (f'[{{{LISTENED}, "user": {{"intent": "greet"}}}}]', "action_listen", "faq", False),
        (f'[{{{LISTENED}, "user": {{"intent": "greet"}}}}]', "utter_greet", "greet", False),
        (f"[{{{LISTENED}}}]", "action_listen", "faq", True),
        (f'[{{{LISTENED}, "user": {{"intent": "{SHOULD_NOT_BE_SET}"}}}}]', "action_listen", None, True),
        ("[{}]", None, None, True),
        (f'[{{{LISTENED}}}, {{"prev_action": {{"action_name": "utter_greet"}}}}]', "utter_greet", "a", True),
    ],
)  # fmt: skip
def test_rules_that_cannot_end_like_this_are_not_tried(
    rule: str, did: str | None, intent: str | None, expected: bool
) -> None:
    assert rasa_patches._may_end(rule, did, intent) is expected


class _Memory:
    """As much of MemoizationPolicy as its prediction touches."""

    lookup: dict[str, str] = {}

    def _default_predictions(self, domain: Any) -> list[float]:
        return [0.0, 0.0]

    def _prediction(self, probabilities: list[float]) -> list[float]:
        return probabilities


def test_an_empty_memory_predicts_nothing_without_looking_at_the_dialogue() -> None:
    rasa_patches.apply()
    predict = MemoizationPolicy.predict_action_probabilities
    assert predict(_Memory(), tracker=None, domain=None) == [0.0, 0.0]

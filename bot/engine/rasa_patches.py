"""The places where Rasa 3.6.21 spends most of a turn on what our set-up makes needless.

Each patch says what it replaces and why; `tests/engine/test_rasa_patches.py` fails when Rasa no
longer has what is replaced. What can be had by subclassing or by settings is not patched.
"""

from __future__ import annotations

import copy
import importlib.metadata
from functools import lru_cache, wraps
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from bot.engine.absent import RASA_VERSION
from bot.errors import FirstlineError

# Modules that copy values deeply for debug logs, and use `copy` for nothing else.
COPY_FOR_DEBUG = (
    "rasa.core.processor", "rasa.core.policies.memoization", "rasa.core.policies.rule_policy",
)  # fmt: skip


def apply() -> None:
    """Patches Rasa in this process. Raises `FirstlineError` on another version of Rasa."""
    found = importlib.metadata.version("rasa")
    if found != RASA_VERSION:
        raise FirstlineError(
            f"bot/engine/rasa_patches.py is written for Rasa {RASA_VERSION}, but {found} is there. "
            "Check the patches against it and change RASA_VERSION"
        )
    _trust_own_actions()
    _remember_event_classes()
    _copy_slots_plainly()
    _copy_trackers_plainly()
    _spare_copies_for_debug_logs()
    _recall_only_what_was_memorised()
    _look_for_texts_only_where_rules_have_them()
    _try_only_rules_that_end_like_this()


def _trust_own_actions() -> None:
    """Actions run in process through rasa-sdk, so their answers need no JSON schema: 21 ms each."""
    from rasa.core.actions.action import RemoteAction

    def trusted(self: RemoteAction, result: dict[str, Any]) -> bool:
        return True

    RemoteAction._validate_action_result = trusted


def _remember_event_classes() -> None:
    """Rasa walks all subclasses of Event for each event it reads; the answer never changes."""
    from rasa.shared.core.events import Event

    Event.resolve_by_type = staticmethod(lru_cache(maxsize=None)(Event.resolve_by_type))


def _copy_slots_plainly() -> None:
    """Every tracker that Rasa makes copies all slots, a dozen trackers a turn.

    This does what `copy.copy` does with a slot, without going through the pickle protocol.
    """
    from rasa.shared.core.slots import Slot

    def copied(self: Slot) -> Slot:
        made = object.__new__(type(self))
        made.__dict__.update(self.__dict__)
        return made

    Slot.__copy__ = copied


def _copy_trackers_plainly() -> None:
    """Rasa copies a tracker by applying all its events to a new one, before each action."""
    from rasa.shared.core.trackers import DialogueStateTracker

    def copied(self: DialogueStateTracker) -> DialogueStateTracker:
        made = copy.copy(self)
        made.events = copy.copy(self.events)
        made.slots = {name: copy.copy(slot) for name, slot in self.slots.items()}
        made.active_loop = copy.copy(self.active_loop)
        return made

    DialogueStateTracker.copy = copied


def _spare_copies_for_debug_logs() -> None:
    """Rasa copies whatever it logs at level DEBUG, also when nobody reads it."""
    for name in COPY_FOR_DEBUG:
        spared = SimpleNamespace(copy=copy.copy, deepcopy=lambda value: value)
        setattr(import_module(name), "copy", spared)  # noqa: B010 - modules have no types to set


def _recall_only_what_was_memorised() -> None:
    """Without stories there is nothing to recall, and no states of the dialogue to build for it."""
    from rasa.core.policies.memoization import MemoizationPolicy

    predict = MemoizationPolicy.predict_action_probabilities

    @wraps(predict)  # the graph checks its signature
    def prediction(self: Any, tracker: Any, domain: Any, *more: Any, **options: Any) -> Any:
        if not self.lookup:
            return self._prediction(self._default_predictions(domain))
        return predict(self, tracker, domain, *more, **options)

    MemoizationPolicy.predict_action_probabilities = prediction


def _look_for_texts_only_where_rules_have_them() -> None:
    """Rules are matched against the customer's words, then against the intent: twice the states.

    When every rule that begins with a message names its intent, the first cannot match.
    """
    from rasa.core.policies.rule_policy import RULES, RulePolicy

    find = RulePolicy._find_action_from_rules

    def found(self: Any, tracker: Any, domain: Any, use_text_for_last_user_input: bool) -> Any:
        if use_text_for_last_user_input and only_intents(self.lookup.get(RULES, {})):
            return None, None, False
        return find(self, tracker, domain, use_text_for_last_user_input)

    RulePolicy._find_action_from_rules = found


def only_intents(rules: dict[str, str]) -> bool:
    """Whether no rule of RulePolicy's lookup could match a message by its words."""
    return all(_needs_intent(key) for key in rules)


@lru_cache(maxsize=10_000)
def _needs_intent(rule: str) -> bool:
    from rasa.core.policies.rule_policy import RulePolicy
    from rasa.shared.core.constants import ACTION_LISTEN_NAME, PREVIOUS_ACTION, USER
    from rasa.shared.nlu.constants import ACTION_NAME, INTENT

    last = RulePolicy._rule_key_to_state(rule)[-1]
    after_message = last.get(PREVIOUS_ACTION, {}).get(ACTION_NAME) == ACTION_LISTEN_NAME
    other_action = bool(last.get(PREVIOUS_ACTION)) and not after_message
    return other_action or bool(last.get(USER, {}).get(INTENT))


def _try_only_rules_that_end_like_this() -> None:
    """Rasa goes through every rule; most end after another action or another intent."""
    from rasa.core.policies.rule_policy import RulePolicy
    from rasa.shared.core.constants import PREVIOUS_ACTION, USER
    from rasa.shared.nlu.constants import ACTION_NAME, INTENT

    possible = RulePolicy._get_possible_keys

    def keys(self: Any, lookup: dict[str, str], states: list[dict[str, Any]]) -> set[str]:
        if states:
            did = states[-1].get(PREVIOUS_ACTION, {}).get(ACTION_NAME)
            intent = states[-1].get(USER, {}).get(INTENT)
            lookup = {rule: lookup[rule] for rule in lookup if _may_end(rule, did, intent)}
        return set(possible(self, lookup, states))

    RulePolicy._get_possible_keys = keys


def _may_end(rule: str, did: str | None, intent: str | None) -> bool:
    its_did, its_intent = _end(rule)
    return its_did in (None, did) and its_intent in (None, intent)


@lru_cache(maxsize=10_000)
def _end(rule: str) -> tuple[str | None, str | None]:
    """The action and the intent that a rule's last state must have; None where it may be any."""
    from rasa.core.policies.rule_policy import SHOULD_NOT_BE_SET, RulePolicy
    from rasa.shared.core.constants import PREVIOUS_ACTION, USER
    from rasa.shared.nlu.constants import ACTION_NAME, INTENT

    last = RulePolicy._rule_key_to_state(rule)[-1]
    did, intent = last.get(PREVIOUS_ACTION, {}).get(ACTION_NAME), last.get(USER, {}).get(INTENT)
    return (None if did == SHOULD_NOT_BE_SET else did,
            None if intent == SHOULD_NOT_BE_SET else intent)  # fmt: skip

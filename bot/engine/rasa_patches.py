"""The two places where Rasa 3.6.21 spends most of a turn on checks that our set-up makes needless.

Each patch says what it replaces and why; `tests/engine/test_rasa_patches.py` fails when Rasa no
longer has what is replaced. What can be had by subclassing or by settings is not patched.
"""

from __future__ import annotations

import importlib.metadata
from functools import lru_cache
from typing import Any

from bot.engine.tensorflow_absent import RASA_VERSION
from bot.errors import FirstlineError


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

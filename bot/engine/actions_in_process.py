"""Runs the actions of `actions/` in this process, through rasa-sdk's own executor.

The same classes run under `rasa run actions`; only the HTTP in between is left out.
"""

from __future__ import annotations

from typing import Any

from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

from actions.turn import CASE_RECORD
from bot.case.fields import FIELD_NAMES

CASE_SLOTS = frozenset((*FIELD_NAMES, CASE_RECORD))


class ActionsInProcess(EndpointConfig):
    """An action endpoint that calls the actions of a package instead of a server."""

    def __init__(self, package: str = "actions") -> None:
        # selective_domain: the whole domain is not copied into each call.
        super().__init__(url="in-process", selective_domain=True)
        self._executor = ActionExecutor()
        self._executor.register_package(package)

    async def request(self, json: dict[str, Any], **_: Any) -> Any:
        """Runs the action that `json`, Rasa's call to an action server, asks for."""
        answer = await self._executor.run(json)
        if answer and answer.get("events"):
            answer["events"] = _of_consequence(answer["events"], json["tracker"]["slots"])
        return answer


def _of_consequence(events: list[dict[str, Any]], slots: dict[str, Any]) -> list[dict[str, Any]]:
    """The events without those that leave a part of the case as it is.

    Actions pass on the whole case; Rasa would go through each of its slots many times in a turn.
    """
    values, kept = dict(slots), []
    for event in events:
        if event["event"] == "slot" and event["name"] in CASE_SLOTS:
            if values.get(event["name"]) == event["value"]:
                continue
            values[event["name"]] = event["value"]
        kept.append(event)
    return kept

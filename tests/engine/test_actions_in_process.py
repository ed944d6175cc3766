"""Actions in process: what reaches Rasa of their answers."""

from __future__ import annotations

from typing import Any

from bot.engine.actions_in_process import ActionsInProcess


def slot(name: str, value: Any) -> dict[str, Any]:
    return {"event": "slot", "name": name, "value": value}


class _Executor:
    """Answers every call with the same events."""

    def __init__(self, events: list[dict[str, Any]]) -> None:
        self._events = events

    async def run(self, call: dict[str, Any]) -> dict[str, Any]:
        return {"events": self._events, "responses": []}


async def passed_on(events: list[dict[str, Any]], slots: dict[str, Any]) -> list[dict[str, Any]]:
    actions = ActionsInProcess()
    actions._executor = _Executor(events)
    answer = await actions.request(json={"tracker": {"slots": slots}})
    return list(answer["events"])


async def test_parts_of_the_case_that_stay_as_they_are_are_left_out() -> None:
    events = [slot("device", {"value": "Pixel 8"}), slot("location", None), slot("tries", 1)]
    slots = {"device": {"value": "iPhone 13"}, "location": None, "tries": 1}
    assert await passed_on(events, slots) == [events[0], events[2]]


async def test_a_question_asked_again_is_passed_on_as_asked() -> None:
    assert await passed_on([slot("asking", "device")], {"asking": "device"}) == [
        slot("asking", "device")
    ]


async def test_a_part_that_is_changed_and_changed_back_ends_as_it_was() -> None:
    events = [slot("device", {"value": "Pixel 8"}), slot("device", None)]
    assert await passed_on(events, {"device": None}) == events

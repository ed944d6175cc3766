from __future__ import annotations

from actions.turn import CASE_RECORD, SLOT_NAMES, case_of, slots_of
from bot.case.filing import filed
from bot.case.model import Case, Field, Handover, State, Step
from tests.actions.harness import AT, NUMBER, draft

FULL = filed(
    Case(
        problem="no_mobile_data", category="technical", files=("f1",), articles_shown=("puk_code",),
        handover=Handover("email", "asked for"), incident="mast_12",
        fields={
            "device": Field("Pixel 8", State.CORRECTED, "pixel 8", ("1-0", "2-0"), 0.9),
            "steps_tried": Field([Step("restart", "restarted it", "no change")], State.STATED),
            "location": Field(state=State.REFUSED),
        },
    ),
    NUMBER, AT,
)  # fmt: skip


def test_a_case_survives_the_slots() -> None:
    for case in (Case(), draft(device="Pixel 8"), FULL):
        assert case_of(slots_of(case)) == case


def test_slots_hold_plain_values_that_rasa_can_store() -> None:
    slots = slots_of(FULL)
    assert set(slots) <= set(SLOT_NAMES)
    assert slots["device"]["value"] == "Pixel 8"
    assert slots["account_number"] is None
    assert "fields" not in slots[CASE_RECORD]


def test_empty_slots_are_an_empty_case() -> None:
    assert case_of({}) == Case()
    assert case_of(dict.fromkeys(SLOT_NAMES)) == Case()

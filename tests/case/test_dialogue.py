from __future__ import annotations

from bot.case.completeness import asked_fields
from bot.case.dialogue import (
    LONGEST_IN_SUMMARY,
    edit_in_words,
    field_in_words,
    next_question,
    suggestion,
    summary,
    value_in_words,
)
from bot.case.model import Case, Field, State, Step
from bot.content import Content

STEPS = Field(
    [Step("restart", "restarted it", "no change"), Step("other", "blew on it")], State.STATED
)


def answered(case: Case, *names: str) -> Case:
    for name in names:
        case = case.with_field(name, Field("x", State.STATED))
    return case


def test_questions_come_one_by_one_in_order_until_none_is_left(content: Content) -> None:
    case, asked = Case(category="technical"), []
    while (name := next_question(case, content)) is not None:
        asked.append(name)
        case = answered(case, name)
    assert asked == asked_fields(case, content)


def test_not_knowing_and_not_saying_are_answers(content: Content) -> None:
    case, asked = Case(category="billing"), []
    for state in (State.UNKNOWN, State.REFUSED, State.UNKNOWN, State.REFUSED):
        name = next_question(case, content)
        if name is None:
            break
        asked.append(name)
        case = case.with_field(name, Field(state=state))
    assert next_question(case, content) is None
    assert asked == asked_fields(case, content)


def test_in_a_hurry_only_what_is_needed_to_answer_is_asked(content: Content) -> None:
    case = Case(category="technical")
    assert next_question(case, content, hurry=True) == "description"
    case = answered(case, "description")
    assert next_question(case, content, hurry=True) == "contact_email"
    assert next_question(answered(case, "contact_email"), content, hurry=True) is None


def test_the_summary_has_a_line_for_all_that_is_wanted_or_known(content: Content) -> None:
    case = Case(category="technical", fields={
        "description": Field("one\ntwo", State.STATED), "steps_tried": STEPS,
        "account_number": Field(state=State.REFUSED), "device": Field(state=State.UNKNOWN),
        "location": Field("Bristol", State.STATED),
    })  # fmt: skip
    lines = summary(case, content).splitlines()
    assert lines == [
        "• What is wrong: one two",
        "• Device: none known",
        "• Error message: not asked",
        "• Already tried: restarted it (no change); blew on it",
        "• Account number: you'd rather not say",
        "• E-mail address: not asked",
        "• Where: Bristol",
    ]


def test_a_long_value_is_shortened_in_the_summary_only() -> None:
    field = Field("word " * 200, State.STATED)
    words = field_in_words(field)
    assert len(words) <= LONGEST_IN_SUMMARY
    assert words.endswith("word…")
    assert value_in_words(field.value) == "word " * 200


def test_an_edit_in_words(content: Content) -> None:
    before, after = Case(), Case(fields={"steps_tried": STEPS})
    new = "restarted it (no change); blew on it"
    assert edit_in_words("steps_tried", before, after) == {
        "field": "steps_tried", "old": "", "new": new,
    }  # fmt: skip
    assert edit_in_words("steps_tried", after, before)["old"] == new


def test_what_the_device_cannot_do_is_not_suggested(content: Content) -> None:
    case = Case(problem="no_mobile_data", category="technical",
                fields={"steps_tried": Field([], State.STATED)})  # fmt: skip
    first = content.problems["no_mobile_data"].suggestions[0]
    assert first.not_for == ["router"]
    for device, expected in (("MiFi", None), ("Meadow Home Hub 5G", None), ("Apple iPhone 14", first),
                             ("Gigaset of some sort", first)):  # fmt: skip
        told = case.with_field("device", Field(device, State.STATED))
        assert suggestion(told, content) == expected, device


def test_one_step_is_suggested_that_was_not_tried(content: Content) -> None:
    first, second, *_ = content.problems["no_mobile_data"].suggestions
    tried = Field([Step(first.step, "did it")], State.STATED)
    case = Case(problem="no_mobile_data", category="technical", fields={"steps_tried": tried})
    assert suggestion(case, content) == second
    everything = Field(
        [Step(s.step, "did it") for s in content.problems["no_mobile_data"].suggestions],
        State.STATED,
    )
    assert suggestion(case.with_field("steps_tried", everything), content) is None
    assert suggestion(Case(), content) is None


def test_a_day_is_told_as_people_write_it() -> None:
    assert value_in_words("2026-11-20") == "Friday 20 November 2026"
    for value in ("20261120", "2026-11-31", "since the storm"):
        assert value_in_words(value) == value

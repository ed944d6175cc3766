"""What a customer says, read whole: taken, kept, corrected, refused or asked again."""

from __future__ import annotations

from typing import Any

import pytest

from bot.case.answering import without_answer
from bot.case.asking import CHANGE, CONFIRMATION
from bot.case.filing import filed
from bot.case.heard import Heard
from bot.case.intake import take_in
from bot.case.model import Case, Field, State, Step
from bot.case.taking import Note, Taken
from bot.content import Content, load_content
from bot.settings import ROOT

CONTENT: Content = load_content(ROOT / "data")


def entity(name: str, value: Any, verbatim: str = "", **more: Any) -> dict[str, Any]:
    return {"entity": name, "value": value, "verbatim": verbatim or str(value)} | more


def step(slug: str, verbatim: str, result: str | None = None) -> dict[str, Any]:
    value = {"step": slug, "verbatim": verbatim, "result": result}
    return entity("step", value, verbatim, confidence=0.9)


def hear(
    text: str,
    intent: str,
    *entities: dict[str, Any],
    case: Case | None = None,
    asking: str | None = None,
    event: str = "9-0",
    **more: Any,
) -> Taken:
    heard = Heard(text, event, intent, entities, **{"problem_confidence": 1.0} | more)
    return take_in(case or Case(), heard, asking, CONTENT)


def case_with(**values: Any) -> Case:
    fields = {
        name: value if isinstance(value, Field) else Field(value, State.STATED, value, ("1-0",))
        for name, value in values.items()
    }
    return Case(category="technical", fields=fields)


def test_a_first_message_is_taken_whole() -> None:
    text = "My iphone 14 has no data, I restarted it, account 8847 201 193, mail jo@mail.example"
    taken = hear(
        text, "report_problem",
        entity("device", "Apple iPhone 14", "iphone 14", confidence=0.9),
        step("restart", "I restarted it"),
        entity("account_number", "8847201193", "8847 201 193", confidence=0.99),
        entity("contact_email", "jo@mail.example"),
        entity("error_message", "No service", code="NO_SERVICE"),
        problem="no_mobile_data",
    )  # fmt: skip
    case = taken.case
    assert taken.notes == ()
    assert (case.problem, case.category) == ("no_mobile_data", "technical")
    assert case.field("description") == Field(text, State.STATED, text, ("9-0",), 1.0)
    assert case.field("device") == Field(
        "Apple iPhone 14", State.STATED, "iphone 14", ("9-0",), 0.9
    )
    assert case.field("account_number").verbatim == "8847 201 193"
    assert case.field("steps_tried").value == [Step("restart", "I restarted it")]
    assert case.field("error_message").code == "NO_SERVICE"
    assert {event for field in case.fields.values() for event in field.events} == {"9-0"}


def test_verbatim_text_comes_from_the_message_where_the_extractor_gives_a_place() -> None:
    found = {"entity": "device", "value": "Apple iPhone 14", "start": 3, "end": 12}
    assert hear("My iPhone 14 is dead", "report_problem", found).case.field("device").verbatim == (
        "iPhone 14"
    )


def test_the_description_grows_with_each_report_and_names_its_events() -> None:
    first = hear("no data", "report_problem", problem="no_mobile_data", event="1-0").case
    second = hear(
        "and no calls", "report_problem", problem="no_calls", case=first, event="2-0"
    ).case
    assert second.field("description").value == "no data\nand no calls"
    assert second.field("description").events == ("1-0", "2-0")
    assert second.problem == "no_mobile_data"


def test_small_talk_and_facts_are_no_description() -> None:
    for intent in ("greet", "inform", "affirm", "faq", "thanks"):
        assert "description" not in hear("whatever", intent).case.fields


def test_a_complaint_stays_a_complaint() -> None:
    case = hear("this is a complaint", "complaint", problem="no_mobile_data").case
    assert case.category == "complaint"
    assert hear("no data", "report_problem", problem="no_mobile_data", case=case).case.category == (
        "complaint"
    )


def test_an_unknown_kind_of_problem_is_kept_as_other() -> None:
    case = hear("something odd", "report_problem", problem=None).case
    assert (case.problem, case.category) == (None, "other")


@pytest.mark.parametrize(
    ("intent", "state"), [("dont_know", State.UNKNOWN), ("refuse", State.REFUSED)]
)
@pytest.mark.parametrize("asking", ["account_number", "device", "description", "steps_tried"])
@pytest.mark.parametrize("clicked", [True, False])
def test_not_knowing_and_not_saying_are_answers(
    intent: str, state: State, asking: str, clicked: bool
) -> None:
    taken = hear("no idea, sorry", intent, case=Case(), asking=asking, clicked=clicked)
    assert taken.case.fields == {asking: Field(None, state, "no idea, sorry", ("9-0",), 1.0)}
    assert taken.notes == ()


def test_not_knowing_ends_the_question_about_a_value_that_did_not_fit() -> None:
    case = hear("12", "inform", entity("account_number", "12"), asking="account_number").case
    assert case.field("account_number").invalid
    case = hear("I don't know it", "dont_know", case=case, asking="account_number").case
    assert case.field("account_number").state is State.UNKNOWN
    assert case.field("account_number").settled


def test_not_knowing_does_not_unsay_what_was_said() -> None:
    case = case_with(device="Pixel 8")
    assert hear("not sure", "dont_know", case=case, asking="device").case == case


@pytest.mark.parametrize(
    ("asking", "text", "value"),
    [
        ("account_number", "8847 201 193", "8847201193"),
        ("contact_email", "jo@mail.example", "jo@mail.example"),
        ("device", "Fairphone 9", "Fairphone 9"),
    ],
)
def test_a_bare_answer_is_read_in_the_light_of_the_question(
    asking: str, text: str, value: str
) -> None:
    field = hear(text, "inform", asking=asking).case.field(asking)
    assert (field.value, field.verbatim, field.events) == (value, text, ("9-0",))
    assert field.settled


@pytest.mark.parametrize("intent", ["ask_human", "faq", "cancel", "greet", "thanks", "why_ask"])
def test_a_command_is_no_answer(intent: str) -> None:
    taken = hear("Fairphone", intent, asking="device")
    assert taken == Taken(Case())


def test_an_answer_to_another_question_is_taken_too() -> None:
    found = entity("contact_email", "jo@mail.example")
    case = hear("jo@mail.example", "inform", found, asking="account_number").case
    assert case.field("contact_email").value == "jo@mail.example"


def test_a_correction_replaces_and_says_so() -> None:
    case = case_with(device="Apple iPhone 13")
    taken = hear(
        "sorry, it's an iPhone 14", "report_problem",
        entity("device", "Apple iPhone 14", "iPhone 14", correction=True), case=case,
    )  # fmt: skip
    field = taken.case.field("device")
    assert (field.value, field.state) == ("Apple iPhone 14", State.CORRECTED)
    assert taken.notes == (Note("changed", "device", "Apple iPhone 13", "Apple iPhone 14"),)


@pytest.mark.parametrize(
    ("asking", "intent", "replaced"),
    [
        (None, "report_problem", False),
        ("contact_email", "report_problem", False),
        (None, "inform", True),
        ("contact_email", "deny", True),
        ("device", "report_problem", True),
        (CONFIRMATION, "report_problem", True),
        (CHANGE, "affirm", True),
    ],
)
def test_what_was_said_is_replaced_only_when_that_is_meant(
    asking: str | None, intent: str, replaced: bool
) -> None:
    case = case_with(device="Apple iPhone 13")
    found = entity("device", "Samsung Galaxy S23")
    taken = hear("Galaxy S23", intent, found, case=case, asking=asking)
    assert (taken.case.field("device").value == "Samsung Galaxy S23") is replaced
    assert ("changed" in [note.kind for note in taken.notes]) is replaced


def test_a_message_that_tells_nothing_new_is_a_lost_answer() -> None:
    case = case_with(device="Apple iPhone 13")
    found = entity("device", "Apple iPhone 13")
    taken = hear("my iPhone 13 again", "report_problem", found, case=case, asking="contact_email")
    assert [(note.kind, note.field) for note in taken.notes] == [("lost", "contact_email")]


def test_the_same_value_again_changes_nothing() -> None:
    case = case_with(device="Pixel 8")
    taken = hear("a Pixel 8", "inform", entity("device", "Pixel 8"), case=case)
    assert taken.case.field("device") is case.field("device")
    assert taken.notes == ()


def test_of_two_values_in_one_message_the_correction_wins_then_the_surest() -> None:
    correction = hear(
        "not the 13, the 14", "inform",
        entity("device", "Apple iPhone 13", confidence=0.99),
        entity("device", "Apple iPhone 14", confidence=0.6, correction=True),
    )  # fmt: skip
    assert correction.case.field("device").value == "Apple iPhone 14"
    surest = hear(
        "phone, iPhone 14", "inform",
        entity("device", "phone", confidence=0.3),
        entity("device", "Apple iPhone 14", confidence=0.9),
    )  # fmt: skip
    assert surest.case.field("device").value == "Apple iPhone 14"


def test_a_correction_that_does_not_fit_keeps_the_old_value() -> None:
    case = case_with(account_number="8847201193")
    taken = hear(
        "sorry, it's 12", "inform", entity("account_number", "12", correction=True), case=case
    )
    assert taken.case.field("account_number") == case.field("account_number")
    (note,) = taken.notes
    assert (note.kind, note.old, note.new) == ("kept", "8847201193", "12")
    assert "8 to 10 digits" in note.reason


def test_an_address_that_does_not_fit_is_told_at_the_summary_whatever_the_words_sound_like() -> (
    None
):
    case = case_with(contact_email="jo@mail.example")
    for intent in ("inform", "deny", "change_field"):
        taken = hear("the e-mail should be jo@mail", intent, case=case, asking=CONFIRMATION)
        assert [(note.kind, note.old) for note in taken.notes] == [("kept", "jo@mail.example")]
        assert taken.case.fields == case.fields
    assert hear("send it to my mate @ work", "inform", case=case, asking=CONFIRMATION).notes == ()


def test_a_first_value_that_does_not_fit_is_kept_as_said_and_asked_again() -> None:
    taken = hear("12", "inform", entity("account_number", "12"), asking="account_number")
    field = taken.case.field("account_number")
    assert (field.value, field.verbatim) == ("12", "12")
    assert "8 to 10 digits" in (field.invalid or "")
    assert not field.settled
    assert [note.kind for note in taken.notes] == ["invalid"]


@pytest.mark.parametrize(
    ("asking", "intent"), [("account_number", "inform"), ("device", "report_problem")]
)
def test_a_value_that_fits_replaces_one_that_did_not(asking: str, intent: str) -> None:
    case = case_with(account_number=Field("12", State.STATED, "12", ("1-0",), invalid="too short"))
    found = entity("account_number", "8847201193")
    taken = hear("8847201193", intent, found, case=case, asking=asking)
    assert taken.case.field("account_number") == Field(
        "8847201193", State.STATED, "8847201193", ("9-0",)
    )
    assert taken.notes == ()


def test_an_address_that_cannot_be_one_is_never_mailed_to() -> None:
    bad = "jo@mail.example\nBcc: all@mail.example"
    field = hear(bad, "inform", entity("contact_email", bad)).case.field("contact_email")
    assert field.invalid
    assert not field.settled


def test_an_ending_is_put_on_the_number_that_is_known() -> None:
    case = case_with(account_number="8847201193")
    ending = entity("account_number", "39", "ends in 39, not 93", partial=True, replaces="93",
                    correction=True)  # fmt: skip
    taken = hear("it ends in 39, not 93", "inform", ending, case=case)
    assert taken.case.field("account_number").value == "8847201139"
    assert hear("it ends in 39", "inform", ending).case.field("account_number").invalid


def test_steps_add_up_and_none_counts_twice() -> None:
    first = hear("I restarted it", "report_problem", step("restart", "restarted it"), event="1-0")
    second = hear(
        "restarted it, took the SIM out", "inform",
        step("restart", "restarted it"), step("reseat_sim", "took the SIM out", "no change"),
        case=first.case, asking="device", event="2-0",
    )  # fmt: skip
    field = second.case.field("steps_tried")
    assert field.value == [
        Step("restart", "restarted it"),
        Step("reseat_sim", "took the SIM out", "no change"),
    ]
    assert field.verbatim == "restarted it; took the SIM out"
    assert field.events == ("1-0", "2-0")
    again = hear("restarted it", "inform", step("restart", "restarted it"), case=second.case)
    assert again.case.field("steps_tried") == field


def test_steps_after_saying_none_were_tried() -> None:
    case = case_with(steps_tried=Field(None, State.UNKNOWN, "nothing yet", ("1-0",)))
    field = hear(
        "ok, restarted it", "inform", step("restart", "restarted it"), case=case
    ).case.field("steps_tried")
    assert field.value == [Step("restart", "restarted it")]
    assert field.state is State.STATED


def test_an_answer_that_cannot_be_read_is_said_to_be_lost() -> None:
    taken = hear("ok", "affirm", asking="device")
    assert taken.case == Case()
    assert taken.notes == (Note("lost", "device"),)


def test_a_question_left_open_keeps_what_was_said() -> None:
    case = case_with(account_number=Field("12", State.STATED, "12", ("1-0",), invalid="too short"))
    left = without_answer(case, "account_number", "9-0").field("account_number")
    assert (left.value, left.state, left.verbatim) == (None, State.UNKNOWN, "12")
    assert left.settled


def test_a_file_goes_with_the_case_once() -> None:
    case = hear("bill.pdf", "file_sent", clicked=True, file="f1").case
    again = hear("bill.pdf", "file_sent", clicked=True, file="f1", case=case).case
    assert case.files == again.files == ("f1",)
    assert not case.fields


def test_a_click_is_not_taken_for_words() -> None:
    case = hear("Report a problem", "report_problem", clicked=True).case
    assert case.fields == {}


class TestAfterFiling:
    """A filed case is changed by what is said; a new report begins a new case."""

    FILED = filed(
        case_with(
            description="no data", device="Pixel 8", account_number="8847201193",
            contact_email="jo@mail.example",
        ),
        "FL-7K3M2Q", "2026-11-22T08:16:05Z",
    )  # fmt: skip

    def test_a_new_report_begins_a_new_case_that_knows_the_customer(self) -> None:
        case = hear(
            "my bill is wrong", "report_problem", problem="wrong_bill", case=self.FILED
        ).case
        assert not case.filed
        assert (case.number, case.category) == (None, "billing")
        assert set(case.fields) == {"description", "account_number", "contact_email"}
        assert case.field("description").value == "my bill is wrong"

    def test_a_fact_is_added_to_the_filed_case(self) -> None:
        found = entity("os_version", "iOS 17")
        case = hear("it's on iOS 17", "inform", found, case=self.FILED).case
        assert case.number == "FL-7K3M2Q"
        assert case.changed

    def test_a_file_is_added_to_the_filed_case(self) -> None:
        assert hear("a.png", "file_sent", clicked=True, file="f1", case=self.FILED).case.changed

    @pytest.mark.parametrize("intent", ["thanks", "goodbye", "faq", "affirm", "solved"])
    def test_small_talk_changes_nothing(self, intent: str) -> None:
        assert hear("thanks", intent, case=self.FILED).case == self.FILED

    def test_filing_again_settles_the_change(self) -> None:
        changed = self.FILED.with_field("device", Field("Pixel 9", State.CORRECTED))
        assert not self.FILED.changed
        assert changed.changed
        assert not filed(changed, None, None).changed


@pytest.mark.parametrize(
    ("text", "field", "value", "state"),
    [
        ("no data on my phone, no error message", "error_message", None, State.UNKNOWN),
        ("it doesn't show an error", "error_message", None, State.UNKNOWN),
        ("no signal, I haven't tried anything yet", "steps_tried", [], State.STATED),
    ],
)
def test_what_there_is_none_of_is_known_and_not_asked(
    text: str, field: str, value: Any, state: State
) -> None:
    known = hear(text, "report_problem", nothing=[field]).case.field(field)
    assert (known.value, known.state, known.settled) == (value, state, True)


def test_there_being_none_does_not_unsay_what_was_said() -> None:
    case = case_with(error_message="No SIM")
    still = hear("no error any more", "inform", case=case, nothing=["error_message"])
    assert still.case.field("error_message").value == ("No SIM")

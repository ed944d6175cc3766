"""What a message means in the light of what was asked."""

from __future__ import annotations

from typing import Any

import pytest

from bot.nlu.context import in_context


def parsed(text: str, intent: str, confidence: float = 0.7, *entities: str) -> dict[str, Any]:
    found = [
        {"entity": name, "start": text.index(words), "end": text.index(words) + len(words)}
        for name, words in (entity.split("=") for entity in entities)
    ]
    return {
        "text": text, "intent": {"name": intent, "confidence": confidence}, "entities": found,
    }  # fmt: skip


def meaning(message: dict[str, Any], asking: str | None, begun: bool = True) -> str:
    return str(in_context(message, asking, begun)["intent"]["name"])


@pytest.mark.parametrize(
    ("text", "intent", "asking", "wanted"),
    [
        ("yes, send my complaint", "complaint", "confirmation", "affirm"),
        ("fine, file it", "skip_to_end", "confirmation", "affirm"),
        ("yes but the device is wrong", "affirm", "confirmation", "out_of_scope"),
        ("hmm, let me think about it", "affirm", "confirmation", "out_of_scope"),
        ('/file_sent{"file": "x"}', "affirm", "confirmation", "out_of_scope"),
        ("no, leave it all as it is", "cancel", "change", "deny"),
        ("no, hang on, keep it", "inform", "cancel", "deny"),
        ("I want to talk to a person", "ask_human", "confirmation", "ask_human"),
        ("the same page as ever", "faq", "solved", "not_solved"),
        ("the same page as ever", "inform", "solved", "not_solved"),
        ("what about Sundays?", "faq", "solved", "faq"),
        ("order not arrived", "complaint", "kind", "inform"),
        ("what is that for?", "why_ask", "kind", "why_ask"),
    ],
)
def test_after_a_yes_or_no_question(text: str, intent: str, asking: str, wanted: str) -> None:
    assert meaning(parsed(text, intent), asking) == wanted


def test_an_answer_beats_what_the_words_alone_would_mean() -> None:
    assert meaning(parsed("Meadow Hub 3", "faq", 0.9, "device=Meadow Hub 3"), "device") == "inform"
    assert meaning(parsed("restarted", "start_over", 0.9, "step=restarted"), "steps_tried") == (
        "inform"
    )
    assert meaning(parsed("jo@mail.example", "faq", 0.9), "contact_email") == "inform"
    assert meaning(parsed("123", "out_of_scope", 0.9), "account_number") == "inform"


def test_a_question_and_a_firm_wish_are_no_answer() -> None:
    hub = parsed("How do I set up the Meadow Hub 3?", "faq", 0.9, "device=Meadow Hub 3")
    assert meaning(hub, "device") == "faq"
    assert meaning(parsed("get me a person, 8847201193", "ask_human"), "account_number") == (
        "ask_human"
    )


def test_a_no_with_a_firm_wish_for_a_person_is_that_wish() -> None:
    wish = parsed("no, get me somebody to talk to", "ask_human", 0.98)
    assert meaning(wish, "confirmation") == "ask_human"
    assert meaning(wish, "person") == "deny"
    unsure = parsed("no, I don't want to talk to anybody", "ask_human", 0.72)
    assert meaning(unsure, "confirmation") == "deny"


def test_facts_told_to_nobody_in_particular_begin_a_case() -> None:
    told = parsed("charge I don't recognise, account 99887766", "faq", 0.6,
                  "account_number=99887766")  # fmt: skip
    assert meaning(told, None, begun=False) == "report_problem"
    assert meaning(told, None, begun=True) == "faq"
    assert meaning(parsed("account 99887766", "inform", 0.6, "account_number=99887766"), None,
                   begun=False) == "inform"  # fmt: skip


def test_what_the_context_leaves_open_stays_as_it_was() -> None:
    message = parsed("my signal is gone", "report_problem")
    assert in_context(message, None, False) is message


def test_a_number_alone_is_an_answer_and_never_a_wish() -> None:
    said = parsed("33333", "refuse", 0.3)
    assert in_context(said, "contact_phone", begun=True)["intent"]["name"] == "inform"
    assert in_context(said, None, begun=False)["intent"]["name"] == "refuse"


@pytest.mark.parametrize(
    ("text", "intent"), [("on which days are you in?", "faq"), ("???", "inform")]
)
def test_a_question_out_of_the_blue_informs_of_nothing(text: str, intent: str) -> None:
    said = parsed(text, "inform", 0.5)
    assert in_context(said, None, begun=False)["intent"]["name"] == intent


def test_a_fact_said_again_is_no_change() -> None:
    said = parsed("as I told you, Pixel 8", "change_field", 0.8, "device=Pixel 8")
    assert in_context(said, "error_message", begun=True)["intent"]["name"] == "inform"


@pytest.mark.parametrize(
    ("text", "asking", "wanted"),
    [
        ("😡😡", None, "frustration"),
        ("🤷", "device", "dont_know"),
        ("👍", "confirmation", "affirm"),
        ("👎", "confirmation", "deny"),
        ("📱❌", None, "out_of_scope"),
    ],
)
def test_pictures_alone_have_a_mood(text: str, asking: str | None, wanted: str) -> None:
    assert meaning(parsed(text, "greet"), asking) == wanted


def test_a_step_without_what_came_of_it_solves_nothing() -> None:
    assert meaning(parsed("restarted it", "solved", 0.7, "step=restarted"), None) == "inform"
    worked = parsed("restarted it and it works", "solved", 0.7, "step=restarted")
    assert meaning(worked, None) == "solved"


@pytest.mark.parametrize(
    "text",
    [
        "I am making a complaint, the line is down",
        "log this as a complaint",
        "I'm formally complaining",
    ],
)
def test_whoever_says_complaint_makes_one(text: str) -> None:
    assert meaning(parsed(text, "report_problem", 0.99), None, begun=False) == "complaint"


def test_words_on_the_screen_are_no_question() -> None:
    assert meaning(parsed("Emergency calls only", "faq", 0.6), "error_message") == "inform"
    assert meaning(parsed("what does SOS only mean?", "faq", 0.6), "error_message") == "faq"


@pytest.mark.parametrize(
    ("text", "confidence", "wanted"),
    [
        ("the usual with my wife's one", 0.35, "inform"),
        ("put someone on please", 0.35, "ask_human"),
        ("enough now", 0.6, "ask_human"),
    ],
)
def test_what_hardly_reads_as_a_wish_for_a_person_is_none(
    text: str, confidence: float, wanted: str
) -> None:
    assert meaning(parsed(text, "ask_human", confidence), "steps_tried") == wanted


def test_who_has_said_nothing_yet_and_tells_something_tells_what_is_wrong() -> None:
    told = parsed("the battery goes flat before lunch", "inform")
    assert meaning(told, None, begun=False) == "report_problem"
    assert meaning(told, None, begun=True) == "inform"


def test_an_address_without_its_end_answers_the_question_for_one() -> None:
    assert meaning(parsed("info at home", "report_problem", 0.4), "contact_email") == "inform"
    assert meaning(parsed("info at home", "report_problem", 0.9), "device") == "report_problem"

"""A mail is read whole: filed as it is, everything missing asked at once, the answers put where they belong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import msgspec
import pytest

from bot.case.completeness import questions
from bot.case.model import Case, Resolution
from bot.content import Content, load_content
from bot.content.mail_texts import mail_texts
from bot.content.records import Incident
from bot.conversation.change import Turn
from bot.conversation.events import message
from bot.conversation.owner import Owner
from bot.conversation.store import Conversation
from bot.engine.by_mail import ReadMail, read_by_mail
from bot.engine.dialogue import Outcome, Said
from bot.engine.turns import turn_of
from bot.mail.destinations import Destination, Destinations
from bot.mail.order import decode_order
from bot.mail.thread import MailNote, RefusedFile, exchange, noting
from bot.settings import ROOT

SENDER = "jo@customer.example"


def parsed(
    intent: str = "inform", problem: str = "", sure: float = 0.95, **more: Any
) -> dict[str, Any]:
    """What the model makes of a text."""
    found = {"problem": {"name": problem, "confidence": sure}} if problem else {}
    return {"intent": {"name": intent, "confidence": 0.95}, "entities": [], **found, **more}


def entity(name: str, value: str) -> dict[str, Any]:
    return {
        "entity": name,
        "value": value,
        "verbatim": value,
        "start": 0,
        "end": 0,
        "confidence": 0.9,
    }


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content(ROOT / "data")


class Reader:
    """Reads mails with an understanding that the test has written down; a text not in it says nothing."""

    def __init__(self, content: Content, **known: dict[str, Any]) -> None:
        self.content = content
        self.known = known

    def read(
        self, text: str, case: Case | None = None, quoted: str = "", file: str = "",
        refused: tuple[RefusedFile, ...] = (),
    ) -> ReadMail:  # fmt: skip
        def understand(part: str, facts: Mapping[str, Any]) -> Mapping[str, Any]:
            return next((it for key, it in self.known.items() if key in part), parsed())

        note = MailNote("<a@b>", SENDER, "No data", quoted=quoted, refused=refused)
        facts = {"event": "1-0", "at": "2026-11-22T10:00:00Z", "number": "FL-7K3M2Q",
                 "mail": msgspec.to_builtins(note), **({"file": file} if file else {})}  # fmt: skip
        return read_by_mail(understand, case or Case(), text, facts, self.content, mail_texts())


@pytest.fixture
def reader(content: Content) -> Reader:
    return Reader(
        content,
        data=parsed("report_problem", "no_mobile_data"),
        iPhone=parsed(entities=[entity("device", "Apple iPhone 12")]),
        unlock=parsed("faq", articles=[{"name": "unlock_phone", "confidence": 0.98}]),
        thanks=parsed("thanks"),
        offer=parsed("out_of_scope", "order_problem", 0.5),
    )


class TestFirstMail:
    def test_it_is_filed_as_it_is_and_all_that_is_missing_is_asked_at_once(
        self, reader: Reader
    ) -> None:
        read = reader.read("My data is gone.")
        case = read.case
        assert (case.number, case.revision, case.problem) == ("FL-7K3M2Q", 1, "no_mobile_data")
        assert not case.confirmed_by_customer
        assert case.field("contact_email").value == SENDER
        assert case.field("description").value == "My data is gone."
        assert case.handover
        assert "FL-7K3M2Q" in read.answer
        assert "within one working day" in read.answer
        asked = [reader.content.fields[name].label for name in questions(case, reader.content)]
        assert len(asked) == 4
        assert [reader.content.fields[name].label for name in read.asks] == asked
        for position, label in enumerate(asked, start=1):
            assert f"\n{position}. {label}" in read.answer

    def test_a_known_fault_is_told_and_no_diagnosis_asked_for(self, reader: Reader) -> None:
        incident = Incident(
            name="core", title="No mobile data anywhere", text="Mended by six.",
            problems=["no_mobile_data"], since=datetime(2026, 11, 22, 9, tzinfo=timezone.utc),
        )  # fmt: skip
        reader.content = msgspec.structs.replace(reader.content, incidents=[incident])
        read = reader.read("My data is gone.")
        assert (read.case.incident, read.case.revision) == ("core", 1)
        assert "No mobile data anywhere. Mended by six." in read.answer
        assert questions(read.case, reader.content) == ["account_number"]
        again = reader.read("It is an iPhone 12.", read.case)
        assert again.case.incident == "core"
        assert "anywhere" not in again.answer

    def test_a_question_is_answered_in_the_same_mail(self, reader: Reader) -> None:
        read = reader.read("How do I unlock my phone?")
        assert reader.content.articles["unlock_phone"].answer in read.answer
        assert read.case.articles_shown == ("unlock_phone",)
        assert read.case.filed

    def test_a_kind_of_problem_that_is_a_guess_is_left_open(self, reader: Reader) -> None:
        read = reader.read("An offer for you.")
        assert read.case.problem is None
        assert read.case.filed

    def test_files_are_taken_without_a_word(self, reader: Reader) -> None:
        read = reader.read("shot.png", file="f" * 32)
        assert read.case.files == ("f" * 32,)
        assert read.answer == ""

    def test_files_that_were_refused_are_told(self, reader: Reader) -> None:
        read = reader.read("data", refused=(RefusedFile("a.zip", "Only pictures are taken."),))
        assert "I could not take the file a.zip. Only pictures are taken." in read.answer


class TestAnswers:
    def test_numbered_answers_go_to_their_questions(self, reader: Reader) -> None:
        first = reader.read("My data is gone.").case
        read = reader.read("1. iPhone 12\n2. Could not connect\n3. nothing\n4. 1234567897", first)
        case = read.case
        assert case.revision == 2
        assert case.field("device").value == "Apple iPhone 12"
        assert case.field("error_message").value == "Could not connect"
        assert case.field("steps_tried").settled
        assert case.field("account_number").value == "1234567897"
        assert mail_texts().complete in read.answer

    def test_the_questions_that_are_quoted_are_the_ones_that_are_answered(
        self, reader: Reader
    ) -> None:
        """A second mail may answer the first list after the case has moved on."""
        first = reader.read("My data is gone.").case
        second = reader.read("1. iPhone 12", first)
        labels = [reader.content.fields[name].label for name in questions(first, reader.content)]
        quoted = "\n".join(f"> {n}. {label} (for example: x)" for n, label in enumerate(labels, 1))
        third = reader.read("4. 1234567897", second.case, quoted=quoted)
        assert third.case.field("account_number").value == "1234567897"
        assert third.case.field("error_message").value is None

    def test_what_is_still_missing_is_asked_again(self, reader: Reader) -> None:
        first = reader.read("My data is gone.").case
        read = reader.read("1. iPhone 12", first)
        assert "1. Error message" in read.answer
        assert "Device" not in read.answer

    def test_a_number_that_does_not_fit_is_told(self, reader: Reader) -> None:
        first = reader.read("My data is gone.").case
        read = reader.read("4. 123456789012", first)
        assert "Account number: I could not use “123456789012”" in read.answer
        assert read.case.field("account_number").invalid
        assert "1. Device" in read.answer

    def test_an_answer_that_is_none_is_told(self, reader: Reader) -> None:
        first = reader.read("My data is gone.").case
        assert "Account number: I could not find it" in reader.read("4. 12", first).answer

    def test_whatever_is_written_reaches_people(self, reader: Reader) -> None:
        first = reader.read("My data is gone.").case
        assert reader.read("And my neighbour says the same.", first).case.revision == 2

    def test_a_new_report_in_the_thread_stays_in_its_case(self, reader: Reader) -> None:
        first = reader.read("My data is gone.").case
        assert reader.read("My data is still gone!", first).case.number == first.number

    def test_a_case_that_was_done_is_open_again(self, reader: Reader) -> None:
        first = reader.read("My data is gone.").case
        done = msgspec.structs.replace(
            first, resolution=Resolution("solved", "2026-11-22T11:00:00Z")
        )
        assert reader.read("And gone again.", done).case.resolution is None
        assert reader.read("thanks a lot", done).case.resolution is not None

    def test_thanks_are_not_answered(self, reader: Reader) -> None:
        first = reader.read("My data is gone.").case
        read = reader.read("thanks a lot", first)
        assert read == ReadMail(first, "")


class TestTurn:
    """What the engine commits: the case to its destinations, the answer as one mail, no acknowledgement."""

    def turn(self, reader: Reader, *, by_mail: bool) -> Turn:
        read = reader.read("My data is gone.")
        note = MailNote("<a@b>", SENDER, "No data")
        said = message("customer", "My data is gone.")
        heard = replace(noting(said, note) if by_mail else said, id="1-0")
        conversation = Conversation(
            "AAECAwQFBgcICQoLDA0ODw", "", "en", Owner.BOT, 1, "0-0", "1-0", 0, 0, Case()
        )
        outcome = Outcome([Said(read.answer)], read.case, b"")
        destinations = Destinations({"cases@meadow.example": Destination()}, "cases@meadow.example")
        return turn_of(conversation, heard, outcome, [heard], reader.content, destinations)

    def test_the_answer_goes_out_as_one_mail(self, reader: Reader) -> None:
        turn = self.turn(reader, by_mail=True)
        orders = [decode_order(mail.body) for mail in turn.mails]
        assert [(order.kind, order.to) for order in orders] == [
            ("case", "cases@meadow.example"), ("reply", SENDER),
        ]  # fmt: skip
        assert orders[1].about == "1-0"
        answered = exchange(
            [replace(event, id=f"2-{n}") for n, event in enumerate(turn.events)], "1-0"
        )
        (text,) = answered.texts
        assert "FL-7K3M2Q" in text
        assert answered.automatic

    def test_in_the_widget_it_is_an_acknowledgement(self, reader: Reader) -> None:
        turn = self.turn(reader, by_mail=False)
        kinds = [decode_order(mail.body).kind for mail in turn.mails]
        assert kinds == ["case", "acknowledgement"]
        assert not any(event.private.get("mailed") for event in turn.events)

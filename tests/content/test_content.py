"""Operator content: read, checked, and with errors that say what to mend."""

from __future__ import annotations

import re
import shutil
from datetime import datetime, timezone
from pathlib import Path

import pytest

from bot.content import Content, load_content
from bot.content.account_number import AccountNumberFormat, luhn, mod97
from bot.content.hours import Hours
from bot.errors import ContentError
from bot.settings import ROOT


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content(ROOT / "data")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the content to spoil."""
    return Path(shutil.copytree(ROOT / "data", tmp_path / "data"))


def test_there_are_articles_and_problems_enough(content: Content) -> None:
    assert len(content.articles) >= 40
    assert len(content.problems) >= 30
    assert all(len(article.questions) >= 4 for article in content.articles.values())


def test_titles_of_problems_are_short_enough_for_a_subject(content: Content) -> None:
    assert [problem.title for problem in content.problems.values() if len(problem.title) > 45] == []


def test_no_question_leads_to_two_articles(content: Content) -> None:
    questions = [
        question.lower() for article in content.articles.values() for question in article.questions
    ]
    assert sorted(question for question in set(questions) if questions.count(question) > 1) == []


def test_the_standing_rules_are_in_the_articles(content: Content) -> None:
    ombudsman = content.articles["complaint_and_ombudsman"].answer
    assert "six weeks" in ombudsman
    assert "8 April 2026" in ombudsman
    assert "65075" in content.articles["pac_code"].answer
    assert "75075" in content.articles["pac_code"].answer


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (
            "brand.yml",
            "bot_name:",
            "botname:",
            "brand.yml: the top level: Object contains unknown field `botname`",
        ),
        (
            "problems/no_signal.yml",
            "category: technical",
            "category: magic",
            "no_signal.yml: category: Invalid enum value 'magic'",
        ),
        (
            "problems/no_signal.yml",
            "step: airplane_mode",
            "step: dance",
            "no step is called 'dance'",
        ),
        (
            "faq/puk_code.yml",
            "next: [replace_sim]",
            "next: [nowhere]",
            "no article is called 'nowhere'",
        ),
        ("hours.yml", "Europe/London", "Europe/Atlantis", "'Europe/Atlantis' is not a time zone"),
        ("hours.yml", '"08:00"', '"25:00"', "hours.yml"),
        ("steps.yml", "restart:", "restart: [", "steps.yml: line"),
    ],
)
def test_an_error_names_file_and_key(
    folder: Path, file: str, old: str, new: str, says: str
) -> None:
    path = folder / file
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(ContentError) as caught:
        load_content(folder)
    assert says in str(caught.value)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "errors.yml").unlink()
    with pytest.raises(ContentError, match=r"errors\.yml: the file is missing"):
        load_content(folder)


def test_times_need_no_quotes_within_braces(folder: Path) -> None:
    hours = folder / "hours.yml"
    hours.write_text(re.sub(r'"(\d\d:\d\d)"', r"\1", hours.read_text()))
    assert load_content(folder).hours == load_content(ROOT / "data").hours


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("moment", "is_open", "opens"),
    [
        ("2026-11-20T12:00", True, "2026-11-21T09:00"),
        ("2026-11-20T19:59", True, "2026-11-21T09:00"),
        ("2026-11-20T20:00", False, "2026-11-21T09:00"),
        ("2026-12-25T12:00", False, "2026-12-27T10:00"),
        ("2026-07-03T07:30", True, "2026-07-04T08:00"),  # British summer time: 8:30 there
    ],
)
def test_hours(content: Content, moment: str, is_open: bool, opens: str) -> None:
    assert content.hours.is_open(at(moment)) is is_open
    assert content.hours.next_opening(at(moment)) == at(opens)


def test_what_is_due_counts_opening_time_only(content: Content) -> None:
    assert content.hours.due(at("2026-11-20T18:00"), 12) == at("2026-11-22T11:00")


def test_always_closed_has_no_next_opening() -> None:
    assert Hours(time_zone="Europe/London", weekly={}).next_opening(at("2026-11-20T12:00")) is None


@pytest.mark.parametrize(
    ("check", "value", "fault"),
    [
        ("none", "8847 201-193", None),
        ("none", "1234567", "has 8 to 10 digits, and this one has 7"),
        ("none", "AB884720", "only digits"),
        ("luhn", "79927398713", "and this one has 11"),
        ("luhn", "18", "and this one has 2"),
        ("luhn", "8847201193", "check digit"),
        ("luhn", "4539578763", "check digit"),
        ("mod97", "8847201193", "check digit"),
    ],
)
def test_account_numbers(check: str, value: str, fault: str | None) -> None:
    form = AccountNumberFormat(min_digits=8, max_digits=10, check=check, example="1", help="")  # type: ignore[arg-type]
    found = form.fault(value)
    assert found is None if fault is None else fault in str(found)


def test_check_digits() -> None:
    assert luhn("79927398713")
    assert not luhn("79927398710")
    assert mod97("79486263")  # ISO/IEC 7064: remainder 1
    assert not mod97("79486264")

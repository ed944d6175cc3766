from __future__ import annotations

import unicodedata
from typing import get_args

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.case.model import Case, Field, State
from bot.case.subject import LONGEST, subject_line
from bot.content import load_content
from bot.content.records import Category
from bot.settings import ROOT

CONTENT = load_content(ROOT / "data")
NUMBER = "FL-7K3M2Q"
CATEGORIES: tuple[Category, ...] = get_args(Category)


def case_with(
    device: str | None, account: str | None, problem: str | None, category: Category
) -> Case:
    values = {"device": device, "account_number": account}
    fields = {name: Field(value, State.STATED) for name, value in values.items() if value}
    return Case(number=NUMBER, problem=problem, category=category, fields=fields)


@pytest.mark.parametrize(
    ("case", "subject"),
    [
        (
            case_with("Apple iPhone 14", "8847201193", "no_mobile_data", "technical"),
            "[FL-7K3M2Q] Technical – no mobile data – Apple iPhone 14 – account ••1193",
        ),
        (
            case_with("Apple iPhone 14", None, "no_mobile_data", "technical"),
            "[FL-7K3M2Q] Technical – no mobile data – Apple iPhone 14",
        ),
        (case_with(None, None, None, "other"), "[FL-7K3M2Q] Other – Other request"),
        (
            case_with(None, "8847201193", None, "billing"),
            "[FL-7K3M2Q] Billing – Other request – account ••1193",
        ),
    ],
)
def test_examples(case: Case, subject: str) -> None:
    assert subject_line(case, CONTENT) == subject


def test_a_long_device_is_cut_before_the_problem_and_the_account_stays() -> None:
    case = case_with("Samsung Galaxy " + "S" * 90, "8847201193", "no_mobile_data", "technical")
    subject = subject_line(case, CONTENT)
    assert subject.startswith("[FL-7K3M2Q] Technical – no mobile data – Samsung")
    assert subject.endswith("… – account ••1193")
    assert len(subject) == LONGEST


@given(
    device=st.one_of(st.none(), st.text(max_size=200)),
    account=st.one_of(st.none(), st.text("0123456789", min_size=8, max_size=10)),
    problem=st.one_of(st.none(), st.sampled_from(sorted(CONTENT.problems))),
    title=st.text("abcde -–é", min_size=1, max_size=120).filter(str.strip),
    category=st.sampled_from(CATEGORIES),
)
def test_short_one_line_and_routable_whatever_is_in_the_case(
    device: str | None, account: str | None, problem: str | None, title: str, category: Category
) -> None:
    assume(not (device and account and account in device))
    content = CONTENT
    if problem is not None:
        entry = msgspec.structs.replace(content.problems[problem], title=title)
        content = msgspec.structs.replace(content, problems={problem: entry})
    subject = subject_line(case_with(device, account, problem, category), content)
    assert len(subject) <= LONGEST
    assert subject.startswith(f"[{NUMBER}] {category.capitalize()} – ")
    if account:
        assert subject.endswith(f" – account ••{account[-4:]}")
        assert account not in subject
    assert subject == " ".join(subject.split())
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs") for c in subject)


@pytest.mark.parametrize(
    "device", ["a\r\nBcc: all@mail.example", "a\x00b", "a\u2028b", "a\u202eb\u2066", "a\u200bb"]
)
def test_nothing_in_a_value_can_break_or_turn_the_line(device: str) -> None:
    subject = subject_line(case_with(device, "8847201193", None, "technical"), CONTENT)
    assert all(c.isprintable() for c in subject)


@pytest.mark.parametrize(
    "device", ["URGENT!!!", "urgent: iPhone 14", "!!! ASAP !!!", "EMERGENCY iPhone", "!iPhone!"]
)
def test_a_customer_cannot_shout_in_it(device: str) -> None:
    subject = subject_line(case_with(device, None, "no_mobile_data", "technical"), CONTENT)
    assert "!" not in subject
    assert not {"urgent", "asap", "emergency"} & {
        word.strip(":").casefold() for word in subject.split()
    }


def test_a_value_that_does_not_fit_is_not_shown() -> None:
    wrong = Field("my dog", State.STATED, "my dog", invalid="only digits")
    case = Case(number=NUMBER, fields={"account_number": wrong})
    assert subject_line(case, CONTENT) == "[FL-7K3M2Q] Other – Other request"

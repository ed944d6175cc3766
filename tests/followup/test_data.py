"""The files that say what follows a case: what is wrong in one is named, with how to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.content import load_content
from bot.content.follow_up import SLOTS, Notices, follow_up, load_follow_up
from bot.errors import ContentError
from bot.followup.notices import notice, slots
from bot.mail.headers import LONGEST_SUBJECT
from bot.settings import ROOT

DATA = ROOT / "data"


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("follow_up.yml", "Answer due {promised}", "Answer due {promissed}", "{promissed}"),
        ("follow_up.yml", "Answer due {promised}", "Answer due {promised", "brace"),
        ("follow_up.yml", "Your case {number}", "Your case {nummer}", "{nummer}"),
        ("follow_up.yml", "Our team at {brand}", "Our team at {brands}", "{brands}"),
        ("follow_up.yml", "weeks: 6", "weeks: 0", "weeks"),
        ("follow_up.yml", "  duplicate:", "  duplicated:", "notices"),
        ("escalation.yml", "to: manager", "to: the_boss", "no tier is called 'the_boss'"),
        ("escalation.yml", "when: not_solved", "when: angry", "when"),
        ("escalation.yml", "to: team_lead\n    reason: Nobody", "after_days: 1\n    to: team_lead\n    reason: Nobody",
         "nobody gets a case when a promise is missed"),
    ],
)  # fmt: skip
def test_a_mistake_is_named(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    for name in ("follow_up.yml", "escalation.yml"):
        text = (DATA / name).read_text()
        if name == file:
            assert old in text
            text = text.replace(old, new, 1)
        (tmp_path / name).write_text(text)
    with pytest.raises(ContentError) as error:
        load_follow_up(tmp_path)
    assert said in str(error.value)
    assert file in str(error.value)


@pytest.mark.parametrize("name", Notices.__struct_fields__)
def test_every_notice_can_be_filled_in_and_its_subject_fits(name: str) -> None:
    facts = {"promised": "22 November 2026, 20:00", "tier": "head of customer service",
             "received": "22 November 2026", "deadline": "22 November 2026"}  # fmt: skip
    words = slots(
        "FL-7K3M2Q", "no mobile data", "technical", facts, load_content(DATA), follow_up()
    )
    assert words.keys() >= SLOTS
    said = notice(follow_up(), name)
    subject = f"[FL-7K3M2Q] {said.subject.format_map(words)}"
    assert len(subject) <= LONGEST_SUBJECT
    assert "{" not in subject + said.text.format_map(words)


def test_what_is_not_known_has_words_in_the_content() -> None:
    words = slots("FL-7K3M2Q", "", "other", {}, load_content(DATA), follow_up())
    assert words["agent"] == "Our team at Meadow Mobile"
    assert words["problem"] == "your request"
    known = slots("FL-7K3M2Q", "no signal", "other", {}, load_content(DATA), follow_up())
    assert known["problem"] == "“no signal”"

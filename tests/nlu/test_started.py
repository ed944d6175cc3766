"""When it began, by the ways in which people tell it; and the dates of other things."""

from __future__ import annotations

from datetime import date

import pytest

from bot.nlu.started import started

TODAY = date(2026, 11, 20)  # a Friday


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no data since the fourteenth", "2026-11-14"),
        ("it has been off since Wednesday last week", "2026-11-11"),
        ("put the SIM in on Tuesday and it has said no service ever since", "2026-11-17"),
        ("I joined in September and since then calls drop", "2026-09-01"),
        ("FIVE DAYS WITHOUT A SIGNAL", "2026-11-15"),
        ("before two days my line is stopped", "2026-11-18"),
        ("10 days since. nobody helps", "2026-11-10"),
        ("no bars since about 4, it was fine at lunch", "2026-11-20"),
        ("was working this morning, now nothing", "2026-11-20"),
        ("was working on Monday, now nothing", "was working on Monday"),
        ("about a week and a half ago it went slow", "about a week and a half ago"),
        ("it cuts out after the Android 15 update", "after the Android 15 update"),
        ("it was alright before iOS 26.2 came out", "iOS 26.2 came out"),
        ("no 4G ever since Monday's storm", "2026-11-16"),
        ("slow since my mother moved in at the weekend", "since my mother moved in at the weekend"),
        ("it has always been like that here", "has always been"),
        ("it's three and a half weeks actually", "three and a half weeks"),
        ("it stopped about 3am", "about 3am"),
        ("Since - 14/11/26", "2026-11-14"),
        ("this is the third week running of no data", "third week running"),
        ("slow after ios 26.1 update on my phone", "after ios 26.1 update"),
    ],
)
def test_the_beginning(text: str, value: str) -> None:
    assert [found.value for found in started(text, TODAY)] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "it's Friday and I still have no answer",
        "I have rung you four times since Tuesday",
        "I have had this plan since March",
        "the sat nav loses the network",
        "it drops the second I leave the house",
        "I left it off overnight",
        "I have been with you since 2019",
        "it stopped ringing when the phone rings twice",
        "it drops every few hours, it was fine for a year",
        "40 minutes now on hold",
        "dried it in the cupboard for 3 days",
        "off again, third Sunday running",
    ],
)
def test_dates_of_other_things(text: str) -> None:
    assert started(text, TODAY) == []


def test_the_words_tell_the_whole_occasion() -> None:
    (found,) = started("dead ever since she dropped it on Sunday. help", TODAY)
    assert (found.value, found.verbatim) == ("2026-11-15", "ever since she dropped it on Sunday")

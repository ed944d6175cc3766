"""Where it happens: names without a list, spots, post codes; and where it does not happen."""

from __future__ import annotations

import pytest
from spacy.language import Language

from bot.content import Content
from bot.nlu.places import PlaceFinder
from bot.nlu.tokens import blank_language


@pytest.fixture(scope="module")
def language() -> Language:
    return blank_language()


@pytest.fixture(scope="module")
def finder(language: Language, content: Content) -> PlaceFinder:
    return PlaceFinder(language, content.places)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("no signal round my nans in blubberhouses", "round my nans in blubberhouses"),
        ("NOTHING IN BLUBBERHOUSES FOR A WEEK AND NOBODY CARES", "BLUBBERHOUSES"),
        ("we are on holiday in cala bona and it is dead", "cala bona"),
        ("our village is Kirkby Overblow", "Kirkby Overblow"),
        ("out bellaghy way there is nothing", "bellaghy"),
        ("the mast at Zeal Monachorum is off", "Zeal Monachorum"),
        ("it fails at work (Team Valley, Gateshead)", "at work (Team Valley, Gateshead"),
        ("no 4G in Stoke Bruerne", "Stoke Bruerne"),
        ("postcode is dn31, no signal", "dn31"),
        ("nothing works in sheffield s10", "sheffield s10"),
        ("the train from Hereford to Ledbury has no signal", "train from Hereford to Ledbury"),
        ("it cuts out on the A9 by Dalwhinnie", "A9 by Dalwhinnie"),
        ("no calls on the isle of eigg", "isle of eigg"),
        ("I am from Nepal staying in Luton and it is dead", "Luton"),
        ("wifi drops from the living room to the garden", "from the living room to the garden"),
        ("works in the lounge but not in the garden", "in the garden"),
        ("it does not work in the office", "in the office"),
    ],
)
def test_where_it_fails(language: Language, finder: PlaceFinder, text: str, words: str) -> None:
    assert [found.verbatim for found in finder.find(language(text))] == [words]


@pytest.mark.parametrize(
    "text",
    [
        "my home broadband hub is red",
        "at home it's fine",
        "it works everywhere else",
        "the delivery was meant to come to Leeds",
        "I was charged for data when I was in Jersey",
        "look in settings, it says so in writing",
        "started on my way to work",
        "just wondering if there is 5G in Pontypool",
    ],
)
def test_where_it_does_not(language: Language, finder: PlaceFinder, text: str) -> None:
    assert finder.find(language(text)) == []

"""Models that no catalogue has, and whose device it is that has the trouble."""

from __future__ import annotations

import pytest
from spacy.language import Language

from bot.content import Content
from bot.nlu.devices import DeviceFinder
from bot.nlu.tokens import blank_language


@pytest.fixture(scope="module")
def language() -> Language:
    return blank_language()


@pytest.fixture(scope="module")
def finder(language: Language, content: Content) -> DeviceFinder:
    return DeviceFinder(language, content.devices)


def surest(finder: DeviceFinder, language: Language, text: str) -> str:
    found = max(finder.find(language(text)), key=lambda item: (item.confidence, -item.start))
    return str(found.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a tecno spark 77 pro", "Tecno Spark 77 Pro"),
        ("tp link archer mr999", "TP-Link Archer MR999"),
        ("umidigi a13", "Umidigi A13"),
        ("xaomi redmi 9", "Xiaomi Redmi 9"),
        ("honor x7q", "Honor X7q"),
        ("samsung s24u", "Samsung Galaxy S24 Ultra"),
        ("iPhone-12", "Apple iPhone 12"),
        ("ipad air 5th gen", "Apple iPad Air"),
        ("ipad pro m4", "Apple iPad Pro"),
        ("galaxy watch 6 classic", "Samsung Galaxy Watch 6 Classic"),
        ("a Samsung Galaxy A9 tablet", "Samsung Galaxy Tab A9"),
        ("my alcatel mifi", "MiFi"),
        ("happens on my 16 plus only", "Apple iPhone 16 Plus"),
        ("its a 13 mini iphone", "Apple iPhone 13 mini"),
        ("all our iPhones", "Apple iPhone"),
        ("my iphone pro max 16", "Apple iPhone 16 Pro Max"),
        ("s 24 u", "Samsung Galaxy S24 Ultra"),
        ("its an a35 samsung", "Samsung Galaxy A35"),
        ("galaxy tab s10 plus", "Samsung Galaxy Tab S10+"),
        ("I've an iPhone. My 14 has no signal", "Apple iPhone 14"),
        ("my iPhone 15, not 15 it's the 15 plus", "Apple iPhone 15 Plus"),
        ("a redmi pad se", "Xiaomi Redmi Pad SE"),
        ("my forerunner 265 lte", "Garmin Forerunner 265"),
    ],
)
def test_a_name(language: Language, finder: DeviceFinder, text: str, value: str) -> None:
    assert surest(finder, language, text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("my husband's S20 FE has no 5G, mine (S24) is OK", "Samsung Galaxy S20 FE"),
        ("Old phone: Galaxy S9. New phone: Galaxy S25 FE.", "Samsung Galaxy S25 FE"),
        ("the 4G hub, a Huawei B535, drops", "Huawei B535"),
        ("I swapped my S10 for a Pixel 8 and now texts fail", "Google Pixel 8"),
        ("I'm in Sheffield S10 with a Pixel 8", "Google Pixel 8"),
        ("upgraded from an iPhone 11 to a 16 on Monday", "Apple iPhone 16"),
        ("my old sammy A51 has no 4G", "Samsung Galaxy A51"),
        ("realme 12 pro plus 5g", "Realme 12 Pro+"),
        ("had an S21, traded it in for the S24", "Samsung Galaxy S24"),
        ("it is now a 15 pro", "Apple iPhone 15 Pro"),
        ("ip13 pro", "Apple iPhone 13 Pro"),
        ("a moto g84 plus, no sorry, the ordinary g84", "Motorola Moto G84"),
        ("my pixel 9 pro. actually no, the 9a", "Google Pixel 9a"),
    ],
)
def test_the_one_in_trouble(
    language: Language, finder: DeviceFinder, text: str, value: str
) -> None:
    assert surest(finder, language, text) == value


@pytest.mark.parametrize("text", ["how much is the iPhone 17", "my parcel with the Honor 90"])
def test_what_is_only_wanted_is_not_in_use(
    language: Language, finder: DeviceFinder, text: str
) -> None:
    assert finder.find(language(text)) == []


def test_a_model_of_a_router_is_a_router(finder: DeviceFinder) -> None:
    assert finder.is_router("TP-Link Archer MR600")
    assert finder.is_router("Cudy LT500")
    assert not finder.is_router("Samsung Galaxy S24")

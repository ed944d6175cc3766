"""What a message says about the case."""

from __future__ import annotations

from typing import Any

import pytest

from bot.nlu.devices import NEARLY_CONFIDENCE
from bot.nlu.extraction import Extraction
from bot.nlu.fields import fields_of
from tests.nlu.conftest import TODAY


def fields(extraction: Extraction, text: str) -> dict[str, dict[str, Any]]:
    return fields_of([found.as_entity() for found in extraction.find(text, TODAY)])


def steps(extraction: Extraction, text: str) -> list[tuple[str, str | None]]:
    found = fields(extraction, text).get("steps_tried", {"value": []})
    return [(step["step"], step["result"]) for step in found["value"]]


def test_everything_of_a_rich_first_message(extraction: Extraction) -> None:
    text = (
        "My iPhone 14 shows 'Could not activate cellular data network' since Friday, I restarted it "
        "and reset network settings, account 8847201193"
    )
    found = fields(extraction, text)
    assert {name: field["value"] for name, field in found.items() if name != "steps_tried"} == {
        "device": "Apple iPhone 14",
        "error_message": "Could not activate cellular data network",
        "started": "2026-11-13",
        "account_number": "8847201193",
    }
    assert found["error_message"]["code"] == "CELLULAR_DATA_ACTIVATION"
    assert steps(extraction, text) == [("restart", None), ("reset_network_settings", None)]


def test_offsets_and_words_are_those_of_the_message(extraction: Extraction) -> None:
    text = "it says SIM not provisioned on my galaxy s23, mail me at jo@mail.example"
    for found in extraction.find(text, TODAY):
        assert text[found.start : found.end].strip(" '\"") in (
            found.verbatim,
            found.verbatim.strip(),
        )


@pytest.mark.parametrize(
    ("text", "device"),
    [
        ("iphone14pro max", "Apple iPhone 14 Pro Max"),
        ("samsung s22 ultra", "Samsung Galaxy S22 Ultra"),
        ("no it's the S23", "Samsung Galaxy S23"),
        ("Motorola g54 power", "Motorola Moto G54"),
        ("huawei XYZ99", "Huawei XYZ99"),
        ("galaxy z99", "Samsung Galaxy Z99"),
        ("my son's iphone 12 has no signal", "Apple iPhone 12"),
        ("i put the sim in my wife's iphone 11 and it worked, mine is a Pixel 7", "Google Pixel 7"),
        ("my iPad works fine but the iphone 15 doesn't", "Apple iPhone 15"),
        ("fritz box 7590", "AVM FRITZ!Box"),
        ("signal on the A34 is bad", None),
        ("S10 2AB is my post code", None),
        ("my esim won't work", None),
    ],
)
def test_devices(extraction: Extraction, text: str, device: str | None) -> None:
    assert fields(extraction, text).get("device", {}).get("value") == device


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("it's an iphone 13, sorry 14", "device", "Apple iPhone 14"),
        ("an iphone 12 not 13", "device", "Apple iPhone 12"),
        ("not the S22, the S23", "device", "Samsung Galaxy S23"),
        ("it was kim@old.example but now kim@new.example", "contact_email", "kim@new.example"),
        ("jo@a.example, no wait, jo@b.example", "contact_email", "jo@b.example"),
        ("account 20557413, sorry, 20557431", "account_number", "20557431"),
        ("i upgraded from ios 17 to ios 18.1", "os_version", "iOS 18.1"),
    ],
)
def test_what_is_taken_back_is_not_given(
    extraction: Extraction, text: str, field: str, value: str
) -> None:
    assert fields(extraction, text)[field]["value"] == value


def test_a_correction_is_marked(extraction: Extraction) -> None:
    assert fields(extraction, "no sorry, it's the S23")["device"]["correction"] is True
    assert "correction" not in fields(extraction, "my phone is an S23")["device"]


@pytest.mark.parametrize(
    ("text", "message", "code"),
    [
        ("it just says SOS only at the top", "SOS only", "SOS_ONLY"),
        (
            "I get an error saying sim not provisioned mm#2",
            "sim not provisioned mm#2",
            "SIM_NOT_PROVISIONED",
        ),
        ('screen reads: "Gadget 9 broke"', "Gadget 9 broke", None),
        ("error 38 when texting", "error 38", "MESSAGE_NOT_SENT"),
        ("ERR_CONNECTION_TIMED_OUT on every page", "ERR_CONNECTION_TIMED_OUT", "TIMED_OUT"),
        ("I have no service", None, None),
        ("the courier says delivered", None, None),
        ("she said 'wait two days'", None, None),
        ("my bank (sort code 20-11-43) says it's fine", None, None),
    ],
)
def test_error_messages(
    extraction: Extraction, text: str, message: str | None, code: str | None
) -> None:
    found = fields(extraction, text).get("error_message", {})
    assert found.get("value") == message
    assert found.get("code") == code


@pytest.mark.parametrize(
    ("text", "tried"),
    [
        ("restarted it twice, no change", [("restart", "no change")]),
        ("I haven't restarted it", []),
        ("haven't tried a factory reset but did restart", [("restart", None)]),
        ("the phone restarts itself", []),
        ("it keeps switching off and restarting", []),
        ("should I reset the router?", []),
        ("please reset my password", []),
        ("I will restart it later", []),
        ("since I updated to iOS 18 nothing works", []),
        ("I tried everything", [("everything", None)]),
        ("restarting it helps for about an hour", [("restart", "helped briefly")]),
        ("swapped the SIM into my wife's phone and it works there", [("other_device", "worked")]),
        ("unplugged the router and moved it to the window. No joy.",
         [("restart_router", "no change"), ("move_router", "no change")]),
        ("you told me to restart the router which I did, didn't help", [("restart_router", "no change")]),
        ("switched it to flight mode and back", [("airplane_mode", None)]),
    ],
)  # fmt: skip
def test_steps(extraction: Extraction, text: str, tried: list[tuple[str, str | None]]) -> None:
    assert steps(extraction, text) == tried


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("since tuesday", "2026-11-17"),
        ("it started two days ago", "2026-11-18"),
        ("no internet for 4 days", "2026-11-16"),
        ("stopped working on the 3rd of November", "2026-11-03"),
        ("from 12/11/2026 no signal", "2026-11-12"),
        ("it worked fine until yesterday", "2026-11-19"),
        ("no data since the last update", "since the last update"),
        ("ever since I moved house it is slow", "ever since I moved house"),
        ("I have been a customer for 10 years", None),
        ("I called you on Monday", None),
        ("please call me tomorrow", None),
    ],
)
def test_when_it_began(extraction: Extraction, text: str, when: str | None) -> None:
    assert fields(extraction, text).get("started", {}).get("value") == when


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("no signal in leeds", "Leeds"),
        ("I live in BS8 2LR", "BS8 2LR"),
        ("at home in Bristol", "at home in Bristol"),
        ("no coverage in Little Wenlock", "Little Wenlock"),
        ("no signal at home", "at home"),
        ("your Leeds store was useless", None),
        ("no data in January", None),
        ("I'm reading the manual", None),
        ("write to jo@leeds.example", None),
    ],
)
def test_places(extraction: Extraction, text: str, place: str | None) -> None:
    assert fields(extraction, text).get("location", {}).get("value") == place


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("my email is blue.door@example.org.", "blue.door@example.org"),
        ("any dot body at mail dot com is my email", None),
        ("my email is any dot body at mail dot com", "any.body@mail.com"),
        ("I wrote to support@meadow.example last week", None),
        ("I got an email from noreply@bank.example", None),
        ("send it to jo@example.com", "jo@example.com"),
    ],
)
def test_addresses(extraction: Extraction, text: str, address: str | None) -> None:
    assert fields(extraction, text).get("contact_email", {}).get("value") == address


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("don't call me, text me please", "sms"),
        ("by email is best", "email"),
        ("call me after 5", "phone"),
        ("nobody ever called me back", None),
    ],
)
def test_how_to_reply(extraction: Extraction, text: str, way: str | None) -> None:
    assert fields(extraction, text).get("preferred_reply", {}).get("value") == way


def test_what_there_is_nothing_of(extraction: Extraction) -> None:
    assert extraction.read("there's no error message, it is just slow", TODAY).nothing == [
        "error_message"
    ]
    assert extraction.read("I haven't tried anything yet", TODAY).nothing == ["steps_tried"]
    assert extraction.read("my phone is slow", TODAY).nothing == []


def test_the_field_to_change_is_named(extraction: Extraction) -> None:
    found = extraction.find("can I change the email address", TODAY)
    assert [(item.entity, item.value) for item in found] == [("field", "contact_email")]


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("network settings reset, esim deleted", ["reset_network_settings", "delete_esim"]),
        ("I cleaned the SIM and tried it in another phone", ["reinsert_sim", "other_device"]),
        ("the new SIM is in my phone", []),
        ("we were in the garden then", []),
        ("I've waited nine days for a reply", []),
    ],
)
def test_steps_are_told_from_what_merely_is(
    extraction: Extraction, text: str, steps: list[str]
) -> None:
    found = [item.value["step"] for item in extraction.find(text, TODAY) if item.entity == "step"]
    assert found == steps


def test_a_bare_list_names_steps_only_as_an_answer(extraction: Extraction) -> None:
    text = "sim out and back in, wifi calling off. not reset the router"
    assert [step["step"] for step in extraction.read(text, TODAY).steps_named] == [
        "reinsert_sim", "wifi_calling",
    ]  # fmt: skip


def test_a_known_error_has_its_code_wherever_it_is_said(extraction: Extraction) -> None:
    assert extraction.read("just emergency calls only up there", TODAY).error_code == "SOS_ONLY"
    assert extraction.read("nothing special", TODAY).error_code is None


def test_a_nearly_known_model_is_doubtful(extraction: Extraction) -> None:
    (found,) = extraction.find("oppo reon 12", TODAY)
    assert (found.value, found.confidence) == ("Oppo Reno 12", NEARLY_CONFIDENCE)
    assert extraction.find("about 12 people", TODAY) == []


@pytest.mark.parametrize(
    ("text", "device"),
    [
        ("Xiaomi 13", "Xiaomi 13"),
        ("a redmi 13", "Xiaomi Redmi 13"),
        ("samsung s23", "Samsung Galaxy S23"),
    ],
)
def test_a_full_name_comes_before_a_short_one(
    extraction: Extraction, text: str, device: str
) -> None:
    assert [item.value for item in extraction.find(text, TODAY)] == [device]


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        # Devices: mistyped, dictated, unknown to the catalogue, of a kind only.
        ("samsng galxy s20 has no data", "device", "Samsung Galaxy S20"),
        ("it's a galaxy s twenty three ultra", "device", "Samsung Galaxy S23 Ultra"),
        ("s23+, no calls", "device", "Samsung Galaxy S23+"),
        ("i'm on an old alcatel", "device", "Alcatel phone"),
        ("my apple bill is wrong and i googled it", "device", None),
        ("i put it in an old samsung and it works", "device", None),
        ("the mifi is dead", "device", "MiFi"),
        ("usb hub on my desk", "device", None),
        # Places: lower case, half a post code, roads, where it works.
        ("i live out by kington and it's dead", "location", "Kington"),
        ("i'm in trouble here", "location", None),
        ("any fault in BS3?", "location", "BS3"),
        ("it is IP68 they said", "location", None),
        ("calls drop on the A9 past Pitlochry", "location", "A9 past Pitlochry"),
        ("fine in Truro but dead in Falmouth", "location", "Falmouth"),
        ("by the lad in the shop", "location", None),
        ("our branch in Falmouth has been cut off", "location", "Falmouth"),
        ("the shop in Falmouth sold it to me", "location", None),
        # When it began: by the way, counted, with an event.
        ("no srvce since lst nite", "started", "2026-11-19"),
        ("internet not coming from past 4 days", "started", "2026-11-16"),
        ("about a week it's been at it", "started", "2026-11-13"),
        ("reception is awful in our street for about a fortnight", "started", "2026-11-06"),
        ("it was grand until Sunday", "started", "2026-11-15"),
        ("it started the minute i swapped sims", "started", "started the minute i swapped sims"),
        ("noticed it a week last tuesday, data lost", "started", "2026-11-10"),
        ("i've been on hold for 50 minutes", "started", None),
        ("the app crashes as soon as i open it", "started", None),
        # What is shown, or heard.
        ("a woman says the number you dialled is not in service", "error_message",
         "the number you dialled is not in service"),
        ("no sim card inserted it keeps saying", "error_message", "no sim card inserted"),
        ('i signed up to "Unlimited Max Plus"', "error_message", None),
        ('the agent said "I will ring you back"', "error_message", None),
        ("it gives me 2 megs", "error_message", None),
    ],
)  # fmt: skip
def test_words_of_many_people(
    extraction: Extraction, text: str, field: str, value: str | None
) -> None:
    assert fields(extraction, text).get(field, {}).get("value") == value


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("my Teltonika RUT241 is dead, power cycled it", ["restart_router"]),
        ("toggled the esim off and on", ["toggle_line"]),
        ("turned wifi calling off and on", ["wifi_calling"]),
        ("picked Movistar manually, no luck", ["manual_network"]),
        ("turned 5g off = no reboots", ["network_mode"]),
        ("it died after i swapped over to the new sim you posted", []),
        ("new sim from the shop made no difference", ["other_sim"]),
    ],
)
def test_steps_of_many_people(extraction: Extraction, text: str, wanted: list[str]) -> None:
    assert [step for step, _ in steps(extraction, text)] == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("no data. wifi calling off, 5g off, vpn off. nothing", ["wifi_calling", "network_mode", "vpn_off"]),
        ("unpaired and re-paired it, checked spam", ["pair_again", "check_spam"]),
        ("I've had the SIM out and had a replacement SIM", ["reinsert_sim", "other_sim"]),
        ("removed the sim and put it in my wife's phone", ["other_device"]),
        ("I've done all of that", ["everything"]),
        ("did a full factory reset", ["factory_reset"]),
        ("tried: reboot, new sim", ["restart", "other_sim"]),
        ("took the battery out and put it back", ["restart"]),
        ("re-pushed the profile to it", ["other"]),
        ("swapped to an Honor two weeks ago", []),
        ("the phone is on and off all day", []),
        ("there's £14 of roaming on it", []),
        ("I was told to wait 24 hours", []),
        ("double charged in October", []),
        ("I bought it off Amazon on Monday", []),
    ],
)  # fmt: skip
def test_steps_by_verb_and_thing(extraction: Extraction, text: str, wanted: list[str]) -> None:
    assert [step for step, _ in steps(extraction, text)] == wanted


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a message about storage being almost full", "storage being almost full"),
        ("your payment was unsuccessful it says", "your payment was unsuccessful"),
        ("getting E-4012 at checkout", "E-4012"),
        ("samsung a12 no service in Rhyl", "no service"),
        ("the app says we couldnt find your account", "we couldnt find your account"),
        ("he reads me the same script", None),
        ("my daughter at university says her phone is slow", None),
        ("the other mailbox is full", None),
        ("Downdetector shows nowt", None),
        ("can't remember what it said", None),
        ("not sure what it says", None),
        ("we have no service here", None),
    ],
)
def test_error_messages_by_how_they_are_told(
    extraction: Extraction, text: str, message: str | None
) -> None:
    assert fields(extraction, text).get("error_message", {}).get("value") == message


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("my husband emailed you from his address (big@pub.example) but use mine, fern@glade.example", "fern@glade.example"),
        ("email on it is now kgb@spam.example which is NOT me. mine is moor@wold.example", "moor@wold.example"),
        ("From: them@shop.example\nTo: me@post.example\nmy address for replies is me@post.example", "me@post.example"),
        ("reply to my daughter's email dot@post.example", "dot@post.example"),
        ("her email is dot@post.example", None),
    ],
)  # fmt: skip
def test_whose_address_it_is(extraction: Extraction, text: str, address: str | None) -> None:
    assert fields(extraction, text).get("contact_email", {}).get("value") == address


def test_a_number_dictated_in_digits_and_words_is_one(extraction: Extraction) -> None:
    found = fields(extraction, "account's 5 1 0 0 2 double 8 3")
    assert found["account_number"]["value"] == "51002883"


def test_a_strange_quotation_takes_no_time(extraction: Extraction) -> None:
    """It would take longer than anybody waits, were the pattern not linear."""
    assert extraction.read('it says "A' + " ." * 79 + '"', TODAY).found is not None


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("From: desk@oak.example\nSubject: no signal\nDead since Monday", "contact_email", "desk@oak.example"),
        ("it fails. desk at oak dot example", "contact_email", "desk@oak.example"),
        ("From: win@prize.example\nTo: me@oak.example\nYou won", "contact_email", None),
        ("mail me, skate fan lee at oak dot example", "contact_email", None),
        ("desk@oak.example is best, account 88112233", "preferred_reply", "email"),
        ("Please telephone me on 01632 960111", "preferred_reply", "phone"),
        ("I wrote twice by chat", "preferred_reply", None),
        ("Message shown - Couldn't load / iPhone 13", "error_message", "Couldn't load"),
        ("it says something went wrong try again later", "error_message", "something went wrong try again later"),
        ("it says 12gb used by 'other'", "error_message", None),
        ("my bill says £4 for 'Super Bundle 1'", "error_message", None),
        ("I can't call Spain", "location", None),
        ("pictures don't go to my sister in Canada", "location", None),
    ],
)  # fmt: skip
def test_letters_forms_and_asides(
    extraction: Extraction, text: str, field: str, value: str | None
) -> None:
    assert fields(extraction, text).get(field, {}).get("value") == value

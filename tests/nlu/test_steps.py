"""What was done, told without a full sentence: in lists, passives and telegrams."""

from __future__ import annotations

import pytest

from bot.content import Content
from bot.nlu.steps import StepFinder


@pytest.fixture(scope="module")
def finder(content: Content) -> StepFinder:
    return StepFinder(content.steps)


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("tried it in an old blackberry, works in that", ["other_device"]),
        ("phone restarted, SIM out and in", ["restart", "reinsert_sim"]),
        ("had it unplugged for an hour, no change", ["restart_router"]),
        ("Restart, yes. VPN off, yes. Still dead", ["restart", "vpn_off"]),
        ("checked diverts, checked do not disturb", ["check_forwarding", "check_block"]),
        ("restarted, changed the channel, split the bands", ["restart", "other", "other"]),
        ("rebooted, driver reinstalled", ["restart", "reinstall_app"]),
        ("plug pulled, SIM out, my son did all that", ["restart_router", "reinsert_sim"]),
        ("hub restarted, stuck it up the loft", ["restart_router", "move_router"]),
        ("eSIM won't work, re-downloaded it and restarted", ["rescan_esim", "restart"]),
        ("brightness down, 5G off, apps closed", ["other", "network_mode", "close_apps"]),
        ("tried in and out of flight mode, cookies gone", ["airplane_mode", "clear_cache"]),
        ("tried reboot + airplane + vpn off", ["restart", "airplane_mode", "vpn_off"]),
        ("Don't tell me to restart it. I have.", ["restart"]),
        ("it keeps saying SOS I've rebooted it", ["restart"]),
        ("I moved the hub upstairs and changed the channel", ["move_router", "other"]),
    ],
)
def test_what_was_done(finder: StepFinder, text: str, steps: list[str]) -> None:
    assert [item.value["step"] for item in finder.find(text)] == steps


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("Rebooting didn't help, neither did a factory reset", ["restart", "factory_reset"]),
        ("restart and new sim, neither did a thing", ["restart", "other_sim"]),
        ("rebooted it, put a new SIM in, but it made no odds", ["restart", "other_sim"]),
        ("neither a reboot nor a new SIM helped", ["restart", "other_sim"]),
        ("tried restart, no. tried new sim, no.", ["restart", "other_sim"]),
    ],
)
def test_what_neither_did(finder: StepFinder, text: str, steps: list[str]) -> None:
    found = [item.value for item in finder.find(text)]
    assert [step["step"] for step in found] == steps
    assert {step["result"] for step in found} == {"no change"}


@pytest.mark.parametrize(
    "text",
    [
        "mobile data won't switch on",
        "the phone restarts and then it restarts again",
        "my router keeps restarting itself",
        "I changed my plan and moved house",
        "put me on the wrong plan",
        "the app has logged me out",
        "no signal since I got off the airplane",
        "voicemail asks for a pin I never set",
    ],
)
def test_what_was_not(finder: StepFinder, text: str) -> None:
    assert finder.find(text) == []

"""The suite itself on trial: faults are put into a copy of the code, and it must find each."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.settings import ROOT

SECONDS = 300
# A long run tries every fault, the short one two of them.
LONG = os.environ.get("FIRSTLINE_TEST_TRIALS") == "all"


@dataclass(frozen=True)
class Fault:
    """What somebody might break: a piece of code, what it becomes, and the test that must fail."""

    name: str
    file: str
    before: str
    after: str
    test: str
    quick: bool = False


FAULTS = (
    Fault(
        "a role is not checked", "bot/edge/access.py",
        "if not session.staff.may(roles):", "if False:",
        "tests/edge/test_access_routes.py::test_staff_need_a_role_of_the_route", quick=True,
    ),
    Fault(
        "the CSRF token is not compared", "bot/edge/access.py",
        "if not hmac.compare_digest(given, session.csrf.encode()):", "if False:",
        "tests/edge/test_access_routes.py::test_unsafe_calls_of_staff_need_the_csrf_token",
    ),
    Fault(
        "any token opens a conversation", "bot/edge/guard.py",
        "if not _is_among(given, known) or scheme", "if not known or scheme",
        "tests/edge/test_access_routes.py::test_a_conversation_is_for_its_customer_alone",
    ),
    Fault(
        "a route is open to everybody", "bot/edge/pages.py",
        'Route(READ, "/metrics", figures.metrics, Audience.THIS_MACHINE)',
        'Route(READ, f"/api/v1/metrics", figures.metrics, Audience.ANYBODY)',
        "tests/edge/test_access_routes.py::test_what_is_open_without_a_session_is_this_and_no_more",
    ),
    Fault(
        "a value is not escaped in mails", "bot/mail/render.py",
        'autoescape=select_autoescape(enabled_extensions=("html.j2",))', "autoescape=False",
        "tests/security/test_injection.py", quick=True,
    ),
    Fault(
        "formulas stay in files for spreadsheets", "bot/edge/csv_answer.py",
        'return f"\'{text}" if _FORMULA.match(text) else text', "return text",
        "tests/security/test_injection.py",
    ),
    Fault(
        "pictures are kept as they came", "bot/files/gate.py",
        "clean = _encoded_anew(body, kind)", "clean = body",
        "tests/security/test_hostile_files.py::test_no_hostile_file_gets_past_the_gate",
    ),
    Fault(
        "what the scanner finds passes", "bot/files/scan.py",
        'if answer.endswith(" FOUND"):', "if not answer:",
        "tests/security/test_scanner.py::test_what_is_known_is_refused",
    ),
    Fault(
        "lines break in subjects", "bot/mail/headers.py",
        'plain = " ".join("".join(char if fit(char) else " " for char in value).split())',
        "plain = value",
        "tests/security/test_injection.py",
    ),
    Fault(
        "mails that take minutes are read", "bot/mail/inbound/message.py",
        "    _refuse_bombs(raw)\n", "",
        "tests/security/test_hostile_mails.py::test_what_would_take_minutes_is_refused_unread",
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code and its tests, to be broken."""
    folder = tmp_path_factory.mktemp("trial")
    for name in ("bot", "tests", "data"):
        ignored = shutil.ignore_patterns("__pycache__", "browser", "engine", "nlu")
        kept = shutil.ignore_patterns("__pycache__") if name == "bot" else ignored
        shutil.copytree(ROOT / name, folder / name, ignore=kept)
    shutil.copy(ROOT / "pyproject.toml", folder)
    (folder / "web").symlink_to(ROOT / "web")
    (folder / ".venv").symlink_to(ROOT / ".venv")
    return folder


def run(folder: Path, test: str) -> subprocess.CompletedProcess[str]:
    """Runs a test of the copy."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("FIRSTLINE_", "PYTEST_"))}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", test]
    return subprocess.run(
        command, cwd=folder, env=environ, capture_output=True, text=True, timeout=SECONDS
    )


@pytest.mark.parametrize(
    "fault", [it for it in FAULTS if it.quick or LONG], ids=lambda fault: fault.name
)
def test_each_fault_is_found(copy: Path, fault: Fault) -> None:
    file = copy / fault.file
    sound = file.read_text()
    assert sound.count(fault.before) == 1, "the code has changed; so must this trial"
    file.write_text(sound.replace(fault.before, fault.after))
    try:
        done = run(copy, fault.test)
    finally:
        file.write_text(sound)
    # 1: tests failed; anything else is a mistake of the trial itself.
    assert done.returncode == 1, done.stdout[-3_000:]
    assert " failed" in done.stdout


def test_without_a_fault_there_is_none(copy: Path) -> None:
    """Else a copy in which everything fails would pass for a suite that finds everything."""
    tests = sorted({it.test for it in FAULTS}) if LONG else ["tests/security/test_injection.py"]
    for test in tests:
        done = run(copy, test)
        assert done.returncode == 0, done.stdout[-3_000:]

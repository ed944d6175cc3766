"""The set-up: what it finds, what it says when something cannot be had, and that it does nothing twice.

A set-up from nothing is what `.ci/run` does in a fresh clone.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.settings import ROOT
from bot.setup import environments, web
from bot.setup.pythons import find_python
from bot.setup.terminal import Trouble, run


def fake_python(path: Path, version: str) -> Path:
    path.parent.mkdir(parents=True)
    path.write_text(f"#!/bin/sh\necho {version}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine with a shell and nothing else; returns its home."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("sh", "env"):
        (tools / name).symlink_to(shutil.which(name) or name)
    monkeypatch.setenv("PATH", str(tools))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("PYENV_ROOT", raising=False)
    return tmp_path


def test_newest_working_python_of_pyenv_is_taken(bare: Path) -> None:
    versions = bare / ".pyenv" / "versions"
    fake_python(versions / "3.10.9" / "bin" / "python3.10", "3.10")
    wanted = fake_python(versions / "3.10.13" / "bin" / "python3.10", "3.10")
    fake_python(versions / "3.10.14" / "bin" / "python3.10", "broken")
    assert find_python("engine", bare / "no-uv") == wanted


def test_other_versions_do_when_the_first_choice_is_missing(bare: Path) -> None:
    wanted = fake_python(bare / ".pyenv" / "versions" / "3.12.1" / "bin" / "python3.12", "3.12")
    assert find_python("edge", bare / "no-uv") == wanted


def test_missing_python_is_one_line_with_the_remedy(bare: Path) -> None:
    with pytest.raises(Trouble) as caught:
        find_python("engine", bare / "no-uv")
    assert "Python 3.10 is needed" in str(caught.value)
    assert "pyenv install 3.10" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_full_disk_is_told_before_anything_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(environments.ROOM, "engine", 10**9)
    monkeypatch.setattr(environments, "is_current", lambda name: name == "bootstrap")
    with pytest.raises(
        Trouble, match=r"MB free on the disk of .*, 1000000000 MB needed for the engine"
    ):
        environments.ensure_environment("engine")


@pytest.mark.parametrize("linked", [".venv", ".venv/edge"])
def test_a_link_to_what_another_checkout_has_installed_is_never_written_through(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, linked: str
) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (tmp_path / linked).parent.mkdir(exist_ok=True)
    (tmp_path / linked).symlink_to(theirs)
    monkeypatch.setattr(environments, "venv", (tmp_path / ".venv").joinpath)
    with pytest.raises(Trouble, match=r"is a link to .*theirs.*Remove the link"):
        environments.ensure_environment("edge")
    assert list(theirs.iterdir()) == []


def test_failed_command_shows_its_words_and_the_remedy(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Trouble, match=r"failed \(exit code 3\)\. Do this"):
        run(["sh", "-c", "echo no such package; exit 3"], remedy="Do this")
    assert "  | no such package" in capfd.readouterr().err
    with pytest.raises(Trouble, match="cannot run no-such-program"):
        run(["no-such-program"])


def test_sources_of_the_pages_are_told_apart_from_what_is_made(tmp_path: Path) -> None:
    (tmp_path / "widget").mkdir()
    (tmp_path / "widget" / "view.ts").write_text("1")
    before = web.sources_hash(tmp_path)
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "out.js").write_text("made")
    assert web.sources_hash(tmp_path) == before
    (tmp_path / "widget" / "view.ts").write_text("2")
    assert web.sources_hash(tmp_path) != before


def test_second_setup_installs_nothing(tmp_path: Path) -> None:
    python = ROOT / ".venv" / "edge" / "bin" / "python"
    before = {side: (ROOT / ".venv" / side / "requirements.lock").stat().st_mtime_ns
              for side in ("edge", "engine")}  # fmt: skip
    done = subprocess.run([ROOT / "bin" / "setup", "edge", "engine"], capture_output=True, text=True,
                          check=True, cwd=tmp_path)  # fmt: skip
    assert done.stdout == ""
    assert python.exists()
    assert before == {side: (ROOT / ".venv" / side / "requirements.lock").stat().st_mtime_ns
                      for side in ("edge", "engine")}  # fmt: skip


@pytest.mark.parametrize(
    "arguments", [["--help"], ["up", "--help"], ["data", "validate", "--help"]]
)
def test_command_line_works_from_anywhere_through_a_link(
    tmp_path: Path, arguments: list[str]
) -> None:
    link = tmp_path / "firstline"
    link.symlink_to(os.path.relpath(ROOT / "bin" / "firstline", tmp_path))
    # A package of the same name where the command is typed must not be taken for ours.
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "__init__.py").write_text("raise SystemExit('the wrong bot')")
    done = subprocess.run(
        [link, *arguments], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout.startswith("Usage: firstline")


def test_settings_hide_secrets() -> None:
    secret = {"FIRSTLINE_SECRET": "s3cret", "FIRSTLINE_SMTP_URL": "smtp://ann:pa55@mail.example:25"}
    done = subprocess.run([ROOT / "bin" / "firstline", "settings"], capture_output=True, text=True,
                          check=True, env={**os.environ, **secret})  # fmt: skip
    assert "s3cret" not in done.stdout
    assert "pa55" not in done.stdout
    assert "FIRSTLINE_SMTP_URL=smtp://(hidden)@mail.example:25" in done.stdout

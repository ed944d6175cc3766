"""Hostile files are refused with a reason, or made anew without what was hidden in them."""

from __future__ import annotations

import io
import os
from collections.abc import Callable

import httpx
import pytest
from PIL import Image

from bot.files.gate import CleanFile, RefusedFile, cleaned
from tests.edge.conftest import Customer, Edge, problem
from tests.security.hostile_files import NAMES, Hostile, hostile_files
from tests.security.injection import fit_name

# A long run makes it 300, and sends them all.
COUNT = int(os.environ.get("FIRSTLINE_TEST_FILES", "90"))
SENT = COUNT if COUNT >= 300 else 18
SEED = 20_261_122


def faults(file: Hostile, clean: CleanFile) -> list[str]:
    """What is wrong with a file that was taken."""
    wrong = [] if fit_name(clean.name) else [f"name {clean.name!r}"]
    if file.refused:
        wrong.append(f"taken: {file.body[:40]!r}")
    if file.secret and file.secret in clean.body:
        wrong.append(f"still in it: {file.secret!r}")
    if clean.type.startswith("image/"):
        Image.open(io.BytesIO(clean.body)).load()
    return wrong


def test_no_hostile_file_gets_past_the_gate() -> None:
    wrong, refused = [], 0
    for file in hostile_files(SEED, COUNT):
        try:
            wrong += faults(file, cleaned(file.name, file.body))
        except RefusedFile as error:
            refused += 1
            wrong += [] if str(error).endswith(".") else [f"no reason: {error}"]
    assert wrong == []
    assert COUNT / 3 < refused < COUNT


def test_what_is_sent_is_refused_or_given_back_harmless(
    edge: Edge, client: httpx.Client, new_customer: Callable[[], Customer]
) -> None:
    for number, file in enumerate(hostile_files(SEED, SENT)):
        if number % 4 == 0:
            customer = new_customer()
        form = {"file": (file.name or "x", file.body, "image/png")}
        answer = customer.post("files", files=form)
        if answer.status_code == 201:
            stored = answer.json()
            got = client.get(f"{customer.path}/files/{stored['file']}", headers=customer.auth)
            assert faults(file, CleanFile(stored["name"], stored["type"], got.content)) == []
            assert got.headers["content-disposition"].startswith("attachment")
            assert "sandbox" in got.headers["content-security-policy"]
        else:
            problem(answer, 415 if answer.status_code == 415 else 422)
    assert client.get("/healthz").status_code == 200
    written = {it.name for it in (edge.state_dir / "files").rglob("*") if it.is_file()}
    assert all(name.removesuffix(".json").isalnum() for name in written)


@pytest.mark.parametrize("name", NAMES)
def test_names_are_only_names(name: str) -> None:
    assert fit_name(cleaned(name, b"a log").name)

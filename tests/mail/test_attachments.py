"""Customers' files on their way into a mail."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.mail.attachments import Attachment, read_attachments, safe_name

ID = "0123456789abcdef0123456789abcdef"


def _keep(folder: Path, id: str, data: bytes, note: str) -> None:
    place = folder / "files" / "conversation"
    place.mkdir(parents=True, exist_ok=True)
    (place / id).write_bytes(data)
    (place / f"{id}.json").write_text(note)


def test_a_file_comes_with_its_name_and_type(tmp_path: Path) -> None:
    _keep(
        tmp_path,
        ID,
        b"%PDF",
        '{"file": "x", "name": "bill.pdf", "type": "application/pdf", "bytes": 4}',
    )
    (found,) = read_attachments(tmp_path, "conversation", [ID])
    assert found == Attachment("bill.pdf", "application/pdf", b"%PDF")
    assert found.size == "1 kB"


@pytest.mark.parametrize(
    ("id", "note", "why"),
    [
        ("../../secret", "{}", "not one of ours"),
        (ID, "not json", "could not be read"),
        ("f" * 32, None, "could not be read"),
    ],
)
def test_what_cannot_be_read_is_told_of(
    tmp_path: Path, id: str, note: str | None, why: str
) -> None:
    if note is not None:
        _keep(tmp_path, ID, b"x", note)
    (found,) = read_attachments(tmp_path, "conversation", [id])
    assert found.data is None
    assert why in found.why


def test_together_they_fit_into_a_mail(tmp_path: Path) -> None:
    note = '{"name": "log.txt", "type": "text/plain"}'
    ids = [f"{n:032x}" for n in range(3)]
    for id, size in zip(ids, (60, 60, 40), strict=True):
        _keep(tmp_path, id, b"x" * size, note)
    found = read_attachments(tmp_path, "conversation", ids, largest=100)
    assert [file.data is not None for file in found] == [True, False, True]
    assert "too large" in found[1].why


def test_a_type_that_is_none_becomes_the_unknown_one(tmp_path: Path) -> None:
    _keep(tmp_path, ID, b"x", '{"name": "x.txt", "type": "text/plain\\r\\nX-Evil: 1"}')
    (found,) = read_attachments(tmp_path, "conversation", [ID])
    assert found.type == "application/octet-stream"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("bill.pdf", "bill.pdf"),
        ("../../etc/passwd", "etcpasswd"),
        ("a\r\nBcc: x.png", "aBcc x.png"),
        ("\u202egnp.exe", "gnp.exe"),
        ("", "file"),
        ("x" * 500 + ".jpeg", "x" * 80 + ".jpeg"),
        ("снимок экрана.png", "снимок экрана.png"),
    ],
)
def test_a_name_is_only_a_name(name: str, safe: str) -> None:
    assert safe_name(name) == safe

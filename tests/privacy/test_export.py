"""An export has all of one customer and nothing of another; many come and go and leave nothing."""

from __future__ import annotations

import io
import json
import os
import zipfile

import pytest

from bot.clock.parts import Parts
from bot.errors import NotFound
from bot.privacy.erase import erase
from bot.privacy.gather import export
from tests.privacy.support import customer, everything, left, on_disk

# A long run makes it 100.
MANY = int(os.environ.get("FIRSTLINE_TEST_ERASURES", "4"))


async def exported(parts: Parts, *ids: str) -> zipfile.ZipFile:
    body = await export(parts.redis, parts.settings.state_dir, ids)
    return zipfile.ZipFile(io.BytesIO(body))


async def test_an_export_has_every_word_and_file_of_one_and_nothing_of_others(parts: Parts) -> None:
    one = await customer(parts, "Aaa-_1", "8847201193")
    other = await customer(parts, "Bbb-_2", "5512340098")
    archive = await exported(parts, one.id)
    whole = b"".join(name.encode() + archive.read(name) for name in archive.namelist())
    assert left(whole, one.secrets) == one.secrets
    assert left(whole, other.secrets) == []
    [kept] = json.loads(archive.read("export.json"))
    assert kept["about"]["owner"] == "bot"
    assert "hash-of-token" not in str(kept)
    assert len(kept["filed"]) == 2
    assert {mail["kind"] for mail in kept["mails"]} == {"case", "acknowledgement"}
    assert [event["private"]["text"] for event in kept["events"] if event["type"] == "note"]
    [file] = [name for name in archive.namelist() if name.startswith(f"files/{one.id}/")]
    assert archive.read(file) == one.file.encode()


async def test_what_is_gone_cannot_be_exported(parts: Parts) -> None:
    one = await customer(parts, "Aaa-_1", "8847201193")
    await erase(parts.redis, parts.settings, [one.id], "console")
    with pytest.raises(NotFound):
        await exported(parts, one.id)


async def test_many_are_exported_and_erased_one_by_one(parts: Parts) -> None:
    all_of_them = [await customer(parts, f"Many-{n}-", f"77{n:08d}") for n in range(MANY)]
    for count, one in enumerate(all_of_them, start=1):
        await exported(parts, one.id)
        await erase(parts.redis, parts.settings, [one.id], "console")
        kept = await everything(parts.redis) + on_disk(parts.settings.state_dir)
        assert left(kept, one.secrets) == []
        for stays in all_of_them[count:]:
            assert left(kept, stays.secrets) == stays.secrets

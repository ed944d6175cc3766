"""Files that nobody should send, from a seed: polyglots, bombs, scripts, halves, and odd names."""

from __future__ import annotations

import gzip
import io
import random
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from tests.files.test_gate import SVG, picture, png_claiming, zipped
from tests.security.clamd import EICAR

SCRIPT = b"<script>alert('hostile')</script>"
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n"
NAMES = (
    "../../../etc/passwd",
    "..\\..\\windows\\system.ini",
    "/etc/cron.d/x",
    "%2e%2e%2fx",
    "x\x00.png",
    "a\r\nSet-Cookie: x=y.png",
    "photo\u202egnp.exe",
    "con.png",
    ".htaccess",
    "x" * 5_000,
    "<img src=x onerror=alert(1)>.png",
    '"; rm -rf /; ".png',
    "a.php.png",
    "=HYPERLINK(1).png",
    "\ufeff\u200b.png",
    "....",
    "",
)


@dataclass(frozen=True)
class Hostile:
    """A file as it is sent; `secret` is what must not be in it any more when it is kept."""

    name: str
    body: bytes
    secret: bytes = b""
    refused: bool = False


def hostile_files(seed: int, count: int) -> list[Hostile]:
    """So many of them, the same ones for the same seed, of every kind in turn."""
    chance = random.Random(seed)
    return [
        KINDS[number % len(KINDS)](chance, NAMES[number % len(NAMES)]) for number in range(count)
    ]


def _image(chance: random.Random) -> bytes:
    format = chance.choice(FORMATS)
    return picture(format, "P" if format == "GIF" else "RGB", (chance.randint(1, 40), 20))


def _behind_a_picture(chance: random.Random, name: str) -> Hostile:
    script = SCRIPT + str(chance.random()).encode()
    payload = chance.choice((script, zipped("a.js", script) + script, PDF + script, _jar(script)))
    return Hostile(name, _image(chance) + payload, script)


def _in_a_comment(chance: random.Random, name: str) -> Hostile:
    script = SCRIPT + str(chance.random()).encode()
    jpeg, gif = picture("JPEG"), picture("GIF", "P")
    comment = b"\xff\xfe" + (len(script) + 2).to_bytes(2, "big") + script
    extension = b"\x21\xfe" + bytes([len(script)]) + script + b"\0"
    body = chance.choice((jpeg[:2] + comment + jpeg[2:], gif[:-1] + extension + gif[-1:]))
    return Hostile(name, body, script)


def _svg(chance: random.Random, name: str) -> Hostile:
    bodies = (SVG, b"\xef\xbb\xbf" + SVG, b"\n \t" + SVG, SVG.decode().encode("utf-16"),
              b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>" + SVG,
              gzip.compress(SVG, mtime=0), b"<!-- -->" + SVG, SVG.upper())  # fmt: skip
    return Hostile(name, chance.choice(bodies), refused=True)


def _archive(chance: random.Random, name: str) -> Hostile:
    bomb = zipped("a", bytes(chance.randrange(10**6, 10**7)))
    bodies = (
        bomb,
        zipped("../../x", b"x"),
        zipped("a.zip", bomb),
        _tar(),
        gzip.compress(bytes(10**6)),
    )
    return Hostile(name, chance.choice(bodies), refused=True)


def _pixel_bomb(chance: random.Random, name: str) -> Hostile:
    sides = (
        (60_000, 60_000),
        (2**31 - 1, 1),
        (0, 5),
        (7_072, 7_072),
        (100_000, 501),
        (1, 2**31 - 1),
    )
    return Hostile(name, png_claiming(*chance.choice(sides)), refused=True)


def _eicar(chance: random.Random, name: str) -> Hostile:
    around = b" \n" * chance.randrange(60)
    return Hostile(name, chance.choice((EICAR, EICAR + around, around + EICAR)), refused=True)


def _truncated(chance: random.Random, name: str) -> Hostile:
    body = chance.choice((_image(chance), PDF))
    half = body[: chance.randrange(4, len(body) - 12)]
    return Hostile(name, half, refused=body is PDF)


def _program(chance: random.Random, name: str) -> Hostile:
    heads = (
        b"MZ\x90\x00",
        b"\x7fELF\x02\x01\x01",
        b"\xca\xfe\xba\xbe",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    )
    return Hostile(name, chance.choice(heads) + chance.randbytes(600), refused=True)


def _noise(chance: random.Random, name: str) -> Hostile:
    head = chance.choice(
        (b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"RIFF\0\0\0\0WEBP")
    )
    return Hostile(
        name, head + bytes(8) + chance.randbytes(chance.randrange(1, 5_000)), refused=True
    )


def _jar(body: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n")
        archive.writestr("x.class", body)
    return out.getvalue()


def _tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("../../x"))
    return out.getvalue()


KINDS: tuple[Callable[[random.Random, str], Hostile], ...] = (
    _behind_a_picture, _in_a_comment, _svg, _archive, _pixel_bomb, _eicar, _truncated, _program,
    _noise,
)  # fmt: skip

"""What becomes of a file: known by its bytes, made harmless or refused."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from bot.files.gate import MAX_PIXELS, RefusedFile, cleaned, safe_name
from bot.redaction import CARD as REDACTED

SECRET = b"GPS 53.8008 N 1.5491 W <script>"


def picture(
    format: str, mode: str = "RGB", size: tuple[int, int] = (40, 30), **save: object
) -> bytes:
    """A small picture in which every pixel differs from its neighbour."""
    image = Image.effect_noise(size, 80).convert(mode)
    out = io.BytesIO()
    image.save(out, format, **save)
    return out.getvalue()


def with_secrets() -> dict[str, bytes]:
    """Pictures that carry text which is no part of the picture."""
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    info = PngInfo()
    info.add_text("Comment", SECRET.decode())
    return {
        "png text": picture("PNG", pnginfo=info),
        "png exif": picture("PNG", exif=exif),
        "png tail": picture("PNG") + SECRET,
        "jpeg exif": picture("JPEG", exif=exif),
        "jpeg comment": picture("JPEG", comment=SECRET),
        "jpeg tail": picture("JPEG") + SECRET,
        "gif comment": picture("GIF", "P", comment=SECRET),
        "gif tail": picture("GIF", "P") + SECRET,
        "webp exif": picture("WEBP", exif=exif),
        "webp xmp": picture("WEBP", xmp=SECRET),
        "png icc": picture("PNG", icc_profile=SECRET * 20),
    }


@pytest.mark.parametrize("name", with_secrets())
def test_pictures_keep_their_pixels_and_nothing_else(name: str) -> None:
    body = with_secrets()[name]
    clean = cleaned("photo.bin", body)
    assert SECRET not in clean.body
    assert zlib.compress(SECRET) not in clean.body
    before, after = Image.open(io.BytesIO(body)), Image.open(io.BytesIO(clean.body))
    assert clean.type == Image.MIME[before.format or ""]
    assert after.format == before.format
    assert after.size == before.size
    assert not after.getexif()
    assert not {"comment", "Comment", "icc_profile", "xmp"} & set(after.info)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_png_of_every_mode_keeps_its_pixels(mode: str) -> None:
    body = picture("PNG", mode)
    before = Image.open(io.BytesIO(body))
    after = Image.open(io.BytesIO(cleaned("x.png", body).body))
    assert before.convert("RGBA").tobytes() == after.convert("RGBA").tobytes()


def test_transparency_of_palette_pictures_stays() -> None:
    image = Image.new("P", (2, 1))
    image.putpalette([255, 0, 0, 0, 255, 0])
    image.putdata([0, 1])
    for format in ("PNG", "GIF"):
        out = io.BytesIO()
        image.save(out, format, transparency=1)
        after = Image.open(io.BytesIO(cleaned("x", out.getvalue()).body)).convert("RGBA")
        assert [after.getpixel((x, 0))[3] for x in (0, 1)] == [255, 0]  # type: ignore[index]


def test_a_photo_lies_as_its_camera_was_held() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # rotate by 90 degrees to view
    after = Image.open(io.BytesIO(cleaned("x.jpg", picture("JPEG", exif=exif)).body))
    assert after.size == (30, 40)


def test_print_colours_become_screen_colours() -> None:
    after = Image.open(io.BytesIO(cleaned("x.jpg", picture("JPEG", "CMYK")).body))
    assert after.mode == "RGB"


@pytest.mark.parametrize("format", ["PNG", "JPEG", "GIF", "WEBP"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_truncated_pictures_are_refused(format: str, share: float) -> None:
    body = picture(format, "P" if format == "GIF" else "RGB", (200, 150))
    with pytest.raises(RefusedFile):
        cleaned("x", body[: int(len(body) * share)])


def png_claiming(width: int, height: int) -> bytes:
    """A tiny PNG that unpacks into `width` × `height` pixels of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(min(100_000, (1 + 3 * width) * height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_pixel_bombs_are_refused() -> None:
    side = int(MAX_PIXELS**0.5) + 1
    for size in ((side, side), (60_000, 60_000), (2**31 - 1, 1), (0, 5)):
        with pytest.raises(RefusedFile):
            cleaned("bomb.png", png_claiming(*size))


def test_text_bombs_in_pictures_are_refused() -> None:
    info = PngInfo()
    info.add_text("Comment", "x" * 80_000_000, zip=True)
    with pytest.raises(RefusedFile):
        cleaned("bomb.png", picture("PNG", pnginfo=info))


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def zipped(name: str, body: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, body)
    return out.getvalue()


REFUSED = {
    "empty": b"",
    "blank": b" \n\n ",
    "svg": SVG,
    "svg with prolog": b'\xef\xbb\xbf<?xml version="1.0"?>\n' + SVG,
    "html": b"<!DOCTYPE html><script>alert(1)</script>",
    "html after blanks": b"\n\n  < html>",
    "zip": zipped("a.txt", b"a"),
    "zip bomb": zipped("a.txt", bytes(20_000_000)),
    "docx": zipped("word/document.xml", b"<w/>"),
    "elf": b"\x7fELF\x02\x01\x01" + bytes(60),
    "exe": b"MZ\x90\x00" + bytes(60),
    "binary": bytes(range(256)),
    "latin-1": "Grüße".encode("latin-1"),
    "utf-16": "hello".encode("utf-16"),
    "gif and script": b"GIF89a=1;alert(1)//",
    "png in name only": b"\x89PNG\r\n\x1a\n" + b"<script>alert(1)</script>",
    "jpeg in name only": b"\xff\xd8\xff\xe0" + SVG,
    "webp in name only": b"RIFF\x10\x00\x00\x00WEBP" + SVG,
    "bmp": picture("BMP"),
    "tiff": picture("TIFF"),
    "ico": picture("ICO"),
    "postscript": b"%!PS-Adobe-3.0\n(secret) \x04",
    "pdf without end": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n",
    "pdf and zip": b"%PDF-1.4\n%%EOF\n" + zipped("a.txt", b"a"),
    "pdf and html": b"%PDF-1.4\n%%EOF\n<script>alert(1)</script>",
    "eicar": b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
}


@pytest.mark.parametrize("name", REFUSED)
def test_everything_else_is_refused(name: str) -> None:
    with pytest.raises(RefusedFile):
        cleaned("invoice.pdf", REFUSED[name])


def test_what_hides_behind_a_picture_is_dropped() -> None:
    archive = zipped("a.txt", b"a")
    clean = cleaned("x.jpg", picture("JPEG") + archive)
    assert not zipfile.is_zipfile(io.BytesIO(clean.body))


def test_random_damage_never_gets_past() -> None:
    chance = random.Random(7)
    for format in ("PNG", "JPEG", "GIF", "WEBP"):
        body = bytearray(picture(format, "P" if format == "GIF" else "RGB"))
        for _ in range(60):
            damaged = bytearray(body)
            for _ in range(chance.randint(1, 8)):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
            try:
                clean = cleaned("x", bytes(damaged))
            except RefusedFile:
                continue
            if clean.type.startswith("image/"):
                Image.open(io.BytesIO(clean.body)).load()


def test_a_whole_pdf_is_kept_as_it_is() -> None:
    body = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n9\n%%EOF\r\n"
    clean = cleaned("bill", body)
    assert (clean.name, clean.type, clean.body) == ("bill.pdf", "application/pdf", body)


def test_text_is_kept_without_card_numbers() -> None:
    clean = cleaned("modem.log", "\ufeffLog of Zoë\r\npaid 4111 1111 1111 1111\r\n".encode())
    assert (clean.name, clean.type) == ("modem.txt", "text/plain")
    assert clean.body.decode() == f"Log of Zoë\r\npaid {REDACTED}\r\n"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("shot.png", "shot.png"),
        ("../../etc/passwd", "passwd.png"),
        ("..\\..\\boot.ini", "boot.png"),
        ("/etc/cron.d/x", "x.png"),
        ("bill.pdf.exe", "bill.pdf.png"),
        ("a\r\nSet-Cookie: x.png", "a__Set-Cookie_ x.png"),
        ('a"b;c.png', "a_b_c.png"),
        ("invoice\u202egnp.exe", "invoice_gnp.png"),
        ("Foto Küche (2).jpeg", "Foto Küche (2).png"),
        ("", "file.png"),
        ("...", "file.png"),
        (".htaccess", "htaccess.png"),
        ("x" * 400 + ".png", "x" * 100 + ".png"),
        ("card 4111111111111111.png", f"card {REDACTED}.png".replace("[", "_").replace("]", "_")),
        ("nul\x00byte.png", "nul_byte.png"),
    ],
)
def test_names_are_only_names(name: str, safe: str) -> None:
    assert safe_name(name, "png") == safe

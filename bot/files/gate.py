"""Files that customers send: known by their bytes, never by what they are called, and made harmless.

Images are decoded and encoded anew, which drops metadata and anything hidden behind the picture;
text is read as UTF-8 and loses card numbers; of a PDF only the frame is checked. OWASP ASVS 5.0,
V5 "File Handling".
"""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import dataclass

from PIL import Image, ImageOps

from bot.case.redact import redact_secrets
from bot.errors import FirstlineError
from bot.files.limits import FileLimits

MAX_BYTES = FileLimits().bytes
MAX_PIXELS = 50_000_000
LONGEST_NAME = 100
PDF_END_WITHIN = 1_024

_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MARKUP = re.compile(r"\s*<\s*[a-z!?/]", re.IGNORECASE)
_UNSAFE = re.compile(r"[^\w .()+-]")
# Every virus scanner must report this text, so a mail that carries it is refused on its way.
_EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR"


class RefusedFile(FirstlineError):
    """A file that is not taken in; the text tells the customer why."""


@dataclass(frozen=True)
class CleanFile:
    """A file as it is kept, with a name that is safe anywhere."""

    name: str
    type: str
    body: bytes


@dataclass(frozen=True)
class _Kind:
    type: str
    extension: str
    pillow: str = ""


PNG = _Kind("image/png", "png", "PNG")
JPEG = _Kind("image/jpeg", "jpg", "JPEG")
GIF = _Kind("image/gif", "gif", "GIF")
WEBP = _Kind("image/webp", "webp", "WEBP")
PDF = _Kind("application/pdf", "pdf")
TEXT = _Kind("text/plain", "txt")


def cleaned(name: str, body: bytes, most_bytes: int = MAX_BYTES) -> CleanFile:
    """The file as it may be kept, at most `most_bytes` of it.

    Raises `RefusedFile`. Takes up to seconds: run it in a thread.
    """
    kind = _kind(body)
    if kind.pillow:
        clean = _encoded_anew(body, kind)
    elif kind is PDF:
        clean = _whole_pdf(body)
    else:
        clean = _plain_text(body)
    if len(clean) > most_bytes:
        raise RefusedFile("The picture is too large.")
    return CleanFile(safe_name(name, kind.extension), kind.type, clean)


def safe_name(name: str, extension: str) -> str:
    """`name` without folders and odd characters, with the extension its content has."""
    base = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    stem = base.rpartition(".")[0] or base
    stem = _UNSAFE.sub("_", redact_secrets(stem)).strip(" .")[:LONGEST_NAME].strip(" .")
    return f"{stem or 'file'}.{extension}"


def _kind(body: bytes) -> _Kind:
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if body.startswith(b"\xff\xd8\xff"):
        return JPEG
    if body.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    if body.startswith(b"RIFF") and body[8:12] == b"WEBP":
        return WEBP
    if body.startswith(b"%PDF-"):
        return PDF
    return TEXT


def _encoded_anew(body: bytes, kind: _Kind) -> bytes:
    refused = RefusedFile("The picture is damaged, or too large to be opened.")
    try:
        with Image.open(io.BytesIO(body), formats=(kind.pillow,)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise refused
            image.load()
            return _encoded(ImageOps.exif_transpose(image), kind)
    except RefusedFile:
        raise
    except Exception as error:  # decoders of hostile bytes raise what they like
        raise refused from error


def _encoded(image: Image.Image, kind: _Kind) -> bytes:
    if kind is JPEG and image.mode not in ("L", "RGB"):
        image = image.convert("RGB")
    # A fresh picture of the same pixels: comments, profiles and text chunks stay behind.
    fresh = Image.new(image.mode, image.size)
    fresh.paste(image)
    if image.mode == "P" and (palette := image.getpalette()):
        fresh.putpalette(palette)
    see_through = {name: image.info[name] for name in ("transparency",) if name in image.info}
    out = io.BytesIO()
    fresh.save(out, kind.pillow, quality=90, **see_through)
    return out.getvalue()


def _whole_pdf(body: bytes) -> bytes:
    tail = body[-PDF_END_WITHIN:]
    end = tail.rfind(b"%%EOF")
    if end < 0 or tail[end + 5 :].strip(b"\r\n\t \x00"):
        raise RefusedFile("The PDF is damaged or not complete.")
    return body


def _plain_text(body: bytes) -> bytes:
    refused = RefusedFile("Only pictures (PNG, JPEG, GIF, WebP), PDF and plain text are taken.")
    if not body.strip() or _CONTROLS.search(body) or _EICAR in body:
        raise refused
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refused from error
    if _MARKUP.match(text):
        raise refused
    return redact_secrets(text).encode()

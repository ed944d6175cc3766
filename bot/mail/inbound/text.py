"""From the body of a mail to what its writer has written anew, and what is only repeated. Pure."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

import nh3

BLOCKS = frozenset(
    "address article blockquote div dl dt dd fieldset footer form h1 h2 h3 h4 h5 h6 header hr li "
    "main nav ol p pre section table tr ul".split()
)
QUOTE = "> "
MOST_QUOTES = 20  # levels of quotation that are told apart

# "On Monday somebody wrote:", over one line or two, in the languages of our customers.
_ATTRIBUTION = re.compile(
    r"^(?:On\b.{4,200}\bwrote|Am\b.{4,200}\bschrieb\b.{0,80}|\D{0,20}\d{1,2}[. ].{4,200}\b(?:пишет|написал[аи]?))\s*:\s*$",
    re.IGNORECASE | re.DOTALL,
)
_SEPARATOR = re.compile(
    r"^(?:-{2,}\s*(?:original message|forwarded message|ursprüngliche nachricht|исходное сообщение)"
    r"\s*-{2,}|_{20,}|begin forwarded message:)\s*$",
    re.IGNORECASE,
)
_HEADER_BLOCK = re.compile(r"^\*?(?:from|von|от)\s?\*?:\s*\*?.*", re.IGNORECASE)
_HEADER_LINE = re.compile(
    r"^\*?(?:sent|date|to|cc|subject|gesendet|datum|an|betreff|отправлено|дата|кому|тема)\s?\*?:",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^-- ?$")
_DEVICE_SIGNATURE = re.compile(
    r"^(?:sent from my \S.{0,40}|sent from (?:outlook|yahoo mail|mail) .{0,40}|get outlook for .{0,20}"
    r"|von meinem .{1,30} gesendet)\.?$",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"^\s*(?:>\s?)+(\d{1,2})[.)]\s")


def new_and_quoted(body: str) -> tuple[str, str]:
    """What is new in a body, and what it quotes.

    An answer written under one of our numbered questions is given that number, since the question
    itself is folded away.
    """
    lines = body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    end = _end_of_new(lines)
    new: list[str] = []
    quoted: list[str] = []
    number = ""
    for line in lines[:end]:
        if line.lstrip().startswith(">"):
            quoted.append(line)
            question = _QUESTION.match(line)
            number = question[1] if question else number
        elif line.strip() and number:
            new.append(f"{number}. {line.strip()}")
            number = ""
        else:
            new.append(line.rstrip())
    return _joined(_without_attribution(new)), _joined(quoted + lines[end:])


def _end_of_new(lines: list[str]) -> int:
    """Where the signature or the trailing quotation begins."""
    for number, line in enumerate(lines):
        plain = line.strip()
        if _SIGNATURE.match(line.rstrip("\n")) or _DEVICE_SIGNATURE.match(plain):
            if not _answers_follow(lines[number + 1 :]):
                return number
        elif _SEPARATOR.match(plain) or _is_header_block(lines[number:]):
            return number
    return len(lines)


def _answers_follow(lines: list[str]) -> bool:
    """Whether something is written under quoted questions below, as some people answer."""
    return any(
        before.lstrip().startswith(">") and after.strip() and not after.lstrip().startswith(">")
        for before, after in pairwise(lines)
    )


def _is_header_block(lines: list[str]) -> bool:
    """Whether a forwarded or answered mail's headers begin here, as Outlook sets them."""
    if not lines or not _HEADER_BLOCK.match(lines[0].strip()):
        return False
    following = [line.strip() for line in lines[1:6] if line.strip()]
    return sum(1 for line in following if _HEADER_LINE.match(line)) >= 2


def _without_attribution(lines: list[str]) -> list[str]:
    """The lines without "somebody wrote:", which may be broken into two or three."""
    kept: list[str] = []
    number = 0
    while number < len(lines):
        length = next((n for n in (1, 2, 3) if _is_attribution(lines[number : number + n])), 0)
        if length:
            number += length
            continue
        kept.append(lines[number])
        number += 1
    return kept


def _is_attribution(lines: list[str]) -> bool:
    return all(line.strip() for line in lines) and bool(_ATTRIBUTION.match("\n".join(lines)))


def _joined(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n ")


def from_html(html: str) -> str:
    """An HTML body as plain text: paragraphs as lines, quotations behind `>`, no marks."""
    reader = _Reader()
    reader.feed(nh3.clean(html, tags=nh3.ALLOWED_TAGS | BLOCKS, link_rel=None))
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    """Collects the text of clean HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = [""]
        self._quotes = 0

    def text(self) -> str:
        """What has been read, without runs of empty lines."""
        return _joined([line.rstrip() for line in self._lines])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "blockquote":
            self._break()
            self._quotes += 1
        elif tag == "br":
            self._lines.append("")
        elif tag == "hr":
            self._break()
            self._lines += ["_" * 32, ""]
        elif tag in BLOCKS:
            self._break()
            if tag == "li":
                self._write("- ")

    def handle_endtag(self, tag: str) -> None:
        if tag == "blockquote":
            self._break()
            self._quotes = max(0, self._quotes - 1)
        elif tag in ("p", "h1", "h2", "h3", "h4", "ul", "ol", "table"):
            self._break()
            self._lines.append("")
        elif tag in BLOCKS:
            self._break()

    def handle_data(self, data: str) -> None:
        words = re.sub(r"[ \t\r\n\u00a0]+", " ", data)
        if words.strip() or (self._lines[-1] and not self._lines[-1].endswith(" ")):
            self._write(words if self._lines[-1] else words.lstrip())

    def _write(self, words: str) -> None:
        if not self._lines[-1]:
            self._lines[-1] = QUOTE * min(self._quotes, MOST_QUOTES)
        self._lines[-1] += words

    def _break(self) -> None:
        if self._lines[-1].strip(" >"):
            self._lines.append("")

"""What is looked for where something hostile may have come through."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

_NAME = re.compile(r"[\w()+-][\w .()+-]{0,105}\.(png|jpg|gif|webp|pdf|txt)")


def fit_name(name: str) -> bool:
    """Whether a file may be called so anywhere."""
    unseen = any(unicodedata.category(it) in ("Cc", "Cf", "Cs") for it in name)
    return _NAME.fullmatch(name) is not None and not unseen and ".." not in name


class Markup(HTMLParser):
    """The tags, attribute names and addresses of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: set[str] = set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses |= {value or "" for name, value in attrs if name in ("href", "src")}

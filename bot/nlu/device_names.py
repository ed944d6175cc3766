"""What a model is called: the names it goes by, and how makers write one that no catalogue has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.content.records import Devices


def aliases(devices: Devices, name: str, extra: Sequence[str]) -> Iterator[str]:
    """The names that `name` goes by: with each name of its maker, and bare where that is clear."""
    brands = [devices.brand, *devices.brand_aliases]
    for alias in [name, *extra]:
        if devices.bare:
            yield alias
        for brand in filter(None, brands):
            if not alias.lower().startswith(brand.lower()):
                yield f"{brand} {alias}"


def full_name(devices: Devices, name: str) -> str:
    """The name with its maker in front."""
    known = name.lower().startswith(devices.brand.lower())
    return name if known else f"{devices.brand} {name}"


def short_names(devices: Devices, name: str) -> Iterator[str]:
    """A model's name without its series ("Samsung S23"), or without its maker."""
    brands = [devices.brand, *devices.brand_aliases]
    words = name.split()
    if len(words) > 1:
        rest = " ".join(words[1:])
        for brand in filter(None, brands):
            if any(character.isdigit() for character in rest):
                yield f"{brand} {rest}"
        # A series of its own is known without its maker: "Xperia 10", "Reno 8".
        if not devices.brand and len(words) > 2 and words[1].isalpha() and len(words[1]) > 3:
            yield rest


def unknown_name(generic: str, brand_said: str, model_said: str) -> str:
    """ "galaxy" and " z99" of the generic "Samsung phone" become "Samsung Galaxy Z99"."""
    brand, _, kind = generic.rpartition(" ")
    model = model_name(model_said)
    if kind not in ("phone", "tablet", "router", "watch"):
        return f"{generic} {model}"
    rest = [word.capitalize() for word in brand_said.split() if word.lower() != brand.lower()]
    return " ".join([brand, *rest, model])


def model_name(said: str) -> str:
    """ "wp30 pro" as makers write it: "WP30 Pro"."""
    words = []
    for word in said.replace(" -", " ").strip(" -").split():
        letters = re.match(r"[a-z]{1,3}(?=-?\d)|(?:fe|xl|se)\Z", word)
        words.append(word[: letters.end()].upper() + word[letters.end() :] if letters else word[0].upper() + word[1:])  # fmt: skip
    return " ".join(words)

"""The version of the operating system, as "iOS 17.4.1" or "Android 14"."""

from __future__ import annotations

import re

from bot.nlu.found import Found

OS_VERSION = "os_version"
_NAMES = {
    "ios": "iOS", "ipados": "iPadOS", "watchos": "watchOS", "android": "Android", "one ui": "One UI", "oneui": "One UI",
    "miui": "MIUI", "hyperos": "HyperOS", "hyper os": "HyperOS", "emui": "EMUI", "magicos": "MagicOS", "magic os": "MagicOS",
    "oxygenos": "OxygenOS", "oxygen os": "OxygenOS", "coloros": "ColorOS", "color os": "ColorOS", "nothing os": "Nothing OS",
    "realme ui": "realme UI", "harmonyos": "HarmonyOS", "windows": "Windows", "macos": "macOS", "wear os": "Wear OS",
}  # fmt: skip
_NAME = "|".join(sorted((re.escape(name) for name in _NAMES), key=len, reverse=True))
_VERSION = re.compile(
    rf"\b(?P<name>{_NAME})(?:\s*(?:version|ver\.?|v\.?|update|is|:|-|beta))*\s*(?P<number>\d{{1,2}}(?:\.\d{{1,2}}){{0,3}})(?!\d|\s*(?:gb|mb|days|hours|phones?|laptop|pc|computer|machine)\b|\.\d)",
    re.IGNORECASE,
)
_BARE = re.compile(r"\b(?:software|system|os|firmware|operating system|version)\s*(?:version)?\s*(?:is|:|=|-)?\s*(?P<number>\d{1,2}(?:\.\d{1,2}){1,3})(?!\d)", re.IGNORECASE)  # fmt: skip
_LEFT_BEHIND = re.compile(r"\bfrom\s+\Z", re.IGNORECASE)
_RANGE = re.compile(rf"\bfrom (?:{_NAME}) ?\d[\d.]* to (?:the )?(?P<number>\d{{1,2}}(?:\.\d{{1,2}}){{0,3}})(?!\d)", re.IGNORECASE)  # fmt: skip


def os_versions(text: str) -> list[Found]:
    """Versions that the customer's device runs; the one left behind in "from … to …" is not given."""
    found = []
    for match in _VERSION.finditer(text):
        number = match.group("number")
        start, end = match.span()
        if _LEFT_BEHIND.search(text[: match.start()]):
            moved = _RANGE.search(text[max(0, match.start() - 6) :])
            if moved is None:
                continue
            number = moved.group("number")
            end = max(0, match.start() - 6) + moved.end()
        value = f"{_NAMES[match.group('name').lower()]} {number}"
        found.append(Found(OS_VERSION, start, end, value, text[start:end], 0.95))
    if not found:
        for match in _BARE.finditer(text):
            found.append(
                Found(
                    OS_VERSION,
                    match.start(),
                    match.end(),
                    match.group("number"),
                    match.group(),
                    0.7,
                )
            )
    return found

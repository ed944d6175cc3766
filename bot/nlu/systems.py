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
    rf"\b(?P<name>{_NAME})(?:\s*(?:version|ver\.?|v\.?|update|is|to|:|-|beta))*\s*(?P<number>\d{{1,2}}(?:\.\d{{1,2}}){{0,3}})(?!\d|\s*(?:gb|mb|days|hours|phones?|laptop|pc|computer|machine)\b|\.\d)",
    re.IGNORECASE,
)
_BARE = re.compile(r"\b(?:software|system|os|firmware|operating system|version)\s*(?:version)?\s*(?:is|:|=|-)?\s*(?P<number>\d{1,2}(?:\.\d{1,2}){1,3})(?!\d)", re.IGNORECASE)  # fmt: skip
# "iphone 12, 17.6": a bare version behind a device of Apple's, or one that it was updated to.
_OF_APPLE = re.compile(
    r"\b(?P<device>iphone|ipad)\b(?:[\w ]{0,20}[ ,(]+(?:on |running |version |now )*|[^.!?\n]{0,80}\b(?:updat|upgrad|softwar)\w*[^.!?\n]{0,25} to )(?P<number>(?:1[2-9]|2[6-9])\.\d{1,2}(?:\.\d{1,2})?)(?![\w.]*\w)(?! ?(?:inch|gb|am|pm|mbps|meg|mb|\"|”|%|mins?|hours?|hrs?)\b)"
    r"|\b(?:updat|upgrad|softwar)\w*[^.!?\n]{0,25} to (?P<to>(?:1[2-9]|2[6-9])\.\d{1,2}(?:\.\d{1,2})?)(?![\w.]*\w)(?=.*\b(?P<behind>iphone|ipad)\b)",
    re.IGNORECASE | re.DOTALL,
)
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
        found = [_of_apple(match) for match in _OF_APPLE.finditer(text)][:1]
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


def _of_apple(match: re.Match[str]) -> Found:
    number = "number" if match.group("number") else "to"
    device = match.group("device") or match.group("behind")
    value = f"{'iOS' if device.lower() == 'iphone' else 'iPadOS'} {match.group(number)}"
    return Found(OS_VERSION, *match.span(number), value, match.group(number), 0.8)

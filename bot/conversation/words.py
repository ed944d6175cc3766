"""What customers write, as it is kept. Pure."""

from __future__ import annotations

import re
import unicodedata

from bot.case.redact import redact_secrets

LONGEST_TEXT = 10_000  # characters of one message

# C0 and C1 control characters but tab and newline.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def kept_text(text: str) -> str:
    """`text` in NFC with plain newlines, without controls and payment card numbers."""
    plain = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return redact_secrets(unicodedata.normalize("NFC", plain))

"""The errors Firstline raises on purpose; each says what to do about it."""

from __future__ import annotations


class FirstlineError(Exception):
    """Base of every error raised on purpose; its text is fit to be shown to an operator."""


class SettingError(FirstlineError):
    """A setting is missing or malformed; the text names the setting and the fix."""

    def __init__(self, setting: str, problem: str, fix: str) -> None:
        super().__init__(f"{setting}: {problem}. {fix}")
        self.setting = setting


class ContentError(FirstlineError):
    """A file under `data/` is malformed; the text names the file and the fix."""


class StoreUnavailable(FirstlineError):
    """Redis cannot be reached or refuses writes; nothing was recorded."""


class NotFound(FirstlineError):
    """No such conversation, case, file or choice."""


class NotOwner(FirstlineError):
    """The writer does not own the conversation (any more): its owner or epoch has changed."""


class ClaimLost(FirstlineError):
    """The claim on a piece of work ran out and somebody else has taken it."""


class InvalidValue(FirstlineError):
    """A value given for a case field does not fit; the text is in plain words, for the customer."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason

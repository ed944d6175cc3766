"""The names of what is kept of staff in Redis; one hash tag, so that scripts touch one slot."""

from __future__ import annotations

ACCOUNTS = "{staff}:accounts"
AUDIT = "{staff}:audit"
SESSIONS_ENDED_CHANNEL = "firstline:sessions-ended"


def session_key(token_hash: str) -> str:
    """Where the session with this hash of its token is kept."""
    return f"{{staff}}:session:{token_hash}"


def sign_in_key(state_hash: str) -> str:
    """Where a sign-in at the provider is kept until it ends; `state_hash` is of its state."""
    return f"{{staff}}:sign-in:{state_hash}"


def failures_key(kind: str, who: str) -> str:
    """Where failed sign-ins are counted; `kind` is login or address, `who` a digest."""
    return f"{{staff}}:failures:{kind}:{who}"

"""Who somebody known to the provider is here: login, name and roles from the claims about them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from bot.errors import FirstlineError, NotFound
from bot.staff.accounts import LONGEST_NAME, Account, AccountExists, Accounts
from bot.staff.roles import Role, Roles

MADE_BY = "provider"
# No login that is made by hand has a colon.
PREFIX = "sso:"

_PLAIN = re.compile(r"[A-Za-z0-9_.@-]{1,60}", re.ASCII)


class NotAdmitted(FirstlineError):
    """Somebody whom the provider knows has no role here, or a disabled account."""


class Members:
    """Accounts of those who sign in at the provider, made at their first sign-in."""

    def __init__(self, accounts: Accounts, issuer: str, claim: str, mapping: Sequence[str]) -> None:
        self._accounts = accounts
        self._issuer = issuer
        self._claim = claim
        self._mapping = mapping

    async def admitted(self, claims: dict[str, Any]) -> Account:
        """The account of whom trusted claims are about, as the claims have them now.

        Raises `NotAdmitted`.
        """
        roles = roles_in(claims, self._claim, self._mapping)
        if not roles:
            raise NotAdmitted("the provider gives this person no role here")
        wanted = Account(
            login=login_of(claims["sub"]), name=name_in(claims), roles=roles,
            subject=f"{self._issuer} {claims['sub']}",
        )  # fmt: skip
        account = await self._brought_up_to_date(wanted)
        if account.disabled or account.subject != wanted.subject:
            raise NotAdmitted("this account is disabled, or another provider's")
        return account

    async def _brought_up_to_date(self, wanted: Account) -> Account:
        try:
            known = await self._accounts.read(wanted.login)
        except NotFound:
            try:
                await self._accounts.add(wanted, MADE_BY)
            except AccountExists:  # the same person twice at once
                return await self._accounts.read(wanted.login)
            return wanted
        if (known.name, known.roles) == (
            wanted.name,
            wanted.roles,
        ) or known.subject != wanted.subject:
            return known
        return await self._accounts.change(
            wanted.login, MADE_BY, "account.roles",
            lambda it: replace(it, name=wanted.name, roles=wanted.roles),
        )  # fmt: skip


def roles_in(claims: dict[str, Any], claim: str, mapping: Sequence[str]) -> Roles:
    """The roles that the values of a claim stand for.

    `claim` may be a path with dots (`realm_access.roles`). `mapping` has entries `value=role`;
    when empty, the values are the names of the roles.
    """
    found: Any = claims
    for part in [claim] if claim in claims else claim.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    values = {found} if isinstance(found, str) else set()
    if isinstance(found, list):
        values = {it for it in found if isinstance(it, str)}
    pairs = [entry.rpartition("=")[::2] for entry in mapping] or [
        (it.value, it.value) for it in Role
    ]
    return frozenset(Role(role) for value, role in pairs if value in values)


def login_of(subject: str) -> str:
    """The login of a subject; one with other characters, or too long, is told by its digest."""
    plain = _PLAIN.fullmatch(subject)
    return PREFIX + (subject if plain else hashlib.sha256(subject.encode()).hexdigest()[:32])


def name_in(claims: dict[str, Any]) -> str:
    """What to call somebody; "Member of staff" when the claims do not say."""
    for claim in ("name", "nickname", "preferred_username"):
        name = claims.get(claim)
        if isinstance(name, str) and name.strip() and name.isprintable():
            return name.strip()[:LONGEST_NAME]
    return "Member of staff"

"""What a member of staff may do, and who is asking."""

from __future__ import annotations

from enum import Enum

import msgspec


class Role(str, Enum):
    """A part somebody plays; an account has one or more, and none includes another."""

    AGENT = "agent"
    TRAINER = "trainer"
    MANAGER = "manager"
    ADMIN = "admin"


Roles = frozenset[Role]

ANY_ROLE: Roles = frozenset(Role)


class Staff(msgspec.Struct, frozen=True):
    """A member of staff as others see one; `id` is what they sign in with and never changes."""

    id: str
    name: str
    roles: Roles

    def may(self, allowed: Roles) -> bool:
        """Whether one of their roles is among `allowed`."""
        return not self.roles.isdisjoint(allowed)

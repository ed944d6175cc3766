"""Who somebody known to a provider is here."""

from __future__ import annotations

from typing import Any

import pytest
from redis.asyncio import Redis

from bot.errors import SettingError
from bot.settings import Settings, load_settings
from bot.staff.accounts import fault_in_login
from bot.staff.members import login_of, name_in, roles_in
from bot.staff.provider import Provider, is_safe_url
from bot.staff.roles import Role

AGENT, TRAINER, MANAGER = Role.AGENT, Role.TRAINER, Role.MANAGER


@pytest.mark.parametrize(
    ("claims", "claim", "mapping", "roles"),
    [
        ({"roles": ["agent", "manager"]}, "roles", (), {AGENT, MANAGER}),
        ({"roles": "trainer"}, "roles", (), {TRAINER}),
        ({"roles": ["AGENT", "agents", " agent"]}, "roles", (), set()),
        ({"realm_access": {"roles": ["agent"]}}, "realm_access.roles", (), {AGENT}),
        ({"https://x.example/roles": ["agent"]}, "https://x.example/roles", (), {AGENT}),
        ({"groups": ["a=b", "c"]}, "groups", ("a=b=agent", "c=trainer"), {AGENT, TRAINER}),
        ({"groups": ["lead"]}, "groups", ("lead=agent", "lead=manager"), {AGENT, MANAGER}),
        ({"groups": ["agent"]}, "groups", ("lead=agent",), set()),
        ({}, "roles", (), set()),
        ({"roles": None}, "roles", (), set()),
        ({"roles": {"agent": 1}}, "roles", (), set()),
        ({"roles": [["agent"], 7, None]}, "roles", (), set()),
        ({"roles": "x"}, "roles.x.y", (), set()),
    ],
)  # fmt: skip
def test_roles_in_claims(
    claims: dict[str, Any], claim: str, mapping: tuple[str, ...], roles: set[Role]
) -> None:
    assert roles_in(claims, claim, mapping) == roles


@pytest.mark.parametrize("subject", ["a", "person-1", "248289761001", "a b", "ä", "x" * 61, "a:b"])
def test_a_login_of_a_subject_is_nobody_elses(subject: str) -> None:
    login = login_of(subject)
    assert login.startswith("sso:")
    assert len(login) <= 64
    assert fault_in_login(login), "it could be made by hand as well"
    assert login_of(subject) == login != login_of(subject + "x")


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"name": " Agent One "}, "Agent One"),
        ({"name": "", "nickname": "One"}, "One"),
        ({"name": "a\nb", "preferred_username": "one"}, "one"),
        ({"name": 7}, "Member of staff"),
        ({"name": "x" * 200}, "x" * 80),
    ],
)
def test_what_to_call_somebody(claims: dict[str, Any], name: str) -> None:
    assert name_in(claims) == name


@pytest.mark.parametrize(
    ("url", "safe"),
    [("https://login.example", True), ("http://127.0.0.1:8080/x", True), ("http://[::1]/", True),
     ("http://login.example", False), ("http://127.0.0.1.evil.example", False), ("https://", False),
     ("ftp://127.0.0.1", False), ("javascript:x", False), ("", False)],
)  # fmt: skip
def test_where_secrets_may_be_sent(url: str, safe: bool) -> None:
    assert is_safe_url(url) is safe


@pytest.mark.parametrize(
    "issuer",
    ["http://login.example", "login.example", "https://", "https://x.example?a=b",
     "https://x.example#a", "ftp://x.example", "http://127.0.0.1.evil.example"],
)  # fmt: skip
def test_an_issuer_that_cannot_be_trusted_is_refused(issuer: str) -> None:
    with pytest.raises(SettingError, match="FIRSTLINE_OIDC_ISSUER"):
        load_settings({"FIRSTLINE_OIDC_ISSUER": issuer})


@pytest.mark.parametrize("roles", ["agent", "=agent", "team=king", "team=", "a=agent b"])
def test_a_mapping_that_gives_no_role_is_refused(roles: str) -> None:
    with pytest.raises(SettingError, match="FIRSTLINE_OIDC_ROLES"):
        load_settings({"FIRSTLINE_OIDC_ROLES": roles})


def test_a_mapping_as_it_is_written() -> None:
    settings = load_settings(
        {"FIRSTLINE_OIDC_ROLES": "support-team=agent, leads=manager  a=b=admin"}
    )
    assert settings.oidc_roles == ("support-team=agent", "leads=manager", "a=b=admin")
    assert load_settings(settings.environment()) == settings


async def test_an_issuer_needs_a_client(redis: Redis) -> None:
    with pytest.raises(SettingError, match="FIRSTLINE_OIDC_CLIENT_ID"):
        Provider(Settings(oidc_issuer="https://login.example"), redis)

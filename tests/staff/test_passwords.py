"""Which passwords are taken, and how they are kept."""

from __future__ import annotations

import pytest

from bot.staff.passwords import LONGEST, Passwords, fault_in_password

ABOUT = ("agent-1", "Agent One", "Meadow", "firstline")


@pytest.mark.parametrize(
    "password",
    ["sunlit harbour crane", "3rJ8hQzLpW2x", "дождь над рекой утром", "grüner Mond über Feld",
     "        x9 k2 m4", "x9k2m4q7" * 16, "a\tb\u00a0c🙂d e f g h"],
)  # fmt: skip
def test_long_passwords_of_any_characters_are_taken(password: str) -> None:
    assert fault_in_password(password, ABOUT) is None


@pytest.mark.parametrize(
    "password",
    ["", "short", "x9k2m4q7w1!", "password1234", "Password1234", "qwertyuiop12", "123456789012",
     "aaaaaaaaaaaa", "iloveyou1234", "agent-1agent-1", "firstline123", "meadowmeadow",
     "x9k2m4q7" * 16 + "x"],
)  # fmt: skip
def test_short_common_and_obvious_passwords_are_not(password: str) -> None:
    fault = fault_in_password(password, ABOUT)
    assert fault
    assert not password or password not in fault


async def test_a_hash_is_argon2id_and_fits_its_password_only() -> None:
    passwords = Passwords()
    hash = await passwords.hashed("sunlit harbour crane")
    assert hash.startswith("$argon2id$")
    assert hash != await passwords.hashed("sunlit harbour crane")
    assert await passwords.fits("sunlit harbour crane", hash)
    for other in ("", "sunlit harbour cran", "Sunlit harbour crane", "sunlit harbour crane "):
        assert not await passwords.fits(other, hash)


async def test_no_password_fits_an_account_without_one() -> None:
    passwords = Passwords()
    for hash in ("", "!", "$argon2id$v=19$m=1,t=1,p=1$x"):
        assert not await passwords.fits("", hash)
        assert not await passwords.fits("sunlit harbour crane", hash)


async def test_composed_and_decomposed_letters_are_the_same() -> None:
    passwords = Passwords()
    hash = await passwords.hashed("gr\u00fcner Mond")
    assert await passwords.fits("gru\u0308ner Mond", hash)


def test_a_password_too_long_to_be_one_is_refused() -> None:
    assert fault_in_password("x9 k2 m4 " * 1000)
    assert LONGEST >= 64

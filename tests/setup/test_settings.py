from __future__ import annotations

import stat
import threading
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from bot.errors import SettingError
from bot.settings import Settings, ensure_secret, load_settings


def test_defaults_are_those_of_the_contract() -> None:
    settings = load_settings({})
    assert (settings.port, settings.state_dir.name, settings.engine_workers) == (
        8080,
        ".firstline",
        1,
    )
    assert (settings.redis_url, settings.smtp_url, settings.imap_url, settings.secret) == ("",) * 4


def test_values_are_read_and_empty_means_default() -> None:
    settings = load_settings({
        "FIRSTLINE_PORT": " 9000 ",
        "FIRSTLINE_ENGINE_WORKERS": "",
        "FIRSTLINE_ALLOWED_ORIGINS": "https://shop.example, https://www.shop.example/",
        "FIRSTLINE_PUBLIC_URL": "https://help.example/",
    })  # fmt: skip
    assert (settings.port, settings.engine_workers) == (9000, 1)
    assert settings.base_url == "https://help.example"
    assert settings.origins >= {"https://shop.example", "https://www.shop.example",
                                "https://help.example", "http://localhost:9000"}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("ENGINE_WORKERS", "two"),
        ("REDIS_URL", "http://redis.example"),
        ("SMTP_URL", "mail.example:25"),
        ("IMAP_URL", "imap://"),
        ("ALLOWED_ORIGINS", "shop.example"),
        ("ALLOWED_ORIGINS", "https://shop.example/path"),
    ],
)
def test_unusable_value_names_the_setting_and_the_fix(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=f"^FIRSTLINE_{name}: .+ [A-Z]") as caught:
        load_settings({f"FIRSTLINE_{name}": value})
    assert caught.value.setting == f"FIRSTLINE_{name}"


def test_secrets_stay_out_of_sight() -> None:
    settings = Settings(secret="s3cret", redis_url="redis://:pa55@db.example:6379/1")
    assert "s3cret" not in repr(settings)
    assert "pa55" not in repr(settings)
    shown = settings.shown()
    assert shown["FIRSTLINE_SECRET"] == "(hidden)"
    assert shown["FIRSTLINE_REDIS_URL"] == "redis://(hidden)@db.example:6379/1"


def test_secret_is_made_once_whoever_asks_and_kept_from_others(tmp_path: Path) -> None:
    settings = Settings(state_dir=tmp_path / "state")
    barrier = threading.Barrier(8)
    found: set[str] = set()

    def ask() -> None:
        barrier.wait()
        found.add(ensure_secret(settings))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (secret,) = found
    assert len(secret) >= 43
    assert stat.S_IMODE((settings.state_dir / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.state_dir.stat().st_mode) == 0o700
    assert [path.name for path in settings.state_dir.iterdir()] == ["secret"]


def test_every_secret_setting_is_hidden_wherever_settings_are_shown() -> None:
    secret = {f.name for f in fields(Settings) if not f.repr}
    assert {"secret", "identity_key", "oidc_client_secret"} <= secret
    for name in secret:
        changed: dict[str, Any] = {name: "word-of-its-own"}
        settings = replace(Settings(), **changed)
        assert "word-of-its-own" not in str(settings.shown()) + repr(settings), name

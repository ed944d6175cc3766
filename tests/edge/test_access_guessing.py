"""Guessing passwords: slower with each failure, and the answers tell nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx
from redis.asyncio import Redis

from bot.staff import lockout
from bot.staff.keys import failures_key
from bot.staff.roles import Role
from tests.edge.conftest import problem
from tests.support.staff import PASSWORD, SESSION, add_account, sign_in

FREE = lockout.LOGIN[0]


def attempt(client: httpx.Client, login: str, password: str = "wrong") -> httpx.Response:
    return client.post(SESSION, json={"login": login, "password": password})


async def forget_delays(redis: Redis) -> None:
    """As if every delay had passed; the failures stay counted."""
    for key in await redis.keys(failures_key("*", "*")):
        await redis.hdel(key, "until")


async def test_guessing_is_stopped_whether_the_login_exists_or_not(
    client: httpx.Client, redis: Redis
) -> None:
    login = (await add_account(redis, Role.AGENT)).login
    answers = {}
    for name in (login, "nobody-of-that-name"):
        tries = [attempt(client, name) for _ in range(FREE + 2)]
        assert [it.status_code for it in tries] == [401] * (FREE + 1) + [429]
        assert 1 <= int(tries[-1].headers["retry-after"]) <= 2
        answers[name] = [(it.content, sorted(it.headers)) for it in tries]
    assert answers[login] == answers["nobody-of-that-name"]


async def test_the_right_password_waits_too(client: httpx.Client, redis: Redis) -> None:
    login = (await add_account(redis, Role.AGENT)).login
    for _ in range(FREE + 1):
        attempt(client, login)
    problem(attempt(client, login, PASSWORD), 429)
    await forget_delays(redis)
    assert attempt(client, login, PASSWORD).status_code == 200


async def test_the_delay_grows_and_stops_growing(client: httpx.Client, redis: Redis) -> None:
    for _ in range(FREE):
        attempt(client, "nobody")
    delays = []
    for _ in range(10):
        assert attempt(client, "nobody").status_code == 401
        delays.append(int(attempt(client, "nobody").headers["retry-after"]))
        await forget_delays(redis)
    assert delays[:3] == [2, 4, 8]
    assert delays == sorted(delays)
    assert max(delays) == lockout.LOGIN[1] / 1000


async def test_success_forgets_the_failures(client: httpx.Client, redis: Redis) -> None:
    login = (await add_account(redis, Role.AGENT)).login
    for _ in range(3):
        for _ in range(FREE - 1):
            assert attempt(client, login).status_code == 401
        sign_in(client, login)


async def test_many_at_once_are_counted_too(client: httpx.Client, redis: Redis) -> None:
    login = (await add_account(redis, Role.AGENT)).login
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: attempt(client, login).status_code, range(60)))
    assert sorted(set(answers)) == [401, 429]
    assert answers.count(401) <= FREE + 1


async def test_one_address_cannot_try_one_password_on_all_logins(
    client: httpx.Client, redis: Redis
) -> None:
    free = lockout.ADDRESS[0]
    answers = [attempt(client, f"login-{n}").status_code for n in range(free + 3)]
    assert answers == [401] * (free + 1) + [429] * 2


async def test_a_few_of_hundreds_of_guesses_are_looked_at(
    client: httpx.Client, redis: Redis
) -> None:
    login = (await add_account(redis, Role.ADMIN)).login
    looked_at = sum(attempt(client, login, f"{PASSWORD}{n}").status_code == 401 for n in range(300))
    assert looked_at <= FREE + 8

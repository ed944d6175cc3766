"""Signing in at an OpenID Connect provider: who is admitted, and everybody who is not."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from redis.asyncio import Redis

from bot.edge.cookies import SESSION_COOKIE, SIGN_IN_COOKIE
from bot.staff.accounts import Account, Accounts
from bot.staff.audit import Audit
from bot.staff.roles import Role
from tests.edge.conftest import problem
from tests.edge.servers import start_edge
from tests.support.provider import CLIENT_ID, CLIENT_SECRET, Claims, Provider
from tests.support.staff import SESSION

WAYS = "/api/v1/staff/sign-in"
STRANGER = RSAKey.generate_key(2048, {"kid": "first", "alg": "RS256"})


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture
def provider(running: Provider) -> Provider:
    running.reset()
    return running


@pytest.fixture(scope="module")
def browser(
    running: Provider, redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A client of an edge that has a provider; it follows no redirection by itself."""
    server, url = start_edge(
        tmp_path_factory.mktemp("edge"), redis_url,
        FIRSTLINE_OIDC_ISSUER=running.url, FIRSTLINE_OIDC_CLIENT_ID=CLIENT_ID,
        FIRSTLINE_OIDC_CLIENT_SECRET=CLIENT_SECRET,
        FIRSTLINE_OIDC_ROLES="agent=agent support-leads=manager support-leads=agent",
    )  # fmt: skip
    with httpx.Client(base_url=url, timeout=35) as client:
        yield client
    assert server.stop() == 0, "".join(server.output)


class SignIn:
    """One sign-in, step by step."""

    def __init__(self, browser: httpx.Client) -> None:
        self._browser = browser
        left = browser.get("/sign-in/start")
        assert left.status_code == 303, left.text
        self.url = left.headers["location"]
        self.state_cookie = _cookie(left, SIGN_IN_COOKIE)
        self.set_cookie = left.headers["set-cookie"]

    def return_address(self) -> str:
        """Where the provider sends the browser after signing in."""
        sent = httpx.get(self.url)
        assert sent.status_code == 302, sent.text
        return str(sent.headers["location"])

    def back(self, address: str = "", cookie: str | None = None) -> httpx.Response:
        kept = self.state_cookie if cookie is None else cookie
        return self._browser.get(
            address or self.return_address(),
            headers={"Cookie": f"{SIGN_IN_COOKIE}={kept}", "Sec-Fetch-Site": "cross-site"},
        )


def _cookie(answer: httpx.Response, name: str) -> str:
    for header in answer.headers.get_list("set-cookie"):
        if header.startswith(f"{name}="):
            return str(header.partition("=")[2].partition(";")[0])
    return ""


def admitted(browser: httpx.Client, answer: httpx.Response) -> dict[str, Any]:
    """Who the answer has signed in."""
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    token = _cookie(answer, SESSION_COOKIE)
    shown = browser.get(SESSION, headers={"Cookie": f"{SESSION_COOKIE}={token}"})
    assert shown.status_code == 200, shown.text
    return dict(shown.json()["staff"])


def refused(answer: httpx.Response, why: str = "refused") -> None:
    assert (answer.status_code, answer.headers["location"]) == (303, f"/desk?sign-in={why}")
    assert _cookie(answer, SESSION_COOKIE) == ""


async def test_whoever_the_provider_knows_is_admitted(
    browser: httpx.Client, provider: Provider, redis: Redis
) -> None:
    assert browser.get(WAYS).json() == {"provider": "127.0.0.1", "start": "/sign-in/start"}
    answer = SignIn(browser).back()
    assert admitted(browser, answer) == {
        "id": "sso:person-1", "name": "Agent One", "roles": ["agent"],
    }  # fmt: skip
    session = next(it for it in answer.headers.get_list("set-cookie") if SESSION_COOKIE + "=" in it)
    assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= set(session.split("; "))
    made = await Accounts(redis).read("sso:person-1")
    assert (made.password, made.subject) == ("", f"{provider.url} person-1")
    assert [it.what for it in await Audit(redis).page()] == ["session.begin", "account.add"]


def test_what_is_asked_of_the_provider(
    browser: httpx.Client, provider: Provider, redis: Redis
) -> None:
    one, other = SignIn(browser), SignIn(browser)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(one.url).query).items()}
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["client_id"] == CLIENT_ID
    assert asked["redirect_uri"] == f"{str(browser.base_url).rstrip('/')}/sign-in/callback"
    assert "openid" in asked["scope"].split()
    assert asked["state"] == one.state_cookie
    assert CLIENT_SECRET not in one.url
    again = {name: values[0] for name, values in parse_qs(urlsplit(other.url).query).items()}
    for random in ("state", "nonce", "code_challenge"):
        assert len(asked[random]) >= 43
        assert asked[random] != again[random]
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(one.set_cookie.split("; "))


async def test_roles_and_name_are_those_of_the_last_sign_in(
    browser: httpx.Client, provider: Provider, redis: Redis
) -> None:
    first = SignIn(browser).back()
    admitted(browser, first)
    provider.claims |= {"name": "Agent Two", "roles": ["support-leads", "others"]}
    staff = admitted(browser, SignIn(browser).back())
    assert (staff["name"], set(staff["roles"])) == ("Agent Two", {"agent", "manager"})
    assert len(await Accounts(redis).all()) == 1


@pytest.mark.parametrize("roles", [[], ["others"], "manager", None, {"agent": True}, ["admin"], 7])
async def test_without_a_role_nobody_is_admitted(
    browser: httpx.Client, provider: Provider, redis: Redis, roles: Any
) -> None:
    """A value that no entry of the mapping names is no role, be it called like one."""
    provider.claims["roles"] = roles
    refused(SignIn(browser).back(), "no-role")
    assert await Accounts(redis).all() == []


async def test_a_disabled_account_stays_out(
    browser: httpx.Client, provider: Provider, redis: Redis
) -> None:
    admitted(browser, SignIn(browser).back())
    await Accounts(redis).disable("sso:person-1", "console")
    provider.claims |= {"name": "Agent Two"}
    refused(SignIn(browser).back(), "no-role")
    assert (await Accounts(redis).read("sso:person-1")).disabled


async def test_an_account_of_another_provider_is_another_person(
    browser: httpx.Client, provider: Provider, redis: Redis
) -> None:
    other = Account("sso:person-1", "Agent", frozenset({Role.ADMIN}), subject="https://x person-1")
    await Accounts(redis).add(other, "provider")
    refused(SignIn(browser).back(), "no-role")
    assert await Accounts(redis).read("sso:person-1") == other


async def test_no_password_opens_such_an_account(
    browser: httpx.Client, provider: Provider, redis: Redis
) -> None:
    admitted(browser, SignIn(browser).back())
    for password in ("x", "sunlit harbour crane"):
        answer = browser.post(SESSION, json={"login": "sso:person-1", "password": password})
        problem(answer, 401)


def _later(claims: Claims, seconds: int, *names: str) -> Claims:
    return claims | {name: claims[name] + seconds for name in names}


def _without(claims: Claims, name: str) -> Claims:
    return {its: value for its, value in claims.items() if its != name}


WRONG_CLAIMS: dict[str, Callable[[Claims], Claims]] = {
    "expired": lambda it: _later(it, -3600, "iat", "exp"),
    "of the future": lambda it: _later(it, 3600, "iat", "exp"),
    "not yet": lambda it: it | {"nbf": time.time() + 3600},
    "never ending": lambda it: it | {"exp": float("nan")},
    "without end": lambda it: _without(it, "exp"),
    "end in words": lambda it: it | {"exp": "tomorrow"},
    "another issuer": lambda it: it | {"iss": "https://evil.example"},
    "nearly the issuer": lambda it: it | {"iss": it["iss"] + "/"},
    "several issuers": lambda it: it | {"iss": [it["iss"]]},
    "no issuer": lambda it: _without(it, "iss"),
    "another audience": lambda it: it | {"aud": "another-client"},
    "other audiences": lambda it: it | {"aud": ["a", "b"]},
    "no audience": lambda it: _without(it, "aud"),
    "several audiences, none named": lambda it: it | {"aud": [CLIENT_ID, "b"]},
    "for another client": lambda it: it | {"aud": [CLIENT_ID, "b"], "azp": "b"},
    "by another client": lambda it: it | {"azp": "b"},
    "another nonce": lambda it: it | {"nonce": "A" * 43},
    "no nonce": lambda it: _without(it, "nonce"),
    "empty nonce": lambda it: it | {"nonce": ""},
    "nobody": lambda it: _without(it, "sub"),
    "an empty subject": lambda it: it | {"sub": ""},
    "a number for a subject": lambda it: it | {"sub": 1},
}


@pytest.mark.parametrize("how", WRONG_CLAIMS)
async def test_a_token_with_wrong_claims_admits_nobody(
    browser: httpx.Client, provider: Provider, redis: Redis, how: str
) -> None:
    provider.change = WRONG_CLAIMS[how]
    refused(SignIn(browser).back())
    assert await Accounts(redis).all() == []


def _unsigned(signed: str) -> str:
    head = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    return f"{head}.{signed.split('.')[1]}."


def _altered(token: str) -> str:
    head, body, signature = token.split(".")
    return f"{head}.{body[:-2]}AA.{signature}"


@pytest.mark.parametrize(
    "how",
    ["a stranger's key", "the public key as a secret", "unsigned", "signature cut off", "altered",
     "no token", "not a token", "deep"],
)  # fmt: skip
async def test_a_forged_token_admits_nobody(
    browser: httpx.Client, provider: Provider, redis: Redis, how: str
) -> None:
    forgeries: dict[str, Callable[[Claims], Any]] = {
        "a stranger's key": lambda it: jwt.encode({"alg": "RS256", "kid": "first"}, it, STRANGER),
        "the public key as a secret": provider.public_key_as_secret,
        "unsigned": lambda it: _unsigned(provider.signed(it)),
        "signature cut off": lambda it: provider.signed(it).rpartition(".")[0] + ".",
        "altered": lambda it: _altered(provider.signed(it)),
        "no token": lambda _: None,
        "not a token": lambda _: "x.y.z",
        "deep": lambda it: provider.signed(it)[:20] + "." * 5_000,
    }
    provider.sign = forgeries[how]
    refused(SignIn(browser).back())
    assert await Accounts(redis).all() == []


async def test_a_sign_in_counts_once_and_for_whoever_began_it(
    browser: httpx.Client, provider: Provider, redis: Redis
) -> None:
    begun = SignIn(browser)
    address = begun.return_address()
    refused(begun.back(address, cookie=""))
    refused(begun.back(address, cookie="A" * 43))
    refused(begun.back(address, cookie=SignIn(browser).state_cookie))
    admitted(browser, begun.back(address))
    refused(begun.back(address))


@pytest.mark.parametrize(
    "swap",
    [("state=", "state=A"), ("code=", "code=A"), ("code=", "other="), ("state=", "other="),
     ("iss=http", "iss=https"), ("iss=", "other="), ("code=", "code=x&code="),
     ("code=", "error=access_denied&other=")],
)  # fmt: skip
def test_an_answer_that_was_tampered_with_is_refused(
    browser: httpx.Client, provider: Provider, redis: Redis, swap: tuple[str, str]
) -> None:
    begun = SignIn(browser)
    address = begun.return_address()
    assert swap[0] in address
    refused(begun.back(address.replace(*swap)))


def test_a_code_of_another_sign_in_is_refused(
    browser: httpx.Client, provider: Provider, redis: Redis
) -> None:
    """Injected into the victim's browser, an attacker's code fits neither verifier nor nonce."""
    mine, theirs = SignIn(browser), SignIn(browser)
    code = parse_qs(urlsplit(theirs.return_address()).query)["code"][0]
    own = parse_qs(urlsplit(mine.return_address()).query)
    refused(mine.back(f"/sign-in/callback?code={code}&state={own['state'][0]}&iss={provider.url}"))


async def test_a_new_key_of_the_provider_is_found(
    browser: httpx.Client,
    provider: Provider,
    redis: Redis,
    redis_url: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Keys are looked for again at most every half minute, so this takes an edge of its own."""
    admitted(browser, SignIn(browser).back())
    old = provider.key
    provider.key = RSAKey.generate_key(2048, {"kid": "second", "alg": "RS256", "use": "sig"})
    try:
        server, url = start_edge(
            tmp_path_factory.mktemp("edge"), redis_url, FIRSTLINE_OIDC_ISSUER=provider.url,
            FIRSTLINE_OIDC_CLIENT_ID=CLIENT_ID, FIRSTLINE_OIDC_CLIENT_SECRET=CLIENT_SECRET,
        )  # fmt: skip
        with httpx.Client(base_url=url, timeout=35) as client:
            admitted(client, SignIn(client).back())
        assert server.stop() == 0
    finally:
        provider.key = old


@pytest.mark.parametrize("answer", [{}, [], "x", {"id_token": 5}, {"id_token": ["x"]}])
def test_a_provider_that_misbehaves_admits_nobody(
    browser: httpx.Client, provider: Provider, redis: Redis, answer: Any
) -> None:
    provider.answer = lambda _: answer
    back = SignIn(browser).back()
    assert back.headers["location"].startswith("/desk?sign-in=")
    assert _cookie(back, SESSION_COOKIE) == ""


def test_without_a_provider_there_is_nothing_to_begin(client: httpx.Client) -> None:
    assert client.get(WAYS).json() == {"provider": None, "start": None}
    for path in ("/sign-in/start", "/sign-in/callback?code=x&state=y"):
        problem(client.get(path), 404)

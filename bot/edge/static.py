"""The pages and scripts that the web build made, from its folder and nowhere else."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

from sanic import HTTPResponse, Request

from bot.edge.problems import Problem

WORTH_PACKING = 1_000
PAGES = {
    "/": "index.html",
    "/chat": "chat/index.html",
    "/mailbox": "mailbox/index.html",
    "/desk": "desk/index.html",
    "/train": "train/index.html",
    "/demo/single-page-app": "demo/single-page-app/index.html",
    "/demo/signed-in": "demo/signed-in/index.html",
}
PAGE_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

_NAME = re.compile(r"[\w-][\w.-]*(/[\w-][\w.-]*)*", re.ASCII)
# Vite puts a hash of the content into the name, so what a name stands for never changes.
_HASHED = re.compile(r"assets/.+-[\w-]{8,}\.\w+", re.ASCII)


@dataclass(frozen=True)
class Asset:
    """One file as it is sent; `packed` is empty when packing does not pay."""

    body: bytes
    packed: bytes
    type: str
    tag: str
    changed: int


class StaticApi:
    """Serves a folder, keeping what it has read until the file changes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._assets: dict[str, Asset] = {}

    async def page(self, request: Request) -> HTTPResponse:
        """GET of a page in `PAGES`."""
        name = PAGES[request.path.rstrip("/") or "/"]
        asset = self._asset(name)
        if asset is None:
            raise Problem(503, "not-built", "This page has not been built. Run `make run` once.")
        headers = {"Cache-Control": "no-cache", "Content-Security-Policy": PAGE_POLICY}
        return _answer(request, asset, headers)

    async def launcher(self, request: Request) -> HTTPResponse:
        """GET /widget.js"""
        return self._shared(request, "widget.js")

    async def asset(self, request: Request, name: str) -> HTTPResponse:
        """GET /assets/{name}"""
        return self._shared(request, f"assets/{name}")

    def _shared(self, request: Request, name: str) -> HTTPResponse:
        asset = self._asset(name)
        if asset is None:
            raise Problem(404, "", "There is nothing at this address.")
        forever = _HASHED.fullmatch(name) is not None
        return _answer(request, asset, {
            "Cache-Control": "public, max-age=31536000, immutable" if forever else "no-cache",
            "Access-Control-Allow-Origin": "*",
            "Cross-Origin-Resource-Policy": "cross-origin",
        })  # fmt: skip

    def _asset(self, name: str) -> Asset | None:
        if not _NAME.fullmatch(name):
            return None
        path = self._folder / name
        try:
            changed = path.stat().st_mtime_ns
            known = self._assets.get(name)
            if known is None or known.changed != changed:
                known = self._assets[name] = _read(path, changed)
        except OSError:
            return None
        return known


def _read(path: Path, changed: int) -> Asset:
    body = path.read_bytes()
    packed = gzip.compress(body, mtime=0) if len(body) >= WORTH_PACKING else b""
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if kind.startswith("text/"):
        kind += "; charset=utf-8"
    return Asset(
        body=body,
        packed=packed if len(packed) < len(body) else b"",
        type=kind,
        tag=f'"{hashlib.sha256(body).hexdigest()[:16]}"',
        changed=changed,
    )


def _answer(request: Request, asset: Asset, headers: dict[str, str]) -> HTTPResponse:
    headers = {**headers, "ETag": asset.tag, "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == asset.tag:
        return HTTPResponse(status=304, headers=headers)
    body = asset.body
    if asset.packed and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        body = asset.packed
    return HTTPResponse(body, headers=headers, content_type=asset.type)

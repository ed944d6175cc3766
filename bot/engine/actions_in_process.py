"""Runs the actions of `actions/` in this process, through rasa-sdk's own executor.

The same classes run under `rasa run actions`; only the HTTP in between is left out.
"""

from __future__ import annotations

from typing import Any

from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor


class ActionsInProcess(EndpointConfig):
    """An action endpoint that calls the actions of a package instead of a server."""

    def __init__(self, package: str = "actions") -> None:
        # selective_domain: the whole domain is not copied into each call.
        super().__init__(url="in-process", selective_domain=True)
        self._executor = ActionExecutor()
        self._executor.register_package(package)

    async def request(self, json: dict[str, Any], **_: Any) -> Any:
        """Runs the action that `json`, Rasa's call to an action server, asks for."""
        return await self._executor.run(json)

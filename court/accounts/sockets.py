"""The same doors for live connections as for pages."""

from typing import Any

from asgiref.sync import sync_to_async

from .middleware import lacks_second_factor

SECOND_FACTOR_MISSING = 4403  # close code; a browser sees it as a refused connection


class SocketsNeedASecondFactor:
    """Refuses live connections of staff who must set up a second factor first. Goes inside the sign-in middleware."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Pass on, or close before the connection is accepted."""
        if await sync_to_async(lacks_second_factor)(scope.get("user")):
            await receive()
            await send({"type": "websocket.close", "code": SECOND_FACTOR_MISSING})
            return
        await self.inner(scope, receive, send)

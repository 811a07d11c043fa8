"""How much a request may carry. Django writes a whole body to disk before a view sees it; the door looks first."""

from collections.abc import Awaitable, Callable
from io import BytesIO
from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.template.loader import render_to_string
from django.utils import translation

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[..., Awaitable[None]]


class TooLarge(Exception):
    """The body grew past the limit while it was coming in."""


class BodyLimit:
    """Refuses a request whose body is, or becomes, larger than ``limit`` bytes, with 413."""

    def __init__(self, app: App, limit: int) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Look at the length that is told, and count what really comes."""
        told = next((value for name, value in scope.get("headers", ()) if name == b"content-length"), b"")
        if told.isdigit() and int(told) > self.limit:
            await _refuse(scope, send)
            return
        came, answered = 0, False

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > self.limit:
                raise TooLarge
            return message

        async def watched(message: Message) -> None:
            nonlocal answered
            answered = True
            await send(message)

        try:
            await self.app(scope, counted, watched)
        except TooLarge:
            if not answered:
                await _refuse(scope, send)


async def _refuse(scope: Message, send: Send) -> None:
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"connection", b"close")]
    page = await sync_to_async(_page, thread_sensitive=False)(scope)
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": page.encode()})


def _page(scope: Message) -> str:
    request = ASGIRequest({"method": "POST", **scope}, BytesIO())
    with translation.override(translation.get_language_from_request(request)):
        return render_to_string("413.html")

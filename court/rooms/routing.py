"""Addresses of the sockets of live rooms."""

from typing import Any

websocket_urlpatterns: list[Any] = []

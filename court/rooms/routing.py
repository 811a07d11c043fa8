"""Addresses of the sockets of live rooms."""

from typing import Any

from django.urls import path

from .consumers import RoomConsumer

websocket_urlpatterns: list[Any] = [path("ws/rooms/<uuid:id>/", RoomConsumer.as_asgi())]

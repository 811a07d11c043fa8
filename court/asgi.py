"""How a server reaches the court: pages over HTTP, live rooms over WebSockets."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "court.settings")

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application

http = get_asgi_application()

from court.accounts.sockets import SocketsNeedASecondFactor  # noqa: E402 - after Django is set up
from court.rooms.routing import websocket_urlpatterns  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": http,
        "websocket": AllowedHostsOriginValidator(
            AuthMiddlewareStack(SocketsNeedASecondFactor(URLRouter(websocket_urlpatterns)))
        ),
    }
)

"""How a server reaches the court: pages over HTTP, live rooms over WebSockets."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "court.settings")

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.urls import get_resolver

http = get_asgi_application()

from court import memory  # noqa: E402 - after Django is set up
from court.accounts.sockets import SocketsNeedASecondFactor  # noqa: E402
from court.limits import BodyLimit  # noqa: E402
from court.rooms.routing import websocket_urlpatterns  # noqa: E402

application = ProtocolTypeRouter(
    {
        # What an exhibit may be, and room for the rest of its form.
        "http": BodyLimit(http, settings.COURT_EXHIBIT_MAX_BYTES + 16 * 1024 * 1024),
        "websocket": AllowedHostsOriginValidator(
            AuthMiddlewareStack(SocketsNeedASecondFactor(URLRouter(websocket_urlpatterns)))
        ),
    }
)

get_resolver().url_patterns  # noqa: B018 - reads every page's code now, not at somebody's first click
memory.settle()

"""How a server reaches the court: pages over HTTP, live rooms over WebSockets."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "court.settings")

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.conf import settings
from django.core.asgi import get_asgi_application

http = get_asgi_application()

from court.accounts.sockets import SocketsNeedASecondFactor  # noqa: E402 - after Django is set up
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

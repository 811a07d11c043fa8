"""No request carries more than the court is ready to take."""

import pytest

from court.asgi import application
from court.limits import BodyLimit


async def answer_to(app, headers, bodies):
    """The status and body an ASGI app answers a POST with, given its body in pieces."""
    sent = []
    pieces = [{"type": "http.request", "body": body, "more_body": True} for body in bodies]
    pieces.append({"type": "http.request", "body": b"", "more_body": False})
    waiting = iter(pieces)

    async def receive():
        return next(waiting)

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "headers": [(b"host", b"localhost"), *headers],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    await app(scope, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:]).decode()


async def read_all(scope, receive, send):
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"read"})


async def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_read():
    status, page = await answer_to(application, [(b"content-length", str(10**12).encode())], [])
    assert status == 413
    assert "larger than the court can take" in page


async def test_a_body_that_grows_too_large_is_refused_while_it_comes():
    limited = BodyLimit(read_all, 1000)
    assert (await answer_to(limited, [], [b"x" * 400] * 3))[0] == 413
    assert await answer_to(limited, [], [b"x" * 400] * 2) == (200, "read")


@pytest.mark.parametrize("language", ["ko", "zh-hans"])
async def test_the_refusal_speaks_the_browsers_language(language):
    headers = [(b"content-length", str(10**12).encode()), (b"accept-language", language.encode())]
    _, page = await answer_to(application, headers, [])
    assert f'lang="{language}"' in page

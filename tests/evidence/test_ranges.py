"""Sending a file in parts."""

import pytest
from django.core.files.base import File
from django.test import AsyncRequestFactory, RequestFactory

from court.evidence.ranges import PIECE, ranged

BODY = bytes(range(256)) * (2 * PIECE // 256) + b"end"


@pytest.fixture
def stored(tmp_path):
    path = tmp_path / "sound.ogg"
    path.write_bytes(BODY)
    return path


def ask(stored, inline=True, method="get", **headers):
    request = getattr(RequestFactory(), method)("/", headers={k.replace("_", "-"): v for k, v in headers.items()})
    return ranged(request, stored, media_type="audio/ogg", filename="sound.ogg", inline=inline)


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_the_whole_file_is_sent_when_no_part_is_asked_for(stored):
    response = ask(stored)
    assert response.status_code == 200
    assert body(response) == BODY
    assert response["Content-Length"] == str(len(BODY))
    assert response["Accept-Ranges"] == "bytes"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-", 0, len(BODY) - 1),
        ("bytes=0-0", 0, 0),
        ("bytes=1000-1999", 1000, 1999),
        ("bytes=-3", len(BODY) - 3, len(BODY) - 1),
        (f"bytes=-{len(BODY) * 2}", 0, len(BODY) - 1),
        (f"bytes={len(BODY) - 1}-{len(BODY) + 500}", len(BODY) - 1, len(BODY) - 1),
        (f"bytes={PIECE - 1}-{PIECE + 1}", PIECE - 1, PIECE + 1),
    ],
)
def test_a_part_is_exactly_the_bytes_asked_for(stored, asked, first, last):
    response = ask(stored, Range=asked)
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{last}/{len(BODY)}"
    assert response["Content-Length"] == str(last - first + 1)
    assert body(response) == BODY[first : last + 1]


@pytest.mark.parametrize("asked", ["bytes=5-2", "bytes=-", "bytes=a-b", "lines=0-3", "bytes=0-1,5-9", "nonsense"])
def test_a_malformed_or_multiple_range_gets_the_whole_file(stored, asked):
    response = ask(stored, Range=asked)
    assert response.status_code == 200
    assert body(response) == BODY


@pytest.mark.parametrize("asked", [f"bytes={len(BODY)}-", "bytes=-0", f"bytes={len(BODY) + 7}-{len(BODY) + 9}"])
def test_a_part_beyond_the_end_is_refused_and_the_size_told(stored, asked):
    response = ask(stored, Range=asked)
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(BODY)}"


def test_an_empty_file_has_no_parts_but_can_be_fetched(tmp_path):
    empty = tmp_path / "empty"
    empty.write_bytes(b"")
    assert body(ask(empty)) == b""
    assert ask(empty, Range="bytes=0-").status_code == 416


def test_a_part_of_a_file_that_has_changed_since_is_not_mixed_with_the_old_one(stored):
    tag = ask(stored)["ETag"]
    assert ask(stored, Range="bytes=0-9", If_Range=tag).status_code == 206
    assert ask(stored, Range="bytes=0-9", If_Range='"something-else"').status_code == 200
    assert ask(stored, Range="bytes=0-9", If_Range=ask(stored)["Last-Modified"]).status_code == 206
    assert ask(stored, If_None_Match=tag).status_code == 304


def test_head_tells_the_size_without_a_body(stored):
    response = ask(stored, method="head", Range="bytes=0-9")
    assert response.status_code == 206
    assert response["Content-Length"] == "10"


def test_what_is_not_for_showing_is_downloaded_under_its_name(stored):
    response = ask(stored, inline=False)
    assert response["Content-Disposition"] == 'attachment; filename="sound.ogg"'


def test_a_stored_django_file_is_sent_in_parts_too(stored):
    with stored.open("rb") as opened:
        response = ask(File(opened, name="sound.ogg"), Range="bytes=10-19")
        assert body(response) == BODY[10:20]


async def test_an_asynchronous_server_gets_the_pieces_one_by_one(stored):
    request = AsyncRequestFactory().get("/", headers={"Range": "bytes=1-"})
    response = ranged(request, stored, media_type="audio/ogg")
    pieces = [piece async for piece in response]
    assert len(pieces) == 3
    assert b"".join(pieces) == BODY[1:]

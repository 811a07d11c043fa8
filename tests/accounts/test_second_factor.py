"""The second step: codes from an app, passkeys, recovery codes; and staff who need one."""

import re

import pytest
from asgiref.testing import ApplicationCommunicator
from django.core import mail
from django.test import Client

from court.accounts.sockets import SocketsNeedASecondFactor
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def code_for(secret):
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def sign_in(email):
    browser = Client()
    browser.post("/account/login/", {"login": email, "password": PASSWORD})
    browser.post("/account/reauthenticate/", {"password": PASSWORD})  # asked before anything is changed
    return browser


def set_up_app(browser):
    page = browser.get("/account/2fa/totp/activate/")
    secret = page.context["form"].secret
    done = browser.post("/account/2fa/totp/activate/", {"code": code_for(secret)}, follow=True)
    assert done.status_code == 200
    return secret


def test_a_code_app_is_set_up_and_then_asked_for(cast, work, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        secret = set_up_app(sign_in(cast.claimant.email))
    work()
    assert {letter.to[0] for letter in mail.outbox} == {cast.claimant.email}
    assert mail.outbox[0].body.startswith("Dear Kim Jiwoo")
    assert "A code app was set up" in "".join(letter.body for letter in mail.outbox)
    browser = Client()
    asked = browser.post("/account/login/", {"login": cast.claimant.email, "password": PASSWORD, "next": "/profile/"})
    assert asked["Location"].startswith("/account/2fa/authenticate/")
    assert browser.get("/profile/").status_code == 302
    wrong = browser.post("/account/2fa/authenticate/", {"code": "000000"})
    assert wrong.context["form"].errors
    from django.core.cache import cache

    cache.clear()  # a code is good once; here the clock has not moved on since it was used
    done = browser.post("/account/2fa/authenticate/", {"code": code_for(secret)})
    assert done["Location"] == "/profile/"


def test_recovery_codes_open_the_door_once(cast):
    browser = sign_in(cast.claimant.email)
    set_up_app(browser)
    page = browser.get("/account/2fa/recovery-codes/")
    code = re.search(r"<textarea[^>]*>\s*([0-9a-f]+)", page.content.decode())[1]
    for expected in ("/", None):
        again = sign_in(cast.claimant.email)
        assert again.post("/account/2fa/authenticate/", {"code": code}).get("Location") == expected


@pytest.mark.parametrize(
    "page",
    [
        "/account/2fa/",
        "/account/2fa/totp/activate/",
        "/account/2fa/webauthn/",
        "/account/2fa/webauthn/add/",
        "/account/2fa/recovery-codes/generate/",
        "/account/email/",
        "/account/password/change/",
        "/account/reauthenticate/",
        "/account/logout/",
    ],
)
def test_security_pages_are_the_courts_own_and_run_no_inline_script(cast, page):
    browser = sign_in(cast.claimant.email)
    if "recovery" in page:
        set_up_app(browser)
    check_page(browser.get(page))


@pytest.mark.parametrize("page", ["/account/login/", "/account/signup/", "/account/password/reset/"])
def test_entrance_pages_are_the_courts_own_and_run_no_inline_script(page):
    check_page(Client().get(page))


def check_page(answer):
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "site-header" in text
    assert text.count("<h1") == 1
    assert " style=" not in text
    assert "<style" not in text
    for attributes in re.findall(r"<script([^>]*)>", text):
        assert "src=" in attributes or 'type="application/json"' in attributes
    assert not re.search(r"\son[a-z]+=", text)


class TestStaff:
    @pytest.fixture(autouse=True)
    def demanded(self, settings):
        settings.COURT_STAFF_NEED_SECOND_FACTOR = True

    def test_staff_without_a_second_factor_are_sent_to_set_one_up(self, cast):
        browser = sign_in(cast.judge.email)
        for page in ("/", "/cases/", "/profile/"):
            assert browser.get(page)["Location"] == "/account/2fa/"
        shown = browser.get("/account/2fa/")
        assert shown.status_code == 200
        assert "second step" in shown.content.decode()
        assert browser.get("/help/").status_code == 200

    def test_staff_with_one_go_on(self, cast):
        browser = sign_in(cast.judge.email)
        set_up_app(browser)
        assert browser.get("/").status_code == 200

    def test_litigants_need_none(self, door):
        assert door.claimant.get("/").status_code == 200

    def test_scripts_are_denied(self, door):
        answer = door.judge.get("/cases/", headers={"accept": "application/json"})
        assert answer.status_code == 403
        assert answer.json()["error"] == "second_factor"

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize(("part", "let_in"), [("judge", False), ("claimant", True)])
    async def test_sockets_are_denied(self, cast, part, let_in):
        async def inner(scope, receive, send):
            await receive()
            await send({"type": "websocket.accept"})

        app = SocketsNeedASecondFactor(inner)

        async def with_person(scope, receive, send):
            await app({**scope, "user": getattr(cast, part)}, receive, send)

        browser = ApplicationCommunicator(with_person, {"type": "websocket", "path": "/"})
        await browser.send_input({"type": "websocket.connect"})
        answer = await browser.receive_output(5)
        assert answer["type"] == ("websocket.accept" if let_in else "websocket.close")


def test_staff_need_none_where_it_is_not_demanded(settings, door):
    settings.COURT_STAFF_NEED_SECOND_FACTOR = False
    assert door.judge.get("/").status_code == 200

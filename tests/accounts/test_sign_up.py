"""From the first visit to a confirmed account, by letter and code; and back in after a lost password."""

import re

import pytest
from django.core import mail
from django.test import Client

from court.accounts.models import User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def sign_up(browser, email="new@example.org", name="Ana Novak", **more):
    details = {"name": name, "email": email, "password1": "long-enough-secret", **more}
    return browser.post("/account/signup/", details, follow=True)


def code_in(letter):
    found = re.search(r"^([0-9A-Z]{3,}-?[0-9A-Z]{3,})$", letter.body, re.MULTILINE)
    assert found, letter.body
    return found[1]


def test_a_person_signs_up_and_confirms_the_address_with_a_code(work):
    browser = Client()
    page = sign_up(browser)
    assert mail.outbox == []  # nothing is sent while the person waits for the page
    work()
    [letter] = mail.outbox
    assert letter.to == ["new@example.org"]
    assert "Dear Ana Novak" in letter.body
    confirm = page.redirect_chain[-1][0]
    wrong = browser.post(confirm, {"code": "WRONG1"})
    assert "Incorrect code" in wrong.content.decode()
    browser.post(confirm, {"code": code_in(letter)})
    page = browser.get("/")
    assert page.context["user"].email == "new@example.org"
    assert page.context["user"].name == "Ana Novak"
    assert "You have no cases yet" in page.content.decode()


def test_after_signing_up_one_goes_on_to_where_one_wanted(work):
    browser = Client()
    page = sign_up(browser, next="/profile/")
    work()
    page = browser.post(page.redirect_chain[-1][0], {"code": code_in(mail.outbox[0])}, follow=True)
    assert page.redirect_chain[-1][0] == "/profile/"


def test_letters_are_in_the_language_the_page_was_read_in(work):
    browser = Client()
    browser.cookies["django_language"] = "ko"
    sign_up(browser)
    assert User.objects.get(email="new@example.org").language == "ko"


@pytest.mark.parametrize("missing", ["name", "email", "password1"])
def test_every_field_is_needed(missing):
    page = sign_up(Client(), **{missing: ""})
    assert missing in page.context["form"].errors
    assert "There is a problem" in page.content.decode()
    assert not User.objects.exists()


def test_a_stranger_cannot_learn_from_signing_up_who_has_an_account(cast, work):
    known = sign_up(Client(), email=cast.claimant.email)
    unknown = sign_up(Client(), email="nobody@example.org")
    assert known.redirect_chain == unknown.redirect_chain
    work()
    letters = {letter.to[0]: letter.body for letter in mail.outbox}
    assert "There is one already" in letters[cast.claimant.email]
    assert User.objects.filter(email=cast.claimant.email).count() == 1


def test_a_stranger_cannot_learn_from_a_lost_password_who_has_an_account(cast, work):
    known = Client().post("/account/password/reset/", {"email": cast.claimant.email}, follow=True)
    unknown = Client().post("/account/password/reset/", {"email": "nobody@example.org"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    work()
    letters = {letter.to[0]: letter.body for letter in mail.outbox}
    assert "The court has no account with it" in letters["nobody@example.org"]
    assert "/account/password/reset/key/" in letters[cast.claimant.email]


def test_wrong_e_mail_and_wrong_password_read_the_same(cast):
    def told(email):
        page = Client().post("/account/login/", {"login": email, "password": "not-the-password"})
        return list(page.context["form"].non_field_errors())

    assert told(cast.claimant.email) == told("nobody@example.org")
    assert "not correct" in told("nobody@example.org")[0]


def test_a_lost_password_is_replaced_by_letter(cast, work):
    browser = Client()
    browser.post("/account/password/reset/", {"email": cast.claimant.email})
    work()
    link = re.search(r"http://testserver(/account/password/reset/key/\S+)", mail.outbox[0].body)[1]
    form = browser.get(link, follow=True)
    new = {"password1": "a-fresh-long-secret", "password2": "a-fresh-long-secret"}
    browser.post(form.redirect_chain[-1][0], new, follow=True)
    signed_in = browser.post("/account/login/", {"login": cast.claimant.email, "password": "a-fresh-long-secret"})
    assert signed_in["Location"] == "/"
    work()
    assert "Your password was reset." in mail.outbox[-1].body
    assert Client().get(link, follow=True).status_code == 200
    assert "invalid" in Client().get(link, follow=True).content.decode()


@pytest.mark.parametrize(
    "evil", ["https://evil.example/", "//evil.example/", "http://localhost/x", "javascript:alert(1)"]
)
def test_signing_in_leads_nowhere_outside_the_court(cast, evil):
    answer = Client().post("/account/login/", {"login": cast.claimant.email, "password": PASSWORD, "next": evil})
    assert answer["Location"] == "/"


def test_signing_in_leads_where_one_wanted(cast):
    answer = Client().post("/account/login/?next=/cases/", {"login": cast.claimant.email, "password": PASSWORD})
    assert answer["Location"] == "/cases/"


def test_signing_out_needs_a_click_and_ends_the_session(cast, door):
    assert door.claimant.get("/account/logout/").status_code == 200
    assert door.claimant.get("/profile/").status_code == 200
    door.claimant.post("/account/logout/")
    assert door.claimant.get("/profile/").status_code == 302


def test_too_many_wrong_passwords_are_stopped(cast):
    browser = Client()
    for _ in range(12):
        page = browser.post("/account/login/", {"login": cast.claimant.email, "password": "guess-guess"})
    assert page.status_code in (200, 429)
    assert browser.post("/account/login/", {"login": cast.claimant.email, "password": PASSWORD}).status_code != 302

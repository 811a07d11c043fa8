"""A form sent after the sign-in ran out: what was typed is kept."""

import pytest
from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.template import engines
from django.test import Client
from django.urls import include, path

from court.accounts.access import office, signed_in
from court.accounts.kept import kept
from court.accounts.models import Office
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


class Story(forms.Form):
    text = forms.CharField(widget=forms.Textarea)
    witnesses = forms.CharField(required=False)
    password = forms.CharField(required=False)


SHOWN = "{% extends 'base.html' %}{% block main %}<form>{{ form }}</form>{% endblock %}"


@signed_in
def story(request):
    form = Story(request.POST or kept(request))
    if request.method == "POST" and form.is_valid():
        return HttpResponse("sent: " + form.cleaned_data["text"])
    return HttpResponse(engines["django"].from_string(SHOWN).render({"form": form}, request))


@office(Office.CLERK)
def queue(request):
    return render(request, "403.html")


urlpatterns = [path("story/", story), path("queue/", queue), path("", include("court.urls"))]


def sign_in(client, email, where):
    return client.post(where, {"login": email, "password": PASSWORD}, follow=True)


def test_what_was_typed_comes_back_after_signing_in(cast):
    browser = Client()
    sent = browser.post("/story/", {"text": "The parcel was open.", "witnesses": "Ann\u0020and Bo", "password": "x"})
    assert sent.status_code == 302
    assert sent["Location"] == "/account/login/?next=/story/"
    page = sign_in(browser, cast.claimant.email, sent["Location"])
    text = page.content.decode()
    assert page.redirect_chain[-1][0] == "/story/"
    assert "The parcel was open." in text
    assert "Ann and Bo" in text
    assert "Nothing you typed was lost" in text
    assert 'value="x"' not in text


def test_it_goes_back_to_the_page_the_form_stood_on(cast):
    browser = Client()
    sent = browser.post("/story/", {"text": "Hello"}, headers={"referer": "http://testserver/help/?a=1"})
    assert sent["Location"] == "/account/login/?next=/help/%3Fa%3D1"
    sent = browser.post("/story/", {"text": "Hello"}, headers={"referer": "http://evil.example/help/"})
    assert sent["Location"] == "/account/login/?next=/story/"


def test_kept_words_stay_until_they_are_sent_again(cast):
    browser = Client()
    sent = browser.post("/story/", {"text": "Twice read"})
    sign_in(browser, cast.claimant.email, sent["Location"])
    assert "Twice read" in browser.get("/story/").content.decode()
    assert browser.post("/story/", {"text": "Twice read"}).content == b"sent: Twice read"
    page = browser.get("/story/").content.decode()
    assert "Twice read" not in page
    assert "Nothing you typed was lost" not in page


def test_somebody_else_who_signs_in_does_not_get_the_words(cast, door):
    browser = door.claimant
    browser.get("/story/")
    del browser.cookies["sessionid"]
    sent = browser.post("/story/", {"text": "A private matter"})
    page = sign_in(browser, cast.respondent.email, sent["Location"])
    assert page.status_code == 200
    assert "A private matter" not in page.content.decode()


def test_the_same_person_gets_the_words_after_the_session_ran_out(cast, door):
    browser = door.claimant
    browser.get("/story/")
    del browser.cookies["sessionid"]
    sent = browser.post("/story/", {"text": "A private matter"})
    page = sign_in(browser, cast.claimant.email, sent["Location"])
    assert "A private matter" in page.content.decode()


def test_a_form_that_is_too_long_is_not_cut_but_left_in_the_browser(cast):
    browser = Client()
    sent = browser.post("/story/", {"text": "x" * 300_000})
    assert sent.status_code == 413
    assert "still in your browser" in sent.content.decode()


def test_files_are_said_to_be_lost(cast):
    from django.core.files.uploadedfile import SimpleUploadedFile

    browser = Client()
    sent = browser.post("/story/", {"text": "see file", "file": SimpleUploadedFile("a.pdf", b"%PDF-1.4")})
    page = sign_in(browser, cast.claimant.email, sent["Location"])
    assert "Choose them again" in page.content.decode()


def test_an_old_form_is_shown_again_with_what_was_typed(cast):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.claimant)
    sent = browser.post(
        "/story/", {"text": "Old page", "csrfmiddlewaretoken": "stale"}, headers={"origin": "http://testserver"}
    )
    assert sent.status_code == 302
    assert sent["Location"] == "/story/"
    assert "Old page" in browser.get("/story/").content.decode()


def test_a_form_from_elsewhere_is_refused_and_not_kept(cast):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.claimant)
    sent = browser.post("/story/", {"text": "Planted"}, headers={"origin": "http://evil.example"})
    assert sent.status_code == 403
    assert "Planted" not in browser.get("/story/").content.decode()


def test_a_script_is_told_that_the_sign_in_ran_out(db):
    answer = Client().post("/story/", b"{}", content_type="application/json")
    assert answer.status_code == 401
    assert answer.json()["error"] == "signed_out"


def test_an_office_is_asked_for(cast, door):
    assert door.clerk.get("/queue/").status_code == 200
    assert door.judge.get("/queue/").status_code == 404
    assert door.claimant.get("/queue/").status_code == 404
    assert door.nobody.get("/queue/")["Location"] == "/account/login/?next=/queue/"

"""Passkeys and a lost sign-in, in a real browser under the court's strict content policy."""

import pytest

from tests.conftest import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def tab(live_server, cast):
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
        )
        tab = chromium.new_context(base_url=live_server.url).new_page()
        tab.complaints = []
        tab.on("console", lambda said: tab.complaints.append(said.text) if said.type == "error" else None)
        yield tab
        chromium.close()


def sign_in(tab, person, page="/account/login/"):
    if not tab.url.endswith(page):
        tab.goto(page)
    tab.fill("main [name=login]", person.email)
    tab.fill("main [name=password]", PASSWORD)
    tab.click("main form.card button")


def sign_out(tab, person):
    tab.click(f"summary:has-text('{person.name}')")
    tab.click("text=Sign out")
    tab.wait_for_selector("text=How it goes")


def test_a_passkey_is_added_and_opens_the_door(tab, cast):
    device = tab.context.new_cdp_session(tab)
    device.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    kind |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    key = device.send("WebAuthn.addVirtualAuthenticator", {"options": kind})
    sign_in(tab, cast.claimant)
    tab.wait_for_selector("text=What you must do")
    tab.goto("/account/2fa/webauthn/add/")
    tab.fill("main [name=password]", PASSWORD)  # asked again before anything is changed
    tab.click("main form button")
    tab.fill("[name=name]", "My laptop")
    tab.check("[name=passwordless]")
    tab.click("#mfa_webauthn_add")
    tab.wait_for_url("**/recovery-codes/")
    sign_out(tab, cast.claimant)
    tab.goto("/account/login/?next=/profile/")
    tab.click("#passkey_login")
    tab.wait_for_url("**/profile/")
    sign_out(tab, cast.claimant)
    device.send("WebAuthn.removeVirtualAuthenticator", key)
    device.send("WebAuthn.addVirtualAuthenticator", {"options": kind})
    tab.goto("/account/login/")
    tab.click("#passkey_login")
    tab.wait_for_selector("text=Nothing was done")
    assert tab.complaints == []


def test_a_form_sent_after_the_sign_in_ran_out_comes_back_filled_in(tab, cast):
    sign_in(tab, cast.claimant)
    tab.wait_for_selector("text=What you must do")
    tab.goto("/profile/")
    tab.context.clear_cookies(name="sessionid")
    tab.fill("[name=name]", "Kim Ji-woo")
    tab.click("main form button")
    tab.wait_for_url("**/account/login/?next=/profile/")
    sign_in(tab, cast.claimant, "?next=/profile/")
    tab.wait_for_selector("text=Nothing you typed was lost")
    assert tab.input_value("[name=name]") == "Kim Ji-woo"
    tab.click("main form button")
    tab.wait_for_selector("text=Your details were saved")
    tab.goto("/profile/")
    assert "Nothing you typed was lost" not in tab.inner_text("main")

"""What the components do in a real browser."""

import pytest

pytestmark = pytest.mark.browser

PUBLIC = ("/styleguide/", "/help/", "/accessibility/", "/privacy/", "/no-such-page/")


@pytest.fixture
def open_tab(live_server):
    """``open_tab(path, ...)`` opens a page in a fresh Chromium; keyword arguments go to the browser's context."""
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
        )

        def open_it(path, **context):
            tab = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **context}).new_page()
            answer = tab.goto(live_server.url + path)
            assert answer.status == (404 if path == "/no-such-page/" else 200)
            return tab

        yield open_it
        chromium.close()


def send_twice(tab):
    tab.evaluate("() => { const b = document.querySelector('main form [type=submit]'); b.click(); b.click(); }")


def posts_of(tab):
    posts = []
    tab.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    return posts


def test_a_form_sent_twice_by_a_double_click_is_sent_once(open_tab):
    tab = open_tab("/styleguide/")
    posts = posts_of(tab)
    send_twice(tab)
    tab.wait_for_selector("[data-error-summary]:focus")
    assert len(posts) == 1


def test_a_file_is_sent_in_the_background_and_what_was_typed_comes_back(open_tab, tmp_path):
    exhibit = tmp_path / "letter.pdf"
    exhibit.write_bytes(b"%PDF-1.4" + bytes(3_400_000))
    tab = open_tab("/styleguide/")
    tab.set_input_files("input[type=file]", exhibit)
    assert "letter.pdf" in tab.inner_text("[data-file-list]") and "3.4 MB" in tab.inner_text("[data-file-list]")
    tab.fill("[name=name]", "Kim Jiwoo")
    posts = posts_of(tab)
    send_twice(tab)
    tab.wait_for_selector("[data-error-summary]:focus")
    assert len(posts) == 1
    assert tab.input_value("[name=name]") == "Kim Jiwoo"
    assert tab.title().startswith("Error:")
    tab.click("[data-error-summary] a[href='#id_happened_on']")
    assert tab.evaluate("() => document.activeElement.name") == "happened_on"


def test_files_can_be_dropped_and_taken_out_again(open_tab):
    tab = open_tab("/styleguide/")
    tab.evaluate(
        """() => {
            const dropped = new DataTransfer();
            dropped.items.add(new File(["spoken"], "call.ogg"));
            const box = document.querySelector("[data-file-drop]");
            box.dispatchEvent(new DragEvent("drop", { dataTransfer: dropped, bubbles: true, cancelable: true }));
        }"""
    )
    assert tab.evaluate("() => document.querySelector('input[type=file]').files[0].name") == "call.ogg"
    tab.click("[data-file-list] button")
    assert tab.evaluate("() => document.querySelector('input[type=file]').files.length") == 0
    assert tab.is_hidden("[data-file-list]")


def test_a_dialog_takes_the_focus_and_gives_it_back(open_tab):
    tab = open_tab("/styleguide/")
    tab.click("[data-opens-dialog]")
    assert tab.evaluate("() => document.activeElement.closest('dialog')?.open") is True
    tab.keyboard.press("Escape")
    assert tab.evaluate("() => document.activeElement.dataset.opensDialog") == "sample-dialog"


def test_the_language_is_changed_without_javascript(open_tab):
    tab = open_tab("/help/", java_script_enabled=False)
    tab.click("header details summary")
    tab.click("header button[value=ko]")
    tab.wait_for_selector("html[lang=ko]")
    assert tab.url.endswith("/help/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_public_pages(open_tab, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for path in PUBLIC:
        tab = open_tab(path, color_scheme=scheme, bypass_csp=True)
        found = axe.run(tab).response["violations"]
        assert [(path, problem["id"], problem["nodes"][0]["target"]) for problem in found] == []


@pytest.mark.parametrize("language", ["en", "ko", "zh-hans"])
def test_no_public_page_scrolls_sideways_on_a_narrow_phone(open_tab, language):
    for path in PUBLIC:
        tab = open_tab(path, viewport={"width": 320, "height": 640}, locale=language)
        assert tab.evaluate("() => document.documentElement.scrollWidth") <= 320, path

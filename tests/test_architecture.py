"""The house keeps its own rules: who imports whom, where code may live, what a template may hold, how it starts."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Engine
from django.template.base import Lexer, TokenType

ROOT = Path(settings.BASE_DIR)
CODE = [
    path
    for top in ("court", "mediation", "transcripts", "tests")
    for path in (ROOT / top).rglob("*.py")
    if path.parent.name != "migrations"  # written by Django
]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html")) + sorted(
    path for top in ("court", "mediation", "transcripts") for path in (ROOT / top).glob("**/templates/**/*.html")
)


def test_rooms_import_each_other_only_as_the_contracts_allow():
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_no_file_is_a_drawer_for_everything():
    drawers = {"utils", "util", "common", "helpers", "helper", "core", "misc", "shared"}
    assert [str(path.relative_to(ROOT)) for path in CODE if {path.stem, path.parent.name} & drawers] == []


def test_no_file_is_longer_than_a_subject():
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in CODE}
    assert {path: length for path, length in lengths.items() if length > 450} == {}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_holds_no_script_and_no_style(path):
    """The content policy would refuse them in the browser, and silently."""
    text = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "", path.read_text(), flags=re.DOTALL)
    assert re.findall(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=|javascript:", text, re.IGNORECASE) == []
    scripts = re.findall(r"<script\b[^>]*>", text, re.IGNORECASE)
    assert [tag for tag in scripts if "src=" not in tag and 'type="application/json"' not in tag] == []


# Read by people but the same in every language.
NAMES = {"English", "UTC", "PDF", "ID", "SHA-256", "UTF-8", "WCAG 2.2", "AA", "kB", "MB", "GB", "px", "WebRTC", "P"}
SEEN = {"alt", "title", "placeholder", "aria-label", "aria-description", "aria-roledescription"}
SAMPLES = {"styleguide.html"}  # shows what the court's own people would write
UNREAD = {"script", "style", "code", "kbd", "samp"}


class Words(HTMLParser):
    """Collects the words a person would read in a page whose template tags were taken out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag in UNREAD:
            self.inside.append(tag)
        self.found += [value for name, value in attrs if name in SEEN and value]

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag):
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data):
        if not self.inside:
            self.found.append(data)


def untranslated(source: str) -> list[str]:
    """Text with letters that stands in a template outside what is translated."""
    kept: list[str] = []
    within = ""
    for token in Lexer(source).tokenize():
        word = token.contents.split()[0] if token.contents.split() else ""
        if token.token_type == TokenType.BLOCK and word in ("blocktranslate", "blocktrans", "comment", "verbatim"):
            within = word
        elif token.token_type == TokenType.BLOCK and within and word == f"end{within}":
            within = ""
        elif token.token_type == TokenType.BLOCK and token.contents == "block main_class":
            within = "block"  # a word of the style sheet
        elif token.token_type == TokenType.TEXT and not within:
            kept.append(token.contents)
        else:
            kept.append("\0")  # something stands here
    words = Words()
    words.feed("".join(kept))
    words.close()
    plain = [" ".join(text.replace("\0", " ").split()) for text in words.found]
    plain = [text for text in plain if not re.match(r"(a|button)\b.*=", text)]  # a tag whose name a condition chooses
    return [text for text in plain if re.search(r"[^\W\d_]{2,}", text) and text not in NAMES]


def test_the_lint_sees_what_is_not_translated():
    assert untranslated('<p title="Hello">{% translate "Yes" %} No way{# a note #}</p>') == ["Hello", "No way"]
    assert untranslated("{% blocktranslate %}Yes{% endblocktranslate %}{{ value }}<script>let it = 1</script>") == []


@pytest.mark.parametrize(
    "path", [path for path in TEMPLATES if path.name not in SAMPLES], ids=lambda path: str(path.relative_to(ROOT))
)
def test_what_a_person_reads_in_a_template_is_translated(path):
    assert untranslated(path.read_text()) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_template_can_be_read(path):
    Engine.get_default().from_string(path.read_text())


SECRETS = {
    "COURT_SECRET_KEY": "a" * 60,
    "COURT_HOSTS": "court.example",
    "COURT_ORIGIN": "https://court.example",
    "DATABASE_URL": "postgres://court:court@127.0.0.1/court",
    "EMAIL_URL": "smtp://127.0.0.1",
    "COURT_SIGNING_P12": "/nowhere/court.p12",
}


def started(tmp_path: Path, code: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    clean = {name: value for name, value in os.environ.items() if name not in SECRETS and name != "COURT_DEMO"}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**clean, "COURT_DATA_DIR": str(tmp_path), "COURT_ENV": "production", **environment},
        capture_output=True,
        text=True,
    )


def test_what_the_address_of_the_database_asks_for_is_kept(tmp_path):
    asked = "?sslmode=verify-full&options=-c%20statement_timeout%3D9000"
    code = "import court.settings as s; print(s.DATABASES['default']['OPTIONS'])"
    done = started(tmp_path, code, **SECRETS | {"DATABASE_URL": SECRETS["DATABASE_URL"] + asked})
    assert "'sslmode': 'verify-full'" in done.stdout, done.stderr
    assert "'options': '-c statement_timeout=9000 -c jit=off'" in done.stdout


@pytest.mark.parametrize("missing", SECRETS)
def test_a_court_in_production_does_not_start_without(missing, tmp_path):
    given = {name: value for name, value in SECRETS.items() if name != missing}
    done = started(tmp_path, "import court.settings", **given)
    assert done.returncode != 0
    assert done.stderr.strip().splitlines()[-1].endswith(f"{missing} must be set in production.")


def test_a_court_in_production_has_no_demo_and_only_secure_cookies(tmp_path):
    code = (
        "import django, os; os.environ['DJANGO_SETTINGS_MODULE'] = 'court.settings'; django.setup()\n"
        "from django.conf import settings as s; from django.urls import NoReverseMatch, reverse\n"
        "assert s.SESSION_COOKIE_SECURE and s.CSRF_COOKIE_SECURE and s.SECURE_SSL_REDIRECT and not s.DEBUG\n"
        "assert s.COURT_STAFF_NEED_SECOND_FACTOR and not s.DEMO\n"
        "try: reverse('demo_mail')\n"
        "except NoReverseMatch: print('none')"
    )
    done = started(tmp_path, code, **SECRETS, COURT_DEMO="1")
    assert done.stdout.strip() == "none", done.stderr

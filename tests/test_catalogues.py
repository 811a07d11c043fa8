"""Every sentence a person sees exists in English, Korean and simplified Chinese."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.conf import settings

LOCALES = ("ko", "zh_Hans")
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "var", "tests", "benchmarks", "docs", "__pycache__", "node_modules", "*.mo", ".*_cache"
)


@pytest.fixture(scope="module")
def wanted(tmp_path_factory) -> dict[str, set[tuple[str, str | None]]]:
    """All messages that stand in the code and the templates now, by language."""
    copy = tmp_path_factory.mktemp("catalogues") / "court"
    shutil.copytree(settings.BASE_DIR, copy, ignore=LEFT_OUT)
    for locale in LOCALES:
        shutil.rmtree(copy / "court" / "locale" / locale, ignore_errors=True)
    (copy / "court" / "locale").mkdir(exist_ok=True)
    options = [f"--locale={locale}" for locale in LOCALES]
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "--no-location", *options],
        cwd=copy,
        check=True,
        capture_output=True,
        env={"PATH": "/usr/bin:/bin", "COURT_DATA_DIR": str(copy.parent / "data")},
    )
    return {locale: {(e.msgid, e.msgctxt) for e in _catalogue(locale, copy)} for locale in LOCALES}


def _catalogue(locale: str, base: Path = settings.BASE_DIR) -> polib.POFile:
    return polib.pofile(str(base / "court" / "locale" / locale / "LC_MESSAGES" / "django.po"))


@pytest.mark.parametrize("locale", LOCALES)
def test_no_message_is_missing(locale, wanted):
    have = {(e.msgid, e.msgctxt) for e in _catalogue(locale) if e.translated() and not e.obsolete}
    assert sorted(wanted[locale] - have, key=str) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_no_message_is_fuzzy_or_left_over(locale, wanted):
    catalogue = _catalogue(locale)
    assert [e.msgid for e in catalogue if e.fuzzy] == []
    assert [e.msgid for e in catalogue if e.obsolete] == []
    extra = {e.msgid for e in catalogue if (e.msgid, e.msgctxt) not in wanted[locale]}
    assert sorted(extra) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_translations_keep_the_fields_of_their_sentences(locale):
    field = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{\w*\}")
    wrong = []
    for entry in _catalogue(locale):
        texts = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
        allowed = set(field.findall(entry.msgid)) | set(field.findall(entry.msgid_plural or ""))
        for text in texts:
            found = set(field.findall(text))
            # A plural form may leave the number out ("one claim"); nothing may be invented or lost otherwise.
            if not found <= allowed or (not entry.msgid_plural and found != allowed):
                wrong.append(entry.msgid)
    assert wrong == []


@pytest.mark.parametrize("locale", LOCALES)
def test_the_catalogue_compiles(locale, tmp_path):
    source = settings.BASE_DIR / "court" / "locale" / locale / "LC_MESSAGES" / "django.po"
    subprocess.run(["msgfmt", "--check-format", "-o", str(tmp_path / "out.mo"), str(source)], check=True)

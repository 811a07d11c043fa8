"""What the components promise to the pages that use them."""

from datetime import UTC, date, datetime
from html.parser import HTMLParser

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

from court.templatetags.components import file_size
from court.wording import write_money, write_when

HEARING = datetime(2026, 12, 24, 16, 0, tzinfo=UTC)
SUMMER = datetime(2026, 7, 1, 11, 5, tzinfo=UTC)


class Elements(HTMLParser):
    """Every element of a piece of HTML with its attributes, and the text inside those that have an id."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def one(self, **wanted):
        matches = [a for t, a in self.found if all(a.get(k.replace("_", "-")) == v for k, v in wanted.items())]
        assert len(matches) == 1, (wanted, matches)
        return matches[0]


class Claim(forms.Form):
    name = forms.CharField(label="Full name", help_text="As in your passport.")
    happened_on = forms.DateField(label="When it happened")
    answer = forms.ChoiceField(
        label="Do you agree?", choices=[("y", "Yes"), ("n", "No")], widget=forms.RadioSelect, help_text="Pick one."
    )
    note = forms.CharField(label="Note", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def draw(source, request=None, **context):
    return engines["django"].from_string(source).render(context, request or RequestFactory().get("/cases/?state=open"))


def test_a_field_wires_its_label_hint_and_error_to_the_input():
    html = draw("{% field form.name %}", form=Claim({}))
    page = Elements(html)
    control = page.one(name="name")
    assert control["aria-invalid"] == "true"
    assert control["aria-describedby"].split() == ["id_name_helptext", "id_name_error"]
    for target in control["aria-describedby"].split():
        page.one(id=target)
    page.one(**{"for": control["id"]})
    assert "As in your passport." in html and "This field is required." in html


def test_a_group_of_choices_is_a_fieldset_described_by_its_hint_and_error():
    page = Elements(draw("{% field form.answer %}", form=Claim({})))
    fieldset = next(attributes for tag, attributes in page.found if tag == "fieldset")
    assert fieldset["aria-describedby"].split() == ["id_answer_helptext", "id_answer_error"]
    assert any(tag == "legend" for tag, _ in page.found)
    assert page.one(id="id_answer_0")["type"] == "radio"


def test_only_fields_that_may_stay_empty_say_optional():
    assert "(optional)" in draw("{% field form.note %}", form=Claim())
    assert "(optional)" not in draw("{% field form.name %}", form=Claim())


def test_a_date_field_offers_the_browsers_calendar_in_every_language():
    for language in ("en", "ko", "zh-hans"):
        with translation.override(language):
            page = Elements(
                draw("{% field form.happened_on %}", form=Claim(initial={"happened_on": date(2026, 3, 9)}))
            )
            control = page.one(name="happened_on")
            assert (control["type"], control["value"]) == ("date", "2026-03-09")
            assert Claim({"name": "x", "answer": "y", "happened_on": "2026-03-09"}).is_valid()


def test_a_hint_given_by_the_page_is_wired_like_one_of_the_form():
    page = Elements(draw('{% field form.note hint="Only the court reads this." %}', form=Claim()))
    assert page.one(name="note")["aria-describedby"] == "id_note_helptext"
    page.one(id="id_note_helptext")


@pytest.mark.parametrize("way", ["form", "form.as_p", "form.as_div", "form.as_ul"])
def test_a_whole_form_is_drawn_with_the_courts_own_field(way):
    html = draw("{{ " + way + " }}", form=Claim({}))
    page = Elements(html)
    assert html.count('class="field__label') == 4
    page.one(name="secret", type="hidden")
    page.one(id="id_name_error")


def test_the_error_summary_leads_to_each_field_and_names_it():
    page = Elements(html := draw("{% error_summary form %}{{ form }}", form=Claim({})))
    links = [attributes["href"] for tag, attributes in page.found if tag == "a"]
    assert links == ["#id_name", "#id_happened_on", "#id_answer_0"]
    for link in links:
        page.one(id=link[1:])
    assert "Full name: This field is required." in html
    assert any(attributes.get("tabindex") == "-1" for _, attributes in page.found)


def test_the_error_summary_reads_formsets_and_stays_away_when_nothing_is_wrong():
    many = forms.formset_factory(Claim, min_num=2, validate_min=True)
    sent = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-name": "Kim"}
    page = Elements(draw("{% error_summary forms %}", forms=many(sent)))
    links = [attributes["href"] for tag, attributes in page.found if tag == "a"]
    assert "#id_form-0-happened_on" in links and "#id_form-0-name" not in links
    assert draw("{% error_summary form %}", form=Claim()).strip() == ""


def test_what_people_typed_is_escaped_everywhere():
    evil = "<script>alert(1)</script>"
    html = draw(
        "{% tag t %}{% notice 'info' t %}<p>{{ t }}</p>{% endnotice %}{% summary_list rows %}{% timeline entries %}"
        "{% task_list items %}{% stepper steps 1 %}{% empty_state t t '/' t %}{% button t %}"
        "{% dialog 'd' t %}{{ t }}{% enddialog %}"
        "{% field form.name %}{% error_summary form %}",
        t=evil,
        rows=[(evil, evil)],
        entries=[{"title": evil, "text": evil, "by": evil, "when": HEARING}],
        items=[{"label": evil, "hint": evil, "status": evil}],
        steps=[evil],
        form=Claim({"name": evil, "answer": evil}),
    )
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 16


@pytest.mark.parametrize(
    ("minor", "currency", "written"),
    [
        (123450, "GBP", "£1,234.50"),
        (5, "GBP", "£0.05"),
        (0, "EUR", "€0.00"),
        (-123450, "GBP", "−£1,234.50"),
        (1234500, "KRW", "₩1,234,500"),
        (980, "JPY", "¥980"),
        (98700, "CNY", "CN¥987.00"),
        (1234567, "KWD", "KWD\u00a01,234.567"),
        (12345, "chf", "CHF\u00a0123.45"),
    ],
)
def test_money_is_written_with_its_currency_and_its_own_number_of_digits(minor, currency, written):
    assert write_money(minor, currency) == written
    assert (
        draw("{% money minor currency %}|{{ minor|money:currency }}", minor=minor, currency=currency)
        == f"{written}|{written}"
    )


def test_the_yuan_needs_no_prefix_in_chinese():
    with translation.override("zh-hans"):
        assert write_money(98700, "CNY") == "¥987.00"
        assert write_money(980, "JPY") == "JP¥980"


def test_no_amount_is_written_as_nothing():
    assert draw('[{% money nothing "GBP" %}]', nothing=None) == "[]"


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "Thursday 24 December 2026, 4:00\u00a0pm GMT"),
        ("ko", "2026년 12월 24일 목요일 오후 4:00 (GMT)"),
        ("zh-hans", "2026年12月24日 星期四 16:00（GMT）"),
    ],
)
def test_a_moment_is_written_with_weekday_and_zone_in_each_language(language, written):
    with translation.override(language):
        assert write_when(HEARING) == written
        assert draw("{% when at %}", at=HEARING) == f'<time datetime="2026-12-24T16:00:00+00:00">{written}</time>'


def test_a_summer_moment_is_in_the_courts_summer_time():
    assert write_when(SUMMER) == "Wednesday 1 July 2026, 12:05\u00a0pm BST"
    assert write_when(SUMMER, style="clock") == "12:05\u00a0pm\u00a0BST"
    assert write_when(SUMMER, style="day") == write_when(date(2026, 7, 1)) == "Wednesday 1 July 2026"


def test_a_zone_whose_short_name_is_shared_is_written_as_an_offset(settings):
    settings.TIME_ZONE = "Asia/Shanghai"
    assert write_when(HEARING) == "Friday 25 December 2026, 12:00\u00a0am UTC+08:00"
    settings.TIME_ZONE = "Asia/Seoul"
    assert write_when(HEARING, style="short") == "Fri 25 Dec 2026, 1:00\u00a0am KST"


def test_no_moment_is_written_as_nothing_and_a_naive_one_is_refused():
    assert draw("[{% when nothing %}]", nothing=None) == "[]"
    with pytest.raises(ValueError, match="naive"):
        write_when(HEARING.replace(tzinfo=None))


def test_pagination_keeps_the_rest_of_the_query():
    request = RequestFactory().get("/cases/", {"state": "open", "q": "Kim & Li", "page": "2"})
    page = Elements(html := draw("{% pagination page_obj %}", request, page_obj=Paginator(range(95), 10).get_page(2)))
    following = page.one(rel="next")["href"]
    assert following == "?state=open&q=Kim+%26+Li&page=3"
    assert page.one(rel="prev")["href"].endswith("&page=1")
    assert html.count('aria-current="page"') == 1
    assert draw("{% pagination page_obj %}", request, page_obj=Paginator(range(5), 10).get_page(1)).strip() == ""


def test_one_of_several_lists_on_a_page_leads_to_its_own_pages():
    request = RequestFactory().post("/cases/7/close?page=3", {"page": "9"})
    drawn = '{% pagination page_obj param="closed" path="/cases/" anchor="closed" label="Closed cases" %}'
    page = Elements(draw(drawn, request, page_obj=Paginator(range(95), 10).get_page(2)))
    assert page.one(rel="next")["href"] == "/cases/?page=3&closed=3#closed"
    assert page.one(aria_label="Pages: Closed cases")


def test_a_stepper_marks_the_current_step_and_links_back_to_those_done():
    steps = [{"label": "Parties", "url": "/1"}, {"label": "Facts", "url": "/2"}, {"label": "Check", "url": "/3"}]
    page = Elements(draw("{% stepper steps 2 %}", steps=steps))
    assert "step--current" in page.one(aria_current="step")["class"]
    assert [a["href"] for tag, a in page.found if tag == "a"] == ["/1"]


@pytest.mark.parametrize(
    ("size", "written"),
    [
        (0, "0\u00a0bytes"),
        (999, "999\u00a0bytes"),
        (1500, "1.5\u00a0kB"),
        (3_400_000, "3.4\u00a0MB"),
        (200_000_000, "200\u00a0MB"),
    ],
)
def test_file_sizes_are_written_as_people_read_them(size, written):
    assert file_size(size) == written


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "ko", "zh-hans"])
@pytest.mark.parametrize("address", ["/styleguide/", "/help/", "/accessibility/", "/privacy/"])
def test_public_pages_open_in_every_language_with_one_heading(client, address, language):
    answer = client.get(address, headers={"accept-language": language})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in html
    assert html.count("<h1") == 1
    assert "style=" not in html and "<script>" not in html


@pytest.mark.django_db
def test_the_style_guide_form_shows_its_errors_and_says_so_in_the_title(client):
    html = client.post("/styleguide/", {}).content.decode()
    assert "<title>Error:" in html
    assert "data-error-summary" in html and 'id="id_name_error"' in html


@pytest.mark.django_db
def test_an_address_that_does_not_exist_gets_the_courts_own_page(client):
    answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert "This page cannot be found" in answer.content.decode()


@pytest.mark.parametrize("page", ["400.html", "500.html"])
def test_the_pages_for_faults_need_nothing_but_the_settings(page):
    html = engines["django"].get_template(page).render()
    assert "Online Court" in html and html.count("<h1") == 1


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_reset_password"])
def test_the_pages_for_signing_in_stand_in_the_courts_frame(client, name):
    html = client.get(reverse(name)).content.decode()
    page = Elements(html)
    assert html.count("<h1") == 1 and 'class="house"' in html
    assert page.one(**{"class": "field__label", "for": page.one(type="email")["id"]})
    assert "style=" not in html


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["account_email", "account_change_password", "mfa_index", "account_logout"])
def test_the_pages_of_an_account_stand_in_the_courts_frame(door, name):
    html = door.claimant.get(reverse(name)).content.decode()
    assert html.count("<h1") == 1 and 'class="house"' in html

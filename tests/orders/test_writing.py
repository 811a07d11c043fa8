"""Writing and signing an order."""

import pytest
from django.core import mail

from court.cases import stages
from court.cases.access import appoint
from court.cases.models import DocketEntry
from court.ledger.services import verify as verify_ledger
from court.orders.models import Order


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "must pay"), ("ko", "지급하라"), ("zh-hans", "支付")],
)
def test_a_judgment_starts_with_the_parties_and_the_amount_in_the_orders_language(judge, case, language, words):
    answer = judge.post(f"/cases/{case.label}/orders/new/", {"kind": "judgment", "language": language}, follow=True)
    order = Order.objects.get()
    assert words in order.ordered
    assert "Kim Jiwoo" in order.background
    assert "1,234.50" in order.ordered
    assert "A parcel of tea" in order.background
    assert "{" not in order.background + order.findings + order.ordered
    assert order.title in answer.content.decode()


@pytest.mark.parametrize("kind", ["directions", "judgment", "dismissal", "consent"])
@pytest.mark.parametrize("language", ["en", "ko", "zh-hans"])
def test_every_kind_has_a_starting_text_with_and_without_money(judge, case, kind, language):
    for amount in (123450, None):
        case.claim.amount = amount
        case.claim.save()
        judge.post(f"/cases/{case.label}/orders/new/", {"kind": kind, "language": language})
        order = Order.objects.latest("pk")
        text = order.title + order.background + order.findings + order.ordered
        assert order.ordered
        assert not set("[]{}!") & set(text)


def test_what_the_parties_wrote_is_taken_as_it_is(judge, case):
    case.claim.summary = "Paid for {amount} [[of]] tea"
    case.claim.save()
    judge.post(f"/cases/{case.label}/orders/new/", {"kind": "judgment", "language": "en"})
    assert "[[of]] tea" in Order.objects.get().background


def test_nobody_but_its_writer_sees_a_draft(door, cast, case, write):
    order = write()
    appoint(case, cast.administrator, "observer")
    for part in ("claimant", "respondent", "clerk", "mediator", "stranger", "administrator"):
        client = getattr(door, part)
        for page in ("", "edit/", "sign/", "pdf"):
            assert client.get(f"/orders/{order.pk}/{page}").status_code == 404, (part, page)
        assert client.get(f"/cases/{case.label}/orders/new/").status_code == 404
    assert "/account/login/" in door.nobody.get(f"/orders/{order.pk}/")["Location"]


def test_a_stale_form_is_refused_and_both_texts_are_shown(judge, write):
    order = write()
    texts = {"title": "T", "background": "B", "findings": "F", "ordered": "Pay."}
    assert judge.post(f"/orders/{order.pk}/edit/", {**texts, "version": order.version}).status_code == 302
    late = judge.post(
        f"/orders/{order.pk}/edit/", {**texts, "findings": "Written in the other window", "version": order.version}
    )
    assert late.status_code == 409
    page = late.content.decode()
    assert "Written in the other window" in page
    assert "What is saved now" in page
    order.refresh_from_db()
    assert order.findings == "F"
    # The form that came back can be saved: it carries the version it now knows of.
    again = judge.post(
        f"/orders/{order.pk}/edit/",
        {**texts, "findings": "Put together", "version": order.version},
    )
    assert again.status_code == 302
    order.refresh_from_db()
    assert order.findings == "Put together"


def test_an_order_with_a_blank_cannot_be_signed(judge, write, sign):
    order = write(ordered="Pay by ____.")
    assert sign(order).status_code == 302
    order.refresh_from_db()
    assert order.state == "draft"
    assert "Something is still to be written" in judge.get(f"/orders/{order.pk}/").content.decode()


def test_a_judgment_is_signed_numbered_and_decides_the_case(case, write, sign, work):
    order = write()
    assert sign(order).status_code == 302
    order.refresh_from_db()
    case.refresh_from_db()
    assert order.number == "C-2026-0012/O1"
    assert case.stage == stages.DECIDED
    signed = DocketEntry.objects.get(kind="order_signed")
    assert signed.actor_name == "Ada Park"
    assert len(signed.details["sha256"]) == 64
    assert list(DocketEntry.objects.order_by("leaf").values_list("kind", flat=True)) == [
        "order_signed",
        "case_decided",
    ]
    verify_ledger()


@pytest.mark.parametrize(
    ("kind", "stage"),
    [("directions", stages.HEARD), ("dismissal", stages.DECIDED), ("consent", stages.SETTLED)],
)
def test_each_kind_of_order_does_to_the_case_what_it_says(case, write, sign, kind, stage):
    assert sign(write(kind, ordered="It is so.")).status_code == 302
    case.refresh_from_db()
    assert case.stage == stage


def test_a_consent_order_puts_a_settled_case_in_the_courts_words(heard_case, write, sign):
    settled = heard_case("C-2026-0013", stages.SETTLED)
    assert sign(write("consent", on=settled, ordered="As agreed.")).status_code == 302
    assert settled.orders.get().state == "signed"


def test_orders_of_a_case_are_numbered_one_after_the_other(write, sign):
    first, second = write("directions", ordered="One."), write("directions", ordered="Two.")
    sign(second)
    sign(first)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (second.number, first.number) == ("C-2026-0012/O1", "C-2026-0012/O2")


def test_signing_twice_changes_nothing(write, sign):
    order = write()
    sign(order)
    again = sign(order, follow=True)
    assert again.status_code == 200
    assert "already" in again.content.decode()
    assert DocketEntry.objects.filter(kind="order_signed").count() == 1


def test_a_draft_changed_since_it_was_read_is_not_signed(judge, write, sign):
    order = write()
    Order.objects.filter(pk=order.pk).update(version=order.version + 1, ordered="Something else.")
    answer = sign(order, follow=True)
    assert "changed since you read it" in answer.content.decode()
    assert Order.objects.get(pk=order.pk).state == "draft"


def test_another_judge_of_the_case_cannot_sign_or_see_it(cast, door, case, prove, write):
    order = write()
    other = cast.mediator
    type(other).objects.filter(pk=other.pk).update(office="judge")
    appoint(case, other, "judge")
    client = prove(door.mediator)
    assert client.get(f"/orders/{order.pk}/").status_code == 404
    assert client.post(f"/orders/{order.pk}/sign/", {"version": order.version, "name": other.name}).status_code == 404
    assert Order.objects.get(pk=order.pk).state == "draft"


def test_a_judgment_is_refused_while_the_case_cannot_be_decided(case, write, sign):
    order = write()
    type(case).objects.filter(pk=case.pk).update(stage=stages.ISSUED)
    answer = sign(order)
    assert answer.status_code == 409
    assert "cannot be signed while the case stands at" in answer.content.decode()
    order.refresh_from_db()
    assert (order.state, order.number) == ("draft", None)
    assert not DocketEntry.objects.exists()


def test_the_name_typed_must_be_the_judges_own(write, sign):
    order = write()
    assert sign(order, name="Somebody Else").status_code == 400
    assert sign(order, name="  ada   PARK ").status_code == 302


def test_signing_asks_again_who_the_judge_is_after_a_while(judge, write):
    order = write()
    session = judge.session
    session["account_authentication_methods"] = []
    session.save()
    answer = judge.post(f"/orders/{order.pk}/sign/", {"version": order.version, "name": "Ada Park"})
    assert "reauthenticate" in answer["Location"]
    assert Order.objects.get(pk=order.pk).state == "draft"
    answer = judge.post(answer["Location"], {"password": "correct-horse-battery"})
    assert Order.objects.get(pk=order.pk).state == "signed"


def test_a_discarded_draft_is_gone_and_cannot_be_signed(judge, write, sign):
    order = write()
    assert judge.post(f"/orders/{order.pk}/discard/").status_code == 302
    assert judge.get(f"/orders/{order.pk}/").status_code == 404
    sign(order)
    assert Order.objects.get(pk=order.pk).state == "discarded"


def test_the_parties_get_a_letter_each_and_only_when_the_pdf_is_there(write, sign, work):
    order = write()
    sign(order)
    assert not mail.outbox
    work()
    assert sorted(letter.to[0] for letter in mail.outbox) == ["claimant@example.org", "respondent@example.org"]
    assert f"/orders/{order.pk}/" in mail.outbox[0].body
    work()
    assert len(mail.outbox) == 2


def test_characters_that_cannot_be_printed_are_pointed_out(judge, write):
    order = write(findings="Paid \N{GRINNING FACE} in full.")
    page = judge.get(f"/orders/{order.pk}/").content.decode()
    assert "Some characters cannot be printed" in page

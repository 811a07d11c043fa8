"""A claim is written step by step, never lost, and filed once."""

import hashlib
import json

import pytest
from django.core import mail
from django.urls import reverse

from court.cases.docket import sentence
from court.cases.models import Case, Role
from court.cases.page import duties_of
from court.ledger.models import Leaf
from court.ledger.services import verify

STEPS = ("you", "other-side", "facts", "remedy", "exhibits", "check", "truth")


def url(case, step):
    return reverse("claim_step", args=[case.label, step])


def rows(*facts, summary="A bicycle that broke", do="continue", **more):
    data = {"summary": summary, "facts-TOTAL_FORMS": len(facts), "facts-INITIAL_FORMS": 0, "do": do, **more}
    for n, fact in enumerate(facts):
        data |= {f"facts-{n}-{name}": value for name, value in fact.items()}
    return data


def text_of(answer):
    return answer.content.decode()


YOU = {"name": "Kim Jiwoo", "email": "claimant@example.org", "address": "1 Mill Lane", "phone": "", "do": "continue"}
OTHER = {"name": "Li Wei", "email": "respondent@example.org", "address": "", "do": "continue"}
REMEDY = {"remedy": "Pay it back.", "asks_money": "yes", "amount": "1,250.50", "do": "continue"}


def test_a_person_files_a_claim_from_first_page_to_receipt(cast, door, work):
    me = door.claimant
    assert "Start" in text_of(me.get(reverse("claim_new")))
    opened = me.post(reverse("claim_new"))
    case = Case.objects.get()
    assert opened.url == url(case, "you")
    assert me.post(url(case, "you"), YOU).url == url(case, "other-side")
    assert me.post(url(case, "other-side"), OTHER).url == url(case, "facts")
    facts = rows({"day": "2026-03-03", "text": "I paid."}, {"date_unknown": "on", "text": "It broke."})
    assert me.post(url(case, "facts"), facts).url == url(case, "remedy")
    assert me.post(url(case, "remedy"), REMEDY).url == url(case, "exhibits")
    assert me.post(url(case, "exhibits"), {"do": "continue"}).url == url(case, "check")
    check = text_of(me.get(url(case, "check")))
    for words in ("Kim Jiwoo", "Li Wei", "respondent@example.org", "Tuesday 3 March 2026", "It broke.", "£1,250.50"):
        assert words in check
    assert me.post(url(case, "check"), {"do": "continue"}).url == url(case, "truth")
    sent = me.post(url(case, "truth"), {"name": "kim  JIWOO", "agree": "on", "do": "send"}, follow=True)
    assert "Your claim was sent to the court" in text_of(sent)
    case.refresh_from_db()
    assert case.stage == "submitted"
    assert case.claim.amount == 125_050
    assert case.claim.currency == "GBP"
    work()
    receipt = mail.outbox[-1]
    assert receipt.to == ["claimant@example.org"]
    assert case.filed.get().sha256 in receipt.body
    assert case.reference in receipt.subject


def test_what_was_filed_can_be_proved_from_the_ledger(cast, submitted_case):
    filed = submitted_case.filed.get()
    assert hashlib.sha256(filed.body.encode()).hexdigest() == filed.sha256
    entry = submitted_case.docket.get(kind="claim_filed")
    assert json.loads(Leaf.objects.get(number=entry.leaf).body)["details"]["sha256"] == filed.sha256
    assert filed.sha256[:16] in sentence(entry)
    told = json.loads(filed.body)
    assert told["facts"][1] == {"date": None, "text": "The frame broke on the first ride."}
    assert told["truth"]["name"] == "Kim Jiwoo"
    verify()


@pytest.mark.parametrize("do", ["continue", "later"])
def test_each_step_is_saved_whichever_button_is_pressed(cast, door, do):
    me = door.claimant
    me.post(reverse("claim_new"))
    case = Case.objects.get()
    me.post(url(case, "you"), YOU | {"phone": "020 7946 0000", "do": do})
    me.post(url(case, "other-side"), OTHER | {"do": do})
    me.post(url(case, "facts"), rows({"day": "2026-03-03", "text": "I paid."}, do=do))
    me.post(url(case, "remedy"), REMEDY | {"do": do})
    assert case.parties.get(role=Role.CLAIMANT).phone == "020 7946 0000"
    assert case.parties.get(role=Role.RESPONDENT).name == "Li Wei"
    assert case.claim.facts.get().text == "I paid."
    assert "1,250.50" in text_of(me.get(url(case, "remedy")))
    start = text_of(me.get(reverse("claim", args=[case.label])))
    assert start.count("Done") == 4


@pytest.mark.parametrize("do", ["continue", "later"])
@pytest.mark.parametrize(
    ("step", "data", "typed", "kept"),
    [
        ("you", YOU | {"email": "not an address", "phone": "12345"}, "not an address", "12345"),
        ("other-side", OTHER | {"email": "claimant@example.org"}, "claimant@example.org", "Li Wei"),
        ("remedy", REMEDY | {"amount": "a lot"}, "a lot", "Pay it back."),
        ("facts", rows({"day": "31 Foo", "text": "I paid."}), "31 Foo", "I paid."),
        ("facts", rows({"day": "2999-01-01", "text": "I paid."}), "2999-01-01", "I paid."),
        ("facts", rows({"day": "2026-03-03", "text": "x" * 4001}), "x" * 4001, "2026-03-03"),
        ("facts", rows({"text": "I paid."}, summary="y" * 201), "y" * 201, "I paid."),
    ],
)
def test_what_cannot_be_used_yet_is_never_lost(cast, door, step, data, typed, kept, do):
    me = door.claimant
    me.post(reverse("claim_new"))
    case = Case.objects.get()
    answer = me.post(url(case, step), data | {"do": do})
    if do == "continue":
        assert answer.status_code == 422
        assert "There is a problem" in text_of(answer)
        assert typed in text_of(answer)
    else:
        assert answer.url == reverse("claim", args=[case.label])
        assert "Look again" in text_of(me.get(answer.url))
    later = text_of(me.get(url(case, step)))
    assert typed in later
    assert kept in later
    assert me.post(url(case, "truth"), {"name": "Kim Jiwoo", "agree": "on"}).url == url(case, "check")


def test_the_valid_part_of_a_page_is_saved_beside_the_invalid_one(cast, door):
    me = door.claimant
    me.post(reverse("claim_new"))
    case = Case.objects.get()
    me.post(url(case, "remedy"), REMEDY | {"amount": "lots", "do": "later"})
    claim = case.claim
    assert claim.remedy == "Pay it back."
    assert claim.amount is None
    me.post(url(case, "remedy"), REMEDY)
    claim.refresh_from_db()
    assert claim.amount == 125_050
    assert claim.unfinished == {}


def test_a_claim_may_ask_for_no_money(cast, door, draft_case):
    me = door.claimant
    me.post(url(draft_case, "remedy"), {"remedy": "Repair it.", "asks_money": "no", "amount": "rubbish"})
    draft_case.claim.refresh_from_db()
    assert draft_case.claim.amount is None
    assert draft_case.claim.currency == ""
    assert "No money is asked for" in text_of(me.get(url(draft_case, "check")))
    sent = me.post(url(draft_case, "truth"), {"name": "Kim Jiwoo", "agree": "on"})
    assert sent.url == reverse("case", args=[draft_case.label])


def test_facts_are_added_moved_and_taken_out_by_plain_buttons(cast, door, draft_case):
    me, page = door.claimant, url(draft_case, "facts")
    one, two = {"day": "2026-03-03", "text": "First."}, {"date_unknown": "on", "text": "Second."}

    def told():
        return [fact.text for fact in draft_case.claim.facts.all()]

    added = me.post(page, rows(one, two, do="add"))
    assert me.get(added.url).content.decode().count('class="fact"') == 3
    me.post(page, rows(one, two, {"text": "Third."}, do="up-2"))
    assert told() == ["First.", "Third.", "Second."]
    me.post(page, rows(one, two, do="down-0"))
    assert told() == ["Second.", "First."]
    me.post(page, rows(one, two, do="down-1"))
    assert told() == ["First.", "Second."]
    me.post(page, rows(one, two, do="remove-0"))
    assert told() == ["Second."]
    me.post(page, rows(one, two, do="remove-7"))
    me.post(page, rows(one, two, do="up-x"))
    assert told() == ["First.", "Second."]


def test_a_row_that_cannot_be_used_yet_survives_adding_another(cast, door, draft_case):
    me, page = door.claimant, url(draft_case, "facts")
    added = me.post(page, rows({"day": "soon", "text": "First."}, do="add"), follow=True)
    shown = text_of(added)
    assert 'value="soon"' in shown
    assert shown.count('class="fact"') == 2


def test_a_wrong_count_of_rows_is_no_fault(cast, door, draft_case):
    for count in ("-1", "x", "99999999999", "²"):
        data = rows({"day": "2026-03-03", "text": "I paid."}) | {"facts-TOTAL_FORMS": count}
        assert door.claimant.post(url(draft_case, "facts"), data).status_code in (302, 422)


def test_a_name_that_is_not_the_claimants_does_not_sign(cast, door, draft_case):
    answer = door.claimant.post(url(draft_case, "truth"), {"name": "Somebody Else", "agree": "on"})
    assert answer.status_code == 422
    assert "Type your name as it stands in the case: Kim Jiwoo" in text_of(answer)
    draft_case.refresh_from_db()
    assert draft_case.stage == "draft"


def test_a_claim_is_not_filed_without_the_word_that_it_is_true(cast, door, draft_case):
    assert door.claimant.post(url(draft_case, "truth"), {"name": "Kim Jiwoo"}).status_code == 422
    draft_case.refresh_from_db()
    assert draft_case.stage == "draft"


def test_a_claim_sent_twice_is_filed_once(cast, door, draft_case):
    data = {"name": "Kim Jiwoo", "agree": "on", "do": "send"}
    door.claimant.post(url(draft_case, "truth"), data)
    again = door.claimant.post(url(draft_case, "truth"), data, follow=True)
    assert again.redirect_chain == [(reverse("case", args=[draft_case.label]), 302)]
    assert "was sent to the court already" in text_of(again)
    assert draft_case.docket.filter(kind="claim_filed").count() == 1


@pytest.mark.parametrize("step", STEPS)
def test_a_filed_claim_cannot_be_changed(cast, door, submitted_case, step):
    before = submitted_case.filed.get().body
    data = YOU | OTHER | REMEDY | rows({"text": "Something else."}) | {"agree": "on"}
    answer = door.claimant.post(url(submitted_case, step), data)
    assert answer.url == reverse("case", args=[submitted_case.label])
    from court.filings.models import Claim
    from court.filings.queries import claim_text

    assert claim_text(Claim.objects.get(case=submitted_case)) == before


def test_pressing_start_twice_opens_one_draft(cast, door):
    door.claimant.post(reverse("claim_new"))
    door.claimant.post(reverse("claim_new"))
    assert Case.objects.count() == 1


def test_a_draft_can_be_given_up_and_then_nobody_else_ever_sees_it(cast, door, draft_case):
    me = door.claimant
    page = reverse("claim_withdraw", args=[draft_case.label])
    assert "Withdraw this claim?" in text_of(me.get(page))
    me.post(page)
    draft_case.refresh_from_db()
    assert draft_case.stage == "withdrawn"
    assert me.get(reverse("case", args=[draft_case.label])).status_code == 200
    assert door.clerk.get(reverse("case", args=[draft_case.label])).status_code == 404
    assert me.post(page, follow=True).redirect_chain[-1][0] == reverse("case", args=[draft_case.label])


@pytest.mark.parametrize("person", ["respondent", "judge", "mediator", "clerk", "administrator", "stranger"])
def test_a_draft_belongs_to_its_author_alone(cast, door, draft_case, person):
    client = getattr(door, person)
    forms = [url(draft_case, step) for step in STEPS] + [reverse("claim_withdraw", args=[draft_case.label])]
    for page in forms:
        assert client.post(page, {}).status_code == 404, page
    read = [reverse(name, args=[draft_case.label]) for name in ("claim", "case", "docket", "review")]
    for page in forms + read:
        assert client.get(page).status_code == 404, page


def test_who_is_not_signed_in_signs_in_first(door, draft_case):
    for page in (reverse("claim_new"), url(draft_case, "you"), reverse("claim", args=[draft_case.label])):
        answer = door.nobody.get(page)
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("account_login"))


def test_words_typed_after_the_sign_in_ran_out_come_back(cast, door, draft_case):
    from django.conf import settings

    page = url(draft_case, "remedy")
    me = door.claimant
    me.get(page)
    me.cookies.pop(settings.SESSION_COOKIE_NAME)
    me.post(page, REMEDY | {"remedy": "Give me the bicycle back."}, headers={"origin": "http://testserver"})
    me.force_login(cast.claimant, backend=settings.AUTHENTICATION_BACKENDS[0])
    assert "Give me the bicycle back." in text_of(me.get(page))


def test_characters_that_no_database_stores_are_no_fault(door, draft_case):
    odd = "a\x00b\ufffe🙂"
    assert door.claimant.post(url(draft_case, "facts"), rows({"text": odd}, summary=odd)).status_code == 422
    assert door.claimant.post(url(draft_case, "remedy"), REMEDY | {"remedy": odd}).status_code == 422
    assert "🙂" in text_of(door.claimant.get(url(draft_case, "remedy")))


def test_an_unknown_step_is_not_found(door, draft_case):
    assert door.claimant.get(url(draft_case, "nonsense")).status_code == 404


def test_home_reminds_of_an_unfinished_claim(cast, door, draft_case):
    assert [duty.label for duty in duties_of(cast.claimant)] == ["Finish your claim and send it"]
    assert list(duties_of(cast.clerk)) == []
    assert "Finish your claim" in text_of(door.claimant.get(reverse("home")))

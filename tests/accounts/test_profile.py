"""A person's own details."""

import pytest

pytestmark = pytest.mark.django_db


def test_a_person_changes_name_and_language(cast, door):
    page = door.claimant.post("/profile/", {"name": "Kim Ji-woo", "language": "ko"}, follow=True)
    cast.claimant.refresh_from_db()
    assert (cast.claimant.name, cast.claimant.language) == ("Kim Ji-woo", "ko")
    assert 'lang="ko"' in page.content.decode()


def test_a_choice_of_language_in_the_profile_wins_over_the_browsers(cast, door):
    door.claimant.cookies["django_language"] = "zh-hans"
    door.claimant.post("/profile/", {"name": "Kim Jiwoo", "language": "ko"})
    assert '<html lang="ko"' in door.claimant.get("/profile/").content.decode()


def test_an_empty_name_is_told_and_changes_nothing(cast, door):
    page = door.claimant.post("/profile/", {"name": "  ", "language": "ko"})
    assert page.status_code == 422
    assert "There is a problem" in page.content.decode()
    assert "Kim Jiwoo" in door.claimant.get("/profile/").content.decode()


def test_nobody_else_reads_a_profile(door):
    assert door.nobody.get("/profile/")["Location"] == "/account/login/?next=/profile/"

"""How long a search takes in an archive of what was said, in English, Korean and Chinese. Prints JSON.

    python benchmarks/search.py [--utterances 200000] [--rounds 20]

Builds the archive in a scratch SQLite database, or in a scratch database beside the one DATABASE_URL names
(PostgreSQL), and drops it afterwards. Each query is asked as a clerk, a judge of many cases, a litigant of three and a
stranger; the time is the whole search with its permissions, its count and its twenty passages in context.
"""

# ruff: noqa: E402, SIM905

import argparse
import json
import math
import os
import random
import statistics
import sys
import tempfile
import time
from bisect import bisect
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parent.parent), str(Path(__file__).resolve().parent)]
from machine import machine

GOAL = 50
CASES = 2000
SPEAKERS = ("Kim Jiwoo", "Li Wei", "Ada Park", "Tom Reed", "Noor Haddad", "김지우", "李伟")
ENGLISH = """
    the of and to a in that it was is for on with as he at by this had not are but from or have an they
    which one you were her all she there would their we him been has when who will more no if out so
    said what up its about into than them can only other new some could time these two may then do first
    any my now such like our over man me even most made after also did many before must through back
    years where much your way well down should because each parcel contract delivery arrived opened
    sealed warehouse invoice payment deposit rent tenant landlord repair wall boiler notice letter
    witness evidence claim defence hearing interest refund warranty damage photograph receipt message
    telephone signature agreement deadline promise estimate builder kitchen garden fence neighbour
    engine
""".split()
KOREAN = """
    저는 그 이 그리고 하지만 것은 때 제가 우리는 있습니다 없습니다 했습니다 됩니다 계약을 계약서에
    계약금 서명했습니다 배송이 배송된 상자를 상자가 임대료를 임대차 보증금을 수리비 증거로 증인이 판사님
    원고는 피고는 손해배상 청구합니다 지급했습니다 문자를 전화로 날짜가 삼월 창고에서 열려 있었습니다
    확인했습니다 통지를 받았습니다 보냈습니다 약속했습니다
""".split()
CHINESE = """
    我 的 了 是 在 他们 我们 没有 因为 所以 但是 合同 签字 签订 付款 押金 租金 房东 租客 包裹 仓库 三月
    收到 打开 已经 证据 证人 法官 原告 被告 赔偿 损失 通知 电话 短信 约定 维修 发票 质量 问题 同意
    不同意 确认 日期 要求 法院 审理 笔录 送达
""".split()
QUERIES: dict[str, tuple[str, dict[str, Any]]] = {
    "a rare word": ("qzv7", {}),
    "a word": ("warehouse", {}),
    "the commonest word": ("the", {}),
    "three words": ("parcel delivery sealed", {}),
    "a phrase": ('"the parcel"', {}),
    "a long phrase": ('"it was the parcel"', {}),
    "either word": ("boiler OR kitchen", {}),
    "all but a word": ("contract -rent", {}),
    "a word's beginning": ("signat*", {}),
    "Korean, two characters": ("계약", {}),
    "Korean, three characters": ("계약서", {}),
    "Korean, two words": ("보증금 배송", {}),
    "Chinese, two characters": ("合同", {}),
    "Chinese, a phrase": ('"签订合同"', {}),
    "Chinese, one character": ("租", {}),
    "a word by a speaker": ("evidence", {"speaker": "Park"}),
    "the commonest word by a speaker": ("the", {"speaker": "李伟"}),
    "a word in a case": ("payment", {"case": "C-2020-0007"}),
    "a word in a month": ("invoice", {"since": (2024, 3, 1), "until": (2024, 3, 31)}),
    "the commonest word in a month": ("the", {"since": (2024, 3, 1), "until": (2024, 3, 31)}),
}


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--utterances", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(COURT_DATA_DIR=folder, DJANGO_SETTINGS_MODULE="court.settings", COURT_LOG_LEVEL="ERROR")
        import django

        django.setup()
        from django.db import connection

        name = connection.settings_dict["NAME"]
        scratch = connection.vendor == "postgresql"
        if scratch:
            connection.creation.create_test_db(verbosity=0, autoclobber=True)
        else:
            from django.core.management import call_command

            call_command("migrate", verbosity=0, skip_checks=True)
        try:
            began = time.perf_counter()
            people = build(given.utterances)
            built = time.perf_counter() - began
            print(f"Built in {built:.0f} s.", file=sys.stderr)
            figures, each = measure(people, given.rounds)
        finally:
            if scratch:
                connection.creation.destroy_test_db(name, verbosity=0)
    told = {
        "machine": machine(),
        "database": connection.vendor,
        "utterances": given.utterances,
        "cases": CASES,
        "goal_p95_ms": GOAL,
        **figures,
        "queries": each,
    }
    print(json.dumps(told, indent=2, ensure_ascii=False))


def sentences(chance: random.Random) -> Iterator[tuple[str, list[str]]]:
    """Endless talk: (language, words), each word as often as its place in the list says (Zipf)."""
    kinds = (("en", ENGLISH, 14), ("ko", KOREAN, 9), ("zh", CHINESE, 12))
    weights = {code: list(accumulate(1 / (place + 1.5) for place in range(len(words)))) for code, words, _ in kinds}
    while True:
        code, words, usual = chance.choices(kinds, (6, 2, 2))[0]
        sums = weights[code]
        length = max(2, round(chance.gauss(usual, usual / 3)))
        said = [words[bisect(sums, chance.random() * sums[-1])] for _ in range(length)]
        if chance.random() < 0.3 and code != "zh":
            said.insert(
                chance.randrange(length), f"{chance.choice('qxzvkw')}{chance.choice('zvq')}v{chance.randrange(900)}"
            )
        yield code, said


def build(count: int) -> dict[str, Any]:
    """Fill the database; returns the people who will search."""
    from django.db import connection, transaction

    from court.accounts.models import Office, User
    from court.cases.access import appoint, seat_party
    from court.cases.models import Case, Party, Role, Stage
    from court.hearings.models import Hearing, HearingState
    from court.rooms.models import Recording, Room, Track, TrackKind
    from transcripts import index
    from transcripts.merging import Said, joined
    from transcripts.models import Transcript, TranscriptState, Utterance

    chance = random.Random(20261122)
    clerk, judge, litigant, stranger, other = (
        User.objects.create(email=f"{name}@example.org", name=name, office=office)
        for name, office in (
            ("clerk", Office.CLERK),
            ("judge", Office.JUDGE),
            ("litigant", Office.NONE),
            ("stranger", Office.NONE),
            ("other", Office.NONE),
        )
    )
    numbers = [f"C-{2020 + at // 400}-{at % 400 + 1:04d}" for at in range(CASES)]
    cases = Case.objects.bulk_create(
        Case(number=number, title="Kim v Li", stage=Stage.HEARD, sealed=at % 20 == 0, opened_by=other)
        for at, number in enumerate(numbers)
    )
    with transaction.atomic():
        for case in cases[1::4]:
            appoint(case, judge, Role.JUDGE)
        for case in (cases[6], cases[700], cases[1601]):
            seat_party(
                Party.objects.create(case=case, role=Role.CLAIMANT, name="litigant", email="l@x.org", user=litigant)
            )
    first = datetime(2020, 1, 6, 10, tzinfo=UTC)
    starts = [first + timedelta(hours=23 * at) for at in range(CASES)]
    rooms = Room.objects.bulk_create(Room(name=case.number) for case in cases)
    hearings = Hearing.objects.bulk_create(
        Hearing(case=c, room=r, judge=judge, starts_at=s, state=HearingState.ENDED, listed_by=clerk)
        for c, r, s in zip(cases, rooms, starts, strict=True)
    )
    recordings = Recording.objects.bulk_create(
        Recording(room=r, started_at=s, ended_at=s + timedelta(hours=1), ready_at=s + timedelta(hours=1))
        for r, s in zip(rooms, starts, strict=True)
    )
    tracks = Track.objects.bulk_create(Track(recording=r, kind=TrackKind.SOUND, name="x") for r in recordings)
    transcripts = Transcript.objects.bulk_create(
        Transcript(recording=r, hearing=h, case=h.case, state=TranscriptState.READY)
        for r, h in zip(recordings, hearings, strict=True)
    )
    talk = sentences(chance)
    batch: list[Utterance] = []
    for at in range(count):
        which = at * CASES // count
        transcript, start = transcripts[which], (at - which * count // CASES) * 9.0
        code, said = next(talk)
        words = [[word, start + 0.4 * n, start + 0.4 * n + 0.35, 0.9, n + 1, "h"] for n, word in enumerate(said)]
        text = joined([Said(word, 0, 0, 1, 0, spaced=code != "zh") for word in said])
        batch.append(
            Utterance(
                transcript=transcript,
                case_id=transcript.case_id,
                hearing_id=transcript.hearing_id,
                track=tracks[which],
                position=at,
                speaker=SPEAKERS[at % len(SPEAKERS)],
                role="claimant",
                language=code,
                start=start,
                end=words[-1][2],
                spoken_at=starts[which] + timedelta(seconds=start),
                text=text,
                words=words,
            )
        )
        if len(batch) == 5000 or at == count - 1:
            rows = index.rows(batch)
            with transaction.atomic():
                index.write(Utterance.objects.bulk_create(batch, batch_size=500), rows)
            batch = []
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {"clerk": clerk, "judge of 500 cases": judge, "litigant of 3 cases": litigant, "stranger": stranger}


def measure(people: dict[str, Any], rounds: int) -> tuple[dict[str, float], dict[str, Any]]:
    """Ask every query as everybody, in a mixed order; figures over all, and of each."""
    from datetime import date

    from transcripts.search import Filters, search

    asked = [(query, person) for query in QUERIES for person in people]
    chance = random.Random(1)
    times: dict[tuple[str, str], list[float]] = {pair: [] for pair in asked}
    found: dict[tuple[str, str], str] = {}
    for number in range(rounds + 1):
        chance.shuffle(asked)
        for query, person in asked:
            typed, told = QUERIES[query]
            days = {name: date(*told[name]) for name in ("since", "until") if name in told}
            filters = Filters(speaker=told.get("speaker", ""), case=told.get("case", ""), **days)
            began = time.perf_counter()
            result = search(typed, user=people[person], filters=filters)
            if number:  # the first round fills the caches
                times[query, person].append((time.perf_counter() - began) * 1000)
            found[query, person] = f"{result.total}{'+' if result.more else ''}"
    every = sorted(took for some in times.values() for took in some)
    each = {
        query: {person: {"found": found[query, person], **_figures(sorted(times[query, person]))} for person in people}
        for query in QUERIES
    }
    return _figures(every), each


def _figures(times: list[float]) -> dict[str, float]:
    return {
        "p50_ms": round(statistics.median(times), 2),
        "p95_ms": round(times[math.ceil(0.95 * len(times)) - 1], 2),
    }


if __name__ == "__main__":
    main()

"""How long a search takes in an archive of what was said, in English, Korean and Chinese. Prints JSON.

    python benchmarks/search.py [--utterances 200000] [--rounds 20] [--keep FOLDER] [--sound]

Builds the archive in a scratch SQLite database, or in a scratch database beside the one DATABASE_URL names
(PostgreSQL), and drops it afterwards; with --keep it stays and is used again. Each query is asked as a clerk, a judge
of half the cases, a judge of three hundred, a lawyer of sixty, a litigant of three and a stranger; the time is the
whole search with its permissions, its count, its facets and its twenty passages in context. --sound measures instead,
in Chromium, how long it takes from a click on a hit to its sound.
"""

# ruff: noqa: E402, SIM905

import argparse
import json
import math
import multiprocessing
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
CASES = 3000
WRITINGS = 20  # passages written in each case
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
    engine twenty-five three hundred 1,200 third
""".split()
KOREAN = """
    저는 그 이 그리고 하지만 것은 때 제가 우리는 있습니다 없습니다 했습니다 됩니다 계약을 계약서에
    계약금 서명했습니다 배송이 배송된 상자를 상자가 임대료를 임대차 보증금을 수리비 증거로 증인이 판사님
    원고는 피고는 손해배상 청구합니다 지급했습니다 문자를 전화로 날짜가 삼월 창고에서 열려 있었습니다
    확인했습니다 통지를 받았습니다 보냈습니다 약속했습니다 삼백만원 500만원
""".split()
CHINESE = """
    我 的 了 是 在 他们 我们 没有 因为 所以 但是 合同 签字 签订 付款 押金 租金 房东 租客 包裹 仓库 三月
    收到 打开 已经 证据 证人 法官 原告 被告 赔偿 损失 通知 电话 短信 约定 维修 发票 质量 问题 同意
    不同意 确认 日期 要求 法院 审理 笔录 送达 三百 二〇二六 25
""".split()
PEOPLE = {
    "clerk": "clerk",
    "judge of 1500 cases": "judge",
    "judge of 300 cases": "judge",
    "lawyer of 60 cases": "",
    "litigant of 3 cases": "",
    "stranger": "",
}  # and their offices
QUERIES: dict[str, tuple[str, dict[str, Any]]] = {
    "a rare word": ("qzv7", {}),
    "a word": ("warehouse", {}),
    "the commonest word": ("the", {}),
    "three words": ("parcel delivery sealed", {}),
    "a phrase": ('"the parcel"', {}),
    "a long phrase": ('"it was the parcel"', {}),
    "two rare words side by side": ('"garden fence"', {}),
    "either word": ("boiler OR kitchen", {}),
    "all but a word": ("contract -rent", {}),
    "a word's beginning": ("signat*", {}),
    "two words near each other": ("contract NEAR/5 delivery", {}),
    "two common words near each other": ("the NEAR/2 parcel", {}),
    "phrases near each other": ('"the contract" NEAR/8 "the rent"', {}),
    "a number in digits": ("25", {}),
    "a number in words": ('"three hundred"', {}),
    "a phrase with a number": ('"twenty five contract"', {}),
    "Korean, two characters": ("계약", {}),
    "Korean, three characters": ("계약서", {}),
    "Korean, two words": ("보증금 배송", {}),
    "Korean, a number": ("300만원", {}),
    "Korean, near": ("계약 NEAR/3 배송", {}),
    "Chinese, two characters": ("合同", {}),
    "Chinese, a phrase": ('"签订合同"', {}),
    "Chinese, one character": ("租", {}),
    "Chinese, near": ("合同 NEAR/6 押金", {}),
    "Chinese, a year": ("2026", {}),
    "a word by a speaker": ("evidence", {"speaker": "Park"}),
    "the commonest word by a speaker": ("the", {"speaker": "李伟"}),
    "a word of a role": ("rent", {"role": "respondent"}),
    "a word in a language": ("25", {"language": "zh"}),
    "a word in a case": ("payment", {"case": "C-2020-0007"}),
    "a word in a month": ("invoice", {"since": (2024, 3, 1), "until": (2024, 3, 31)}),
    "the commonest word in a month": ("the", {"since": (2024, 3, 1), "until": (2024, 3, 31)}),
    "a word in exhibits": ("invoice", {"kind": "exhibit"}),
}


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--utterances", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--keep", metavar="FOLDER", help="keep the archive (SQLite: here), and use it again")
    parser.add_argument("--sound", action="store_true", help="measure a hit's sound in Chromium instead")
    given = parser.parse_args()
    if given.sound:
        from hit_to_sound import measure_sound

        print(json.dumps({"machine": machine(), **measure_sound(given.rounds)}, indent=2))
        return
    with tempfile.TemporaryDirectory() as folder:
        place = given.keep or folder
        Path(place).mkdir(parents=True, exist_ok=True)
        os.environ.update(COURT_DATA_DIR=place, DJANGO_SETTINGS_MODULE="court.settings", COURT_LOG_LEVEL="ERROR")
        import django

        django.setup()
        from django.db import connection

        from transcripts.models import Utterance

        name = connection.settings_dict["NAME"]
        scratch = connection.vendor == "postgresql"
        if scratch:
            connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=bool(given.keep))
        else:
            from django.core.management import call_command

            call_command("migrate", verbosity=0, skip_checks=True)
        try:
            began = time.perf_counter()
            if Utterance.objects.count() != given.utterances:
                build(given.utterances)
            built = time.perf_counter() - began
            print(f"Built in {built:.0f} s.", file=sys.stderr)
            load = os.getloadavg()[0]
            figures, each = measure(given.rounds)
        finally:
            if scratch:
                connection.creation.destroy_test_db(name, verbosity=0, keepdb=bool(given.keep))
    told = {
        "machine": machine(),
        "load_before_and_after": [round(load, 2), round(os.getloadavg()[0], 2)],
        "database": connection.vendor,
        "utterances": given.utterances,
        "written_passages": CASES * WRITINGS,
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


ROLES = ("claimant", "respondent", "judge", "witness")
FIRST = datetime(2020, 1, 6, 10, tzinfo=UTC)


def began_at(case: int) -> datetime:
    """When the hearing of a case began."""
    return FIRST + timedelta(hours=18 * case)


def made(told: tuple[int, int, int, list[int], list[int]]) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """A stretch of utterances as rows of the table, and as rows of the index. Runs in a process of its own."""
    first, last, count, cases, transcripts = told
    from transcripts import index
    from transcripts.merging import Said, joined

    talk = sentences(random.Random(first))
    rows: list[tuple[Any, ...]] = []
    indexed: list[tuple[Any, ...]] = []
    for at in range(first, last):
        which = at * CASES // count
        start = (at - which * count // CASES) * 9.0
        code, said = next(talk)
        words = [[word, start + 0.4 * n, start + 0.4 * n + 0.35, 0.9, n + 1, "h"] for n, word in enumerate(said)]
        text = joined([Said(word, 0, 0, 1, 0, spaced=code != "zh") for word in said])
        speaker, role = SPEAKERS[at % len(SPEAKERS)], ROLES[at % len(ROLES)]
        moment = began_at(which) + timedelta(seconds=start)
        rows.append(
            (at + 1, transcripts[which], cases[which], at * 1024, speaker, role, code, start, start + 5.0, moment,
             text, json.dumps(words, ensure_ascii=False))
        )  # fmt: skip
        scopes = [
            index.scope_of_case(cases[which]), index.scope_of_transcript(transcripts[which]),
            index.scope_of_month(moment), index.scope_of_role(role), index.scope_of_language(code),
            *dict.fromkeys(index.scopes_of_speaker(speaker)),
        ]  # fmt: skip
        indexed.append(index.row_of_text(text, scopes))
    return rows, indexed


INDEXED = (("transcripts_utterance", "transcript_id"), ("transcripts_writing", "case_id"))  # tables, their sources
KINDS = {"said": "said", "keys": "transcripts_keys({}, said)"}


def build(count: int) -> None:
    """Fill the database with cases, people, what was said and what was written."""
    from django.contrib.auth.models import Permission
    from django.db import connection, transaction

    from court.accounts.models import Office, User
    from court.cases.access import GRANTS
    from court.cases.models import Case, CaseUserObjectPermission, Role, Stage
    from court.hearings.models import Hearing, HearingState
    from court.rooms.models import Recording, Room, Track, TrackKind
    from transcripts import index
    from transcripts.finding.writings import scopes_of_writing
    from transcripts.models import Transcript, TranscriptState, Writing

    people = {
        name: User.objects.create(email=f"{name.replace(' ', '.')}@example.org", name=name, office=office)
        for name, office in PEOPLE.items()
    }
    other = User.objects.create(email="other@example.org", name="other", office=Office.NONE)
    numbers = [f"C-{2020 + at // 400}-{at % 400 + 1:04d}" for at in range(CASES)]
    cases = Case.objects.bulk_create(
        Case(number=number, title="Kim v Li", stage=Stage.HEARD, sealed=at % 20 == 0, opened_by=other)
        for at, number in enumerate(numbers)
    )
    parts = {
        "judge of 1500 cases": (Role.JUDGE, range(1, CASES, 2)),
        "judge of 300 cases": (Role.JUDGE, range(4, CASES, 10)),
        "lawyer of 60 cases": (Role.REPRESENTATIVE, range(6, CASES, 50)),
        "litigant of 3 cases": (Role.CLAIMANT, (6, 1300, 2601)),
    }
    codes = {p.codename: p for p in Permission.objects.filter(content_type__app_label="cases")}
    CaseUserObjectPermission.objects.bulk_create(
        CaseUserObjectPermission(user=people[name], permission=codes[code], content_object=cases[at])
        for name, (role, some) in parts.items()
        for at in some
        for code in GRANTS[role]
    )
    rooms = Room.objects.bulk_create(Room(name=case.label) for case in cases)
    hearings = Hearing.objects.bulk_create(
        Hearing(case=c, room=r, judge=other, starts_at=began_at(at), state=HearingState.ENDED, listed_by=other)
        for at, (c, r) in enumerate(zip(cases, rooms, strict=True))
    )
    recordings = Recording.objects.bulk_create(
        Recording(room=r, started_at=began_at(at), ended_at=began_at(at), ready_at=began_at(at))
        for at, r in enumerate(rooms)
    )
    tracks = Track.objects.bulk_create(Track(recording=r, kind=TrackKind.SOUND, name="x") for r in recordings)
    transcripts = Transcript.objects.bulk_create(
        Transcript(
            recording=r, hearing=h, case=h.case, state=TranscriptState.READY,
            release_at=FIRST if at % 100 == 7 else None,
        )
        for at, (r, h) in enumerate(zip(recordings, hearings, strict=True))
    )  # fmt: skip
    keys = [case.pk for case in cases], [one.pk for one in transcripts]
    of_transcript = {t.pk: (h.pk, k.pk) for t, h, k in zip(transcripts, hearings, tracks, strict=True)}
    step = 5000
    chunks = [(at, min(at + step, count), count, *keys) for at in range(0, count, step)]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP INDEX {', '.join(f'{table}_{kind}' for table, _ in INDEXED for kind in KINDS)}")
        else:
            cursor.execute("PRAGMA synchronous = OFF")
        connection.commit()
    with multiprocessing.get_context("fork").Pool(2) as pool:
        for rows, indexed in pool.imap(made, chunks):
            with transaction.atomic():
                _insert(rows, indexed, of_transcript)
    talk = sentences(random.Random(7))
    kinds = ("exhibit", "exhibit", "exhibit", "decision", "note")
    for at in range(0, CASES, 50):
        some = [
            Writing(
                kind=kinds[number % 5], source=number, page=1, part=0, case=case, title="C1 The invoice",
                language="en", at=began_at(at), text=". ".join(" ".join(next(talk)[1]) for _ in range(6)),
            )
            for case in cases[at : at + 50]
            for number in range((case.pk - cases[0].pk) * WRITINGS, (case.pk - cases[0].pk + 1) * WRITINGS)
        ]  # fmt: skip
        with transaction.atomic():
            Writing.objects.bulk_create(some)
            index.write_rows(
                index.WRITTEN, [one.pk for one in some],
                [index.row_of_text(one.text, scopes_of_writing(one)) for one in some],
            )  # fmt: skip
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET maintenance_work_mem = '256MB'")
            for table, source in INDEXED:
                for kind, what in KINDS.items():
                    cursor.execute(
                        f"CREATE INDEX {table}_{kind} ON {table} USING gin ({what.format(source)})"
                        " WITH (fastupdate = off)"
                    )
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("ANALYZE")


def _insert(rows: list[tuple[Any, ...]], indexed: list[tuple[Any, ...]], of_transcript: dict[int, Any]) -> None:
    from django.db import connection

    columns = (
        'id, transcript_id, case_id, position, speaker, role, language, start, "end", spoken_at, text, words,'
        " revision, hearing_id, track_id"
    )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY transcripts_utterance ({columns}, said) FROM STDIN") as copy:
                for row, made_of_it in zip(rows, indexed, strict=True):
                    copy.write_row((*row, 0, *of_transcript[row[1]], made_of_it[0]))
            return
        moment = connection.ops.adapt_datetimefield_value
        cursor.executemany(
            f"INSERT INTO transcripts_utterance ({columns}) VALUES ({', '.join(['%s'] * 15)})",
            [(*row[:9], moment(row[9]), *row[10:], 0, *of_transcript[row[1]]) for row in rows],
        )
        cursor.executemany(
            "INSERT INTO transcripts_search (rowid, said, forms, singles, scope) VALUES (%s, %s, %s, %s, %s)",
            [(row[0], *made_of_it) for row, made_of_it in zip(rows, indexed, strict=True)],
        )


def measure(rounds: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Ask every query as everybody, in a mixed order; figures over all, by person, and of each."""
    from datetime import date

    from court import memory
    from court.accounts.models import User
    from transcripts.search import Filters, search

    people = {name: User.objects.get(name=name) for name in PEOPLE}
    memory.settle()  # as the server does at its start
    asked = [(query, person) for query in QUERIES for person in people]
    chance = random.Random(1)
    times: dict[tuple[str, str], list[float]] = {pair: [] for pair in asked}
    found: dict[tuple[str, str], str] = {}
    work: list[float] = []  # of the processor, in this process alone: what a busy machine does not make longer
    for number in range(rounds + 1):
        chance.shuffle(asked)
        for query, person in asked:
            typed, told = QUERIES[query]
            days: dict[str, Any] = {
                name: date(*value) if isinstance(value, tuple) else value for name, value in told.items()
            }
            began, worked = time.perf_counter(), time.process_time()
            result = search(typed, user=people[person], filters=Filters(**days))
            if number:  # the first round fills the caches
                times[query, person].append((time.perf_counter() - began) * 1000)
                work.append((time.process_time() - worked) * 1000)
            found[query, person] = f"{result.total}{'+' if result.more else ''}"
    every = sorted(took for some in times.values() for took in some)
    each = {
        query: {person: {"found": found[query, person], **_figures(sorted(times[query, person]))} for person in people}
        for query in QUERIES
    }
    by = {
        person: _figures(sorted(took for (_q, who), some in times.items() if who == person for took in some))
        for person in people
    }
    own = {f"own_processor_{name}": value for name, value in _figures(sorted(work)).items()}
    return {**_figures(every), **own, "by_person": by}, each


def _figures(times: list[float]) -> dict[str, float]:
    return {
        "p50_ms": round(statistics.median(times), 2),
        "p95_ms": round(times[math.ceil(0.95 * len(times)) - 1], 2),
    }


if __name__ == "__main__":
    main()

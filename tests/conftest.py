"""The cast: the people every test shares, and how they come to the court's door."""

import gc
import hashlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from court.accounts.models import Office, User
from court.cases.models import Case
from tests import stages_of_a_case
from tests.photographs import photographed

PASSWORD = "correct-horse-battery"

# Test processes run side by side, one to a core: threads of their own, and those of the programs they start, would
# only wait for one another.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("COURT_WHISPER_THREADS", "1")
settings.COURT_WHISPER_THREADS = int(os.environ["COURT_WHISPER_THREADS"])

if settings.REDIS_URL and (worker := os.environ.get("PYTEST_XDIST_WORKER")):
    # Test processes side by side have a database each; let each have a Redis database as well.
    own = f"{settings.REDIS_URL.rsplit('/', 1)[0]}/{int(worker.removeprefix('gw')) + 1}"
    settings.REDIS_URL = settings.RQ_QUEUES["default"]["URL"] = settings.CACHES["default"]["LOCATION"] = own
    settings.CHANNEL_LAYERS["default"]["CONFIG"]["hosts"][0]["address"] = own


def pytest_collection_finish() -> None:
    """What was loaded by now stays till the end: let the search for garbage leave it alone, and come less often."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


IN_MEMORY = "file:memorydb_default?mode=memory&cache=shared"  # as Django names the test database on SQLite


@pytest.fixture(scope="session")
def migrated(request) -> Path:
    """A file for the SQLite database as the migrations leave it, kept between test runs while they stay the same."""
    told = hashlib.sha256()
    rooms = (settings.BASE_DIR / name for name in ("court", "mediation", "transcripts"))
    migrations = sorted(path for room in rooms for path in room.rglob("migrations/*.py"))
    for path in (*migrations, settings.BASE_DIR / "requirements.txt"):
        told.update(path.name.encode() + path.read_bytes())
    return request.config.cache.mkdir("migrated") / f"{told.hexdigest()[:16]}.sqlite3"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, migrated) -> Iterator[None]:
    """Begin with the kept database, if there is one: the migrations then find nothing left to do."""
    if connection.vendor == "sqlite" and migrated.exists():
        held = sqlite3.connect(IN_MEMORY, uri=True, check_same_thread=False)  # it lives while somebody holds it
        with sqlite3.connect(migrated) as kept:
            kept.backup(held)
        kept.close()
        yield
        held.close()
    else:
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, migrated) -> None:
    if connection.vendor == "sqlite" and not migrated.exists():
        made = migrated.with_suffix(f".{os.getpid()}")
        with django_db_blocker.unblock(), sqlite3.connect(made) as file:
            connection.ensure_connection()
            connection.connection.backup(file)
        file.close()
        made.replace(migrated)


@dataclass
class Cast:
    """Everybody who comes to court in the tests."""

    claimant: User
    respondent: User
    judge: User
    mediator: User
    clerk: User
    interpreter: User
    observer: User
    administrator: User
    stranger: User

    def __iter__(self) -> Iterator[tuple[str, User]]:
        return iter(vars(self).items())


PEOPLE = {
    "claimant": ("Kim Jiwoo", Office.NONE),
    "respondent": ("Li Wei", Office.NONE),
    "judge": ("Ada Park", Office.JUDGE),
    "mediator": ("Noor Haddad", Office.MEDIATOR),
    "clerk": ("Tom Reed", Office.CLERK),
    "interpreter": ("Choi Yuna", Office.NONE),
    "observer": ("Sam Blake", Office.NONE),
    "administrator": ("Root Admin", Office.ADMINISTRATOR),
    "stranger": ("Max Stranger", Office.NONE),
}


def make_cast() -> Cast:
    """Make the people, with verified e-mail addresses and the same password."""
    from allauth.account.models import EmailAddress
    from django.contrib.auth.hashers import make_password

    secret = make_password(PASSWORD)
    made = {}
    for part, (name, office) in PEOPLE.items():
        person = User(email=f"{part}@example.org", name=name, office=office, password=secret)
        person.save()
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        made[part] = person
    return Cast(**made)


@pytest.fixture(autouse=True)
def house(settings, tmp_path):
    """Each test files its papers in a folder of its own and needs no collected static files."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return settings


@pytest.fixture
def cast(db) -> Cast:
    numbers = photographed("the cast", lambda: {part: person.pk for part, person in make_cast()})
    people = User.objects.in_bulk(numbers.values())
    return Cast(**{part: people[number] for part, number in numbers.items()})


@pytest.fixture(scope="session")
def pki(request, tmp_path_factory) -> Path:
    """A folder for the court's data in which its own certificate lies already: making the keys takes seconds."""
    from django.test import override_settings

    from court.orders import certificate

    told = hashlib.sha256(Path(certificate.__file__).read_bytes() + settings.COURT_NAME.encode()).hexdigest()[:16]
    kept = request.config.cache.mkdir("pki") / told
    with override_settings(
        DATA_DIR=kept, COURT_SIGNING_P12=str(kept / "pki" / "court.p12"), COURT_SIGNING_PASSWORD=""
    ):
        certificate.ensure()
    folder = tmp_path_factory.mktemp("court")
    shutil.copytree(kept / "pki", folder / "pki", ignore=shutil.ignore_patterns(".*"))
    return folder


Filmed = Callable[..., Path]


@pytest.fixture(scope="session")
def filmed_once(request) -> Filmed:
    """`filmed_once("-f", "lavfi", ...)` is the file ffmpeg makes of it, made once and kept between test runs.

    For what a recorder would have handed in: how the court's own files are made of it is always tried anew.
    """
    kept = request.config.cache.mkdir("filmed")

    def film(*words: str) -> Path:
        path = kept / hashlib.sha256("|".join(words).encode()).hexdigest()[:16]
        if not path.exists():
            made = path.with_suffix(f".{os.getpid()}")
            subprocess.run(["ffmpeg", "-v", "error", "-y", *words, str(made)], check=True)
            made.replace(path)
        return path

    return film


class Door:
    """The browsers of the cast. One is signed in when it is first used: most tests use two of the ten."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast

    def __getattr__(self, part: str) -> Client:
        client = Client()
        if part != "nobody":
            client.force_login(getattr(self._cast, part), backend=settings.AUTHENTICATION_BACKENDS[0])
        setattr(self, part, client)
        return client


@pytest.fixture
def door(cast) -> Door:
    """``door.claimant`` is a browser in which the claimant is signed in; ``door.nobody`` one where nobody is."""
    return Door(cast)


@pytest.fixture
def work(db, django_capture_on_commit_callbacks):
    """Do all queued work now, as a worker would: ``work()``. Retries that are due later stay queued."""
    from court.work.models import Job, State
    from court.work.services import perform

    def do() -> None:
        from django.apps import apps
        from django.utils.module_loading import module_has_submodule

        for app in apps.get_app_configs():
            if module_has_submodule(app.module, "tasks"):
                import_module(f"{app.name}.tasks")
        for _ in range(200):
            number = Job.objects.filter(state=State.WAITING).order_by("due_at", "pk").values_list("pk", flat=True)
            due = [n for n in number if Job.objects.get(pk=n).due_at <= _now()]
            if not due:
                return
            for n in due:
                perform(n)

    return do


def _now():
    from django.utils import timezone

    return timezone.now()


@pytest.fixture(autouse=True)
def channel_layer_of_its_own():
    """The Redis layer keeps locks of the event loop it first ran in; each test has a loop of its own."""
    from channels.layers import channel_layers

    yield
    channel_layers.backends.clear()


GUARDS = import_module("court.ledger.migrations.0002_append_only")
lifted = False  # whether the ledger's guard was taken away in this test process


@pytest.fixture(autouse=True)
def ledger_can_be_emptied(request):
    """Tests on committed data empty the tables afterwards; the ledger's own guard would refuse.

    So it is taken away before they are emptied, and put back at the beginning of every later test.
    """
    global lifted
    marker = request.node.get_closest_marker("django_db")
    committed = "transactional_db" in request.fixturenames or (marker and marker.kwargs.get("transaction"))
    if committed or (lifted and (marker or "db" in request.fixturenames)):
        request.getfixturevalue("_django_db_helper")  # so that this fixture is undone before the tables are emptied
        for statement in GUARDS.POSTGRESQL if connection.vendor == "postgresql" else GUARDS.SQLITE:
            connection.cursor().execute(statement)
    yield
    if committed:
        with connection.schema_editor() as editor:
            GUARDS.unguard(None, editor)
        lifted = True


# A dispute at each stage, made by the court's own services.


def _at_stage(make: Callable[[Cast], Case], cast: Cast) -> Case:
    return Case.objects.get(pk=photographed(make.__name__, lambda: make(cast).pk))


@pytest.fixture
def draft_case(cast):
    return _at_stage(stages_of_a_case.draft_claim, cast)


@pytest.fixture
def submitted_case(cast):
    return _at_stage(stages_of_a_case.submitted_claim, cast)


@pytest.fixture
def issued_case(cast):
    return _at_stage(stages_of_a_case.issued, cast)


@pytest.fixture
def served_case(cast):
    return _at_stage(stages_of_a_case.served, cast)


@pytest.fixture
def answered_case(cast):
    return _at_stage(stages_of_a_case.answered, cast)


@pytest.fixture(scope="module")
def open_world(django_db_setup, django_db_blocker, pki, tmp_path_factory) -> Iterator[SimpleNamespace]:
    """A court with everything in it, made once for a module and undone after it (see ``tests.world``).

    ``world`` is what there is, ``cast`` the people, ``cookies`` their browsers' cookies by part. A test asks for
    ``at_court``, which finds the court's files too, and is marked ``django_db``: what it does is undone by itself.
    """
    from django.db import transaction
    from django.test import override_settings

    from tests.world import build_world

    folder = tmp_path_factory.mktemp("world")
    shutil.copytree(pki / "pki", folder / "pki")
    changes = {
        "MEDIA_ROOT": folder / "files",
        "DATA_DIR": folder,
        "COURT_SIGNING_P12": str(folder / "pki" / "court.p12"),
        "COURT_SIGNING_PASSWORD": "",
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "EMAIL_FILE_PATH": folder / "mail",
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        "ROOT_URLCONF": "tests.addresses_in_a_demo",
    }
    with django_db_blocker.unblock(), override_settings(**changes), transaction.atomic():
        people = make_cast()
        world = build_world(people, folder)
        cookies = {}
        for part, person in people:
            browser = Client()
            browser.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
            cookies[part] = {settings.SESSION_COOKIE_NAME: browser.cookies[settings.SESSION_COOKIE_NAME].value}
        # Django closes every connection after each test; a closed one would take the open transaction with it.
        connection.close = lambda: None
        yield SimpleNamespace(world=world, cast=people, cookies=cookies, folder=folder)
        del connection.close
        transaction.set_rollback(True)


@pytest.fixture
def at_court(house, open_world) -> SimpleNamespace:
    """The court of ``open_world``, with its files where this test looks for them."""
    house.MEDIA_ROOT = open_world.folder / "files"
    return open_world

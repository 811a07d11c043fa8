"""A whole court for journeys: its own data folder, a real server and worker, and one real browser a person.

    with Court(tmp_path / "data") as court:           # migrated, static files collected, server running
        court.shell("...python...; result = 1")       # runs in the court's own house, gives back ``result`` (JSON)
        court.work()                                  # does all queued work; start_worker() for a lasting one
        with Browsers(court) as browsers:
            judge = browsers.open("judge@example.org", wav=path)   # a Chromium of its own, signed in by cookie
            judge.goto("/rooms/...")
        court.kill(); court.start()                   # kill -9, and up again on the same data

One Chromium a person, because the sound file that stands for a microphone belongs to a browser process.
"""

import atexit
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).resolve().parent.parent.parent
ARTIFACTS = ROOT / "tests" / "artifacts"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection",
]
FAKE_DEVICES = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]

PREPARED: list[Path] = []  # what ``Court._prepare`` copies, once there is something to copy


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Court:
    """The court's server, on data of its own."""

    def __init__(self, data: Path, *, port: int | None = None, **environment: str) -> None:
        self.data = data
        self.data.mkdir(parents=True, exist_ok=True)
        self.port = port or free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")},
            "COURT_DATA_DIR": str(data),
            "COURT_ORIGIN": self.origin,
            "DJANGO_SETTINGS_MODULE": "court.settings",
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            **environment,
        }
        self.server: subprocess.Popen[bytes] | None = None
        self.worker: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self._prepare()
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None
    ) -> None:
        self.stop()

    def _prepare(self) -> None:
        """An empty database and the static files: made by the first court of a test run, and copied by the others."""
        if not PREPARED:
            self.manage("migrate", "-v0")
            self.manage("collectstatic", "--noinput", "-v0")
            kept = Path(tempfile.mkdtemp(prefix="court-prepared-"))
            atexit.register(shutil.rmtree, kept, ignore_errors=True)
            shutil.copy2(self.data / "court.sqlite3", kept)
            shutil.copytree(self.data / "static", kept / "static")
            PREPARED.append(kept)
        elif not (self.data / "court.sqlite3").exists():
            shutil.copytree(PREPARED[0], self.data, dirs_exist_ok=True)

    def manage(self, *arguments: str, timeout: float = 300, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run one of the court's commands to its end."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(f"{arguments[0]} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
        return done

    def shell(self, code: str) -> Any:
        """Run Python inside the court and give back what it leaves in ``result``, through JSON."""
        program = (
            "import json, django; django.setup()\n"
            "from django.utils import timezone\nresult = None\n" + code + "\nprint('\\n=RESULT=' + json.dumps(result))"
        )
        done = subprocess.run(
            [sys.executable, "-c", program],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if done.returncode:
            raise AssertionError(f"{code}\n{done.stderr[-4000:]}")
        return json.loads(done.stdout.rsplit("=RESULT=", 1)[1])

    def start(self) -> None:
        """Start the web server and wait until it answers."""
        log = (self.data / "server.log").open("ab")
        self.server = subprocess.Popen(
            [
                *(sys.executable, "-m", "uvicorn", "court.asgi:application", "--host", "127.0.0.1"),
                *("--port", str(self.port), "--no-access-log", "--timeout-graceful-shutdown", "2"),
            ],
            env=self.environment,
            cwd=ROOT,
            stdout=log,
            stderr=log,
        )
        log.close()
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if self.server.poll() is not None:
                break
            try:
                urllib.request.urlopen(f"{self.origin}/help/", timeout=5).close()
                return
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.2)
        raise AssertionError(f"The server did not start:\n{self.log()[-4000:]}")

    def log(self) -> str:
        """What the server has logged."""
        return (self.data / "server.log").read_text(errors="replace")

    def kill(self) -> None:
        """Kill the web server without warning, as a power cut would."""
        assert self.server is not None
        self.server.send_signal(signal.SIGKILL)
        self.server.wait()

    def start_worker(self) -> None:
        """Start a background worker that runs until the court is stopped."""
        with (self.data / "worker.log").open("ab") as log:
            self.worker = subprocess.Popen(
                [sys.executable, str(ROOT / "manage.py"), "worker"],
                env=self.environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )

    def work(self, timeout: float = 600) -> None:
        """Do all queued work and wait for it."""
        self.manage("worker", "--once", timeout=timeout)

    def stop(self) -> None:
        """Stop server and worker."""
        for process in (self.worker, self.server):
            if process is None or process.poll() is not None:
                continue
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def people(self, password: str = "correct-horse-battery") -> None:
        """Make the cast of tests/conftest.py: judge@example.org, claimant@example.org and so on."""
        self.shell(
            "import sys; sys.path.insert(0, 'tests')\n"
            "from tests.conftest import make_cast, PASSWORD\n"
            f"assert PASSWORD == {password!r}\nmake_cast()"
        )

    def session_of(self, email: str) -> str:
        """The value of a session cookie in which this person is signed in."""
        return str(
            self.shell(
                "from importlib import import_module\nfrom django.conf import settings\n"
                "from court.accounts.models import User\n"
                f"person = User.objects.get(email={email!r})\n"
                "session = import_module(settings.SESSION_ENGINE).SessionStore()\n"
                "session['_auth_user_id'] = str(person.pk)\n"
                "session['_auth_user_backend'] = settings.AUTHENTICATION_BACKENDS[0]\n"
                "session['_auth_user_hash'] = person.get_session_auth_hash()\n"
                "session.save()\nresult = session.session_key"
            )
        )


class Browsers:
    """Real browsers, one a person; all are closed at the end."""

    def __init__(self, court: Court) -> None:
        from playwright.sync_api import sync_playwright

        self.court = court
        self.playwright = sync_playwright().start()
        self.opened: list[Any] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None
    ) -> None:
        for number, browser in enumerate(self.opened):
            if kind is not None:  # what each person saw when it went wrong
                for page in (page for place in browser.contexts for page in place.pages):
                    ARTIFACTS.mkdir(parents=True, exist_ok=True)
                    page.screenshot(path=ARTIFACTS / f"person-{number}.png", full_page=True)
            browser.close()
        self.playwright.stop()

    def open(
        self,
        email: str | None = None,
        *,
        wav: Path | None = None,
        picture: Path | None = None,
        width: int = 1280,
        height: int = 800,
        devices: bool = True,
        grant: bool = True,
        **context: Any,
    ) -> Any:
        """A page in a Chromium of its own. ``email``: signed in as this person. ``wav``: what the microphone hears,
        over and over. ``picture``: an .mjpeg or .y4m file for the camera. ``devices=False``: none at all."""
        flags = [*FLAGS]
        if devices:
            flags += FAKE_DEVICES if grant else FAKE_DEVICES[1:]
            if wav is not None:
                flags.append(f"--use-file-for-fake-audio-capture={wav}")
            if picture is not None:
                flags.append(f"--use-file-for-fake-video-capture={picture}")
        browser = self.playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=flags)
        self.opened.append(browser)
        options: dict[str, Any] = {
            "base_url": self.court.origin,
            "viewport": {"width": width, "height": height},
            **context,
        }
        if devices and grant:
            options["permissions"] = ["camera", "microphone"]
        place = browser.new_context(**options)
        if email is not None:
            place.add_cookies([{"name": "sessionid", "value": self.court.session_of(email), "url": self.court.origin}])
        page = place.new_page()
        page.problems = []
        page.on("pageerror", lambda fault: page.problems.append(str(fault)))
        page.on(
            "console",
            lambda message: (
                page.problems.append(message.text)
                if message.type == "error"
                and "Failed to load resource" not in message.text
                and "WebSocket connection" not in message.text
                else None
            ),
        )
        return page

    def close(self, page: Any) -> None:
        """Close one person's browser, as somebody who shuts a laptop."""
        browser = page.context.browser
        browser.close()
        self.opened.remove(browser)


def speak(text: str, path: Path, *, voice: str = "en-gb", lead: float = 0.0, tail: float = 1.0) -> Path:
    """Have a synthesiser speak into a WAV file (48 kHz mono), with silence before and after, in seconds."""
    raw = path.with_suffix(".raw.wav")
    subprocess.run(["espeak-ng", "-v", voice, "-s", "150", "-w", str(raw), text], check=True)
    subprocess.run(
        [
            *("ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-i", str(raw), "-af"),
            f"adelay={round(lead * 1000)}:all=1,apad=pad_dur={tail},volume=0.8",
            *("-ar", "48000", "-ac", "1", "-c:a", "pcm_s16le", str(path)),
        ],
        check=True,
    )
    raw.unlink()
    return path

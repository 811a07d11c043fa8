"""A hearing in three real browsers: people meet, are recorded, leave and come back, and the server dies in between."""

import json
import math
from itertools import pairwise

import numpy as np
import pytest

from tests.journeys.house import Browsers, Court, speak
from tests.journeys.witness import RATE, WITNESS, samples_of

pytestmark = pytest.mark.browser

WITHIN = 0.05  # seconds: what the court promises of its clock
PATIENCE = 150_000  # ms; the machine may be busy with other tests

SAID = {
    "judge": "Good morning. This is the hearing of Kim against Li about a broken lamp. Please state your names.",
    "claimant": "I ordered a lamp on the second of March. The parcel was open when it came, and the glass was broken.",
    "respondent": "We packed it with great care. Our driver signed for it, and nobody complained for three weeks.",
}

MAKE_ROOM = """
from court.accounts.models import User
from court.rooms import services
room = services.make_room(name="Kim v Li", recorded="always", opens_at=timezone.now())
for part, host in (("judge", True), ("claimant", False), ("respondent", False)):
    services.seat(room, User.objects.get(email=part + "@example.org"), role=part, host=host)
result = str(room.pk)
"""

TAKEN_FOR_GONE = """
from datetime import timedelta
from court.rooms.models import Seat
Seat.objects.filter(role="claimant").update(connection="", seen_at=timezone.now() - timedelta(minutes=1))
"""

TRACKS = """
from court.rooms.models import Recording, Track
recording = Recording.objects.get()
result = {"started": recording.started_at.timestamp(), "ended": recording.ended_at.timestamp(),
  "ready": recording.ready_at is not None, "tracks": [
    {"role": t.role, "kind": t.kind, "file": t.file.name, "seconds": t.seconds, "gaps": t.gaps, "takes": [
      {"begins": k.begins_ms, "error": k.clock_error_ms, "told": k.pieces_expected,
       "numbers": sorted(k.pieces.values_list("number", flat=True))}
      for k in t.takes.order_by("begins_ms")]}
    for t in recording.tracks.all()]}
"""


def heard_at(track: np.ndarray, part: np.ndarray, heard: np.ndarray | None = None) -> tuple[float, float]:
    """Where the part is heard in the track, in seconds, and how well it fits there (1: exactly).

    ``heard``: 1 for each sample of the part that is known. Only these are compared.
    """
    heard = np.ones(part.size) if heard is None else heard
    size = 1 << math.ceil(math.log2(track.size + part.size))

    def beside(one: np.ndarray, other: np.ndarray) -> np.ndarray:
        return np.fft.irfft(np.fft.rfft(one, size) * np.conj(np.fft.rfft(other, size)), size)[: track.size]

    energy = np.sqrt(np.maximum(beside(track**2, heard), 1.0)) * np.linalg.norm(part * heard)
    fit = beside(track, part * heard) / np.maximum(energy, energy.max() * 0.1)
    at = int(fit.argmax())
    return at / RATE, float(fit[at])


def heard_by_the_second(
    track: np.ndarray, witness: dict[str, list[float]], expected: float
) -> list[tuple[float, float]]:
    """How far from where it is expected each second that a witness heard lies, in seconds, and how well it fits.

    The microphone's sound comes round again after some seconds, so only what is less than a second off is looked at.
    """
    samples, heard = (np.array(witness[which], dtype=float) for which in ("samples", "heard"))
    loud = np.linalg.norm(samples) / math.sqrt(heard.sum())
    edges = np.searchsorted(np.cumsum(heard), np.arange(0, heard.sum(), RATE))  # a second heard may last longer
    found = []
    for first, last in pairwise(edges.tolist()):
        part, known = samples[first:last], heard[first:last]
        if np.linalg.norm(part) < loud / 2 * math.sqrt(known.sum()):
            continue  # hardly anybody spoke
        begin = max(0, round((expected - 1) * RATE) + first)
        place, fit = heard_at(track[begin : begin + 2 * RATE + part.size], part, known)
        found.append((place + (begin - first) / RATE - expected, fit))
    assert len(found) >= 2, (len(found), heard.mean(), loud)
    return found


def join(page, room: str) -> None:
    page.goto(f"/rooms/{room}/")
    page.locator("[data-join]").wait_for(timeout=PATIENCE)
    if page.locator("#agree-yes").count():
        page.check("#agree-yes")
    page.click("[data-join]")
    page.locator("[data-live]").wait_for(timeout=PATIENCE)


# What asks for the room's clock is a second on its way: a slow line, a machine that is busy.
SLOW = """
(() => {
  const send = WebSocket.prototype.send;
  window.slow = true;
  WebSocket.prototype.send = function (data) {
    if (!slow || !data.includes('"ping"')) return send.call(this, data);
    setTimeout(() => this.readyState === WebSocket.OPEN && send.call(this, data), 1000);
  };
})();
"""


def in_the_room(page, people: int) -> None:
    """Wait until there are so many tiles, and sound and picture come from everybody else."""
    page.wait_for_function(
        "n => document.querySelectorAll('[data-grid] .tile').length === n", arg=people, timeout=PATIENCE
    )
    page.wait_for_function(
        "async n => (await received()).filter(p => p.audio > 0 && p.video > 0).length === n",
        arg=people - 1,
        timeout=PATIENCE,
        polling=500,
    )


def recording_is_shown(page) -> None:
    page.locator("[data-sign][data-state=on]").wait_for(timeout=PATIENCE)


def test_a_hearing_survives_leaving_rejoining_and_the_death_of_the_server(tmp_path):
    with Court(tmp_path / "court") as court, Browsers(court) as browsers:
        court.people()
        room = court.shell(MAKE_ROOM)
        sources = {part: speak(text, tmp_path / f"{part}.wav") for part, text in SAID.items()}
        pages = {part: browsers.open(f"{part}@example.org", wav=sources[part]) for part in SAID}
        for page in pages.values():
            page.context.add_init_script(WITNESS)
            page.context.set_default_timeout(PATIENCE)
        judge, claimant, respondent = pages.values()
        claimant.context.add_init_script(SLOW)

        # A stranger to the notice of recording does not get in.
        judge.goto(f"/rooms/{room}/")
        judge.locator("[data-meter-words]").filter(has_text="works").wait_for(timeout=PATIENCE)
        judge.click("[data-join]")
        judge.locator("[data-consent-error]").wait_for()
        assert judge.locator("[data-live]").is_hidden()

        for page in pages.values():
            join(page, room)
        for page in pages.values():
            in_the_room(page, 3)
        assert judge.locator("[data-sign]").get_attribute("data-state") == "before"
        judge.click("[data-start]")
        for page in pages.values():
            recording_is_shown(page)
        claimant.evaluate("() => { slow = false; }")
        early = claimant.evaluate("witness(5)")

        # Mute is shown to the others, and by the host's hand too.
        own = claimant.locator("[data-grid] .tile--self").get_attribute("data-seat")
        mark = judge.locator(f'.tile[data-seat="{own}"] [data-mark=muted]')
        assert mark.is_hidden()
        claimant.click("[data-mute]")
        mark.wait_for(timeout=PATIENCE)
        claimant.click("[data-mute]")
        mark.wait_for(state="hidden", timeout=PATIENCE)
        judge.get_by_role("button", name="Mute Li Wei").click()
        respondent.get_by_role("button", name="Unmute").wait_for(timeout=PATIENCE)
        respondent.click("[data-mute]")

        # Leaving and coming back begins a second take.
        respondent.click("[data-leave]")
        respondent.locator("[data-over]").wait_for(timeout=PATIENCE)
        judge.wait_for_function("() => document.querySelectorAll('[data-grid] .tile').length === 2", timeout=PATIENCE)
        respondent.wait_for_timeout(2000)  # long enough away to be told from a browser's slow start
        respondent.click("[data-again]")
        for page in pages.values():
            in_the_room(page, 3)
            recording_is_shown(page)

        # A browser that shows no life for a while is taken for gone; it comes in by itself, and goes on recording.
        with claimant.expect_websocket(timeout=PATIENCE):
            court.shell(TAKEN_FOR_GONE)
        for page in pages.values():
            in_the_room(page, 3)
            recording_is_shown(page)

        # The server dies in the middle of a sentence; the browsers go on recording and come back by themselves.
        court.kill()
        claimant.locator("[data-connection]").wait_for(timeout=PATIENCE)
        claimant.wait_for_timeout(2000)
        court.start()
        for page in pages.values():
            page.locator("[data-connection]").wait_for(state="hidden", timeout=PATIENCE)
            in_the_room(page, 3)
            recording_is_shown(page)
        late = claimant.evaluate("witness(5)")

        # What the judge asks for while the connection is lost is done when it is back: the recording must not go on.
        court.kill()
        judge.locator("[data-connection]").wait_for(timeout=PATIENCE)
        judge.click("[data-end]")
        judge.click("[data-end-now]")
        judge.locator("[data-alerts]").get_by_text("done as soon as the connection is back").wait_for(timeout=PATIENCE)
        court.start()
        for page in pages.values():
            page.locator("[data-over] [data-sending]").filter(has_text="has been sent").wait_for(timeout=PATIENCE)
            assert page.problems == []
        told = court.shell(TRACKS)
        assert told["ready"], json.dumps(told)
        court.work()
        told = court.shell(TRACKS)

    tracks = {(track["role"], track["kind"]): track for track in told["tracks"]}
    assert len(tracks) == 6
    for (role, kind), track in tracks.items():
        assert len(track["takes"]) == (2 if role == "respondent" else 1), (role, kind)
        for take in track["takes"]:
            assert take["numbers"] == list(range(take["told"])), (role, kind)
        # However late a browser heard of the end, nothing after it is kept.
        assert -1.5 < track["seconds"] - (told["ended"] - told["started"]) < 0.001
        # A browser takes a moment to begin once the session starts; that is the time before 5 s.
        kinds = [why for begins, ends, why in track["gaps"] if ends - begins > 1000 and ends > 5000]
        assert kinds == (["away"] if role == "respondent" else []), (role, kind, track["gaps"])

    # The claimant's browser knew the clock badly when it began; what it learnt since has put its sound in place.
    assert tracks["claimant", "sound"]["takes"][0]["error"] > 400
    sounds = {
        role: samples_of(tmp_path / "court/files" / track["file"])
        for (role, kind), track in tracks.items()
        if kind == "sound"
    }
    for witness in (early, late):
        found = heard_by_the_second(sounds["claimant"], witness, expected=witness["begun"] / 1000 - told["started"])
        off, fit = np.median(found, axis=0)
        assert fit > 0.7 and abs(off) < WITHIN, found
    for role, source in sources.items():
        sentence = samples_of(source)[: 4 * RATE]
        fits = {who: heard_at(sound, sentence)[1] for who, sound in sounds.items()}
        assert max(fits, key=lambda who: fits[who]) == role
        assert fits[role] > 0.5

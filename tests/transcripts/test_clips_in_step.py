"""A clip with a picture: cut from what browsers record, its flashes and beeps together, nothing hidden in it.

Everybody's track has a flash or a beep of a tenth of a second at each even second of the room's clock.
"""

from datetime import timedelta
from pathlib import Path

import av
import numpy as np
import pytest
from django.core.files import File
from django.utils import timezone

from court.rooms.assembly import assemble
from court.rooms.models import Piece, Take, Track, TrackKind
from tests.transcripts.hearings import a_case, heard
from transcripts import renditions
from transcripts.models import Clip, Level, Redaction, RedactionState
from transcripts.sounds import mixed

LASTS = 14.0  # seconds of the hearing
EVERY, LONG = 2.0, 0.1  # seconds between signs, and of a sign
IN_STEP = 0.05  # seconds
WORDS = 30  # each 0.4 s after the other, from second 1 on

VP8 = ("-c:v", "libvpx", "-deadline", "realtime", "-threads", "1", "-g", "30", "-f", "webm", "-live", "1")
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "30", "-f", "mp4")
H264 += ("-movflags", "frag_keyframe+empty_moov+default_base_moof")  # as a browser hands it over, piece by piece
OPUS = ("-c:a", "libopus", "-f", "webm", "-live", "1")


def flashes(begins, lasts, size, rate):
    """Dark grey, white at each even second of the room's clock, where the take begins at ``begins``."""
    flash = f"drawbox=c=white:t=fill:enable='lt(mod(t+{begins}+0.001,{EVERY}),{LONG})'"
    return f"color=c=0x404040:size={size}:rate={rate}:duration={lasts},{flash}"


BEEPS = f"aevalsrc='0.5*sin(2*PI*1000*t)*lt(mod(t,{EVERY}),{LONG})':s=48000:d={LASTS}"


@pytest.fixture
def hearing(cast, work, house, filmed_once):
    """``hearing((begins, lasts, size, rate, coded), ...)`` is a transcript and a picture with such takes."""

    def hand_in(track, takes):
        for number, (begins, lasts, path) in enumerate(takes):
            kept = Path(house.MEDIA_ROOT, "pieces", f"{track.pk}-{number}")
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(path.read_bytes())
            take = Take.objects.create(track=track, media_type="video/webm", begins_ms=round(begins * 1000))
            Piece.objects.create(
                take=take,
                number=0,
                file=str(kept.relative_to(house.MEDIA_ROOT)),
                size=kept.stat().st_size,
                sha256="0" * 64,
                until_ms=round((begins + lasts) * 1000),
            )
        told = assemble(track, lambda: None)
        Track.objects.filter(pk=track.pk).update(file=told.name, seconds=told.seconds, assembled_at=timezone.now())
        track.refresh_from_db()

    def hold(*takes):
        said = [("Kim Jiwoo", "claimant", 1.0, " ".join(["word"] * WORDS))]
        transcript = heard(a_case(cast), said, judge=cast.judge)
        work()
        transcript.refresh_from_db()
        recording = transcript.recording
        recording.ended_at = recording.started_at + timedelta(seconds=LASTS)
        recording.save()
        voice = recording.tracks.get(kind=TrackKind.SOUND)
        hand_in(voice, [(0.0, LASTS, filmed_once("-f", "lavfi", "-i", BEEPS, *OPUS))])
        with mixed([voice.file.path], goes_on=lambda: None) as sound, sound.open("rb") as file:
            transcript.sound.save("sound.m4a", File(file))
        picture = Track.objects.create(recording=recording, kind=TrackKind.PICTURE, name="Kim Jiwoo")
        pieces = [
            (begins, lasts, filmed_once("-f", "lavfi", "-i", flashes(begins, lasts, size, rate), *coded))
            for begins, lasts, size, rate, coded in takes
        ]
        hand_in(picture, pieces)
        return transcript, picture

    return hold


def clip_of(client, transcript, picture, work, first=0, last=WORDS - 1):
    """A clip with the picture, as a file that was fetched."""
    words = transcript.utterances.get().words
    told = {"first": words[first][4], "last": words[last][4], "picture": picture.pk}
    answer = client.post(f"/transcripts/{transcript.pk}/clips/", told)
    assert answer.status_code == 302, answer.content.decode()
    work()
    clip = Clip.objects.latest("asked_at")
    assert clip.state == "ready"
    answer = client.get(f"/transcripts/{transcript.pk}/clips/{clip.pk}")
    path = Path(clip.file.path).with_name("fetched.mp4")
    path.write_bytes(b"".join(answer.streaming_content))
    return clip, path


def seen(path):
    """[(second, lightness 0 to 255)] of each frame."""
    with av.open(str(path)) as file:
        return [(frame.time, float(frame.to_ndarray(format="gray").mean())) for frame in file.decode(video=0)]


def heard_in(path):
    """[(second, loudness 0 to 1)] of each five milliseconds."""
    step = 240
    found = []
    with av.open(str(path)) as file:
        shape = av.AudioResampler(format="flt", layout="mono", rate=48000)
        parts, begins = [], None
        for frame in file.decode(audio=0):
            begins = frame.time if begins is None else begins
            parts += [part.to_ndarray()[0] for part in shape.resample(frame)]
    whole = np.concatenate(parts)
    for at in range(0, len(whole) - step, step):
        found.append((begins + at / 48000, float(np.abs(whole[at : at + step]).max())))
    return found


def onsets(levels, over):
    """When something begins to be over a level, after a quarter of a second in which it was not."""
    found, last = [], -1.0
    for second, level in levels:
        if level > over:
            if second - last > 0.25:
                found.append(second)
            last = second
    return found


def even_seconds(clip, *, but=()):
    """The even seconds within a clip, on its own clock."""
    return [
        second - clip.start
        for second in np.arange(EVERY, LASTS, EVERY)
        if clip.start + 0.1 < second < clip.end - 0.2 and second not in but
    ]


@pytest.mark.parametrize(
    ("takes", "dark"),
    [
        pytest.param([(0.0, LASTS, "160x120", 30, VP8)], (), id="the whole time"),
        pytest.param([(1.3, 12.7, "161x91", 25, VP8)], (), id="odd size, begun later than the room"),
        pytest.param([(0.0, LASTS, "160x120", 30, H264)], (), id="H.264 in MP4"),
        pytest.param([(0.7, 4.6, "160x90", 30, VP8), (9.1, 4.9, "160x90", 15, VP8)], (6.0, 8.0), id="away in between"),
        pytest.param(
            [(0.7, 4.6, "161x121", 30, VP8), (7.1, 6.9, "90x160", 30, H264)], (6.0,), id="another device since"
        ),
    ],
)
def test_sound_and_picture_of_a_clip_are_in_step(hearing, door, work, takes, dark):
    transcript, picture = hearing(*takes)
    for first, last in ((0, WORDS - 1), (5, 20)):
        clip, path = clip_of(door.claimant, transcript, picture, work, first, last)
        beeps = onsets(heard_in(path), 0.2)
        light = seen(path)
        lights = onsets(light, 150)
        assert max(second for second, _level in light) < clip.end - clip.start
        assert beeps == pytest.approx(even_seconds(clip), abs=IN_STEP)
        assert lights == pytest.approx(even_seconds(clip, but=dark), abs=IN_STEP)
        for second in dark:
            if clip.start < second < clip.end:
                assert max(level for at, level in light if abs(at + clip.start - second) < 0.2) < 30


@pytest.mark.parametrize(
    "takes",
    [
        pytest.param([(0.6, 13.4, "161x91", 30, VP8)], id="one device"),
        pytest.param(
            [(0.0, 4.1, "160x90", 30, VP8), (4.1, 9.9, "90x160", 30, VP8)], id="another device in what is hidden"
        ),
    ],
)
def test_what_is_hidden_is_silent_and_black_in_a_clip_and_the_rest_stays_in_step(hearing, cast, door, work, takes):
    transcript, picture = hearing(*takes)
    said = transcript.utterances.get()
    Redaction.objects.create(
        transcript=transcript,
        track=said.track,
        words=[word[4] for word in said.words[7:9]],  # seconds 3.8 to 4.5
        start=said.words[7][1],
        end=said.words[8][2],
        level=Level.SEALED,
        reason="A name",
        asked_by=cast.judge,
        state=RedactionState.APPLIED,
    )
    renditions.make(transcript, goes_on=lambda share: None)
    clip, path = clip_of(door.claimant, transcript, picture, work)
    inside = [3.8 - clip.start, 4.5 - clip.start]
    loud, light = heard_in(path), seen(path)
    assert max(level for second, level in loud if inside[0] <= second <= inside[1]) < 0.01
    assert max(level for second, level in light if inside[0] <= second <= inside[1] - 0.04) < 25
    assert onsets(loud, 0.2) == pytest.approx(even_seconds(clip, but=(4.0,)), abs=IN_STEP)
    assert onsets(light, 150) == pytest.approx(even_seconds(clip, but=(4.0,)), abs=IN_STEP)
    clip, path = clip_of(door.judge, transcript, picture, work)
    assert onsets(heard_in(path), 0.2) == pytest.approx(even_seconds(clip), abs=IN_STEP)
    assert onsets(seen(path), 150) == pytest.approx(even_seconds(clip), abs=IN_STEP)

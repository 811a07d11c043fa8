"""`manage.py transcribe`: what other tools and people at a prompt may rely on."""

import json
import random

import av
import numpy as np
import pytest
from django.core.management import call_command

from tests.transcripts.sounds import encoded, quiet, samples_of, written

WALL = "The old garden wall was built in January."
QUICK = ["--language", "en", "--model", "tiny.en"]


def refused(capsys, path, *more) -> str:
    """Run the command on something it must refuse; the one line it says."""
    with pytest.raises(SystemExit) as left:
        call_command("transcribe", str(path), "--json", *(more or QUICK))
    out, err = capsys.readouterr()
    assert left.value.code == 2
    assert out == ""
    assert len(err.strip().splitlines()) == 1
    return err.strip()


def test_json_has_the_agreed_form(spoken, capsys):
    call_command("transcribe", str(spoken(WALL)), "--json", "--language", "en", "--model", "tiny.en")
    found = json.loads(capsys.readouterr().out)
    assert list(found) == ["language", "duration", "engine", "model", "segments"]
    assert (found["language"], found["engine"], found["model"]) == ("en", "faster-whisper", "tiny.en")
    assert found["duration"] == pytest.approx(len(samples_of(spoken(WALL))) / 22_050, abs=0.05)
    for segment in found["segments"]:
        assert list(segment) == ["start", "end", "text", "words"]
        for word in segment["words"]:
            assert list(word) == ["word", "start", "end", "probability"]
    assert "garden wall" in found["segments"][0]["text"].lower()


def test_without_json_people_read_lines_with_times(spoken, capsys, tmp_path):
    path = written(tmp_path / "later.wav", quiet(65), samples_of(spoken(WALL)))
    call_command("transcribe", str(path), *QUICK)
    (line,) = capsys.readouterr().out.strip().splitlines()
    assert line.startswith("[0:01:05.")
    assert "january" in line.lower()


@pytest.mark.parametrize(
    ("name", "codec"), [("a.mp3", "libmp3lame"), ("a.webm", "libopus"), ("a.m4a", "aac"), ("a.flac", "flac")]
)
def test_any_usual_format_is_read(spoken, capsys, tmp_path, name, codec):
    path = encoded(spoken(WALL), tmp_path / name, codec)
    call_command("transcribe", str(path), *QUICK)
    assert "january" in capsys.readouterr().out.lower()


def test_a_recording_cut_short_gives_what_is_there(spoken, capsys, tmp_path):
    whole = written(tmp_path / "whole.wav", samples_of(spoken(WALL)), quiet(2), samples_of(spoken(WALL)))
    cut = tmp_path / "cut.wav"
    cut.write_bytes(whole.read_bytes()[: 44 + 2 * len(samples_of(spoken(WALL))) + 2 * 22_050])
    call_command("transcribe", str(cut), "--json", *QUICK)
    found = json.loads(capsys.readouterr().out)
    assert "".join(segment["text"] for segment in found["segments"]).lower().count("january") == 1
    assert found["duration"] < 4.5


def test_silence_is_said_to_be_silence(capsys, tmp_path):
    path = written(tmp_path / "silence.wav", quiet(4))
    call_command("transcribe", str(path), *QUICK)
    assert capsys.readouterr().out.strip() == "Nothing is said in this recording."


def test_what_is_no_recording_is_refused_in_one_line(spoken, capsys, tmp_path):
    (tmp_path / "empty.wav").touch()
    (tmp_path / "text.wav").write_text("This is a letter, not a recording.\n" * 50)
    (tmp_path / "noise.mp3").write_bytes(random.Random(3).randbytes(40_000))
    (tmp_path / "header.wav").write_bytes(spoken(WALL).read_bytes()[:44])
    m4a = encoded(spoken(WALL), tmp_path / "whole.m4a", "aac")
    (tmp_path / "torn.m4a").write_bytes(m4a.read_bytes()[:3000])
    assert "does not exist" in refused(capsys, tmp_path / "missing.wav")
    assert "folder" in refused(capsys, tmp_path)
    assert "empty" in refused(capsys, tmp_path / "empty.wav")
    for name in ("text.wav", "noise.mp3", "torn.m4a"):
        assert refused(capsys, tmp_path / name) == f"{name} is not a recording that can be read."
    assert "no sound" in refused(capsys, tmp_path / "header.wav")


def test_a_film_without_sound_is_refused_in_one_line(capsys, tmp_path):
    path = tmp_path / "silent.mp4"
    with av.open(str(path), "w") as film:
        stream = film.add_stream("mpeg4", rate=10, width=64, height=64, pix_fmt="yuv420p")
        for _ in range(10):
            film.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")))
        film.mux(stream.encode(None))
    assert refused(capsys, path) == "silent.mp4 has no sound in it."


def test_a_wrong_engine_model_or_language_is_refused_in_one_line(spoken, capsys):
    path = spoken(WALL)
    assert "faster-whisper, openai-whisper" in refused(capsys, path, "--engine", "shorthand")
    assert "base" in refused(capsys, path, "--model", "enormous")
    assert "English only" in refused(capsys, path, "--model", "tiny.en", "--language", "ko")

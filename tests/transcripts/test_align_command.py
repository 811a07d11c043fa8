"""`manage.py align`: what other tools and people at a prompt may rely on."""

import json
import wave

import numpy as np
import pytest
from django.core.management import call_command

from tests.transcripts.sounds import quiet, samples_of, written
from transcripts.alignment.forced import Wanted, in_order, sharpened
from transcripts.alignment.phones import Said
from transcripts.engines.speech import Cancelled

WALL = "The garden wall fell down in January."
RECORD = "The garden wall fell down in February."


def transcript(path, text: str, *, start: float = 0.1, step: float = 0.3, **more) -> str:
    """A file as `transcribe --json` prints it, with evenly timed words."""
    words = [
        {"word": word, "start": start + at * step, "end": start + (at + 1) * step - 0.02, "probability": 0.9}
        for at, word in enumerate(text.split())
    ]
    found = {"language": "en", "duration": 10.0, "engine": "faster-whisper", "model": "tiny.en", "segments": []}
    if words:
        found["segments"] = [{"start": start, "end": words[-1]["end"], "text": text, "words": words, **more}]
    path.write_text(json.dumps(found))
    return str(path)


def aligned(capsys, *given) -> dict:
    call_command("align", *(str(one) for one in given), "--json")
    return json.loads(capsys.readouterr().out)


def refused(capsys, *given) -> str:
    """Run the command on something it must refuse; the one line it says."""
    with pytest.raises(SystemExit) as left:
        call_command("align", *(str(one) for one in given), "--json")
    out, err = capsys.readouterr()
    assert left.value.code == 2
    assert out == ""
    assert len(err.strip().splitlines()) == 1
    return err.strip()


@pytest.fixture
def record(tmp_path):
    path = tmp_path / "record.txt"
    path.write_text(RECORD)
    return path


def test_a_recording_and_a_record_give_the_agreed_json(spoken, capsys, record):
    found = aligned(capsys, spoken(WALL), record, "--language", "en", "--model", "tiny.en")
    assert list(found) == ["words", "sentences", "discrepancies"]
    assert list(found["words"][0]) == ["text", "char_start", "char_end", "start", "end", "status"]
    assert list(found["sentences"][0]) == ["text", "start", "end", "status", "similarity"]
    assert list(found["discrepancies"][0])[:5] == ["kind", "record", "spoken", "start", "end"]
    assert [word["text"] for word in found["words"]] == RECORD.strip(".").split()
    assert [word["status"] for word in found["words"]][:6] == ["matched"] * 6
    (month,) = [one for one in found["discrepancies"] if one["record"] == "February"]
    assert (month["kind"], month["spoken"], month["needs_person"]) == ("substitution", "January", True)
    assert month["score"] is not None
    assert found["sentences"][0]["status"] == "partial"


def test_a_transcript_spares_listening_and_the_sound_still_gives_the_times(spoken, capsys, record, tmp_path):
    """The transcript's times are off by up to a quarter of a second; the words' own phones put them right."""
    sound = written(tmp_path / "late.wav", quiet(1), samples_of(spoken(WALL)))
    heard = transcript(tmp_path / "heard.json", WALL, start=1.1)
    found = aligned(capsys, sound, record, "--transcript", heard)
    starts = [word["start"] for word in found["words"][:-1]]
    assert starts == sorted(starts)
    given = [1.1 + at * 0.3 for at in range(6)]
    assert any(abs(start - was) > 0.03 for start, was in zip(starts, given, strict=True))
    assert starts[0] == pytest.approx(1.05, abs=0.1)


def test_where_the_recogniser_misheard_the_sound_bears_the_record_out(spoken, capsys, tmp_path):
    """The difference is set aside, and the record's own word gets its time."""
    path = tmp_path / "record.txt"
    path.write_text(WALL)
    heard = transcript(tmp_path / "heard.json", WALL.replace("garden", "guarding"), start=0.05, step=0.27)
    found = aligned(capsys, spoken(WALL), path, "--transcript", heard, "--all")
    assert found["discrepancies"] == []
    assert [(one["record"], one["spoken"]) for one in found["set_aside"]] == [("garden", "guarding")]
    assert {word["status"] for word in found["words"]} == {"matched"}


def test_a_record_in_windows_line_ends_and_with_a_byte_order_mark_is_read(spoken, capsys, tmp_path):
    path = tmp_path / "record.txt"
    path.write_bytes(b"\xef\xbb\xbf" + WALL.replace(" fell", "\r\nfell").encode())
    heard = transcript(tmp_path / "heard.json", WALL)
    found = aligned(capsys, spoken(WALL), path, "--transcript", heard)
    assert [word["text"] for word in found["words"]] == WALL.strip(".").split()
    text = path.read_bytes().decode("utf-8-sig")
    assert all(text[word["char_start"] : word["char_end"]] == word["text"] for word in found["words"])


def test_a_record_saved_as_unicode_by_a_text_editor_of_windows_is_read(spoken, capsys, tmp_path):
    """Their "Unicode" is UTF-16 with a mark at its beginning."""
    path = tmp_path / "record.txt"
    path.write_bytes(WALL.encode("utf-16"))
    found = aligned(capsys, spoken(WALL), path, "--transcript", transcript(tmp_path / "heard.json", WALL))
    assert [word["text"] for word in found["words"]] == WALL.strip(".").split()
    assert {word["status"] for word in found["words"]} == {"matched"}


@pytest.mark.parametrize("told", ["피고는 담장이 무너졌다고 말했습니다.", "原告说花园的墙在一月倒塌。"])
def test_a_record_in_another_language_than_the_sound_gets_no_times(spoken, capsys, tmp_path, told):
    path = tmp_path / "record.txt"
    path.write_text(told)
    found = aligned(capsys, spoken(WALL), path, "--transcript", transcript(tmp_path / "heard.json", WALL))
    assert {(word["start"], word["end"], word["status"]) for word in found["words"]} == {(None, None, "unaligned")}
    assert found["discrepancies"]


def test_of_a_record_far_longer_than_the_sound_only_what_was_said_gets_times(spoken, capsys, tmp_path):
    path = tmp_path / "record.txt"
    path.write_text(WALL + " Nobody of the neighbours had seen a crack before." * 2_000)
    found = aligned(capsys, spoken(WALL), path, "--transcript", transcript(tmp_path / "heard.json", WALL))
    assert [word["status"] for word in found["words"][:7]] == ["matched"] * 7
    assert {word["status"] for word in found["words"][7:]} == {"unaligned"}


def test_a_transcript_of_a_longer_recording_is_refused_in_one_line(spoken, capsys, record, tmp_path):
    """Its later words would have times at which nothing was recorded."""
    heard = transcript(tmp_path / "heard.json", f"{WALL} {WALL} {WALL}")
    assert "longer recording" in refused(capsys, spoken(WALL), record, "--transcript", heard)


def test_people_read_sentences_with_their_times_and_the_differences(spoken, capsys, record, tmp_path):
    heard = transcript(tmp_path / "heard.json", WALL, start=0.05, step=0.27)
    call_command("align", str(spoken(WALL)), str(record), "--transcript", heard)
    shown = capsys.readouterr().out
    assert "partial" in shown
    assert "record: February  said: January" in shown


def test_a_silent_recording_leaves_every_word_without_times(capsys, record, tmp_path):
    path = written(tmp_path / "silence.wav", quiet(3))
    found = aligned(capsys, path, record, "--transcript", transcript(tmp_path / "heard.json", ""))
    assert {(word["start"], word["end"], word["status"]) for word in found["words"]} == {(None, None, "unaligned")}


def test_what_cannot_be_read_is_refused_in_one_line(spoken, capsys, record, tmp_path):
    sound = spoken(WALL)
    (tmp_path / "empty.txt").write_text(" \n—\n")
    (tmp_path / "latin.txt").write_bytes("Café".encode("latin-1"))
    (tmp_path / "zero.txt").write_bytes(b"\0\0\0a")
    (tmp_path / "letter.wav").write_text("A letter, not a recording.\n" * 50)
    assert "does not exist" in refused(capsys, tmp_path / "missing.wav", record)
    assert "does not exist" in refused(capsys, sound, tmp_path / "missing.txt")
    assert "folder" in refused(capsys, sound, tmp_path)
    assert "no words" in refused(capsys, sound, tmp_path / "empty.txt")
    assert "UTF-8" in refused(capsys, sound, tmp_path / "latin.txt")
    assert "plain text" in refused(capsys, sound, tmp_path / "zero.txt")
    assert "not a recording" in refused(capsys, tmp_path / "letter.wav", record)


@pytest.mark.parametrize(
    "text",
    ["", "not json", "[]", "{}", '{"segments": 3}', '{"segments": [{"words": [{"word": "a"}]}]}',
     '{"segments": [{"words": [{"word": "a", "start": 3, "end": 1}]}]}',
     '{"segments": [{"words": [{"word": null, "start": 1, "end": 2}]}]}',
     '{"segments": [{"words": [{"word": "a", "start": 1, "end": Infinity}]}]}'],
)  # fmt: skip
def test_a_file_that_is_no_transcript_is_refused_in_one_line(spoken, capsys, record, tmp_path, text):
    (tmp_path / "wrong.json").write_text(text)
    assert "transcribe prints" in refused(capsys, spoken(WALL), record, "--transcript", tmp_path / "wrong.json")


def test_a_wrong_engine_or_language_is_refused_in_one_line(spoken, capsys, record, tmp_path):
    heard = transcript(tmp_path / "heard.json", WALL)
    sound = spoken(WALL)
    assert "faster-whisper, openai-whisper" in refused(capsys, sound, record, "--engine", "shorthand")
    assert "faster-whisper" in refused(capsys, sound, record, "--engine", "shorthand", "--transcript", heard)
    assert "language" in refused(capsys, sound, record, "--language", "tlh", "--transcript", heard)


def test_sharpening_never_moves_a_word_past_its_neighbours_and_keeps_what_it_cannot_find(spoken, tmp_path):
    sound = written(tmp_path / "one.wav", quiet(1), samples_of(spoken(WALL)), quiet(2))
    words = [(word, 1.05 + at * 0.28, 1.05 + at * 0.28 + 0.25) for at, word in enumerate(WALL.split())]
    words += [("무너졌다", 3.4, 3.6), ("—", 3.6, 3.7), ("x" * 5_000, 3.7, 3.9), ("late", 60.0, 61.0), ("", 61.0, 61.2)]
    found = sharpened(sound, words, language="en")
    assert len(found) == len(words)
    starts = [start for start, _, _ in found]
    assert starts == sorted(starts)
    assert all(end > start for start, end, _ in found)
    assert [how for _, _, how in found][:5].count("matched") >= 4
    assert found[-2] == (60.0, 61.0, "unchanged")
    assert sharpened(sound, list(reversed(words)), language="en") == list(reversed(found))
    assert sharpened(sound, [], language="en") == []


def test_a_time_far_from_the_recognisers_is_not_believed():
    words = [Wanted("one", 1.0, 1.2), Wanted("two", 1.2, 1.4), Wanted("three", 1.4, 1.6)]
    found = in_order(words, [Said(1.1, 1.25), Said(2.0, 2.2), Said(1.45, 1.6)])
    assert found == [(1.1, 1.2, "matched"), (1.2, 1.4, "unchanged"), (1.45, 1.6, "matched")]


def test_sharpening_can_be_stopped_and_tells_how_far_it_is(spoken):
    words = [("The", 0.1, 0.2)]
    told: list[float] = []
    sharpened(spoken(WALL), words, language="en", progress=told.append)
    assert told[-1] == 1.0
    with pytest.raises(Cancelled):
        sharpened(spoken(WALL), words, language="en", cancelled=lambda: True)


def test_a_muted_microphone_does_not_throw_the_words_after_it(spoken, tmp_path):
    """Exact digital silence is what a muted track holds."""
    said = samples_of(spoken(WALL))
    path = written(tmp_path / "muted.wav", np.zeros(3 * 22_050, dtype=said.dtype), said)
    with wave.open(str(path)) as file:
        assert file.getframerate() == 22_050
    words = [(word, 3.05 + at * 0.28, 3.05 + at * 0.28 + 0.25) for at, word in enumerate(WALL.split())]
    found = sharpened(path, words, language="en")
    assert [how for _, _, how in found].count("matched") >= 6
    assert found[0][0] == pytest.approx(3.05, abs=0.08)

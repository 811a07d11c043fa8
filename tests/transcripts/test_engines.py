"""What the court may rely on when a machine writes down what was said."""

import dataclasses
import functools
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command

from tests.transcripts.sounds import encoded, quiet, samples_of, written
from transcripts.engines import BrokenFile, Cancelled, ModelMissing, UnknownLanguage, Word, engine
from transcripts.engines.cleaning import Heard, cleaned
from transcripts.engines.silence import Span
from transcripts.engines.sound import RATE
from transcripts.engines.weights import PACKAGED, prepare

WALL = "The old garden wall was built in January."
LETTER = "I sent a letter to the court yesterday."
BOTH = ["faster-whisper", "openai-whisper"]


def words_of(speech):
    return [word for segment in speech.segments for word in segment.words]


def said(speech) -> str:
    return " ".join(segment.text for segment in speech.segments).lower()


@pytest.fixture(params=BOTH)
def either(request):
    return engine(request.param, "tiny.en")


@pytest.fixture
def quick():
    return engine("faster-whisper", "tiny.en")


@pytest.fixture(scope="session")
def with_a_pause(spoken, tmp_path_factory) -> Path:
    """One sentence, twenty seconds of nothing, another sentence."""
    path = tmp_path_factory.mktemp("pause") / "pause.wav"
    return written(path, quiet(3), samples_of(spoken(WALL)), quiet(20), samples_of(spoken(LETTER)), quiet(3))


@pytest.fixture(scope="module")
def of_the_pause(with_a_pause):
    """``of_the_pause(name)`` is what an engine heard there; it listens once."""
    return functools.cache(lambda name: engine(name, "tiny.en").transcribe(with_a_pause, language="en"))


def test_both_engines_hear_the_same_sentences_at_the_same_times(of_the_pause):
    both = [of_the_pause(name) for name in BOTH]
    for speech in both:
        assert "garden wall was" in said(speech)
        assert "to the court yesterday" in said(speech)
    first, second = ([(word.text.lower().strip(",.")), word.start] for speech in both for word in words_of(speech)[:1])
    assert first[0] == second[0] == "the"
    assert abs(first[1] - second[1]) < 0.3


@pytest.mark.parametrize("name", BOTH)
def test_nothing_is_heard_in_a_long_pause_and_what_follows_keeps_its_time(name, of_the_pause, spoken):
    first = len(samples_of(spoken(WALL))) / 22_050
    speech = of_the_pause(name)
    words = words_of(speech)
    assert abs(words[0].start - 3.05) < 0.3
    pause_begins, pause_ends = 3 + first, 3 + first + 20
    assert not [word for word in words if pause_begins + 0.2 < (word.start + word.end) / 2 < pause_ends - 0.2]
    after = [word for word in words if word.start > pause_begins]
    assert abs(after[0].start - pause_ends - 0.05) < 0.3


@pytest.mark.parametrize("noise", [0.0, 0.003, 0.05], ids=["digital silence", "low noise", "loud noise"])
def test_silence_gives_no_words(either, tmp_path, noise):
    speech = either.transcribe(written(tmp_path / "silence.wav", quiet(40, noise)))
    assert speech.segments == ()
    assert speech.language == "und"
    assert speech.duration == pytest.approx(40, abs=0.1)


def test_a_short_thank_you_that_was_really_spoken_is_kept(quick, spoken, tmp_path):
    path = written(tmp_path / "thanks.wav", quiet(5), samples_of(spoken("Thank you very much.")), quiet(10))
    assert "thank you" in said(quick.transcribe(path, language="en"))


def heard(text: str, start: float, end: float, *, sure: float = 0.9, silence: float = 0.1) -> Heard:
    """A piece as an engine gives it, its words spread evenly."""
    parts = text.split()
    step = (end - start) / len(parts)
    words = [Word(f" {part}", start + n * step, start + (n + 1) * step, sure) for n, part in enumerate(parts)]
    return Heard(start, end, tuple(words), silence=silence, likelihood=-0.3 if sure > 0.5 else -1.3, repetition=1.2)


@pytest.mark.parametrize(
    ("piece", "kept"),
    [
        (heard("So we are going to go ahead and see what we do", 50.0, 50.5, sure=0.4), False),
        (heard("I never saw that letter and never signed it", 50.0, 51.0, sure=0.9), True),
        (heard("Thank you.", 70.0, 72.0), False),
        (heard("Thank you.", 50.0, 50.8), True),
        (heard("Thanks for watching!", 51.5, 55.0, silence=0.8), False),
        (heard("No. No. No. No.", 50.0, 52.0), True),
    ],
)
def test_what_nobody_can_have_said_is_left_out_and_real_speech_is_not(piece, kept):
    speech = [Span(49.9, 52.0)]
    assert bool(cleaned([piece], speech, length=90.0, lateness=0.0)) is kept


def test_words_lie_inside_the_file_in_order_and_make_up_their_segment(of_the_pause):
    speech = of_the_pause("faster-whisper")
    words = words_of(speech)
    assert all(0 <= word.start < word.end <= speech.duration for word in words)
    assert [word.start for word in words] == sorted(word.start for word in words)
    for segment in speech.segments:
        assert segment.words
        assert segment.text == " ".join(word.text for word in segment.words)
        assert (segment.start, segment.end) == (segment.words[0].start, segment.words[-1].end)
        assert all(0 <= word.probability <= 1 for word in segment.words)


def test_the_base_model_tells_the_language_by_itself(spoken):
    speech = engine("faster-whisper", "base").transcribe(spoken(WALL))
    assert speech.language == "en"
    assert "garden wall" in said(speech)


def test_a_long_recording_is_heard_in_passages_and_keeps_its_times(quick, spoken, tmp_path):
    phrase = samples_of(spoken(WALL))
    starts, parts, at = [8.0, 299.0, 345.0], [], 0.0
    for start in starts:
        parts += [quiet(start - at), phrase]
        at = start + len(phrase) / 22_050
    speech = quick.transcribe(written(tmp_path / "long.wav", *parts, quiet(8)), language="en")
    walls = [word.start for word in words_of(speech) if word.text.lower().strip(",.") == "wall"]
    assert len(walls) == 3
    for wall, start in zip(walls, starts, strict=True):
        assert 0.2 < wall - start < 1.2


def test_sound_lost_on_the_way_does_not_move_what_follows(quick, spoken, tmp_path):
    whole = written(tmp_path / "whole.wav", samples_of(spoken(LETTER)), quiet(30), samples_of(spoken(WALL)), quiet(1))
    holed = encoded(whole, tmp_path / "holed.webm", "libopus", lost=(5.0, 25.0))
    one, other = (
        [word.start for word in words_of(quick.transcribe(path, language="en")) if "january" in word.text.lower()]
        for path in (whole, holed)
    )
    assert one == pytest.approx(other, abs=0.2)
    assert len(one) == 1


def test_progress_goes_up_to_the_end_and_a_stop_is_obeyed(quick, with_a_pause):
    told: list[float] = []
    quick.transcribe(with_a_pause, language="en", progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    with pytest.raises(Cancelled):
        quick.transcribe(with_a_pause, language="en", cancelled=lambda: True)


def test_a_playlist_in_disguise_opens_no_other_file(quick, spoken, tmp_path):
    secret = spoken(WALL)
    for name, text in {
        "hls.wav": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{secret}\n#EXT-X-ENDLIST\n",
        "list.wav": f"ffconcat version 1.0\nfile '{secret}'\n",
    }.items():
        (tmp_path / name).write_text(text)
        with pytest.raises(BrokenFile):
            quick.transcribe(tmp_path / name)


def test_a_language_the_model_cannot_hear_is_refused(either, spoken):
    with pytest.raises(UnknownLanguage, match="English only"):
        either.transcribe(spoken(WALL), language="ko")


def test_a_regional_language_tag_is_understood(quick, spoken):
    assert quick.transcribe(spoken(WALL), language="en-GB").language == "en"


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("model", ["no-such-size", "/no/such/path"])
def test_a_missing_model_is_told_in_one_line(name, model):
    with pytest.raises(ModelMissing) as told:
        engine(name, model)
    assert "\n" not in str(told.value)
    assert model in str(told.value)


def test_a_checkpoint_made_from_packaged_weights_is_a_path_to_a_model_too(spoken):
    engine("openai-whisper", "tiny.en")
    made = next((django_settings.DATA_DIR / "models").glob("tiny.en-*.pt"))
    assert "garden" in said(engine("openai-whisper", str(made)).transcribe(spoken(WALL), language="en"))


def test_the_reference_engine_can_be_chosen_at_the_prompt(spoken, capsys):
    """Among the engine's other tests, for it is loaded where they are: that takes longer than listening."""
    call_command(
        *("transcribe", str(spoken(WALL)), "--json", "--engine", "openai-whisper"),
        *("--language", "en", "--model", "tiny.en"),
    )
    found = json.loads(capsys.readouterr().out)
    assert found["engine"] == "openai-whisper"
    assert "january" in found["segments"][0]["text"].lower()


def test_weights_that_are_not_what_they_should_be_are_refused_and_leave_nothing_behind(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    for packaged in PACKAGED.values():
        with pytest.raises(ModelMissing, match="damaged"):
            prepare(dataclasses.replace(packaged, sha256="0" * 64))
    assert [path.name for path in (tmp_path / "models").iterdir()] == [".lock"]


def test_weights_are_joined_once_however_many_processes_start(tmp_path):
    environment = {**os.environ, "COURT_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", "weights"]
    both = [
        subprocess.Popen(command, env=environment, cwd=django_settings.BASE_DIR, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    outputs = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    joined = list((tmp_path / "models").glob("base-*/model.bin"))
    assert [path.stat().st_size for path in joined] == [PACKAGED["base"].size]
    assert not list((tmp_path / "models").glob(".joining*"))
    assert all("base: " in output and "tiny.en: " in output for output in outputs)

    before = joined[0].stat().st_mtime_ns
    again = subprocess.run(command, env=environment, cwd=django_settings.BASE_DIR, capture_output=True, text=True)
    assert again.stdout.count("already prepared") == 2
    assert joined[0].stat().st_mtime_ns == before


def test_words_do_not_slip_over_a_long_silence(spoken, tmp_path):
    """The end of a word, ten seconds of silence, and a sentence: its first words must stay with it."""
    sentence = samples_of(spoken("Good morning. The hearing is open and everything is recorded."))
    scrap = samples_of(spoken("recorded"))
    scrap = scrap[len(scrap) // 2 :]
    sound = written(tmp_path / "slip.wav", quiet(0.3), scrap, quiet(10.0), sentence)
    begins = 10.3 + len(scrap) / RATE
    speech = engine(model="tiny.en").transcribe(sound, language="en")
    hearing = next(word for segment in speech.segments for word in segment.words if word.text.lower() == "hearing")
    assert begins < hearing.start < begins + 2


def test_the_base_model_is_given_words_in_the_tokens_it_was_trained_with():
    """The public conversions' own list of tokens cuts every " t" off; such words then seemed impossible."""
    from whisper.tokenizer import get_tokenizer

    text = " They told the tribunal that Tae-young took two tools to the third tenant."
    assert engine("faster-whisper", "base").tokens(text) == len(get_tokenizer(True).encode(text))

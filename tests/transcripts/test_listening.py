"""How the sound is listened to: in which language, with which names in mind, once more where it was weak."""

import tracemalloc

import numpy as np
import pytest

from tests.transcripts.sounds import quiet, samples_of, written
from transcripts.engines import Begun, Segment, Word, engine, listening
from transcripts.engines.again import heard_again, passed_over
from transcripts.engines.cleaning import simplified
from transcripts.engines.listening import PROMPT_TOKENS, passages
from transcripts.engines.silence import Span
from transcripts.engines.sound import RATE
from transcripts.engines.tongues import Tongues

PARCEL = "The parcel was sealed when it left our warehouse."
LETTER = "I sent a letter to the court yesterday."


def words_of(speech):
    return [word for segment in speech.segments for word in segment.words]


def said(speech) -> str:
    return " ".join(segment.text for segment in speech.segments)


# Names of the case.


def test_a_rare_name_is_spelled_as_the_case_spells_it_when_the_engine_is_told_it(spoken):
    path = spoken("The letter was signed by Mister Macalister in January.")
    listener = engine("faster-whisper", "base")
    assert "Macalister" not in said(listener.transcribe(path, language="en"))
    told = listener.transcribe(path, language="en", prompt="Kim Jiwoo, Macalister, Seoul, exhibit C1")
    assert said(told) == "The letter was signed by Mr. Macalister in January."


@pytest.mark.parametrize("noise", [0.0, 0.01, 0.05])
def test_the_names_told_to_the_engine_never_come_out_of_silence(tmp_path, noise):
    path = written(tmp_path / "silence.wav", quiet(20, noise))
    prompt = "Kim Jiwoo, Li Wei, Hyundai Motor, exhibit C1"
    assert engine("faster-whisper", "tiny.en").transcribe(path, language="en", prompt=prompt).segments == ()


def test_more_names_than_there_is_room_for_leave_room_to_listen():
    listener = engine("faster-whisper", "tiny.en")
    names = [f"Featherstonehaugh{number}" for number in range(500)]
    told = listener.prompt_for("en", ", ".join(names))
    assert told.startswith("Featherstonehaugh0, Featherstonehaugh1")
    assert PROMPT_TOKENS / 2 < listener.tokens(told) <= PROMPT_TOKENS


# The language of each phrase.


def speech(*loudness):
    """Three seconds of speech of each loudness, a second of silence after each."""
    return np.concatenate([np.r_[np.full(3 * RATE, level), np.zeros(RATE)] for level in loudness]).astype(np.float32)


ANSWERS = {
    1: {"en": 0.99, "ko": 0.01},
    2: {"zh": 0.99, "en": 0.01},
    3: {"en": 0.4, "ko": 0.3, "zh": 0.3},
    4: {"cy": 0.6, "ko": 0.4},
}


def detect(samples):
    """What a model would say: sure of the first two, unsure of speech of both kinds together or of the others."""
    levels = {round(float(level)) for level in np.unique(samples) if level}
    return ANSWERS[levels.pop()] if len(levels) == 1 else {"en": 0.5, "zh": 0.5}


def found(*loudness, turns=None, tongues=None):
    close = [Span(4 * number, 4 * number + 3) for number in range(len(loudness))]
    turns = turns or [Span(0, 4 * len(loudness))]
    tongues = tongues or Tongues(detect, expected=("en", "ko", "zh"))
    return [
        (run.language, round(run.start, 1), round(run.end, 1)) for run in tongues.runs(speech(*loudness), turns, close)
    ]


def test_an_interpreter_is_heard_in_the_language_of_each_phrase():
    assert found(1, 2, 1) == [("en", 0, 3.5), ("zh", 3.5, 7.5), ("en", 7.5, 12)]


def test_a_mumble_is_taken_for_the_language_of_what_stands_around_it():
    assert found(1, 3, 1) == [("en", 0, 12)]


def test_a_language_that_nobody_is_expected_to_speak_needs_more_than_a_hint():
    assert found(4) == [("ko", 0, 4)]


def test_what_was_spoken_before_is_remembered_from_passage_to_passage():
    tongues = Tongues(detect, expected=("en", "ko", "zh"))
    found(2, 2, tongues=tongues)
    assert tongues.own == "zh"
    later = Tongues(detect, expected=("en", "ko", "zh"))
    later.known(tongues.evidence())
    assert found(3, tongues=later) == [("zh", 0, 4)]


def test_chinese_is_always_written_in_simplified_characters():
    assert simplified("當事人提出的證據。", ["當", "事", "人", "提出", "的", "證據", "。"]) == (
        "当事人提出的证据。",
        ["当", "事", "人", "提出", "的", "证据", "。"],
    )


# Weak stretches.


def segment(text, start, *, sure=0.9, language="en"):
    words = [Word(word, start + 0.4 * at, start + 0.4 * at + 0.35, sure) for at, word in enumerate(text.split())]
    return Segment(words[0].start, words[-1].end, text, tuple(words), language)


def again(segments, close, answers, *, weak=True):
    asked = []

    def hear(span, language):
        asked.append((round(span.start, 1), round(span.end, 1), language))
        return [answers] if answers else []

    kept, seconds = heard_again(segments, close, hear, weak=weak, language=lambda span: "en")
    return [one.text for one in kept], asked, seconds


CLOSE = [Span(0, 1.6), Span(3, 4.6)]


def test_only_what_was_hardly_believed_is_heard_by_the_larger_model():
    heard = [segment("a clear sentence here", 0), segment("sum mumbled words hear", 3, sure=0.4)]
    better = segment("some mumbled words here", 3, sure=0.9)
    text, asked, seconds = again(heard, CLOSE, better)
    assert text == ["a clear sentence here", "some mumbled words here"]
    assert asked == [(0.0, 4.8, "en")]
    assert seconds == pytest.approx(4.8, abs=0.1)


def test_what_the_larger_model_hears_around_a_weak_stretch_is_not_written_twice():
    heard = [segment("a clear sentence here", 0), segment("sum mumbled words hear", 3, sure=0.4)]
    around = segment("a clear sentence here", 0).words + segment("some mumbled words here", 3).words
    both = Segment(0.0, around[-1].end, "all of it", around, "en")
    text, _asked, _seconds = again(heard, CLOSE, both)
    assert text == ["a clear sentence here", "some mumbled words here"]


def test_the_larger_models_text_is_not_taken_when_it_believes_it_less():
    heard = [segment("sum mumbled words hear", 0, sure=0.6)]
    text, asked, _seconds = again(heard, CLOSE[:1], segment("something else again here", 0, sure=0.2))
    assert (text, len(asked)) == (["sum mumbled words hear"], 1)
    assert again(heard, CLOSE[:1], None)[0] == ["sum mumbled words hear"]


def test_speech_that_was_passed_over_is_heard_again_even_without_a_larger_model():
    heard = [segment("a clear sentence here", 0)]
    assert [(round(gap.start, 1), round(gap.end, 1)) for gap in passed_over(heard, CLOSE)] == [(2.8, 4.8)]
    text, _asked, _seconds = again(heard, CLOSE, segment("which nobody wrote down", 3), weak=False)
    assert text == ["a clear sentence here", "which nobody wrote down"]
    assert again(heard, CLOSE, segment("which nobody said", 3, sure=0.2), weak=False)[0] == ["a clear sentence here"]


def test_a_larger_model_hears_what_a_small_one_was_unsure_of(spoken, tmp_path):
    small, large = engine("faster-whisper", "tiny.en"), engine("faster-whisper", "base")
    sentence = "Her solicitor disputes the surveyor's valuation."
    path = written(tmp_path / "two.wav", samples_of(spoken(sentence)), quiet(3))

    def right(speech):
        return len(set(sentence.lower().split()) & set(said(speech).lower().split()))

    alone = small.transcribe(path, language="en")
    both = small.transcribe(path, language="en", second=large)
    assert right(alone) < right(both)
    assert 0 < both.heard_again < both.duration
    assert (both.model, both.second) == ("tiny.en", "base")


# Long tracks.


def test_hearing_goes_on_from_where_another_worker_stood(spoken, tmp_path, monkeypatch):
    monkeypatch.setattr(listening, "PASSAGE", 12.0)
    monkeypatch.setattr(listening, "CUT_WITHIN", 6.0)
    path = written(tmp_path / "long.wav", samples_of(spoken(PARCEL)), quiet(30), samples_of(spoken(LETTER)), quiet(20))
    listener = engine("faster-whisper", "tiny.en")
    kept: list[Begun] = []
    whole = listener.transcribe(path, language="en", keep=kept.append)
    assert len(kept) >= 2
    assert kept[-1].reached == pytest.approx(whole.duration)
    first = next(begun for begun in kept if begun.segments)
    assert 0 < first.reached < 36
    rest = listener.transcribe(path, language="en", begun=first, keep=kept.append)
    assert rest == whole


def test_hours_of_sound_are_never_held_at_once():
    class Day:
        """Two hours, half a minute at a time; the microphone is off for most of them."""

        def stretches(self):
            for number in range(2 * 120):
                yield np.full(30 * RATE, 0.002 if number % 100 == 0 else 0.0, dtype=np.float32)

    tracemalloc.start()
    length = sum(len(passage.samples) for passage in passages(Day()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert length == 2 * 3600 * RATE
    assert peak < 120_000_000

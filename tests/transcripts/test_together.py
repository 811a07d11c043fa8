"""Short turns of a track are heard together, and yet no word is ever written outside the turn it was said in."""

import numpy as np
import pytest

from tests.transcripts import sounds
from tests.transcripts.sounds import quiet, samples_of, written
from transcripts.engines import Word, engine
from transcripts.engines.cleaning import Heard
from transcripts.engines.silence import Span
from transcripts.engines.sound import RATE
from transcripts.engines.together import heard_together
from transcripts.engines.tongues import Run

SAID = ("the wall fell down", "it was very old", "nobody repaired it then")
RUNS = [Run(10.0 * at, 10.0 * at + 3, "en") for at in range(3)]
VOICE = [Span(run.start + 0.4, run.end - 0.4) for run in RUNS]


@pytest.fixture
def sound():
    """Three turns, each a sound of its own, seven seconds apart."""
    samples = np.zeros(23 * RATE, dtype=np.float32)
    for at, run in enumerate(RUNS):
        samples[int(run.start) * RATE : int(run.end) * RATE] = at + 1
    return samples


def spread(text, start, end):
    """The words of a text at even times."""
    words = text.split()
    each = (end - start) / len(words)
    return tuple(Word(word, start + each * at, start + each * (at + 0.9), 0.9) for at, word in enumerate(words))


def written_in(sound, together):
    """What stands in each turn when the engine hears `together` in all of them: [(seconds, words)] and its clock."""

    def hear(speech, language, once):
        turn = int(speech[0]) - 1
        alone = len(speech) < 4 * RATE
        for words in [spread(SAID[turn], 0.5, 2.5)] if alone else together:
            yield Heard(words[0].start, words[-1].end, words, 0.1, -0.2, 1.2)

    def place(words, speech, language):
        said = SAID[int(speech[0]) - 1].split()
        placed = spread(" ".join(word.text for word in words), 0.5, 2.5)
        return [Word(one.text, one.start, one.end, 0.9 if one.text in said else 0.001) for one in placed]

    pieces = list(heard_together(RUNS, sound, VOICE, hear=hear, place=place))
    words = [word for piece in pieces for word in piece.words]
    assert len(words) == sum(len(said.split()) for said in SAID)
    return [" ".join(word.text for word in words if run.start <= word.start and word.end <= run.end) for run in RUNS]


@pytest.mark.parametrize(
    "slip",
    [
        pytest.param((SAID[0], SAID[1], SAID[2]), id="nothing slipped"),
        pytest.param((SAID[0] + " it", "was very old", SAID[2]), id="a word too early"),
        pytest.param((SAID[0], "it was very", "old " + SAID[2]), id="a word too late"),
        pytest.param((SAID[0] + " " + SAID[1], SAID[2], ""), id="a sentence too early"),
        pytest.param((SAID[1], SAID[0], SAID[2]), id="two sentences exchanged"),
        pytest.param(("", SAID[0], SAID[1] + " " + SAID[2]), id="a sentence too late"),
        pytest.param(("", "", ""), id="nothing heard"),
    ],
)
def test_every_word_stands_in_the_turn_it_was_said_in_wherever_the_engine_put_it(sound, slip):
    together = [spread(text, 3 * at + 0.5, 3 * at + 2.5) for at, text in enumerate(slip) if text]
    assert written_in(sound, together) == list(SAID)


def test_no_word_of_real_speech_lies_outside_its_own_turn(spoken, tmp_path):
    sentences = ["The old garden wall was built in January.", "Nobody repaired it.", "I sent a letter to the court."]
    parts, turns, at = [], [], 0.0
    for sentence in sentences:
        voice = samples_of(spoken(sentence))
        parts += [quiet(9), voice]
        turns.append((at + 9, at + 9 + len(voice) / sounds.RATE))
        at = turns[-1][1]
    speech = engine("faster-whisper", "tiny.en").transcribe(written(tmp_path / "turns.wav", *parts), language="en")
    words = [word for segment in speech.segments for word in segment.words]
    heard = [[word for word in words if start - 0.1 <= word.start and word.end <= end + 0.1] for start, end in turns]
    assert sum(map(len, heard)) == len(words)
    for sentence, found in zip(sentences, heard, strict=True):
        assert {word.text.strip(".").lower() for word in found} >= set(sentence.strip(".").lower().split()[-2:])

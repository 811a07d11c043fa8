"""Whose words, and where an utterance ends."""

from transcripts.merging import Said, Voice, merged


def voice(track, said, *, level=-20.0, language="en", breath=0):
    """Words as (text, start), each 0.3 s long unless the next begins sooner."""
    words = []
    for text, start in said:
        if words and start - words[-1].end >= 0.8:
            breath += 1
        words.append(Said(text, start, start + 0.3, 0.9, level, breath))
    return Voice(track, language, words)


def line(text, start, step=0.35):
    return [(word, start + step * number) for number, word in enumerate(text.split())]


def told(voices):
    return [(stretch.track, stretch.text) for stretch in merged(voices)]


def test_speakers_take_turns_in_the_order_in_which_they_spoke():
    judge = voice(1, line("Did you receive it?", 0) + line("When was that?", 6))
    party = voice(2, line("I did.", 3) + line("In March.", 8))
    assert told([judge, party]) == [
        (1, "Did you receive it?"),
        (2, "I did."),
        (1, "When was that?"),
        (2, "In March."),
    ]


def test_a_pause_after_a_sentence_parts_and_a_pause_within_one_does_not():
    assert told([voice(1, line("I paid.", 0) + line("He did not.", 2))]) == [(1, "I paid."), (1, "He did not.")]
    assert told([voice(1, line("I paid on", 0) + line("the first.", 2))]) == [(1, "I paid on the first.")]


def test_a_long_silence_always_parts():
    assert told([voice(1, line("I paid on", 0) + line("the first.", 5))]) == [(1, "I paid on"), (1, "the first.")]


def test_somebody_who_falls_in_parts_what_is_said_around_it():
    judge = voice(1, line("The parcel was sealed", 0) + line("when it left.", 2.0))
    party = voice(2, line("No!", 1.45))
    assert told([judge, party]) == [(1, "The parcel was sealed"), (2, "No!"), (1, "when it left.")]


def test_a_voice_heard_through_another_microphone_is_told_once_and_by_its_speaker():
    spoken = line("The parcel arrived on the third of March.", 0)
    clear = voice(1, spoken, level=-18)
    leak = voice(2, [(word, start + 0.12) for word, start in spoken], level=-42)
    assert told([clear, leak]) == [(1, "The parcel arrived on the third of March.")]
    assert told([leak, clear]) == [(1, "The parcel arrived on the third of March.")]


def test_a_leak_that_was_misheard_in_places_goes_as_a_whole():
    clear = voice(1, line("The parcel arrived on the third of March.", 0), level=-18)
    leak = voice(2, line("A parcel arrived in the bird of March.", 0.1), level=-42)
    assert told([clear, leak]) == [(1, "The parcel arrived on the third of March.")]


def test_a_leak_does_not_take_the_answer_after_it_along():
    clear = voice(1, line("Was it opened when you received it?", 0), level=-18)
    spoken = voice(2, line("opened when you received it?", 0.8), level=-45)
    answer = voice(2, line("Yes it was.", 3.4), level=-19, breath=1)
    both = Voice(2, "en", spoken.words + answer.words)
    assert told([clear, both]) == [(1, "Was it opened when you received it?"), (2, "Yes it was.")]


def test_two_people_who_really_say_the_same_word_at_once_are_both_heard():
    assert told([voice(1, line("Yes.", 1), level=-20), voice(2, line("Yes.", 1.1), level=-24)]) == [
        (1, "Yes."),
        (2, "Yes."),
    ]


def test_chinese_is_written_without_spaces_and_korean_with_them():
    chinese = Voice(
        "zh", "zh", [Said(w, 0.3 * n, 0.3 * n + 0.2, 0.9, -20, 0, n == 0) for n, w in enumerate("合同在这里")]
    )
    chinese.track = 1
    assert told([chinese]) == [(1, "合同在这里")]
    assert told([voice(1, line("계약서에 서명했습니다.", 0), language="ko")]) == [(1, "계약서에 서명했습니다.")]

"""Synthesised speech whose word times are known exactly, told by the synthesiser itself. Used by alignment.py."""

import ctypes
import ctypes.util
import functools
import wave
from pathlib import Path

RATE_TYPE = 22_050
WORD_EVENT, END_EVENTS = 1, 0
RETRIEVAL, UTF8 = 1, 1
PAUSE = 0.6

SENTENCES = {
    "ko": [
        "피고는 지난해 삼월에 정원 담장이 무너졌다고 말했습니다",
        "원고는 수리비 이백만 원을 요구하고 있습니다",
        "판사는 증인에게 그날 밤에 무엇을 보았는지 물었습니다",
        "증인은 비가 많이 왔고 큰 소리를 들었다고 대답했습니다",
        "보고서에는 담장의 기초가 약했다고 적혀 있습니다",
    ],
    "zh": [
        "原告说花园的墙在一月倒塌",
        "被告不同意支付两千元修理费",
        "法官问证人那天晚上看见了什么",
        "证人回答说雨下得很大",
        "报告说这面墙没有合适的地基",
    ],
}


class Event(ctypes.Structure):
    """espeak_EVENT of espeak-ng's speak_lib.h."""

    _fields_ = [
        ("type", ctypes.c_int),
        ("unique", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_int * 2),
    ]


@functools.cache
def synthesiser() -> tuple[ctypes.CDLL, int]:
    """espeak-ng, and its samples a second. Begun once: begun anew for each sentence it writes over freed memory."""
    library = ctypes.CDLL(ctypes.util.find_library("espeak-ng") or "libespeak-ng.so.1")
    return library, library.espeak_Initialize(RETRIEVAL, 0, None, 0)


def speak(text: str, voice: str, speed: int = 140) -> tuple[bytes, list[tuple[int, float]], int]:
    """(16-bit mono samples, [(character, second at which the word there begins)], samples a second)."""
    library, rate = synthesiser()
    samples = bytearray()
    words: list[tuple[int, float]] = []
    shape = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event))

    def hear(wave_part: object, count: int, events: object) -> int:
        if wave_part and count > 0:
            samples.extend(ctypes.string_at(wave_part, 2 * count))
        at = 0
        while events and events[at].type != END_EVENTS:
            if events[at].type == WORD_EVENT:
                words.append((events[at].text_position - 1, events[at].audio_position / 1000))
            at += 1
        return 0

    kept = shape(hear)
    library.espeak_SetSynthCallback(kept)
    library.espeak_SetVoiceByName(voice.encode())
    library.espeak_SetParameter(1, speed, 0)
    spoken = text.encode()
    library.espeak_Synth(spoken, len(spoken) + 1, 0, 1, 0, UTF8, None, None)
    library.espeak_Synchronize()
    return bytes(samples), words, rate


def recording(language: str, path: Path) -> tuple[list[tuple[str, float]], str]:
    """Write sentences of this language as a WAV file: ([(word or character, second it begins)], the text)."""
    truth: list[tuple[str, float]] = []
    sound = bytearray()
    rate = RATE_TYPE
    for sentence in SENTENCES[language]:
        if language == "zh":
            from pypinyin import Style, lazy_pinyin

            units = list(sentence)
            said = " ".join(lazy_pinyin(sentence, style=Style.TONE3, neutral_tone_with_five=True))
            samples, words, rate = speak(said, "cmn-latn-pinyin")
        else:
            units, said = sentence.split(), sentence
            samples, words, rate = speak(said, "ko")
        begins = {0: 0.0} | dict(words)
        offset = len(sound) / 2 / rate
        character = 0
        for unit, piece in zip(units, said.split(), strict=True):
            if character in begins:
                truth.append((unit, offset + begins[character]))
            character += len(piece) + 1
        sound += samples + b"\0\0" * int(PAUSE * rate)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(bytes(sound))
    return truth, ("。".join(SENTENCES["zh"]) + "。") if language == "zh" else ". ".join(SENTENCES[language]) + "."

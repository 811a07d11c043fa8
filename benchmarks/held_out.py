"""Recordings that no weight of the aligner was tuned on: hearings spoken by the demo's voice, clips in noise.

The words of the spoken hearings are known exactly; the times of words are not. Used by alignment.py.
"""

import hashlib
import wave
from pathlib import Path
from typing import Any

import numpy as np

RATE = 16_000

ROOF = """
judge: Good morning. This is the case of Patel against Northfield Roofing, number forty two of this year.
judge: Mrs. Patel, when did you first notice the water in the bedroom?
claimant: It was on the ninth of March, at about seven in the evening. I had not gone upstairs before dinner.
claimant: There were three buckets on the floor by midnight, and the ceiling was already sagging.
respondent: With respect, the inspection on the second of February found no fault with the slates.
judge: Mr. Doyle, you will have your turn. Please do not interrupt.
claimant: I called the company on Tuesday and a woman named Grace told me that nobody was free until April.
claimant: I paid them eight hundred and fifty pounds in January, and I have never received a receipt.
judge: Is the invoice in the bundle?
claimant: Yes, it is at page nineteen, behind the photographs of the chimney.
respondent: The invoice says labour only. We were not asked to replace the lead flashing.
respondent: My foreman, Kevin Walsh, offered to return on the fourteenth of March, but she refused to let him in.
claimant: That is not true. He came without a ladder and stayed for ten minutes.
judge: Did anybody else see him?
claimant: My neighbour, Doctor Nguyen, was standing at the gate. She has written a letter, which I sent here last week.
respondent: I have not seen that letter.
judge: You will be given a copy during the break, and you may answer it in writing within seven days.
respondent: Thank you. I would add that the storm on the eighth of March was the worst in twenty years.
judge: That may be so, but the guarantee covers five years and makes no exception for weather.
judge: The hearing will continue at two o'clock. Nobody should discuss the evidence until then.
"""

LOAN = """
mediator: Welcome, both of you. Nothing that is said in this room can be used in court afterwards.
claimant: I lent my brother Samuel twelve thousand dollars in the spring of twenty nineteen, to open a bakery in Leeds.
respondent: It was a gift. There was never any agreement that I should pay it back.
claimant: We shook hands on it in front of our mother, and he promised sixty dollars every week.
mediator: Were any payments made at all?
respondent: I sent her four hundred at Christmas, because her car had broken down, not because I owed it.
claimant: The message from the twenty third of December says, here is the first part of what I borrowed.
respondent: I do not remember writing that, and I changed my telephone in the summer.
mediator: Let us leave the past aside for a moment. What does each of you need most?
claimant: I need the roof repaired before the winter, and I cannot ask the bank again.
respondent: The shop loses money. I could manage thirty a week, but not sixty, and not before October.
claimant: Thirty a week would take almost eight years. I am already sixty one.
mediator: Would you accept a smaller sum if it were paid at once?
claimant: I might accept nine thousand, if it reached my account by the first of June.
respondent: Our aunt Rebecca offered to lend me five, without interest.
mediator: Then five now and the rest in monthly parts is at least possible.
claimant: I would want that in writing, signed by both of us and by Rebecca.
respondent: I have no objection, as long as the word loan does not appear in it.
mediator: We can call it a settlement. I will draft two versions before lunch.
"""


def spoken(name: str, script: str, scratch: Path, *, noise: float, telephone: bool) -> dict[str, Any]:
    """A script spoken in turns with a track for each person: paths, and [(speaker, what they said)].

    `noise` is a room's loudness; `telephone` leaves no more of the sound than a telephone does.
    """
    from court.demo.voices import RATE as VOICE
    from court.demo.voices import speak

    turns = [(who.strip(), said.strip()) for who, said in (line.split(":", 1) for line in script.strip().splitlines())]
    told = hashlib.sha256(f"{script}{noise}{telephone}".encode()).hexdigest()[:12]
    folder = scratch / f"{name}-{told}"
    folder.mkdir(exist_ok=True)
    people = sorted({who for who, _ in turns})
    if not (folder / "mixed.wav").exists():
        chance = np.random.default_rng(len(script))
        voices = {who: iter(speak([said for one, said in turns if one == who], person=who)) for who in people}
        laid: list[tuple[str, float, Any]] = []
        at = 0.7
        for who, _ in turns:
            samples = next(voices[who])
            laid.append((who, at, samples))
            at += len(samples) / VOICE + chance.uniform(0.25, 1.6)
        for track in [*people, "mixed"]:
            sound = noise * chance.standard_normal(int((at + 1) * VOICE)).astype(np.float32)
            for who, start, samples in laid:
                if track in (who, "mixed"):
                    sound[int(start * VOICE) : int(start * VOICE) + len(samples)] += 0.5 * samples
            if telephone:
                spectrum = np.fft.rfft(sound)
                tones = np.fft.rfftfreq(len(sound), 1 / VOICE)
                spectrum[(tones < 300) | (tones > 3400)] = 0
                sound = np.fft.irfft(spectrum, len(sound)).astype(np.float32)
            write(folder / f"{track}.wav", sound, VOICE)
    return {"turns": turns, "people": people, "folder": folder}


def write(path: Path, sound: Any, rate: int = RATE) -> None:
    """Write mono samples as 16-bit WAV."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())

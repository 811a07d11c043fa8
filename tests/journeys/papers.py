"""Files a party uploads as exhibits."""

import wave
from pathlib import Path

import pikepdf
from PIL import Image


def paper(folder: Path) -> Path:
    """A one-page PDF."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(595, 842))
    path = folder / "receipt.pdf"
    document.save(path)
    return path


def photo(folder: Path) -> Path:
    path = folder / "bowls.jpg"
    Image.new("RGB", (640, 480), (160, 120, 90)).save(path)
    return path


def tone(folder: Path) -> Path:
    path = folder / "voicemail.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(8000))
    return path

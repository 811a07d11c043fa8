"""Picture of a track: its takes one after the other on the recording's clock, black between.

Most browsers record VP8, which is copied as it is. Those that cannot record H.264 in MP4: such a take is encoded anew,
for one file holds pictures of one kind.
"""

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import av

from .sound import WORTH_NOTING_MS, Gap, Joined, StoredTake

FFMPEG = ("ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-y")
# The VP8 encoder's threads wait for one another by running in circles: on a machine that has other work, two of them
# take five to fifteen times the time of one.
VP8 = ("-c:v", "libvpx", "-deadline", "realtime", "-threads", "1")
ENCODED = (
    *VP8,
    "-an",
    "-fps_mode",
    "passthrough",
    "-cpu-used",
    "8",
    "-b:v",
    "800k",
    "-g",
    "60",
)


def join_pictures(
    takes: Sequence[StoredTake], total_ms: float, target: Path, folder: Path, renew: Callable[[], object]
) -> list[Gap]:
    """Write the takes as one WebM file, ``total_ms`` long at most, and give back its gaps. ``folder``: passing files.

    Raises OSError when ffmpeg fails. A take that cannot be read becomes black, and is noted.
    """
    parts: list[tuple[Path, float]] = []
    gaps: list[Gap] = []
    at = 0.0
    size = (640, 360)
    readable = []
    for number, take in enumerate(takes):
        whole = folder / f"take-{number}.webm"
        _glue(take, folder / "pieces", whole, renew)
        measured = _measure(whole) if whole.exists() else None
        if measured is not None:
            readable.append((take, whole, measured[2]))
            size = measured[:2]
        renew()
    for take, whole, lasts in readable:
        begins = max(float(take.begins_ms), at)
        if begins >= total_ms:
            break
        if begins - at >= 40:
            parts.append((_black(folder, size, begins - at, len(parts)), begins - at))
            if begins - at >= WORTH_NOTING_MS:
                gaps.append((round(at), round(begins), "away"))
        later = [other.begins_ms for other, _, _ in readable if other.begins_ms > take.begins_ms]
        ends = min([begins + lasts, total_ms, *later])
        parts.append((whole, ends - begins))
        at = ends
        renew()
    if total_ms - at >= WORTH_NOTING_MS:
        parts.append((_black(folder, size, total_ms - at, len(parts)), total_ms - at))
        gaps.append((round(at), round(total_ms), "away"))
    if not parts:
        return gaps
    script = folder / "parts.txt"
    lines = ["ffconcat version 1.0"]
    for path, lasts in parts:
        lines += [f"file '{path}'", f"duration {lasts / 1000:.3f}", f"outpoint {lasts / 1000:.3f}"]
    script.write_text("\n".join(lines))
    _run("-f", "concat", "-safe", "0", "-i", str(script), "-c", "copy", "-f", "webm", str(target))
    return gaps


def _run(*arguments: str, renew: Callable[[], object] = lambda: None) -> None:
    """Have ffmpeg work; ``renew`` is called every two seconds. Raises OSError."""
    with subprocess.Popen([*FFMPEG, *arguments], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as working:
        try:
            while True:
                try:
                    _out, errors = working.communicate(timeout=2.0)
                    break
                except subprocess.TimeoutExpired:
                    renew()
        except BaseException:
            working.kill()
            raise
    if working.returncode:
        raise OSError(f"ffmpeg could not write the picture: {errors.decode(errors='replace')[-200:]}")


def _glue(take: StoredTake, raw: Path, whole: Path, renew: Callable[[], object]) -> None:
    """Copy the pieces together and let ffmpeg write the stream anew, with its length and index."""
    with raw.open("wb") as file:
        source = Joined(take.pieces)
        while block := source.read(1 << 20):
            file.write(block)
    kind = ("-c", "copy") if _codec(raw) == "vp8" else ENCODED
    try:
        _run("-fflags", "+genpts+discardcorrupt", "-i", str(raw), "-map", "0:v:0", *kind, str(whole), renew=renew)
    except OSError:
        whole.unlink(missing_ok=True)
    finally:
        raw.unlink(missing_ok=True)


def _codec(path: Path) -> str:
    """What the picture is encoded with; empty if there is none."""
    try:
        with av.open(str(path)) as container:
            return str(container.streams.video[0].codec_context.name)
    except (av.FFmpegError, IndexError):
        return ""


def _measure(path: Path) -> tuple[int, int, float] | None:
    """Width, height and length in ms; None if there is no picture."""
    try:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            return stream.width, stream.height, (container.duration or 0) / 1000
    except (av.FFmpegError, IndexError):
        return None


def _black(folder: Path, size: tuple[int, int], ms: float, number: int) -> Path:
    """A black picture of this length, one frame a second."""
    path = folder / f"black-{number}.webm"
    width, height = size
    _run(
        *("-f", "lavfi", "-i", f"color=black:size={width}x{height}:rate=1:duration={max(1.0, ms / 1000):.3f}"),
        *(*VP8, "-b:v", "50k", "-g", "10", str(path)),
    )
    return path

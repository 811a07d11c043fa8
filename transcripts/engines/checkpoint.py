"""A checkpoint for openai-whisper made from the same weights in CTranslate2's format.

CTranslate2 keeps the tensors of the original under other names, the three attention inputs in one matrix, and the
cross attention's key and value in another. Nothing is computed: tensors are read, split and renamed.
"""

import hashlib
import json
import os
import re
import struct
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from transcripts.engines.speech import ModelMissing
from transcripts.engines.weights import PACKAGED, ct2_folder, folder, locked

Array = npt.NDArray[Any]

FLOATS: dict[int, Any] = {0: np.float32, 4: np.float16}
OTHERS: dict[int, Any] = {1: np.int8, 2: np.int16, 3: np.int32}

RENAMED = [
    (r"^encoder/position_encodings/encodings$", "encoder.positional_embedding"),
    (r"^decoder/position_encodings/encodings$", "decoder.positional_embedding"),
    (r"^decoder/embeddings/weight$", "decoder.token_embedding.weight"),
    (r"^encoder/layer_norm/", "encoder.ln_post."),
    (r"^decoder/layer_norm/", "decoder.ln."),
    (r"/layer_(\d+)/self_attention/layer_norm/", r".blocks.\1.attn_ln."),
    (r"/layer_(\d+)/attention/layer_norm/", r".blocks.\1.cross_attn_ln."),
    (r"/layer_(\d+)/self_attention/linear_1/", r".blocks.\1.attn.out."),
    (r"/layer_(\d+)/attention/linear_0/", r".blocks.\1.cross_attn.query."),
    (r"/layer_(\d+)/attention/linear_2/", r".blocks.\1.cross_attn.out."),
    (r"/layer_(\d+)/ffn/layer_norm/", r".blocks.\1.mlp_ln."),
    (r"/layer_(\d+)/ffn/linear_0/", r".blocks.\1.mlp.0."),
    (r"/layer_(\d+)/ffn/linear_1/", r".blocks.\1.mlp.2."),
    (r"gamma$", "weight"),
    (r"beta$", "bias"),
    (r"/", "."),
]

FUSED = [
    (r"^(\w+)/layer_(\d+)/self_attention/linear_0/(weight|bias)$", "attn", ("query", "key", "value")),
    (r"^(\w+)/layer_(\d+)/attention/linear_1/(weight|bias)$", "cross_attn", ("key", "value")),
]


def from_ct2(model: str) -> Path:
    """The checkpoint (.pt) made from a packaged size or a folder of CTranslate2 weights; made once and kept.

    Raises ModelMissing when the weights are not there or not whole (8-bit weights cannot be turned back).
    """
    source = ct2_folder(model) / "model.bin"
    if model in PACKAGED:
        target = folder() / f"{model}-{PACKAGED[model].sha256[:12]}.pt"
    else:
        with source.open("rb") as file:
            target = folder() / f"{source.parent.name}-{hashlib.file_digest(file, 'sha256').hexdigest()[:12]}.pt"
    if not target.exists():
        with locked():
            if not target.exists():
                _convert(source, target)
    return target


def _convert(source: Path, target: Path) -> None:
    """Write the checkpoint beside its place, prove that Whisper accepts every tensor of it, then move it there."""
    import torch
    from whisper.model import ModelDimensions, Whisper

    try:
        tensors = _read(source)
        state = _state(tensors)
        dims = _dimensions(tensors, state)
    except (struct.error, KeyError, ValueError) as error:
        raise ModelMissing(f"{source} cannot be turned into a checkpoint for openai-whisper: {error}.") from error
    checkpoint = {"dims": dims, "model_state_dict": {name: torch.from_numpy(state[name]) for name in state}}
    proof = Whisper(ModelDimensions(**dims))
    try:
        proof.load_state_dict(checkpoint["model_state_dict"])
    except RuntimeError as error:
        raise ModelMissing(f"{source} does not hold a whole Whisper model.") from error
    handle, making = tempfile.mkstemp(prefix=".converting-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            torch.save(checkpoint, file)
            file.flush()
            os.fsync(file.fileno())
        Path(making).replace(target)
    except OSError as error:
        raise ModelMissing(f"The checkpoint could not be written: {error.strerror}.") from error
    finally:
        Path(making).unlink(missing_ok=True)


def _read(path: Path) -> dict[str, Array]:
    """All tensors of a CTranslate2 model file (binary version 6 and later)."""
    tensors: dict[str, Array] = {}
    with path.open("rb") as file:
        (version,) = _unpack(file, "I")
        if version < 6:
            raise ValueError("its format is too old")
        _text(file)
        _unpack(file, "I")
        (count,) = _unpack(file, "I")
        for _ in range(count):
            name = _text(file)
            (rank,) = _unpack(file, "B")
            shape = _unpack(file, f"{rank}I")
            kind, size = _unpack(file, "BI")
            data = file.read(size)
            if kind not in FLOATS | OTHERS:
                raise ValueError(f"{name} is of a kind that cannot be read")
            if kind == 1 and name.endswith("weight"):
                raise ValueError("its weights were reduced to 8 bits")
            tensors[name] = np.frombuffer(data, dtype=(FLOATS | OTHERS)[kind]).reshape(shape)
    return tensors


def _unpack(file: BinaryIO, form: str) -> tuple[int, ...]:
    form = "<" + form
    return struct.unpack(form, file.read(struct.calcsize(form)))


def _text(file: BinaryIO) -> str:
    (length,) = _unpack(file, "H")
    return file.read(length).rstrip(b"\0").decode()


def _state(tensors: dict[str, Array]) -> dict[str, Array]:
    state: dict[str, Array] = {}
    for name, tensor in tensors.items():
        if tensor.dtype not in (np.float16, np.float32) or tensor.ndim == 0 or name.startswith("decoder/projection"):
            continue
        whole = np.array(tensor)  # a copy: what was read cannot be written to, and torch wants to
        for pattern, attention, parts in FUSED:
            if match := re.match(pattern, name):
                side, layer, kind = match.groups()
                for part, piece in zip(parts, np.split(whole, len(parts)), strict=True):
                    if (part, kind) != ("key", "bias"):  # Whisper's keys have none; it is stored as zeros
                        state[f"{side}.blocks.{layer}.{attention}.{part}.{kind}"] = np.ascontiguousarray(piece)
                break
        else:
            for pattern, new in RENAMED:
                name = re.sub(pattern, new, name)
            state[name] = whole
    return state


def _dimensions(tensors: dict[str, Array], state: dict[str, Array]) -> dict[str, int]:
    vocabulary, width = state["decoder.token_embedding.weight"].shape
    return {
        "n_mels": state["encoder.conv1.weight"].shape[1],
        "n_audio_ctx": state["encoder.positional_embedding"].shape[0],
        "n_audio_state": width,
        "n_audio_head": int(tensors["encoder/num_heads"]),
        "n_audio_layer": _layers(state, "encoder"),
        "n_vocab": vocabulary,
        "n_text_ctx": state["decoder.positional_embedding"].shape[0],
        "n_text_state": width,
        "n_text_head": int(tensors["decoder/num_heads"]),
        "n_text_layer": _layers(state, "decoder"),
    }


def _layers(state: dict[str, Array], side: str) -> int:
    return 1 + max(int(name.split(".")[2]) for name in state if name.startswith(f"{side}.blocks."))


def alignment_heads(source: Path) -> list[tuple[int, int]]:
    """The heads that follow the sound, as the weights' own config.json gives them: (layer, head)."""
    config = json.loads((source / "config.json").read_text())
    return [(int(layer), int(head)) for layer, head in config.get("alignment_heads", [])]

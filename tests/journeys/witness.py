"""What a test knows of sound by itself, without asking the product."""

import subprocess
from pathlib import Path

import numpy as np

RATE = 8000

# Witnesses in the browser, independent of the product: what connections received, what the microphone gave and when.
WITNESS = """
(() => {
  const connections = [], Plain = RTCPeerConnection;
  window.RTCPeerConnection = class extends Plain {
    constructor(...given) { super(...given); connections.push(this); }
  };
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const stream = await ask(wanted);
    if (wanted.audio) window.microphone = stream.getAudioTracks()[0];
    return stream;
  };
  window.received = async () => {
    const found = [];
    for (const pc of connections.filter((pc) => pc.connectionState === "connected")) {
      const packets = { audio: 0, video: 0 };
      for (const report of (await pc.getStats()).values()) {
        if (report.type === "inbound-rtp") packets[report.kind] += report.packetsReceived;
      }
      found.push(packets);
    }
    return found;
  };
  // So many seconds of what the microphone gave, from `begun` (ms since the epoch) on, and which samples were heard:
  // a busy machine drops some, and then it takes longer.
  window.witness = async (seconds) => {
    const reader = new MediaStreamTrackProcessor({ track: microphone.clone() }).readable.getReader();
    const parts = [];
    let begun = Infinity, rate = 48000, first = null, heard = 0;
    while (heard < seconds * rate) {
      const { value } = await reader.read();
      const now = performance.timeOrigin + performance.now();
      rate = value.sampleRate;
      first ??= value.timestamp;
      const at = Math.round(((value.timestamp - first) / 1e6) * rate);
      const part = new Float32Array(value.numberOfFrames);
      value.copyTo(part, { planeIndex: 0, format: "f32-planar" });
      value.close();
      parts.push([at, part]);
      heard += part.length;
      begun = Math.min(begun, now - ((at + part.length) / rate) * 1000);
    }
    await reader.cancel();
    const [at, last] = parts.at(-1);
    const samples = new Float32Array(at + last.length), there = new Uint8Array(at + last.length);
    for (const [at, part] of parts) {
      samples.set(part, at);
      there.fill(1, at, at + part.length);
    }
    const step = rate / 8000;
    const thin = [], known = [];
    for (let at = 0; at + step <= samples.length; at += step) {
      let sum = 0, all = 1;
      for (let i = 0; i < step; i += 1) {
        sum += samples[at + i];
        all &= there[at + i];
      }
      thin.push(Math.round((sum / step) * 32767));
      known.push(all);
    }
    return { begun, samples: thin, heard: known };
  };
  // Until the page is left: the power of each hundredth of a second, from `begun` (ms since the epoch) on, and of how
  // many samples, for a busy machine drops some.
  window.listen = async () => {
    const reader = new MediaStreamTrackProcessor({ track: microphone.clone() }).readable.getReader();
    const power = [], samples = [];
    let first = null;
    window.listened = { begun: Infinity, power, samples };
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const now = performance.timeOrigin + performance.now();
      first ??= value.timestamp;
      const at = (value.timestamp - first) / 1000; // ms
      const part = new Float32Array(value.numberOfFrames);
      value.copyTo(part, { planeIndex: 0, format: "f32-planar" });
      const each = 1000 / value.sampleRate;
      value.close();
      for (let i = 0; i < part.length; i += 1) {
        const slot = Math.floor((at + i * each) / 10);
        while (power.length <= slot) power.push(0), samples.push(0);
        power[slot] += part[i] ** 2;
        samples[slot] += 1;
      }
      window.listened.begun = Math.min(window.listened.begun, now - at - part.length * each);
    }
  };
})();
"""


def samples_of(path: Path) -> np.ndarray:
    raw = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", str(path), "-ac", "1", "-ar", str(RATE), "-f", "s16le", "-"],
        capture_output=True,
        check=True,
    ).stdout
    return np.frombuffer(raw, dtype="<i2").astype(float)


def loudness_of(samples: np.ndarray) -> np.ndarray:
    """How loud each hundredth of a second is."""
    hop = RATE // 100
    return np.sqrt((samples[: samples.size // hop * hop].reshape(-1, hop) ** 2).mean(axis=1))


def fits(heard: dict[str, list[float]], sentence: np.ndarray) -> np.ndarray:
    """How well a sentence's loudness fits what `listen` heard (1: exactly), at each hundredth of a second.

    Only what was heard of both is compared: where over half of a sentence is missing, nothing fits.
    """
    there = np.array(heard["samples"]) > 0
    loud = np.sqrt(np.array(heard["power"]) / np.maximum(heard["samples"], 1))
    windows, masks = (np.lib.stride_tricks.sliding_window_view(one, sentence.size) for one in (loud, there))
    known = np.maximum(masks.sum(axis=1), 1)
    means = (windows * masks).sum(axis=1) / known
    spread = np.sqrt((((windows - means[:, None]) * masks) ** 2).sum(axis=1) / known)
    part_means = (masks @ sentence) / known
    parts = (sentence[None, :] - part_means[:, None]) * masks
    part_spread = np.sqrt((parts**2).sum(axis=1) / known)
    fit = ((windows - means[:, None]) * parts).sum(axis=1) / known
    return np.where(known * 2 > sentence.size, fit / ((spread + loud.std() * 0.05) * part_spread + 1e-12), 0.0)

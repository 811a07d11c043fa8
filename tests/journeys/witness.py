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
  window.witness = async (seconds) => {
    const reader = new MediaStreamTrackProcessor({ track: microphone.clone() }).readable.getReader();
    const samples = new Float32Array((seconds + 1) * 48000);
    let begun = Infinity, rate = 48000, first = null, end = 0;
    while (end < seconds * rate) {
      const { value } = await reader.read();
      const now = performance.timeOrigin + performance.now();
      rate = value.sampleRate;
      first ??= value.timestamp;
      const at = Math.round(((value.timestamp - first) / 1e6) * rate); // frames may be dropped on a busy machine
      const part = new Float32Array(value.numberOfFrames);
      value.copyTo(part, { planeIndex: 0, format: "f32-planar" });
      value.close();
      end = at + part.length;
      if (end < samples.length) samples.set(part, at);
      begun = Math.min(begun, now - (end / rate) * 1000);
    }
    await reader.cancel();
    const step = rate / 8000;
    const thin = [];
    for (let at = 0; at + step <= Math.min(end, samples.length); at += step) {
      let sum = 0;
      for (let i = 0; i < step; i += 1) sum += samples[at + i];
      thin.push(Math.round((sum / step) * 32767));
    }
    return { begun, samples: thin };
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


def spoken_at(heard: np.ndarray, sentence: np.ndarray) -> tuple[float, float]:
    """Where a sentence lies in what a microphone gave, in seconds, by its loudness; and how well it fits (1: exactly).

    Loudness bears a busy machine's dropped samples better than the waves themselves.
    """
    hop = RATE // 100
    whole, part = (
        np.sqrt((samples[: samples.size // hop * hop].reshape(-1, hop) ** 2).mean(axis=1))
        for samples in (heard, sentence)
    )
    part = part - part.mean()
    windows = np.lib.stride_tricks.sliding_window_view(whole, part.size)
    spread = (windows.std(axis=1) + whole.std() * 0.05) * part.std() * part.size
    fits = (windows @ part) / spread
    return float(fits.argmax()) / 100, float(fits.max())

// What a page sends, and what it hears and sees.
"use strict";

const sound = new AudioContext({sampleRate: 48000});

// A tone of so many Hz, or what the browser takes for a microphone; and what it takes for a camera.
async function openMedia({audio, video}) {
  const stream = new MediaStream();
  if (typeof audio === "number") {
    await sound.resume();
    const oscillator = new OscillatorNode(sound, {frequency: audio});
    const out = new MediaStreamAudioDestinationNode(sound, {channelCount: 1});
    oscillator.connect(new GainNode(sound, {gain: 0.3})).connect(out);
    oscillator.start();
    stream.addTrack(out.stream.getAudioTracks()[0]);
  }
  const device = {audio: audio === true, video: Boolean(video) && {width: 320, height: 240, frameRate: 15, ...video}};
  if (device.audio || device.video) {
    const opened = await navigator.mediaDevices.getUserMedia(device);
    for (const track of opened.getTracks()) stream.addTrack(track);
  }
  return stream;
}

// The strongest frequency that a track carries now, in Hz; 0 for silence.
class Ear {
  constructor(track) {
    this.player = new Audio(); // Chromium decodes for Web Audio only what an element plays
    this.player.muted = true;
    this.player.srcObject = new MediaStream([track]);
    this.player.play().catch(() => {});
    this.analyser = new AnalyserNode(sound, {fftSize: 16384, smoothingTimeConstant: 0});
    sound.createMediaStreamSource(this.player.srcObject).connect(this.analyser);
    this.bins = new Float32Array(this.analyser.frequencyBinCount);
  }

  frequency() {
    this.analyser.getFloatFrequencyData(this.bins);
    let best = 0;
    this.bins.forEach((level, bin) => { if (level > this.bins[best]) best = bin; });
    return this.bins[best] < -70 ? 0 : (best * sound.sampleRate) / this.analyser.fftSize;
  }

  close() {
    this.player.srcObject = null;
    this.analyser.disconnect();
  }
}

// Whether the pictures of a track change.
class Eye {
  constructor(track) {
    this.player = document.createElement("video");
    this.player.muted = true;
    this.player.srcObject = new MediaStream([track]);
    this.player.play().catch(() => {});
    document.body.append(this.player);
    this.canvas = new OffscreenCanvas(64, 48);
    this.pen = this.canvas.getContext("2d", {willReadFrequently: true});
    this.first = null;
  }

  // How many of the 64 x 48 points differ from the first picture; -1 as long as there is none.
  changed() {
    if (!this.player.videoWidth) return -1;
    this.pen.drawImage(this.player, 0, 0, 64, 48);
    const now = this.pen.getImageData(0, 0, 64, 48).data;
    this.first ??= now;
    let count = 0;
    for (let at = 1; at < now.length; at += 4) if (Math.abs(now[at] - this.first[at]) > 20) count += 1;
    return count;
  }

  close() {
    this.player.srcObject = null;
    this.player.remove();
  }
}

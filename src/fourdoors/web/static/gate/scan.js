// The camera of a door. What it reads goes into the form of the page, as if it had been typed: the server answers.
"use strict";
(() => {
  const eye = document.querySelector("[data-eye]");
  const say = document.querySelector("[data-eyesay]");
  const video = eye?.querySelector("video");
  const PAUSE_MS = 120;
  const SAME_CODE_MS = 3000;
  let last = "";
  let lastAt = 0;
  let waiting = false;

  document.body.addEventListener("htmx:afterRequest", () => { waiting = false; });
  document.body.addEventListener("htmx:afterSwap", () => {
    const tone = document.querySelector("[data-verdict]")?.dataset.verdict;
    if (tone && navigator.vibrate) navigator.vibrate(tone === "go" ? 60 : [60, 60, 60]);
  });
  if (!eye || !navigator.mediaDevices?.getUserMedia) return;

  function send(text) {
    const now = performance.now();
    if (waiting || !text || (text === last && now - lastAt < SAME_CODE_MS)) return;
    [last, lastAt, waiting] = [text, now, true];
    const form = document.querySelector("#scan form");
    form.elements.token.value = text;
    form.requestSubmit();
  }

  async function native() {
    if (!("BarcodeDetector" in window)) return null;
    const formats = await BarcodeDetector.getSupportedFormats();
    if (!formats.includes("qr_code")) return null;
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async () => (await detector.detect(video))[0]?.rawValue;
  }

  function load(source) {
    return new Promise((done, failed) => {
      const script = Object.assign(document.createElement("script"), { src: source, onload: done, onerror: failed });
      document.head.append(script);
    });
  }

  async function zxing() {
    await load(eye.dataset.reader);
    await ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => eye.dataset.wasm }, fireImmediately: true });
    const canvas = document.createElement("canvas");
    const drawing = canvas.getContext("2d", { willReadFrequently: true });
    return async () => {
      const side = Math.min(video.videoWidth, video.videoHeight); // the middle, at its own resolution: scaled down it fails in the dark
      canvas.width = canvas.height = side;
      drawing.drawImage(video, (video.videoWidth - side) / 2, (video.videoHeight - side) / 2, side, side, 0, 0, side, side);
      const found = await ZXingWASM.readBarcodes(drawing.getImageData(0, 0, side, side), { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 1 });
      return found[0]?.text;
    };
  }

  async function start() {
    const wanted = { video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } } };
    video.srcObject = await navigator.mediaDevices.getUserMedia(wanted);
    eye.hidden = say.hidden = false;
    await video.play();
    const read = (await native()) || (await zxing());
    const look = async () => {
      if (video.videoWidth && !waiting) send(await read().catch(() => ""));
      setTimeout(look, PAUSE_MS);
    };
    look();
  }

  start().catch(() => { eye.hidden = say.hidden = true; }); // no camera, or not allowed: the form below works
})();

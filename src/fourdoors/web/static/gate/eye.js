// The camera: the reader of the phone where it has one, else the part that was stored beside the page.
const PAUSE_MS = 120;

export const hasOwnReader = async () =>
  "BarcodeDetector" in window && (await BarcodeDetector.getSupportedFormats()).includes("qr_code");

async function readerOf(video, files) {
  if (await hasOwnReader()) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async () => (await detector.detect(video))[0]?.rawValue;
  }
  await new Promise((done, failed) => {
    document.head.append(Object.assign(document.createElement("script"), { src: files[0], onload: done, onerror: failed }));
  });
  await ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => files[1] }, fireImmediately: true });
  const canvas = document.createElement("canvas");
  const drawing = canvas.getContext("2d", { willReadFrequently: true });
  return async () => {
    const side = Math.min(video.videoWidth, video.videoHeight); // the middle, at its own resolution
    canvas.width = canvas.height = side;
    drawing.drawImage(video, (video.videoWidth - side) / 2, (video.videoHeight - side) / 2, side, side, 0, 0, side, side);
    const options = { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 1 };
    return (await ZXingWASM.readBarcodes(drawing.getImageData(0, 0, side, side), options))[0]?.text;
  };
}

// Shows what the camera sees and hands every code that is read to `told`; resolves once it looks.
export async function look(video, files, told) {
  const wanted = { video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } } };
  video.srcObject = await navigator.mediaDevices.getUserMedia(wanted);
  await video.play();
  const read = await readerOf(video, files);
  const again = async () => {
    const text = video.videoWidth ? await read().catch(() => "") : "";
    if (text) await told(text);
    setTimeout(again, PAUSE_MS);
  };
  again();
}

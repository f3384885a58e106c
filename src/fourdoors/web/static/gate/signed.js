// COSE_Sign1 with ES256 in exactly one form, proved by WebCrypto (engines/passes/signed.py says the same).
import { Malformed, readCbor } from "./cbor.js";

const [COSE_SIGN1, ALG, KID, ES256] = [18, 1, 4, -7];
const [KID_BYTES, SIGNATURE_BYTES] = [8, 64];
const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const imported = new Map(); // public point -> key, so that a queue of people does not wait

export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
export const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const isBytes = (value) => value instanceof Uint8Array;

export function openMessage(message) {
  const found = readCbor(message);
  const [header, bare, payload, signature] = Array.isArray(found?.value) ? found.value : [];
  const whole = found?.tag === COSE_SIGN1 && found.value.length === 4 && bare instanceof Map && bare.size === 0;
  if (!whole || ![header, payload, signature].every(isBytes) || signature.length !== SIGNATURE_BYTES) {
    throw new Malformed("not COSE_Sign1");
  }
  const said = readCbor(header);
  const kid = said instanceof Map && said.size === 2 && said.get(ALG) === ES256 ? said.get(KID) : null;
  if (!isBytes(kid) || kid.length !== KID_BYTES) throw new Malformed("header");
  return { kid: hex(kid), header, payload, signature };
}

// keys: [{kid, point}] in hexadecimal. Returns "" once a key is found that signed it, else the code of the refusal.
export async function prove(message, keys, about = new Uint8Array()) {
  const candidates = keys.filter((key) => key.kid === message.kid);
  if (!candidates.length) return "pass_unknown_key";
  const signed = toBeSigned(message.header, about, message.payload);
  for (const { point } of candidates) {
    const key = await keyOf(point);
    if (await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, message.signature, signed)) return "";
  }
  return "pass_forged";
}

async function keyOf(point) {
  if (!imported.has(point)) {
    imported.set(point, await crypto.subtle.importKey("raw", unhex(point), CURVE, false, ["verify"]));
  }
  return imported.get(point);
}

function toBeSigned(header, about, payload) {
  const parts = [[0x84, 0x6a], new TextEncoder().encode("Signature1")];
  for (const bytes of [header, about, payload]) parts.push(lengthOf(bytes), bytes);
  return Uint8Array.from(parts.flatMap((part) => Array.from(part)));
}

function lengthOf({ length }) {
  if (length < 24) return [0x40 | length];
  if (length < 256) return [0x58, length];
  return length < 65536 ? [0x59, length >> 8, length & 255]
    : [0x5a, length >>> 24, (length >> 16) & 255, (length >> 8) & 255, length & 255];
}

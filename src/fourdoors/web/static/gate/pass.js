// Reads a pass: size and form, then the signature, and only then what it says (engines/passes/token.py says the same).
import { Malformed, readCbor } from "./cbor.js";
import { hex, openMessage, prove } from "./signed.js";

export const PREFIX = "FD1:";
const MOST_CHARACTERS = 400;
const MOST_SECONDS = 2 ** 33;
const TEXT = /^FD1:[0-9A-Z $%*+\-./:]+$/;
const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const [ISS, EXP, NBF, CTI, RIDE] = [1, 4, 5, 7, -70001];

// Returns {code, claims}: code is "" for a good pass; claims are there as soon as the signature is proved.
export async function readPass(text, { keys, trip, at }) {
  try {
    if (Array.from(text).length > MOST_CHARACTERS || !TEXT.test(text)) throw new Malformed("text");
    const message = openMessage(base45(text.slice(PREFIX.length)));
    const refused = await prove(message, keys);
    if (refused) return { code: refused };
    const claims = claimsOf(message.payload);
    return { code: outside(claims, trip, at), claims };
  } catch (error) {
    if (error instanceof Malformed) return { code: "pass_malformed" };
    throw error;
  }
}

function outside(claims, trip, at) {
  if (at < claims.notBefore) return "pass_not_yet";
  if (at >= claims.expires) return "pass_expired";
  return claims.trip === trip ? "" : "wrong_trip";
}

function base45(text) {
  if (text.length % 3 === 1) throw new Malformed("base45");
  const bytes = [];
  for (let at = 0; at < text.length; at += 3) {
    const part = Array.from(text.slice(at, at + 3), (letter) => LETTERS.indexOf(letter));
    const number = part.reduce((sum, digit, place) => sum + digit * 45 ** place, 0);
    if (number > (part.length === 3 ? 0xffff : 0xff)) throw new Malformed("base45");
    bytes.push(...(part.length === 3 ? [number >> 8, number & 255] : [number]));
  }
  return Uint8Array.from(bytes);
}

const long = (text) => (typeof text === "string" ? Array.from(text).length : -1); // -1: no text at all
const isWithin = (number, low, high) => Number.isSafeInteger(number) && number >= low && number <= high;

function claimsOf(payload) {
  const said = readCbor(payload);
  const ride = said instanceof Map && said.size === 5 ? said.get(RIDE) : null;
  if (!Array.isArray(ride) || ride.length !== 4) throw new Malformed("claims");
  const [issuer, expires, notBefore, id] = [ISS, EXP, NBF, CTI].map((key) => said.get(key));
  const [trip, leg, seat, name] = ride;
  const kept = isWithin(long(issuer), 1, 16) && isWithin(notBefore, 0, MOST_SECONDS - 1)
    && isWithin(expires, notBefore + 1, MOST_SECONDS - 1) && id instanceof Uint8Array && id.length === 8
    && isWithin(trip, 0, Number.MAX_SAFE_INTEGER) && isWithin(leg, 1, 99)
    && isWithin(long(seat), 0, 8) && isWithin(long(name), 1, 16) && name.includes("*");
  if (!kept) throw new Malformed("claims");
  return { issuer, notBefore, expires, id: hex(id), trip, leg, seat, name };
}

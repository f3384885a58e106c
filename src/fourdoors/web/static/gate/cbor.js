// The small part of CBOR that a pass uses, and nothing else (engines/passes/cbor.py says the same).
const MOST_DEPTH = 2;
const MOST_ITEMS = 16;
const LENGTHS = { 24: 1, 25: 2, 26: 4, 27: 8 };

export class Malformed extends Error {}
const refuse = (why) => { throw new Malformed(why); };

export function readCbor(data) {
  const [value, end] = item(data, 0, 0);
  return end === data.length ? value : refuse("bytes after the end");
}

function item(data, start, depth) {
  if (depth > MOST_DEPTH) refuse("too deep");
  const [kind, number, at] = head(data, start);
  if (kind < 2) return [kind ? minus(number) : number, at];
  if (kind < 4) return string(data, at, number, kind === 3);
  if (kind === 6) {
    const [value, end] = item(data, at, depth + 1);
    return [{ tag: number, value }, end];
  }
  if (kind > 6 || number > MOST_ITEMS) refuse("a kind or a count that no pass has");
  return kind === 4 ? items(data, at, number, depth) : pairs(data, at, number, depth);
}

// A number that a browser cannot count exactly stays a BigInt: no claim takes one.
const minus = (number) => (typeof number === "bigint" ? -1n - number : -1 - number);

function head(data, start) {
  if (start >= data.length) refuse("cut off");
  const [kind, small, at] = [data[start] >> 5, data[start] & 31, start + 1];
  if (small < 24) return [kind, small, at];
  const size = LENGTHS[small];
  if (!size || at + size > data.length) refuse("no definite length, or cut off");
  let number = 0n;
  for (const byte of data.subarray(at, at + size)) number = number * 256n + BigInt(byte);
  if (number < (size === 1 ? 24n : 1n << BigInt(4 * size))) refuse("not the shortest form");
  return [kind, number <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(number) : number, at + size];
}

function string(data, at, size, isText) {
  if (at + Number(size) > data.length) refuse("cut off");
  const found = data.slice(at, at + size);
  if (!isText) return [found, at + size];
  try {
    return [new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(found), at + size];
  } catch {
    return refuse("not UTF-8");
  }
}

function items(data, start, count, depth) {
  const found = [];
  let at = start;
  for (let number = 0; number < count; number += 1) {
    const [value, end] = item(data, at, depth + 1);
    found.push(value);
    at = end;
  }
  return [found, at];
}

function pairs(data, start, count, depth) {
  const found = new Map();
  let [at, before] = [start, null];
  for (let number = 0; number < count; number += 1) {
    const [key, end] = item(data, at, depth + 1);
    const written = data.subarray(at, end);
    if (!["number", "bigint"].includes(typeof key) || (before && !isAfter(written, before))) refuse("a key");
    const [value, next] = item(data, end, depth + 1);
    found.set(key, value);
    [before, at] = [written, next];
  }
  return [found, at];
}

function isAfter(one, other) {
  const shared = Math.min(one.length, other.length);
  for (let at = 0; at < shared; at += 1) if (one[at] !== other[at]) return one[at] > other[at];
  return one.length > other.length;
}

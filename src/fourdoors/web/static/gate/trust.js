// The signed list of keys and revoked passes (engines/passes/trust.py says the same).
import { Malformed, readCbor } from "./cbor.js";
import { hex, openMessage, prove } from "./signed.js";

const ABOUT = new TextEncoder().encode("fourdoors-trust-1");
const [KEY_BYTES, KID_BYTES, ID_BYTES] = [73, 8, 8];
const MOST_SECONDS = 2 ** 33;

// Returns {code, trust}: a list that is not ours, or older than the one at hand (newest), is refused by its code.
export async function readTrust(data, { signers, newest = 0 }) {
  try {
    const message = openMessage(data);
    if (await prove(message, signers, ABOUT)) return { code: "trust_malformed" };
    const trust = listOf(message.payload);
    return trust.version < newest ? { code: "trust_older" } : { code: "", trust };
  } catch (error) {
    if (error instanceof Malformed) return { code: "trust_malformed" };
    throw error;
  }
}

function listOf(payload) {
  const said = readCbor(payload);
  const [version, madeAt, keys, revoked] = [1, 2, 3, 4].map((key) => (said instanceof Map ? said.get(key) : null));
  const kept = said instanceof Map && said.size === 4 && Number.isSafeInteger(version) && version >= 1
    && Number.isSafeInteger(madeAt) && madeAt >= 0 && madeAt < MOST_SECONDS
    && keys instanceof Uint8Array && keys.length % KEY_BYTES === 0
    && revoked instanceof Uint8Array && revoked.length % ID_BYTES === 0;
  if (!kept) throw new Malformed("list");
  return {
    version,
    madeAt,
    keys: cut(keys, KEY_BYTES).map((one) => ({ kid: hex(one.subarray(0, KID_BYTES)), point: hex(one.subarray(KID_BYTES)) })),
    revoked: cut(revoked, ID_BYTES).map(hex),
  };
}

const cut = (bytes, size) =>
  Array.from({ length: bytes.length / size }, (_, place) => bytes.subarray(place * size, (place + 1) * size));

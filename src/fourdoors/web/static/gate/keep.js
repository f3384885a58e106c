// What the phone keeps: its trip, its list, its scans. A scan is kept once the disk has it, and only then shown.
const NAME = "fourdoors-gate";
let opened = null;

function base() {
  opened ??= new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("own");
      asked.result.createObjectStore("scans", { keyPath: "sequence" });
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  return opened;
}

// Runs a deed on both stores; resolves when the transaction is on the disk, not before.
async function within(mode, deed) {
  const database = await base();
  return new Promise((done, failed) => {
    const transaction = database.transaction(["own", "scans"], mode, { durability: "strict" });
    const asked = deed(transaction.objectStore("own"), transaction.objectStore("scans"));
    transaction.oncomplete = () => done(asked?.result);
    transaction.onabort = transaction.onerror = () => failed(transaction.error ?? asked?.error);
  });
}

export const read = (key) => within("readonly", (own) => own.get(key));
export const write = (key, value) => within("readwrite", (own) => own.put(value, key));
export const allScans = () => within("readonly", (_own, scans) => scans.getAll());

// Gives the scan the next number of this phone and keeps it, in one transaction.
export async function addScan(scan) {
  const made = { ...scan, sent: 0 };
  let why = null; // what is thrown inside a transaction only ends it: the reason is kept here
  await within("readwrite", (own, scans) => {
    const asked = own.get("sequence");
    asked.onsuccess = () => {
      try {
        made.sequence = (asked.result ?? 0) + 1;
        own.put(made.sequence, "sequence");
        scans.add(made);
      } catch (error) {
        why = error;
        asked.transaction.abort();
      }
    };
    return asked;
  }).catch((error) => { throw why ?? error; });
  return made;
}

export const markSent = (answers) => within("readwrite", (_own, scans) => {
  for (const [sequence, outcome] of Object.entries(answers)) {
    const asked = scans.get(Number(sequence));
    asked.onsuccess = () => asked.result && scans.put({ ...asked.result, sent: 1, outcome });
  }
});

// Forgets everything, or (while scans wait for a network) everything but the scans, the token and their numbers.
export const forget = (everything) => within("readwrite", (own, scans) => {
  if (everything) {
    own.clear();
    scans.clear();
  } else {
    own.delete("roster");
  }
});

// The eight characters under the QR code (engines/passes/short_code.py says the same).
const ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

// Returns the code as it is printed, or "" where one character is wrong or missing.
export function readShortCode(text) {
  const typed = Array.from(text).slice(0, 64).join("").normalize("NFKC").toUpperCase();
  const digits = Array.from(typed.replace(/[ \-\t\r\n]/g, ""), (letter) => ALPHABET.indexOf(letter));
  const sum = digits.reduce((total, digit, place) => total + (place + 1) * digit, 0);
  if (digits.length !== 8 || digits.includes(-1) || sum % ALPHABET.length) return "";
  const letters = digits.map((digit) => ALPHABET[digit]).join("");
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

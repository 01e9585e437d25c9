// What waits on this machine is sealed with the person's own key: whoever signs in next cannot read it. The key
// comes from the server after sign-in; the browser keeps it so that no script can take it out again.
const CIPHER = "AES-GCM";
const NONCE_BYTES = 12;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const canSeal = () => window.isSecureContext && Boolean(globalThis.crypto?.subtle);

export function keyFrom(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return crypto.subtle.importKey("raw", bytes, CIPHER, false, ["encrypt", "decrypt"]);
}

export async function sealBytes(key, bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  return { iv, data: await crypto.subtle.encrypt({ name: CIPHER, iv }, key, bytes) };
}

export function unsealBytes(key, { iv, data }) {
  return crypto.subtle.decrypt({ name: CIPHER, iv }, key, data);
}

export const seal = (key, value) => sealBytes(key, encoder.encode(JSON.stringify(value)));

export async function unseal(key, sealed) {
  return JSON.parse(decoder.decode(await unsealBytes(key, sealed)));
}

// crypto.randomUUID is missing where the address is no secure one; the numbers are as random there.
export function newRequest() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

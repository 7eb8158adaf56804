// Ed25519 in the browser. The secret becomes a key that cannot be read back, and signs here.
const bytes = hex => Uint8Array.from(hex.match(/../g), pair => parseInt(pair, 16));
const hex = buffer => [...new Uint8Array(buffer)].map(b => b.toString(16).padStart(2, "0")).join("");
const PKCS8 = "302e020100300506032b657004220420";
let skew = 0, last = 0;

/** Tells how far the house's clock is from this one, in milliseconds. */
export const setSkew = ms => { skew = ms; };
export const houseNow = () => Date.now() + skew;

/** A key from the text of a key file. Throws words a person can act on. */
export async function readKey(text) {
  if (!globalThis.crypto?.subtle) throw new Error("This page signs only where it came over https or from this machine. Use lasalle.client instead.");
  let file;
  try { file = JSON.parse(text); } catch { throw new Error("Expected the whole content of a key file, as {\"key\": …, \"secret\": …}."); }
  if (!/^[0-9a-f]{16}$/.test(file.key) || !/^[0-9a-f]{64}$/.test(file.secret)) throw new Error("Expected a key of 16 and a secret of 64 hexadecimal digits.");
  let secret;
  try { secret = await crypto.subtle.importKey("pkcs8", bytes(PKCS8 + file.secret), "Ed25519", false, ["sign"]); }
  catch { throw new Error("This browser cannot sign with Ed25519 (WebCrypto). Use a newer one, or lasalle.client."); }
  return { name: file.key, account: file.account, secret };
}

/** Headers that sign a request now. */
export async function signed(key, method, path, body = "") {
  const stamp = last = Math.max(Math.floor(houseNow()), last + 1);
  const text = new TextEncoder();
  const digest = hex(await crypto.subtle.digest("SHA-256", text.encode(body)));
  const signature = await crypto.subtle.sign("Ed25519", key.secret, text.encode(`${stamp}\n${method}\n${path}\n${digest}`));
  return { "X-LaSalle-Key": key.name, "X-LaSalle-Timestamp": String(stamp), "X-LaSalle-Signature": hex(signature) };
}

/** A signed request; gives the answer, or throws its error body. */
export async function ask(key, method, path, content) {
  const body = content === undefined ? "" : JSON.stringify(content);
  const headers = { ...await signed(key, method, path, body), ...(body && { "Content-Type": "application/json" }) };
  const response = await fetch(path, { method, headers, body: body || undefined });
  const answer = await response.json();
  if (!response.ok) throw answer.error;
  return answer;
}

// Verifies the bundle of a delivery in this browser: nothing is sent anywhere, and nobody is asked.
// The looks are those of lasalle/delivery/verifying.py, in the same order; a test holds both against the same bundles.
"use strict";
(() => {
const FORM = "lasalle delivery bundle 1", US = 1000000, NONE_LEFT = -1;
const RULES = {
  malformed: "DEL-001", out_of_range: "DEL-001", wrong_key: "DEL-002", altered: "DEL-002", unknown_meter: "DEL-002", unchained: "DEL-003", gap: "DEL-003", repeated: "DEL-003",
  reordered: "DEL-003", back_dated: "DEL-004", late: "DEL-004", clock: "DEL-004", rows: "DEL-005", sums: "DEL-005", dropped: "DEL-006", inserted: "DEL-006", tree: "DEL-006",
  checkpoint: "DEL-007", not_cosigned: "DEL-007", uncovered: "DEL-007", forked: "DEL-008", terms: "DEL-009", wrong_contract: "DEL-009", wrong_method: "DEL-009", totals: "DEL-010", misdated: "DEL-012",
};
// What each statement says, a letter a field: n a count, s a number of either sign, d a digest, o a nonce, w a word, t any text, b yes or no; longer words name a list of words or parts.
const READING = {
  version: "n", contract: "n", meter: "n", side: "side", sequence: "n", revises: "n", start_us: "n", end_us: "n", made_us: "n", clock_offset_us: "s", clock_error_us: "n", nonce: "o",
  previous: "d", method: "d", quality: "quality", seq_first: "n", seq_last: "n", rows: "n", errors: "n", rows_root: "d", telemetry: "d",
};
const SAID = { version: "n", contract: "n", meter: "n", made_us: "n", nonce: "o" };
const STATEMENTS = {
  terms: { contract: "n", product: "product", quantity: "n", start_us: "n", end_us: "n", interval_us: "n", grace_us: "n", clock_us: "n", method: "d", origin: "name", log_key: "d",
    meters: "meters", cosigners: "cosigners", version: "n" },
  method: { model: "d", tokenizer: "d", chat_template: "d", temperature_ppm: "n", top_k: "n", ignore_eos: "b", quantity_basis: "t", input_counts: "t", delivery_point: "t", ttft_from: "t",
    slo_ppm: "n", ttft_ns: "n", tpot_ns: "n", e2e_ns: "n", confidence_ppm: "n", planned: "n", timeout_ns: "n", workload: "d", arrival_millihertz: "n", arrival_seed: "n",
    tolerance_ppm: "n", remarks: "w", version: "n" },
  work: { ...READING, sum_prompt: "n", sum_cached: "n", sum_completion: "n", sum_bytes: "n", over_ttft: "n", over_tpot: "n", available_s: "n" },
  capacity: { ...READING, due_seconds: "n", healthy_seconds: "n", energy_mj: "n", faults: "n", least_grade_ppm: "n" },
  event: { ...SAID, event: "event", at_us: "n", reason: "w", evidence: "digests" },
  counter: { ...SAID, reading: "d", own: "d", answer: "answer", difference: "s" },
  dispute: { ...SAID, dispute: "n", readings: "digests", rows: "numbers", claim: "w", evidence: "digests", deposit_micro: "n" },
  determination: { ...SAID, dispute: "n", method: "d", quantity: "n", upheld: "b", reasons: "w", evidence: "digests" },
};
const METER = { meter: "n", side: "side", public: "d" }, COSIGNER = { name: "name", side: "side", public: "d" };
const TOTALS = { meter: "s", side: "t", readings: "s", revised: "s", not_actual: "s", from_us: "s", to_us: "s", rows: "s", errors: "s", sums: "sums" };
const HEAD = { bundle: "t", rows: "numbers", terms: "t" }, LEAVES = { leaves: "t", start: "n" };
const WORDS = {
  side: ["buyer", "supplier", "referee"], product: ["work", "capacity"], quality: ["actual", "estimated", "substituted", "edited"],
  event: ["nominated", "tendered", "accepted", "rejected", "started", "suspended", "resumed", "ended"], answer: ["agreed", "tolerated", "disputed"],
};
const ROWS = {
  work: { version: "n", contract: "n", side: "side", seq: "n", nonce: "o", request: "d", output: "d", ids: "d", prompt: "n", cached: "n", completion: "n", output_bytes: "n", finish: "w",
    status: "n", scheduled_ns: "s", sent_ns: "s", first_ns: "s", last_ns: "n", marks: "n" },
  capacity: { version: "n", contract: "n", side: "side", seq: "n", nonce: "o", node: "w", slot: "n", slot_s: "n", due: "n", healthy: "n", grade_ppm: "s", answer: "d", started_ns: "s",
    ended_ns: "n", energy_mj: "n", faults: "n", telemetry: "d" },
};
const MARKS = 15, FAILED = 12;
const WORK_SUMS = ["sum_prompt", "sum_cached", "sum_completion", "sum_bytes", "over_ttft", "over_tpot", "available_s"];
const CAPACITY_SUMS = ["due_seconds", "healthy_seconds", "energy_mj", "faults"];

const text = new TextEncoder(), plain = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const TOTALS_LINE = text.encode('{"totals"');
const bytes = hex => Uint8Array.from(hex.match(/../g) ?? [], pair => parseInt(pair, 16));
const hex = buffer => Array.from(buffer, b => b.toString(16).padStart(2, "0")).join("");
const joined = (...parts) => { const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0)); let at = 0; for (const p of parts) { all.set(p, at); at += p.length; } return all; };
const sha256 = async content => new Uint8Array(await crypto.subtle.digest("SHA-256", content));
const leafOf = entry => sha256(joined(Uint8Array.of(0), entry));
const nodeOf = (left, right) => sha256(joined(Uint8Array.of(1), left, right));
const same = (one, other) => one.length === other.length && one.every((b, n) => b === other[n]);
const sum = numbers => numbers.reduce((a, b) => a + b, 0);

/** What breaks a rule: thrown where it ends a look, kept in the verdict. */
class Breach extends Error {
  constructor(fault, where, field = "", expected = "", found = "") {
    super(`${where}: ${fault}`);
    Object.assign(this, { fault, where, field, expected: String(expected).slice(0, 160), found: String(found).slice(0, 160), rule: RULES[fault] });
  }
}

const toldOf = ({ fault, rule, where, field, expected, found }) => ({ fault, rule, where, field, expected, found });

/** The one form of a value (RFC 8785) of whole numbers, words, lists and objects. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object")
    return `{${Object.keys(value).sort().map(key => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
  return JSON.stringify(value);
}
function parsed(line, where) {
  let value;
  try { value = JSON.parse(line); } catch (error) { throw new Breach("malformed", where, "bytes", "JSON", error.message); }
  if (canonical(value) !== line) throw new Breach("malformed", where, "bytes", "the canonical form", line);
  return value;
}
function checkNumber(value, least, where, field) {
  if (typeof value !== "number") throw new Breach("malformed", where, field, "a whole number", value);
  if (!Number.isSafeInteger(value) || value < least) throw new Breach("out_of_range", where, field, `${least} to ${Number.MAX_SAFE_INTEGER}`, value);
}
function checkField(kind, value, where, field) {
  const asked = (sound, expected) => { if (!sound) throw new Breach("malformed", where, field, expected, typeof value === "object" ? "another" : value); };
  const list = (most, each) => { asked(Array.isArray(value) && value.length <= most, "a list"); value.forEach(each); };
  if (kind === "n") return checkNumber(value, 0, where, field);
  if (kind === "s") return checkNumber(value, -Number.MAX_SAFE_INTEGER, where, field);
  if (kind === "b") return asked(typeof value === "boolean", "true or false");
  if (WORDS[kind]) return asked(WORDS[kind].includes(value), `one of ${WORDS[kind].join(", ")}`);
  if (kind === "digests") return list(64, one => checkField("d", one, where, field));
  if (kind === "numbers") return list(256, one => checkNumber(one, 0, where, field));
  if (kind === "meters") return list(1000, one => checkFields(METER, one, where));
  if (kind === "cosigners") return list(1000, one => checkFields(COSIGNER, one, where));
  if (kind === "totals") return list(1000, one => checkFields(TOTALS, one, where));
  if (kind === "sums") return checkFields(Object.fromEntries(Object.keys(value ?? {}).map(name => [name, "s"])), value, where);
  const forms = { d: /^[0-9a-f]{64}$/, o: /^[0-9a-f]{32}$/, w: /^[ -~]{0,80}$/, name: /^[!-*,-~]{1,120}$/, t: /^/ };
  asked(typeof value === "string" && forms[kind].test(value), kind);
}
function checkFields(fields, value, where, also = []) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw new Breach("malformed", where, "bytes", "an object", typeof value);
  for (const name in fields) if (!Object.hasOwn(value, name)) throw new Breach("malformed", where, name, "there", "missing");
  for (const name in value) if (!also.includes(name)) {
    if (!Object.hasOwn(fields, name)) throw new Breach("malformed", where, name, "no such field", "there");
    checkField(fields[name], value[name], where, name);
  }
}

// -- entries and keys ----------------------------------------------------------------------------------------------------------------------------------------------
async function readEntry(content, where) {
  let line;
  try { line = plain.decode(content); } catch { throw new Breach("malformed", where, "bytes", "UTF-8", "other bytes"); }
  const value = parsed(line, where);
  checkFields({ body: "t", signature: "t" }, { ...value, body: "" }, where);
  if (!/^[0-9a-f]{128}$/.test(value.signature)) throw new Breach("malformed", where, "signature", "128 hexadecimal digits", value.signature);
  const kind = value.body?.kind;
  if (!Object.hasOwn(STATEMENTS, kind ?? "")) throw new Breach("malformed", where, "kind", `one of ${Object.keys(STATEMENTS).join(", ")}`, kind);
  checkFields(STATEMENTS[kind], value.body, where, ["kind"]);
  const body = text.encode(canonical(value.body));
  return { content, body, said: value.body, kind, signature: bytes(value.signature), sha256: hex(await sha256(body)), where: named(kind, value.body) };
}
const isReading = kind => kind === "work" || kind === "capacity";
function named(kind, said) {
  if (isReading(kind)) return `reading ${said.sequence} of meter ${said.meter} (${said.side})`;
  return kind === "terms" || kind === "method" ? kind : `${kind} of meter ${said.meter}`;
}
const keys = new Map();
async function signedBy(publicHex, message, signature) {
  if (!keys.has(publicHex)) keys.set(publicHex, await crypto.subtle.importKey("raw", bytes(publicHex), "Ed25519", false, ["verify"]).catch(() => null));
  const key = keys.get(publicHex);
  return key !== null && crypto.subtle.verify("Ed25519", key, signature, message).catch(() => false);
}
async function checkSignature(entry, terms) {
  const { said, kind, where } = entry;
  let key = terms.log_key, owner = "the house";
  if (kind !== "terms" && kind !== "method") {
    const meter = terms.meters.find(m => m.meter === said.meter);
    if (!meter) throw new Breach("unknown_meter", where, "meter", `one of ${terms.meters.map(m => m.meter).join(", ")}`, said.meter);
    if (isReading(kind) && said.side !== meter.side) throw new Breach("unknown_meter", where, "side", meter.side, said.side);
    key = meter.public; owner = `meter ${meter.meter} (${meter.side})`;
  }
  const message = joined(text.encode(`lasalle/delivery/${kind}/v1\n`), entry.body);
  if (await signedBy(key, message, entry.signature)) return;
  const others = [...terms.meters.map(m => [m.public, `meter ${m.meter} (${m.side})`]), ...terms.cosigners.map(c => [c.public, `cosigner ${c.name}`]), [terms.log_key, "the house"]];
  for (const [other, whose] of others)
    if (await signedBy(other, message, entry.signature)) throw new Breach("wrong_key", where, "signature", `of ${owner}`, `of ${whose}`);
  throw new Breach("altered", where, "signature", `of ${owner}`, "of nobody's over it");
}
function checkTerms(terms) {
  const once = list => new Set(list).size === list.length, sides = terms.meters.map(m => m.side), numbers = terms.meters.map(m => m.meter);
  const both = list => list.includes("buyer") && list.includes("supplier");
  for (const [field, sound] of [
    ["version", terms.version === 1], ["end_us", terms.start_us < terms.end_us], ["interval_us", terms.interval_us > 0], ["quantity", terms.quantity > 0],
    ["meters", once(numbers) && !numbers.includes(0) && both(sides)], ["public", once([...terms.meters, ...terms.cosigners].map(k => k.public).concat(terms.log_key))],
    ["cosigners", both(terms.cosigners.map(c => c.side)) && once(terms.cosigners.map(c => c.name))],
  ]) if (!sound) throw new Breach("terms", "terms", field, "what can be metered by", "another");
}

// -- the chain of a meter --------------------------------------------------------------------------------------------------------------------------------------------
class Chain {
  constructor(terms, sha, meter) {
    Object.assign(this, { terms, meter, sequence: 0, sha256: sha, end: terms.start_us, made: 0, last: 0, taken: new Map(), standing: new Map(), nonces: new Set() });
  }
  check(entry) {
    const say = (fault, field, expected, found) => { throw new Breach(fault, entry.where, field, expected, found); };
    this.belongs(entry, say); this.inSequence(entry, say); this.inTime(entry.said, say); this.possible(entry, say); this.rowsFollow(entry.said, say);
  }
  belongs({ said, kind }, say) {
    const terms = this.terms;
    if (said.version !== terms.version) say("out_of_range", "version", terms.version, said.version);
    if (said.contract !== terms.contract) say("wrong_contract", "contract", terms.contract, said.contract);
    if (kind !== terms.product) say("wrong_contract", "kind", terms.product, kind);
    if (said.method !== terms.method) say("wrong_method", "method", terms.method, said.method);
    if (said.quality === (said.revises ? "actual" : "edited")) say("malformed", "quality", "another", said.quality);
  }
  inSequence({ said, sha256 }, say) {
    const due = this.sequence + 1, found = said.sequence, known = this.taken.get(found);
    if (known !== undefined) say(known === sha256 ? "repeated" : "forked", "sequence", known === sha256 ? due : `${known} under number ${found}`, known === sha256 ? found : sha256);
    if (found < due) say("reordered", "sequence", due, found);
    if (found > due) say("gap", "sequence", due, found);
    if (this.sha256 && said.previous !== this.sha256) say("unchained", "previous", this.sha256, said.previous);
    if (this.nonces.has(said.nonce)) say("repeated", "nonce", "one not seen before", said.nonce);
  }
  inTime(said, say) {
    const { start_us: start, end_us: end, made_us: made } = said, terms = this.terms;
    if (said.revises) {
      const revised = this.standing.get(said.revises);
      if (!revised) say("gap", "revises", "a reading there is", said.revises);
      if (start !== revised.start_us || end !== revised.end_us) say("out_of_range", "start_us", `${revised.start_us} to ${revised.end_us}`, `${start} to ${end}`);
    } else if (start !== this.end) say(start < this.end ? "back_dated" : "gap", "start_us", this.end, start);
    const most = Math.min(start + terms.interval_us, terms.end_us);
    if (!(start < end && end <= most)) say("out_of_range", "end_us", `${start + 1} to ${most}`, end);
    if (made < this.made) say("back_dated", "made_us", `${this.made} or later`, made);
    if (made + terms.clock_us < end) say("back_dated", "made_us", `${end} or later`, made);
    if (made > end + terms.grace_us && said.quality === "actual") say("late", "made_us", `up to ${end + terms.grace_us}`, made);
    const doubt = Math.abs(said.clock_offset_us) + said.clock_error_us;
    if (doubt > terms.clock_us) say("clock", "clock_offset_us", `up to ${terms.clock_us}`, doubt);
  }
  possible({ said, kind }, say) {
    const span = Math.ceil((said.end_us - said.start_us) / US);
    const limits = [["errors", said.rows], ...(kind === "work"
      ? [["sum_cached", said.sum_prompt], ["over_ttft", said.rows], ["over_tpot", said.rows], ["available_s", span], ["sum_completion", this.terms.quantity]]
      : [["due_seconds", this.terms.quantity * span], ["healthy_seconds", said.due_seconds]])];
    for (const [name, most] of limits) if (said[name] > most) say("out_of_range", name, `0 to ${most}`, said[name]);
  }
  rowsFollow(said, say) {
    if (said.seq_last - said.seq_first + 1 !== said.rows) say("sums", "rows", said.seq_last - said.seq_first + 1, said.rows);
    if (!said.revises && said.seq_first !== this.last + 1) say(said.seq_first <= this.last ? "repeated" : "gap", "seq_first", this.last + 1, said.seq_first);
  }
  take({ said, sha256 }) {
    if (!this.taken.has(said.sequence)) this.taken.set(said.sequence, sha256);
    this.made = Math.max(this.made, said.made_us); this.nonces.add(said.nonce);
    const interval = said.revises || said.sequence, stands = this.standing.get(interval);
    if (!stands || stands.sequence < said.sequence) this.standing.set(interval, said);
    if (said.sequence >= this.sequence) { this.sequence = said.sequence; this.sha256 = sha256; }
    if (!said.revises) { this.end = Math.max(this.end, said.end_us); this.last = Math.max(this.last, said.seq_last); }
  }
  passOver({ said }) {
    if (said.sequence !== this.sequence + 1) return;
    this.sequence = said.sequence; this.sha256 = "";
    if (!said.revises) { this.end = said.end_us; this.last = said.seq_last; }
  }
  totals() {
    const all = [...this.standing.values()], work = all.some(said => "sum_prompt" in said), start = this.terms.start_us;
    return {
      meter: this.meter.meter, side: this.meter.side, readings: this.taken.size, revised: all.filter(r => r.revises).length, not_actual: all.filter(r => r.quality !== "actual").length,
      from_us: all.length ? Math.min(...all.map(r => r.start_us)) : start, to_us: all.length ? Math.max(...all.map(r => r.end_us)) : start,
      rows: sum(all.map(r => r.rows)), errors: sum(all.map(r => r.errors)), sums: Object.fromEntries((work ? WORK_SUMS : CAPACITY_SUMS).map(n => [n, sum(all.map(r => r[n]))])),
    };
  }
}

// -- rows ------------------------------------------------------------------------------------------------------------------------------------------------------------
function readRow(product, content, where) {
  let value;
  const line = plain.decode(content), fields = Object.entries(ROWS[product]);
  try { value = JSON.parse(line); } catch (error) { throw new Breach("malformed", where, "bytes", "JSON", error.message); }
  if (!Array.isArray(value) || value.length !== fields.length) throw new Breach("malformed", where, "bytes", `${fields.length} fields`, value.length);
  if (canonical(value) !== line) throw new Breach("malformed", where, "bytes", "the canonical form", line);
  fields.forEach(([name, kind], n) => checkField(kind, value[n], where, name));
  if (value[0] !== 1) throw new Breach("out_of_range", where, "version", 1, value[0]);
  return Object.fromEntries(fields.map(([name], n) => [name, value[n]]));
}
function impossible(row, span) {
  if ("scheduled_ns" in row) {
    if (!(row.scheduled_ns <= row.sent_ns && row.sent_ns <= row.first_ns && row.first_ns <= row.last_ns)) return "first_ns";
    if (row.last_ns < 0 || row.last_ns > span) return "last_ns";
    if (row.cached > row.prompt) return "cached";
    return row.marks > MARKS ? "marks" : "";
  }
  if (row.started_ns > row.ended_ns || row.ended_ns > span) return "ended_ns";
  return row.healthy > row.due ? "healthy" : "";
}
function sumsOf(product, rows, method) {
  const of = name => sum(rows.map(row => row[name]));
  if (product === "capacity") return {
    rows: rows.length, errors: rows.filter(r => r.healthy < r.due).length, due_seconds: sum(rows.map(r => r.due * r.slot_s)), healthy_seconds: sum(rows.map(r => r.healthy * r.slot_s)),
    energy_mj: of("energy_mj"), faults: of("faults"), least_grade_ppm: rows.filter(r => r.healthy).reduce((least, r) => Math.min(least, r.grade_ppm), Infinity),
  };
  const failed = row => (row.marks & FAILED) !== 0, found = {
    rows: rows.length, errors: rows.filter(failed).length, sum_prompt: of("prompt"), sum_cached: of("cached"), sum_completion: of("completion"), sum_bytes: of("output_bytes"),
  };
  if (!method) return found;
  const begun = method.ttft_from === "scheduled" ? "scheduled_ns" : "sent_ns";
  found.over_ttft = rows.filter(r => failed(r) || r.first_ns - r[begun] > method.ttft_ns).length;
  // Compared without dividing, in whole numbers of any size.
  const slow = r => r.completion > 1 && BigInt(r.last_ns - r.first_ns) > BigInt(method.tpot_ns) * BigInt(r.completion - 1);
  found.over_tpot = rows.filter(r => failed(r) || slow(r)).length;
  return found;
}
async function checkRows(lines, said, where, terms, method) {
  if (lines.length !== said.rows) throw new Breach("rows", where, "rows", said.rows, lines.length);
  const rows = lines.map((line, n) => readRow(terms.product, line, `${where}, row ${n + 1}`));
  const root = hex(await rootOf(await Promise.all(lines.map(leafOf))));
  if (root !== said.rows_root) throw new Breach("rows", where, "rows_root", said.rows_root, root);
  const span = (said.end_us - said.start_us) * 1000;
  rows.forEach((row, n) => {
    const place = `${where}, row ${n + 1}`, seq = said.seq_first + n;
    for (const [field, due] of [["contract", terms.contract], ["side", said.side], ["seq", seq]]) if (row[field] !== due) throw new Breach("rows", place, field, due, row[field]);
    const field = impossible(row, span);
    if (field) throw new Breach("rows", place, field, "what can be", row[field]);
  });
  if (new Set(rows.map(r => r.nonce)).size !== rows.length) throw new Breach("rows", where, "nonce", "each once", "one twice");
  const sums = sumsOf(terms.product, rows, method);
  if (sums.least_grade_ppm === Infinity) sums.least_grade_ppm = 0;
  for (const name in sums) if (said[name] !== sums[name]) throw new Breach("sums", where, name, `${sums[name]}, the sum of its rows`, said[name]);
}
async function rootOf(leaves) {
  if (!leaves.length) return sha256(new Uint8Array());
  let level = leaves;
  while (level.length > 1) {
    const pairs = [];
    for (let n = 0; n + 1 < level.length; n += 2) pairs.push(nodeOf(level[n], level[n + 1]));
    const above = await Promise.all(pairs);
    if (level.length % 2) above.push(level[level.length - 1]);
    level = above;
  }
  return level[0];
}

// -- checkpoints -----------------------------------------------------------------------------------------------------------------------------------------------------
function fromBase64(word) {
  try { const found = atob(word); if (btoa(found) === word) return Uint8Array.from(found, c => c.charCodeAt(0)); } catch { /* told below */ }
  return null;
}
function readNote(content, where) {
  const no = (field, expected) => { throw new Breach("checkpoint", where, field, expected, content); };
  if (text.encode(content).length > 16384) no("bytes", "up to 16384");
  const at = content.indexOf("\n\n"), body = at < 0 ? content : content.slice(0, at), words = body.split("\n");
  if (words.length !== 3 || words.some(w => !w)) no("text", "origin, size and root");
  const [origin, size, told] = words, root = fromBase64(told);
  if (!/^(0|[1-9][0-9]{0,18})$/.test(size) || !Number.isSafeInteger(+size)) no("size", "a whole number");
  if (!/^[\x00-\x7f]*$/.test(origin) || /[ +]/.test(origin)) no("origin", "ASCII without space or plus");
  if (!root || root.length !== 32) no("root", "32 bytes in base64");
  const signatures = at < 0 ? "" : content.slice(at + 2), lines = signatures.split("\n");
  if (!signatures.endsWith("\n") || lines.length > 32) no("signatures", "lines");
  const found = lines.slice(0, -1).map(line => {
    const [dash, name, word, ...more] = line.split(" "), value = word && fromBase64(word);
    if (dash !== "\u2014" || !name || name.includes("+") || !value || value.length <= 4 || more.length) no("signature", "\u2014 NAME BASE64");
    return { name, id: hex(value.slice(0, 4)), value: value.slice(4) };
  });
  return { origin, size: +size, root, content, text: text.encode(body + "\n"), lines: found };
}
const keyId = async (name, algorithm, publicHex) => hex((await sha256(joined(text.encode(name + "\n"), Uint8Array.of(algorithm), bytes(publicHex)))).slice(0, 4));
async function checkLogSignature(note, terms, where) {
  if (note.origin !== terms.origin) throw new Breach("checkpoint", where, "origin", terms.origin, note.origin);
  const id = await keyId(terms.origin, 1, terms.log_key), lines = note.lines.filter(l => l.name === terms.origin && l.id === id);
  const sound = await Promise.all(lines.map(l => signedBy(terms.log_key, note.text, l.value)));
  if (!sound.length || sound.includes(false)) throw new Breach("checkpoint", where, "signature", `of ${terms.origin}`, sound.length ? "another over it" : "none");
}
async function cosignedAt(note, cosigner, where) {
  const id = await keyId(cosigner.name, 4, cosigner.public), lines = note.lines.filter(l => l.name === cosigner.name && l.id === id);
  if (!lines.length) throw new Breach("not_cosigned", where, "cosignature", `of ${cosigner.name}`, "none");
  const value = lines[0].value;
  let sound = lines.length === 1 && value.length === 72, seconds = 0n;
  if (sound) {
    seconds = new DataView(value.buffer, value.byteOffset).getBigUint64(0);
    sound = seconds < 2n ** 63n && await signedBy(cosigner.public, joined(text.encode(`cosignature/v1\ntime ${seconds}\n`), note.text), value.slice(8));
  }
  if (!sound) throw new Breach("checkpoint", where, "cosignature", `of ${cosigner.name}`, "another over it");
  return Number(seconds);
}
/** Checkpoints whose signatures hold, and when, first and last, every party cosigned each size. One that was kept and lacks a cosignature dates nothing; that is no fault of the bundle's. */
async function lookAtNotes(terms, notes, kept, say) {
  const found = { sound: [], known: [], covered: 0, times: [] }, times = new Map();
  const isSigned = async (note, where) => { try { await checkLogSignature(note, terms, where); return true; } catch (error) { say(error); return false; } };
  const look = async (note, where, lacks) => {
    const seconds = [];
    for (const cosigner of terms.cosigners) try { seconds.push(await cosignedAt(note, cosigner, where)); } catch (error) { lacks(error); }
    if (seconds.length !== terms.cosigners.length) return 0;
    const { least, most } = times.get(note.size) ?? { least: Infinity, most: 0 };
    times.set(note.size, { size: note.size, least: Math.min(least, ...seconds), most: Math.max(most, ...seconds) });
    return note.size;
  };
  for (const note of notes) {
    const where = `checkpoint ${note.size}`;
    if (!await isSigned(note, where)) continue;
    found.sound.push(note);
    found.covered = Math.max(found.covered, await look(note, where, say));
  }
  for (const note of kept) {
    const where = `checkpoint ${note.size} kept elsewhere`;
    if (!await isSigned(note, where)) continue;
    found.known.push(note);
    await look(note, where, () => {});
  }
  found.times = [...times.values()].sort((a, b) => a.size - b.size);
  return found;
}
/** When every party had seen the log without an entry, and when one first saw it there; seconds. */
function around(times, number) {
  let low = 0, high = times.length;
  while (low < high) { const middle = (low + high) >> 1; if (times[middle].size <= number) low = middle + 1; else high = middle; }
  return { without: times[low - 1]?.most ?? null, there: times[low]?.least ?? null };
}
function dated(times, number, made, where, terms) {
  const { without, there } = around(times, number);
  if (without !== null) {
    const latest = without * US - terms.grace_us - terms.clock_us;
    if (made < latest) return new Breach("back_dated", where, "made_us", `${latest} or later, for it was not in the log at ${without * US}`, made);
  }
  const latest = there === null ? Infinity : (there + 1) * US + terms.clock_us;
  return made > latest ? new Breach("clock", where, "made_us", `up to ${latest}`, made) : null;
}
/** To within how many seconds cosignatures say when the log got the reading of an interval, rounded up; null where none was made over it. */
function datedTo(times, number, end) {
  const { without, there } = around(times, number);
  return there === null ? null : Math.ceil(Math.max(0, there * US - Math.max(end, (without ?? 0) * US)) / US);
}
function wordsOfDates(verdict) {
  if (!verdict.said || verdict.dated_to_s === null) return "not: readings stand under no checkpoint that both parties cosigned";
  const told = `to within ${verdict.dated_to_s} s`, grace = verdict.said.grace_us;
  return verdict.dated_to_s * US <= grace ? told
    : `${told}, wider than the grace of ${Math.floor(grace / US)} s: a reading that came late is told from one in time only by checkpoints kept elsewhere`;
}

// -- the tree ----------------------------------------------------------------------------------------------------------------------------------------------------------
async function rootsAt(leaves, sizes) {
  const peaks = [], found = new Map();
  const root = async () => { let r = peaks.at(-1); for (let n = peaks.length - 2; n >= 0; n--) r = await nodeOf(peaks[n], r); return r; };
  if (sizes.has(0)) found.set(0, await sha256(new Uint8Array()));
  for (let size = 0; size < leaves.length;) {
    let leaf = leaves[size];
    for (let at = size; at & 1; at >>>= 1) leaf = await nodeOf(peaks.pop(), leaf);
    peaks.push(leaf); size++;
    if (sizes.has(size)) found.set(size, await root());
  }
  return found;
}
async function checkTree(entries, told, notes, whereOf, say) {
  const made = await Promise.all(entries.map(leafOf)), sizes = new Set([...notes.sound, ...notes.known].map(n => n.size));
  const byMade = await rootsAt(made, sizes), byTold = await rootsAt(told, sizes);
  const holds = (roots, note) => roots.has(note.size) && same(roots.get(note.size), note.root);
  const held = roots => notes.sound.filter(note => holds(roots, note)).length;
  const alike = made.length === told.length && made.every((leaf, n) => same(leaf, told[n]));
  const trustsTold = held(byTold) >= Math.max(1, held(byMade)) && !alike;
  if (trustsTold) nameChanges(made.map(hex), told.map(hex), whereOf, say);
  else if (held(byMade) && !alike) say(new Breach("tree", "bundle", "leaves", "those of its entries", "others"));
  const roots = trustsTold ? byTold : byMade, size = (trustsTold ? told : made).length;
  const sorted = notes.sound.map((note, n) => [note, n]).sort(([a, m], [b, n]) => a.size - b.size || m - n).map(([note]) => note);
  const good = sorted.filter(note => holds(roots, note)), largest = good.length ? good.at(-1).size : 0, signed = new Map();
  const kept = new Set(notes.known.map(note => note.content));
  for (const note of [...sorted, ...notes.known]) {
    if (!signed.has(note.size)) signed.set(note.size, note);
    const twin = signed.get(note.size), where = `checkpoint ${note.size}`;
    if (!same(note.root, twin.root)) say(new Breach("forked", where, "root", hex(twin.root), hex(note.root)));
    else if (note.size > size) say(new Breach("dropped", where, "size", `entries to ${note.size - 1}`, `to ${size - 1}`));
    else if (holds(roots, note)) continue;
    else if (note.size <= largest || kept.has(note.content)) say(new Breach("forked", where, "root", hex(note.root), hex(roots.get(note.size))));
    else say(new Breach("tree", `entries ${largest} to ${note.size - 1}`, "root", hex(note.root), hex(roots.get(note.size))));
  }
  if (entries.length > notes.covered) say(new Breach("uncovered", await whereOf(notes.covered), "checkpoint", "one both parties cosigned", "none"));
}
function nameChanges(made, told, whereOf, say) {
  const places = new Map(told.map((leaf, n) => [leaf, n])), seen = new Set(), there = new Set(made), changed = new Set();
  let furthest = NONE_LEFT;
  made.forEach((leaf, number) => {
    const place = places.get(leaf), name = (fault, due, found) => say(whereOf(number).then(where => new Breach(fault, where, "leaf", due, found)));
    if (place === undefined) {
      const stands = number < told.length && !there.has(told[number]);
      if (stands) changed.add(number);
      name(stands ? "altered" : "inserted", told[number] ?? "none", leaf);
    } else if (seen.has(leaf)) name("inserted", `entry ${place} once`, `entry ${number} too`);
    else if (place < furthest) name("reordered", `before entry ${furthest} of the log`, "behind it");
    else furthest = place;
    seen.add(leaf);
  });
  told.forEach((leaf, n) => { if (!there.has(leaf) && !changed.has(n)) say(new Breach("dropped", `entry ${n}`, "leaf", leaf, "none")); });
}

// -- the bundle ----------------------------------------------------------------------------------------------------------------------------------------------------------
function parted(content, say) {
  const found = { head: null, entries: [], rows: new Map(), leaves: [], notes: [], totals: null };
  const rule = (condition, breach) => { if (condition) say(breach()); };
  if (content.at(-1) !== 10) { say(new Breach("malformed", "bundle", "end", "an end of line", "none")); content = joined(content, Uint8Array.of(10)); }
  let block = null, underEntry = false, over = false;
  for (let at = 0; at < content.length;) {
    const next = content.indexOf(10, at), end = next < 0 ? content.length : next, line = content.subarray(at, end), where = `byte ${at}`;
    const totals = TOTALS_LINE.every((byte, n) => line[n] === byte), first = at === 0;
    at = end + 1;
    if (found.totals && !over && !totals) { over = true; say(new Breach("malformed", where, "line", "nothing behind the totals", "more")); }
    if (line[0] === 91) {
      if (!block) {
        const under = found.entries.length - 1;
        rule(found.rows.has(under) || !underEntry, () => new Breach("rows", where, "rows", "under their reading", "beside"));
        block = [];
        if (!found.rows.has(under)) found.rows.set(under, block);
      }
      block.push(line);
      continue;
    }
    block = null;
    try {
      let word;
      try { word = plain.decode(line); } catch { throw new Breach("malformed", where, "line", "UTF-8", "other bytes"); }
      underEntry = word.startsWith('{"body"');
      if (underEntry) found.entries.push(line);
      else other(word, found, where, first);
    } catch (error) { say(error); }
  }
  rule(!found.head, () => new Breach("malformed", "bundle", "head", "one", "none"));
  rule(!found.totals, () => new Breach("malformed", "bundle", "totals", "one", "none"));
  return found;
}
function other(word, found, where, first) {
  if (word.startsWith('{"leaves"')) {
    const told = parsed(word, where);
    checkFields(LEAVES, told, where);
    if (told.start !== found.leaves.length) throw new Breach("tree", where, "start", found.leaves.length, told.start);
    if (!/^([0-9a-f]{2})*$/i.test(told.leaves)) throw new Breach("malformed", where, "leaves", "hexadecimal", told.leaves);
    const all = bytes(told.leaves);
    for (let n = 0; n < all.length; n += 32) found.leaves.push(all.slice(n, n + 32));
  } else if (word.startsWith('"')) {
    let note;
    try { note = JSON.parse(word); } catch (error) { throw new Breach("malformed", where, "checkpoint", "a JSON string", error.message); }
    found.notes.push(readNote(note, where));
  } else if (word.startsWith('{"totals"')) {
    if (found.totals) throw new Breach("totals", where, "totals", "once", "again");
    const told = parsed(word, where);
    checkFields({ totals: "totals" }, told, where);
    found.totals = told.totals;
  } else if (word.startsWith('{"bundle"') && first) {
    const head = parsed(word, where);
    checkFields(HEAD, head, where);
    found.head = head;
    if (head.bundle !== FORM) throw new Breach("malformed", where, "bundle", FORM, head.bundle);
  } else throw new Breach("malformed", where, "line", "a line of a bundle", word.slice(0, 40));
}
async function walk(terms, sha, lines, notes, say) {
  const chains = new Map(terms.meters.map(m => [m.meter, new Chain(terms, sha, m)]));
  const aside = [];
  let method = null, rows = 0, datedToS = 0;
  const one = async number => {
    const entry = await readEntry(lines.entries[number], `entry ${number}`), { said, kind, where } = entry, block = lines.rows.get(number) ?? [];
    if (isReading(kind)) {
      const chain = chains.get(said.meter);
      try { await checkSignature(entry, terms); } catch (error) { chain?.passOver(entry); throw error; }
      try { chain.check(entry); } catch (error) { say(error); }
      chain.take(entry);
      const breach = dated(notes.times, number, said.made_us, where, terms), width = datedTo(notes.times, number, said.end_us);
      if (breach) say(breach);
      datedToS = width === null || datedToS === null ? null : Math.max(datedToS, width);
      const expected = lines.head !== null && lines.head.rows.includes(said.meter);
      if (!block.length && !(expected && said.rows)) return;
      rows += block.length;
      return checkRows(block, said, where, terms, method);
    }
    if (lines.rows.has(number)) throw new Breach("rows", where, "rows", "under a reading", "under another");
    await checkSignature(entry, terms);
    if (kind === "terms") throw new Breach("repeated", where, "kind", "terms once", "again");
    if (kind === "method") {
      if (entry.sha256 !== terms.method) throw new Breach("wrong_method", where, "method", terms.method, entry.sha256);
      method = said;
    } else if (said.contract !== terms.contract) throw new Breach("wrong_contract", where, "contract", terms.contract, said.contract);
    else {
      const breach = dated(notes.times, number, said.made_us, `entry ${number}, ${where}`, terms);
      if (breach) aside.push({ entry: number, ...toldOf(breach) });
    }
  };
  for (let number = 1; number < lines.entries.length; number++) try { await one(number); } catch (error) { say(error); }
  for (const number of [-1, 0]) if (lines.rows.has(number)) say(new Breach("rows", "entry 0", "rows", "under a reading", "elsewhere"));
  return { chains: [...chains.values()], rows, datedToS, aside };
}
function checkTotals(told, made, say) {
  const found = new Map();
  for (const one of told)
    if (found.has(one.meter)) say(new Breach("totals", `totals of meter ${one.meter}`, "meter", "once", "again"));
    else found.set(one.meter, one);
  for (const one of made) {
    const where = `totals of meter ${one.meter} (${one.side})`, another = found.get(one.meter);
    found.delete(one.meter);
    if (!another) { say(new Breach("totals", where, "meter", "there", "none")); continue; }
    for (const name in one) if (canonical(one[name]) !== canonical(another[name] ?? null)) say(new Breach("totals", where, name, canonical(one[name]), canonical(another[name] ?? null)));
  }
  for (const meter of found.keys()) say(new Breach("totals", `totals of meter ${meter}`, "meter", "none", "there"));
}

/** What a bundle shows, and every fault in it. `expected`: the digest of the terms as the contract names it, or empty; `kept`: texts of checkpoints kept from elsewhere. */
async function verify(content, expected = "", kept = []) {
  const told = [], say = breach => { told.push(breach); };
  const verdict = async more => {
    const all = await Promise.all(told), faults = [], seen = new Set();
    for (const breach of all) {
      if (!(breach instanceof Breach)) throw breach;
      const row = toldOf(breach), key = canonical(row);
      if (!seen.has(key)) { seen.add(key); faults.push(row); }
    }
    return { sound: !faults.length, whole: false, terms: null, entries: 0, readings: 0, rows: 0, checkpoints: 0, totals: [], dated_to_s: null, set_aside: [], ...more, faults };
  };
  const lines = parted(content, say);
  let terms, sha;
  try {
    const entry = await readEntry(lines.entries[0] ?? new Uint8Array(), "entry 0");
    if (entry.kind !== "terms") throw new Breach("terms", "entry 0", "kind", "terms", entry.where);
    [terms, sha] = [entry.said, entry.sha256];
    checkTerms(terms);
    await checkSignature(entry, terms);
    for (const [due, where] of [[expected, "contract"], [lines.head?.terms ?? "", "head"]]) if (due && due !== sha) throw new Breach("terms", where, "terms", due, sha);
  } catch (error) { say(error); return verdict({}); }
  const notes = await lookAtNotes(terms, lines.notes, kept.map(told => readNote(told, "checkpoint kept elsewhere")), say);
  const whereOf = async number => {
    if (number >= lines.entries.length) return `entry ${number}`;
    try { return `entry ${number}, ${(await readEntry(lines.entries[number], "entry")).where}`; } catch { return `entry ${number}`; }
  };
  await checkTree(lines.entries, lines.leaves, notes, whereOf, say);
  const walked = await walk(terms, sha, lines, notes, say), totals = walked.chains.map(chain => chain.totals());
  if (lines.totals) checkTotals(lines.totals, totals, say);
  let whole = true;
  for (const chain of walked.chains) if (chain.meter.side !== "referee" && chain.end !== terms.end_us) {
    whole = false;
    say(new Breach("gap", `meter ${chain.meter.meter} (${chain.meter.side})`, "end_us", `readings to ${Math.floor(terms.end_us / US)} s`, `to ${Math.floor(chain.end / US)} s`));
  }
  return verdict({ whole, terms: sha, said: terms, entries: lines.entries.length, readings: sum(walked.chains.map(c => c.taken.size)), rows: walked.rows, checkpoints: lines.notes.length, totals,
    dated_to_s: walked.datedToS, set_aside: walked.aside });
}

// -- the page ----------------------------------------------------------------------------------------------------------------------------------------------------------
const at = id => document.getElementById(id);
const row = (cells, head) => { const made = document.createElement("tr"); for (const cell of cells) { const c = document.createElement(head ? "th" : "td"); c.textContent = cell; made.append(c); } return made; };
const shown = (id, head, rows) => at(id).replaceChildren(row(head, true), ...rows.map(cells => row(cells)));
function show(verdict, name) {
  const said = verdict.said, faults = verdict.faults.length;
  at("verdict").className = verdict.sound ? "good" : "bad";
  at("verdict").textContent = verdict.sound ? "Sound: every look held." : `${faults} ${faults === 1 ? "fault" : "faults"} found.`;
  at("told").textContent = said ? `${name}: contract ${said.contract}, ${said.product}, log ${said.origin}. ${verdict.entries} entries, ${verdict.readings} readings, ${verdict.rows} rows shown, `
    + `${verdict.checkpoints} checkpoints. Terms ${verdict.terms}.` : `${name}: its terms could not be read.`;
  at("dated").textContent = `Dated: ${wordsOfDates(verdict)}.`; at("dated").hidden = !said;
  const cells = f => [f.fault.replace("_", " "), f.where, f.field, f.expected, f.found, f.rule];
  shown("faults", ["Fault", "Where", "Field", "Expected", "Found", "Rule"], verdict.faults.map(cells));
  shown("aside", ["Set aside", "Where", "Field", "Expected", "Found", "Rule"], verdict.set_aside.map(cells));
  shown("totals", ["Meter", "Readings", "Revised", "Rows", "Errors", "Sums"], verdict.totals.map(t => [`${t.meter}, ${t.side}`, t.readings, t.revised, t.rows, t.errors,
    Object.entries(t.sums).map(([key, value]) => `${key.replace("_", " ")} ${value.toLocaleString("en-GB")}`).join(", ")]));
  at("faults").hidden = !faults; at("aside").hidden = !verdict.set_aside.length; at("totals").hidden = !verdict.totals.length; at("result").hidden = false;
}
async function keptIn(file) {
  try { const told = plain.decode(await file.arrayBuffer()); readNote(told, file.name); return told; }
  catch { throw new Error(`${file.name}: expected a checkpoint, found another`); }
}
async function verifyFile(file) {
  at("verdict").className = ""; at("verdict").textContent = "Looking."; at("result").hidden = true;
  if (!globalThis.crypto?.subtle) { at("verdict").textContent = "This browser verifies only pages over https, from this machine or from a file."; return; }
  let kept;
  try { kept = await Promise.all([...at("kept").files].map(keptIn)); }
  catch (error) { at("verdict").className = "bad"; at("verdict").textContent = `${error.message}.`; return; }
  try { show(await verify(new Uint8Array(await file.arrayBuffer()), at("terms").value.trim(), kept), file.name); }
  catch (error) { at("verdict").className = "bad"; at("verdict").textContent = `This browser could not verify it: ${error.message}. lasalle delivery verify can.`; }
}
if (at("file")) {
  at("file").addEventListener("change", () => { if (at("file").files[0]) verifyFile(at("file").files[0]); });
  for (const id of ["terms", "kept"]) at(id).addEventListener("change", () => { if (at("file").files[0]) verifyFile(at("file").files[0]); });
  document.addEventListener("dragover", event => event.preventDefault());
  document.addEventListener("drop", event => { event.preventDefault(); if (event.dataTransfer.files[0]) verifyFile(event.dataTransfer.files[0]); });
}
globalThis.evidence = { verify, verifyFile, wordsOfDates, STATEMENTS, ROWS, RULES, WORDS };
})();

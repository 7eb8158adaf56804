// The margin calculator: anybody builds a portfolio, it is reckoned here from the published table, and the house is asked whether it says the same.
import { own } from "/web/feed.js";
import { Grid } from "/web/grid.js";
import { digestOf, requirement } from "/web/margin.js";
import { decimalsOf, dollars, lots, micro } from "/web/format.js";
import { accountsNow, terms, touch, view } from "/web/page.js";

const $ = id => document.getElementById(id);
const MOST = 50, LOTS = /^[+-]?\d{1,7}$/, OPEN = /^\d{0,7}$/, ASK_MS = 400;
const rows = new Map();
let table = null, checked = "", found = null, fault = "", house = null, asking = 0, reading = false, begun = false;

export function begin() {
  $("calculator-add").onsubmit = e => { e.preventDefault(); add($("calculator-find").value.trim().toUpperCase() || view.chosen); };
  $("calculator-mine").onclick = mine; $("calculator-clear").onclick = () => { rows.clear(); reckon(); };
  $("calculator-again").onclick = () => { table = null; read(); };
}

/** Read when it is looked at first, and again when another table is in force. */
export async function read() {
  if (reading) return;
  reading = true;
  try {
    const response = await fetch("/v1/margin/tables/current"), told = await response.json();
    if (!response.ok) throw told.error;
    table = told; checked = globalThis.crypto?.subtle ? await digestOf(told) : ""; fault = "";
  } catch (error) { fault = error.text || "The house did not answer; it is asked again when the page is."; }
  reading = false;
  reckon();
}

function add(symbol) {
  const known = symbol && [...view.series.keys()].find(s => s === symbol) || [...view.series.keys()].find(s => s.includes(symbol));
  $("calculator-find").setCustomValidity(!known ? `No series has ${symbol} in its symbol.` : rows.size >= MOST ? `At most ${MOST} series.` : "");
  if (!$("calculator-find").reportValidity()) return;
  if (!rows.has(known)) rows.set(known, { lots: "1", buys: "0", sells: "0" });
  $("calculator-find").value = "";
  reckon();
}

/** What the account in view holds, and its live orders where they are one's own. */
function mine() {
  const account = accountsNow().find(a => a.account === view.key?.account) || accountsNow()[0];
  rows.clear();
  for (const p of account?.positions || []) rows.set(p.symbol, { lots: String(p.lots), buys: "0", sells: "0" });
  for (const o of view.key ? own.orders.values() : []) {
    if (o.account !== account?.account || o.status !== "live") continue;
    const row = rows.get(o.symbol) || { lots: "0", buys: "0", sells: "0" }, side = `${o.side}s`;
    row[side] = String(Number(row[side]) + o.open_lots); rows.set(o.symbol, row);
  }
  reckon();
}

const portfolio = () => [...rows].map(([symbol, row]) => ({ symbol, lots: Number(row.lots), buys: Number(row.buys || 0), sells: Number(row.sells || 0) }));
const wrong = () => [...rows].find(([, row]) => !LOTS.test(row.lots.trim()) || !OPEN.test(row.buys.trim()) || !OPEN.test(row.sells.trim()));

function reckon() {
  found = house = null;
  const bad = wrong();
  if (bad) fault = `${bad[0]}: expected whole lots, signed for what is held.`;
  else if (table) { fault = ""; try { found = requirement(portfolio(), table); } catch (error) { fault = error.message; } }
  clearTimeout(asking);
  if (found && rows.size) asking = setTimeout(compare, ASK_MS);
  touch("accounts");
}

/** The house's own figure of the same lots, from the same table. */
async function compare() {
  const asked = found;
  try {
    const response = await fetch("/v1/margin/what-if", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ positions: portfolio() }) });
    const told = await response.json();
    if (asked !== found) return;
    if (!response.ok) fault = told.error.text;
    else if (told.sha256 !== table.sha256) { table = null; await read(); return; }
    else house = told;
  } catch { fault = "The house did not answer."; }
  touch("accounts");
}

const held = new Grid($("calculator-held"), [["Series"], ["Lots", "", "Signed: negative is short"], ["Open buys"], ["Open sells"], ["Mark"], [""]], "No series yet: add one.");
const parts = new Grid($("calculator-parts"), [["Part"], ["USD"]], "Add a series.");

/** Fields are made once a row, so that a hand that types in one is not disturbed. */
const fields = new Map();
function field(symbol, name, label) {
  const key = `${symbol} ${name}`, row = rows.get(symbol);
  let input = fields.get(key);
  if (!input) {
    input = document.createElement("input"); input.dataset.is = key; input.inputMode = "numeric"; input.ariaLabel = `${label} of ${symbol}`; input.className = "lots";
    input.oninput = () => { const now = rows.get(symbol); if (now) { now[name] = input.value; reckon(); } };
    fields.set(key, input);
  }
  if (document.activeElement !== input && input.value !== row[name]) input.value = row[name];
  return { node: input };
}
function drop(symbol) {
  const b = document.createElement("button"); b.type = "button"; b.textContent = "×"; b.ariaLabel = `Remove ${symbol}`; b.dataset.is = `drop ${symbol}`;
  b.onclick = e => { e.stopPropagation(); rows.delete(symbol); reckon(); };
  return { node: b };
}

export function draw() {
  // The series in view is where anybody begins, once; who clears the list has it empty.
  if (!begun && table && view.chosen) { begun = true; add(view.chosen); }
  if ($("calculator-symbols").children.length !== view.series.size) $("calculator-symbols").replaceChildren(...[...view.series.keys()].map(symbol => new Option(symbol)));
  held.fill([...rows.keys()].map(symbol => {
    const s = terms(symbol);
    return { key: symbol, cells: [symbol, field(symbol, "lots", "Lots"), field(symbol, "buys", "Open buys"), field(symbol, "sells", "Open sells"), s ? dollars(micro(s.mark), decimalsOf(s.tick_micro_dollars)) : "–", drop(symbol)] };
  }));
  const row = (name, amount, cls = "") => ({ key: name, cls, cells: [name, dollars(amount, 6)] });
  const share = r => r.weight === 10_000 ? "" : `, ${r.weight / 100} % of it`;
  parts.fill(!found || !rows.size ? [] : [
    row("Requirement", found.requirement, "chosen"), row("Initial margin, 1.10 of it", found.initial, "chosen"),
    row(`Scan${found.binding === "scan" ? ", binds" : ""}`, found.scan),
    ...found.scanRows.filter(r => r.worst).map(r => ({ key: `scan${r.group}`, cls: "dim", cells: [`· scan row ${r.group} at worst${share(r)}`, dollars(r.worst, 6)] })),
    row(`Tails, ES 99 %${found.binding === "tail" ? ", bind" : ""}`, found.tail),
    { key: "historical", cls: "dim", cells: [`· historical, ${found.historical[1]} moves, three quarters`, dollars(found.historical[0] / found.historical[1], 6)] },
    { key: "stress", cls: "dim", cells: [`· stress, ${found.stress[1]} moves, one quarter`, dollars(found.stress[0] / found.stress[1], 6)] },
    row("Liquidity", found.liquidity), row("Concentration", found.concentration), row("Option value, taken off", found.value),
  ]);
  const equal = house && BigInt(house.requirement_micro_dollars) === found?.requirement && BigInt(house.initial_micro_dollars) === found?.initial;
  $("calculator-said").textContent = fault || (!found || !rows.size ? "" : !house ? "asking the house" : equal ? "equal to the house's own figure" : `the house says ${house.requirement} USD`);
  $("calculator-said").className = `pill ${fault || (house && !equal) ? "bad" : house ? "good" : "warn"}`;
  $("calculator-said").hidden = !$("calculator-said").textContent;
  $("calculator-table").textContent = table ? `Table ${table.table}, ${lots(table.series.length)} series in ${lots(table.scenarios.length)} scenarios, SHA-256 ${table.sha256.slice(0, 12)}${checked === table.sha256 ? ", checked here" : checked ? ", NOT the digest of what came" : ""}.` : "";
}

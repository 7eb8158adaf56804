// The book of suppliers: totals for everyone, made-up suppliers by name, and with a key those its actor may see. Each opens to what it rests on.
import { dollars, lots } from "/web/format.js";
import { ask } from "/web/sign.js";
import { touch, view } from "/web/page.js";

const FRESH_MS = 30_000;
let totals = null, named = [], open = "", whole = null, fault = "", readAt = 0, readBy = null;

/** Read when it is looked at, at most twice a minute, and anew for another key. */
export async function read() {
  if (Date.now() - readAt < FRESH_MS && readBy === view.key) return;
  readAt = Date.now(); readBy = view.key;
  try {
    const response = await fetch("/v1/credit");
    if (!response.ok) throw new Error(response.status);
    totals = await response.json();
    const own = view.key ? (await ask(view.key, "GET", "/v1/credit/suppliers?limit=500")).suppliers : [];
    named = [...own, ...totals.made_up.filter(s => !own.some(o => o.supplier === s.supplier))];
    fault = "";
  } catch { fault = "The house did not answer of its suppliers; it is asked again when this is opened."; readAt = 0; }
  touch("accounts");
}

async function show(supplier) {
  open = open === supplier ? "" : supplier; whole = null;
  if (open && view.key) try { whole = await ask(view.key, "GET", `/v1/credit/suppliers/${encodeURIComponent(open)}`); } catch { whole = null; }
  touch("accounts");
}

const percent = share => `${(share * 100).toFixed(2)} %`;
const left = text => ({ text, cls: "left" });
const usd = amount => dollars(amount, 0);
const row = (key, cells, cls = "") => ({ key, cls, cells: [left(cells[0]), ...cells.slice(1, 7), left(cells[7] || "")] });

function ofTotals() {
  const found = [row("all", [`${totals.suppliers} supplier${totals.suppliers === 1 ? "" : "s"}`, Object.entries(totals.by_grade).map(([g, n]) => `${n} ${g}`).join(", "), "", lots(totals.months[0]?.accelerators || 0), usd(totals.required), usd(totals.secured), { text: usd(totals.short), cls: totals.short ? "bad" : "" }, totals.months[0] ? `sold for ${totals.months[0].month}` : "nothing sold"], "chosen")];
  const l = totals.losses;
  if (l) found.push(
    row("expected", ["Loss of a year, expected, USD", "", "", "", usd(l.expected), "", "", `error ${usd(l.expected_error)}, ${lots(l.draws)} draws`]),
    row("quantile", [`Loss of a year at ${percent(l.quantile)}, USD`, "", "", "", usd(l.at_quantile), "", "", `unexpected ${usd(l.unexpected)}, mean beyond ${usd(l.shortfall)}`]));
  return found;
}

const ofSupplier = s => ({ ...row(s.supplier, [s.title, s.grade, percent(s.pd), lots(s.accelerators_sold), usd(s.required), usd(s.secured), { text: usd(s.short), cls: s.short ? "bad" : "" }, s.stopped || (s.step === "none" ? "" : `step ${s.step}`)]), click: () => show(s.supplier), chosen: open === s.supplier });

function ofWhole() {
  if (!whole) return [];
  const at = n => `${open}/${n}`;
  return [
    ...whole.limits.map((l, n) => row(at(`limit${n}`), [`· ${l.month}, ${l.grade} in ${l.place}`, "", "", lots(l.sold), "", "", "", `of ${lots(l.limit)}, ${lots(l.left)} left: ${l.binds}`])),
    ...whole.pieces.filter(p => p.face).map((p, n) => row(at(`piece${n}`), [`· ${p.what}`, "", "", "", "", usd(p.counts), "", `of ${usd(p.face)}: ${p.why}`])),
    ...whole.by_move.slice(1).map(m => row(at(`move${m.move}`), [`· prices ${m.move > 0 ? "+" : ""}${Math.round(m.move * 100)} %`, "", percent(m.pd), "", "", "", "", "fails in a year"])),
    ...whole.signs.map((s, n) => row(at(`sign${n}`), [`· ${s.name}`, "", "", "", "", "", { text: s.level, cls: "bad" }, `${Number(s.found.toPrecision(4))} against ${Number(s.limit.toPrecision(4))}`])),
    ...whole.actions.map((a, n) => row(at(`action${n}`), [`· ${a}`, "", "", "", "", "", "", whole.summary.step])),
  ];
}

export const madeUp = () => named.some(s => s.simulated);
export const rows = () => fault ? [row("fault", [fault])] : totals ? [...ofTotals(), ...named.flatMap(s => [ofSupplier(s), ...(open === s.supplier ? ofWhole() : [])])] : [];

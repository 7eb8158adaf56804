// What the house says of its clearing to everyone: what stands ready for a default, what its largest members could cost beyond margin, and the rates at which foreign cash counts.
import { day, dollars, micro } from "/web/format.js";
import { accountsNow, touch } from "/web/page.js";

const FRESH_MS = 60_000;
let run = null, rates = null, fault = "", readAt = 0;
export const breached = () => Boolean(run?.breach);

const get = async path => { const response = await fetch(path); if (!response.ok) throw new Error(path); return response.json(); };

/** Read when it is looked at, and at most once a minute. */
export async function read() {
  if (Date.now() - readAt < FRESH_MS) return;
  readAt = Date.now();
  try {
    const [covers, tables] = await Promise.all([get("/v1/margin/cover?limit=1"), get("/v1/fx?limit=1")]);
    run = covers.runs[0] || null;
    rates = tables.tables[0] ? await get(`/v1/fx/${day(tables.tables[0].day)}`) : null;
    fault = "";
  } catch { fault = "The house did not answer; it is asked again when this is opened."; readAt = 0; }
  touch("accounts");
}

const row = (key, what, figure, of = "", cls = "") => ({ key, cls, cells: [{ text: what, cls: "left" }, figure, { text: of, cls: "left" }] });

function ofRun() {
  if (!run) return [];
  const ready = run.prefunded, close = `close of ${day(run.day)}`, cost = (name, found) => row(name, `${name}, beyond margin, USD`, { text: dollars(found.beyond_margin), cls: found.short ? "bad" : "" }, found.beyond_margin ? found.case : `nothing in ${run.cases} cases`);
  return [
    row("ready", "Ready for a default, USD", dollars(ready.total), close, "chosen"),
    row("first", "· the house's first loss", dollars(ready.first_loss)), row("fund", "· the default fund of members", dollars(ready.default_fund)), row("second", "· the house's second tranche", dollars(ready.second_tranche)),
    cost("Cover-1", run.cover1), cost("Cover-2", run.cover2),
    ...(run.wrong_way?.case ? [cost("Suppliers that fail in a spike", run.wrong_way)] : []),
    ...(run.collateral || []).map(c => row(`limit ${c.name}`, `Collateral, ${c.name}, USD`, { text: dollars(c.counted), cls: c.over ? "bad" : "" }, `limit ${dollars(c.limit)}`)),
  ];
}

const WHY = { fixed: r => `fixed of ${day(r.of)} by ${r.hands.join(" and ")}`, carried: r => `carried of ${day(r.of)}, counts ${r.price}: ${r.why.replaceAll("_", " ")}`, none: r => `no value: ${r.why.replaceAll("_", " ")}` };
const ofRates = () => (rates?.rates || []).filter(r => r.why !== "no_observation" || r.status === "carried").map(r => row(r.currency, `One ${r.currency}, USD`, { text: r.status === "none" ? "–" : r.rate, cls: r.status === "fixed" ? "" : "bad" }, WHY[r.status](r)));
/** Foreign cash stays in its currency: in units of its asset of the ledger. */
const ofAccounts = () => accountsNow().flatMap(a => Object.entries(a.cash).filter(([asset, units]) => asset !== "1" && Number(units)).map(([asset, units]) => row(`${a.account}/${asset}`, `Account ${a.account}, units of asset ${asset}`, dollars(micro(units)))));

export const rows = () => fault ? [row("fault", fault, "")] : [...ofRun(), ...ofRates(), ...ofAccounts()];

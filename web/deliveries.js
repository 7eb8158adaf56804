// Deliveries of one's accounts: where each stands and until when, hours not yet final, disputes, and the money beside them. Each opens to its steps and its invoice.
import { dollars, lots, micro, words } from "/web/format.js";
import { ask } from "/web/sign.js";
import { accountsNow, touch, view } from "/web/page.js";

const FRESH_MS = 10_000, STEPS_SHOWN = 60;
let found = [], open = "", whole = null, invoice = null, fault = "", readAt = 0, readBy = null;

/** Read when it is looked at and when the account hears of a delivery, at most every ten seconds, and anew for another key. */
export async function read(again = false) {
  if (!view.key || (!again && Date.now() - readAt < FRESH_MS && readBy === view.key)) return;
  // Just after a log-on its accounts are not there yet; once they are, this is called again.
  if (!accountsNow().length) return;
  readAt = Date.now(); readBy = view.key;
  try {
    found = await Promise.all(accountsNow().map(async ({ account }) => {
      const own = `/v1/accounts/${account}`;
      const [live, over, money] = await Promise.all([ask(view.key, "GET", `${own}/deliveries?limit=500`), ask(view.key, "GET", `${own}/deliveries?limit=20&state=ended`), ask(view.key, "GET", `${own}/delivery-money`)]);
      return { account, live: live.deliveries, over: over.deliveries, money };
    }));
    fault = "";
  } catch { fault = "The house did not answer of deliveries; they are asked for again when this is opened."; readAt = 0; }
  touch("accounts");
}

/** What the private feed tells of a delivery makes the list be read again. */
export function heard(event) { if (view.tab === "deliveries" && ("delivery" in event || /delivery|bond|guarantee/.test(event.name))) read(true); }

async function show(account, delivery) {
  const key = `${account}/${delivery}`;
  open = open === key ? "" : key; whole = invoice = null;
  touch("accounts");
  if (!open) return;
  const path = `/v1/accounts/${account}/deliveries/${delivery}`;
  try { [whole, invoice] = await Promise.all([ask(view.key, "GET", path), ask(view.key, "GET", `${path}/invoice`)]); }
  catch (error) { fault = error.text || "The house did not answer of this delivery."; }
  touch("accounts");
}

const left = (text, cls = "") => ({ text, cls: `left ${cls}` });
const usd = text => dollars(micro(text));
const when = nanoseconds => nanoseconds ? `${new Date(nanoseconds / 1e6).toISOString().slice(5, 16).replace("T", " ")}` : "";
const percent = quality => `${(quality / 100).toFixed(2)} %`;
/** said: delivery, what, where it stands, until, hours, money, needs. */
const row = (key, said, { cls = "", bad = false } = {}) => ({ key, cls, cells: [left(said[0]), left(said[1] || ""), left(said[2] || "", bad ? "bad" : ""), left(said[3] || ""), said[4] || "", said[5] || "", said[6] || ""] });

/** The money beside all deliveries of an account. */
function ofMoney({ account, money }) {
  const credit = Number(money.credit) ? ` · hardware counts ${usd(money.credit_counts)} of ${usd(money.credit)} until ${when(money.credit_until)}` : "";
  const owes = Number(money.owes_fund) ? ` · owed to the delivery fund ${usd(money.owes_fund)}` : "", lacks = Number(money.lacks);
  const guaranteed = Number(money.guaranteed) ? `, guaranteed by others ${usd(money.guaranteed)}` : "";
  const said = `set aside ${usd(money.margin)}, bond ${usd(money.bond)}${guaranteed}${lacks ? `, lacking ${usd(money.lacks)}` : ""}${credit}${owes}`;
  const first = row(`money${account}`, ["All", `Account ${account}`, said, "", "", usd(money.receivable), usd(money.needs)], { cls: "chosen", bad: lacks > 0 });
  const guarantees = money.guarantees.map(g => row(`guarantee${account}/${g.guarantee}`, [`guarantee ${g.guarantee}`, g.account === account ? `given for account ${g.to_account}` : `from account ${g.account}`, "pays remedies until then, before margin of positions", when(g.until), "", usd(g.amount)]));
  return [first, ...guarantees, ...money.offers.map(o => row(`offer${account}/${o.offer}`, [`offer ${o.offer}`, `${lots(o.lots)} accelerators of delivery ${o.delivery}`, o.account === account ? `waits for account ${o.to_account}` : `from account ${o.account}, for you to take`, when(o.due), `${o.first_hour}–${o.first_hour + o.hours - 1}`, usd(o.amount)]))];
}

function ofDelivery(account, d) {
  const key = `${account}/${d.delivery}`, other = d.party === "seller" ? `to account ${d.buyer}` : d.party === "buyer" ? `from account ${d.seller}` : `pledged by account ${d.buyer}`;
  const disputed = d.waiting.filter(w => w.disputed_by).length;
  const states = [words(d.state), disputed ? `${disputed} disputed` : "", d.missing ? `${lots(d.missing)} accelerator-hours missing` : "", d.metered_hours ? `${d.final_hours} final` : ""].filter(Boolean).join(", ");
  const over = Boolean(d.remedies), remedies = over ? micro(d.remedies) : 0n, made = remedies < 0n ? `, remedies ${dollars(-remedies)} to the seller` : remedies > 0n ? `, remedies ${dollars(remedies)} to the buyer` : "";
  // Of one that ended, what its seller came to by hours and remedies: nothing is kept for it any more.
  const money = over ? micro(d.paid) - remedies : d.waiting.reduce((sum, w) => sum + micro(w.amount), micro(d.held));
  const bad = disputed || d.missing || d.state === "failed" || d.state === "contested", quality = d.quality === 10_000 ? "" : `, quality ${percent(d.quality)}`;
  const what = `${d.party === "seller" ? "▼ sells" : d.party === "buyer" ? "▲ buys" : "holds"} ${lots(d.lots)} × ${d.symbol} ${other}${quality}`;
  const found = row(key, [`${d.delivery}`, what, `${states}${made}: ${d.waits_for}`, when(d.due), `${d.metered_hours} of ${d.hours}`, dollars(money), usd(d.needs)], { bad });
  return [{ ...found, click: () => show(account, d.delivery), chosen: open === key }, ...d.waiting.map(w => ofHours(key, w)), ...(open === key ? ofWhole(key) : [])];
}

/** Hours that were metered and are not yet final. */
function ofHours(key, w) {
  const said = w.disputed_by ? `disputed by account ${w.disputed_by}: determined by then, or they stand as metered` : "final then, unless a side disputes them";
  const hours = w.hours === 1 ? `hour ${w.first_hour}` : `${w.first_hour}–${w.first_hour + w.hours - 1}`;
  return row(`${key}/hours${w.metered}`, ["· hours", `metered ${w.metered}: ${lots(w.units)} accelerator-hours${w.excused ? `, ${lots(w.excused)} excused` : ""}`, said, when(w.final_at), hours, usd(w.amount)], { bad: w.disputed_by > 0 });
}

const NOT_TOLD = new Set(["event", "time", "name", "delivery", "evidence", "nomination", "basis", "account", "buyer", "to_account", "series"]);
const MONEY = new Set(["amount", "cost", "unpaid", "cover_price", "fee", "price", "to_dues"]);
/** A step in words: what it says, without the digests, which the command line shows. */
function said(event) {
  return Object.entries(event).filter(([name, value]) => !NOT_TOLD.has(name) && value !== 0 && value !== false).map(([name, value]) => `${words(name)} ${name === "due" || name === "starts" ? when(value) : name === "quality" ? percent(value) : MONEY.has(name) ? dollars(BigInt(value), 6) : value === true ? "" : words(String(value))}`.trim()).join(", ");
}

function ofWhole(key) {
  if (!whole) return [row(`${key}/wait`, ["", "…"])];
  const lines = invoice ? invoice.lines.map((l, n) => row(`${key}/line${n}`, ["· invoice", l.what, `${l.units ? `${lots(l.units)} units at ${dollars(BigInt(l.price), 6)}` : ""}${l.code === "O" ? "" : `, tax ${l.code} ${l.rate / 100} %`}`, "", "", dollars(BigInt(l.net), 6)])) : [];
  const total = invoice ? [row(`${key}/gross`, ["· invoice", invoice.provisional ? "in all, so far" : "in all", `net ${dollars(BigInt(invoice.net), 6)}, tax ${dollars(BigInt(invoice.tax), 6)}`, "", "", dollars(BigInt(invoice.gross), 6)])] : [];
  const steps = whole.steps.slice(-STEPS_SHOWN).reverse().map(e => row(`${key}/step${e.event}`, ["· step", words(e.name), said(e), when(e.time)]));
  return [...lines, ...total, ...steps];
}

/** Nothing is shown of others' deliveries: without a key there is only the way to one's own. */
export function rows() {
  if (!view.key) return [];
  if (fault) return [row("fault", ["", fault])];
  const some = found.filter(a => a.live.length || a.over.length || ["margin", "bond", "guaranteed", "given", "receivable", "owes_fund", "credit"].some(name => Number(a.money[name])));
  return some.flatMap(a => [...ofMoney(a), ...[...a.live, ...a.over].flatMap(d => ofDelivery(a.account, d))]);
}

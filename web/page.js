// The page: what the house tells, drawn at most once a frame. Nothing here decides anything.
import * as feed from "/web/feed.js";
import { draw } from "/web/chart.js";
import { Grid } from "/web/grid.js";
import { setSkew, houseNow } from "/web/sign.js";
import { age, clock, day, stamp, amountOf, decimalsOf, dollars, lots, micro, month, words } from "/web/format.js";
import * as calculator from "/web/calculator.js";
import * as clearing from "/web/clearing.js";
import * as deliveries from "/web/deliveries.js";
import * as suppliers from "/web/suppliers.js";
import * as ticket from "/web/ticket.js";

const $ = id => document.getElementById(id);
const KINDS = ["future", "swap", "call", "put"];
const SHOWN_FIXINGS = 365, LEVELS = 12, AGAIN = 3_000, DAY_MS = 86_400_000;
export const view = { series: new Map(), kind: "future", chosen: "", tab: "accounts", key: null, status: null, demo: [], reveal: false };
const { books, trades, fixings, records, derived, curves, own, heard } = feed;
const dirty = new Set(["instruments", "ladder", "contract", "tape", "index", "curve", "accounts", "status", "wire"]);
const when = { index: 0, curve: 0, accounts: 0 };
let silent = 0;
export const touch = (...panels) => panels.forEach(p => dirty.add(p));

async function get(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

async function pages(path, field) {
  const found = [];
  let cursor = "";
  do {
    const page = await get(`${path}${path.includes("?") ? "&" : "?"}limit=500${cursor && `&cursor=${cursor}`}`);
    found.push(...page[field]); cursor = page.next || "";
  } while (cursor && found.length < 2_000);
  return found;
}

export const terms = symbol => view.series.get(symbol);
export const shown = () => [...view.series.values()].filter(s => s.kind === view.kind);
export const best = (symbol, side) => { const levels = books.get(symbol)?.[side]; return levels?.size ? (side === "buy" ? Math.max : Math.min)(...levels.keys()) : null; };
export const priceOf = (symbol, ticks) => { const s = terms(symbol); return ticks === null || !s ? "–" : dollars(ticks * s.tick_micro_dollars, decimalsOf(s.tick_micro_dollars)); };
const markOf = s => dollars(micro(s.mark), decimalsOf(s.tick_micro_dollars));
export function choose(symbol) { if (!terms(symbol)) return; view.chosen = symbol; view.reveal = true; touch("instruments", "ladder", "contract", "tape", "index", "curve"); ticket.follow(); }

/** Picks are made once, so that the focus stays where a hand put it. */
function picks(group, names, label, chosen) {
  group.replaceChildren(...names.map(name => { const b = document.createElement("button"); b.type = "button"; b.dataset.name = name; b.textContent = label(name); b.onclick = () => chosen(name); return b; }));
}
const select = (group, name) => { for (const b of group.children) b.ariaPressed = b.dataset.name === name; };
function chip(id, text, real = false) { const e = $(id); e.hidden = !text; e.textContent = text; e.className = real ? "chip real" : "chip"; }

const instruments = new Grid($("series"), [["Series"], ["Bid"], ["Ask"], ["Mark"], ["Open int.", "", "Open interest, lots"]], "Nothing of this kind is listed.");
function drawInstruments() {
  select($("kinds"), view.kind);
  instruments.fill(shown().map(s => ({
    key: s.symbol, cls: (s.symbol === view.chosen ? "chosen" : "") + (books.get(s.symbol)?.state === "open" ? "" : " dim"), click: () => choose(s.symbol), chosen: s.symbol === view.chosen,
    cells: [s.symbol, { text: priceOf(s.symbol, best(s.symbol, "buy")), cls: "buy" }, { text: priceOf(s.symbol, best(s.symbol, "sell")), cls: "sell" }, markOf(s), lots(s.open_interest)],
  })), true);
  if (view.reveal) reveal($("series").querySelector(".chosen"));
}

/** Scrolls the list, never the page, to a row that was chosen. */
function reveal(row) {
  view.reveal = false;
  if (!row) return;
  const list = row.closest(".scroll"), head = list.querySelector("thead").offsetHeight, top = row.offsetTop;
  if (top - head < list.scrollTop) list.scrollTop = top - head;
  else if (top + row.offsetHeight > list.scrollTop + list.clientHeight) list.scrollTop = top + row.offsetHeight - list.clientHeight;
}

const ladder = new Grid($("book"), [["Mine"], ["Bid lots"], ["Price"], ["Ask lots"], ["Mine"]], "Nobody quotes this series.");
function drawLadder() {
  const symbol = view.chosen, book = books.get(symbol), s = terms(symbol);
  $("symbol").textContent = symbol;
  $("state").textContent = book ? words(book.state) : ""; $("state").hidden = !book; $("state").className = `pill ${book?.state === "open" ? "good" : "warn"}`;
  ladder.empty = symbol ? "Nobody quotes this series." : "No series is listed.";
  if (!book || !s) { ladder.fill([]); return; }
  const room = Math.max(4, Math.min(LEVELS, Math.floor(($("book").parentElement.clientHeight - 44) / 42)));
  const asks = [...book.sell.keys()].sort((a, b) => a - b).slice(0, room).reverse(), bids = [...book.buy.keys()].sort((a, b) => b - a).slice(0, room);
  const most = Math.max(1, ...asks.map(t => book.sell.get(t)), ...bids.map(t => book.buy.get(t)));
  const mine = new Map();
  for (const o of own.orders.values()) if (o.symbol === symbol && o.status === "live") { const k = `${o.side}${o.price_ticks}`; mine.set(k, (mine.get(k) || 0) + o.open_lots); }
  const level = (side, t) => {
    const n = book[side].get(t), share = Math.round(n / most * 100), me = mine.get(`${side}${t}`);
    const bar = side === "buy" ? `background-image:linear-gradient(to left,var(--buy-wash) ${share}%,transparent ${share}%)` : `background-image:linear-gradient(to right,var(--sell-wash) ${share}%,transparent ${share}%)`;
    const blank = { text: "" };
    return { key: `${symbol}${side}${t}`, ticks: t, click: () => ticket.takePrice(t), cells: side === "buy"
      ? [{ text: me ? lots(me) : "", cls: "mine" }, { text: lots(n), style: bar }, { text: priceOf(symbol, t), cls: "buy" }, blank, blank]
      : [blank, blank, { text: priceOf(symbol, t), cls: "sell" }, { text: lots(n), style: bar }, { text: me ? lots(me) : "", cls: "mine" }] };
  };
  const bid = best(symbol, "buy"), ask = best(symbol, "sell");
  const spread = bid !== null && ask !== null ? `spread ${priceOf(symbol, ask - bid)}` : "one side";
  const between = { key: "between", cls: "between", cells: [{ text: `${spread} · mark ${markOf(s)}`, span: 5 }] };
  ladder.fill(asks.length + bids.length ? [...asks.map(t => level("sell", t)), between, ...bids.map(t => level("buy", t))] : []);
}

/** The terms of the series chosen, each with what it means in money. */
function drawContract() {
  const s = terms(view.chosen), said = [];
  $("contract-symbol").textContent = view.chosen;
  if (s) {
    const tick = dollars(s.tick_micro_dollars, decimalsOf(s.tick_micro_dollars)), money = x => dollars(BigInt(x) * BigInt(s.hours));
    said.push(["One lot", `${amountOf(s)}, ${month(s.first_month)}${s.last_month > s.first_month ? ` to ${month(s.last_month)}` : ""}`], ["At the mark", `${money(micro(s.mark))} USD a lot`]);
    if (s.kind === "call" || s.kind === "put") said.push(["Strike", `${dollars(micro(s.strike), 3)} USD/${s.unit}`]);
    said.push(["Tick", `${tick} USD/${s.unit}, ${money(s.tick_micro_dollars)} USD a lot`], ["Band", `±${s.band / 100} % of the reference`],
      ["Fees, USD", `${dollars(micro(s.taker_fee))} take, ${dollars(micro(s.maker_fee))} make, ${dollars(micro(s.clearing_fee))} clear`],
      ["Last trade", `${new Date(s.last_trading_time / 1e6).toISOString().slice(0, 16).replace("T", " ")} UTC`], ["Settles", `in ${s.settlement}`]);
  }
  $("terms").replaceChildren(...(said.length ? said.map(([name, text]) => { const row = document.createElement("div"), dt = document.createElement("dt"), dd = document.createElement("dd"); dt.textContent = name; dd.textContent = text; row.append(dt, dd); return row; }) : ["No series is listed."]));
}

const tape = new Grid($("trades"), [["Time"], ["Series", "left"], ["Price"], ["Lots"], ["Side", "left"]], "No trade yet.");
function drawTape() {
  const listed = $("only").checked ? trades.filter(t => t.symbol === view.chosen) : trades;
  const side = { buy: "▲ buy", sell: "▼ sell", none: "auction" };
  tape.fill(listed.slice(0, 80).map(t => ({ key: t.trade, click: () => choose(t.symbol), tab: -1, cells: [stamp(t.time / 1e6), { text: t.symbol, cls: "left" }, { text: priceOf(t.symbol, t.price_ticks), cls: t.aggressor }, lots(t.lots), { text: side[t.aggressor], cls: `left ${t.aggressor}` }] })));
}

function drawIndex() {
  const s = terms(view.chosen), mine = fixings.filter(f => f.index === (s?.index ?? 1)), last = mine.at(-1), seen = mine.findLast(f => !f.carried);
  if (s) $("index-name").textContent = s.index_name || s.index;
  seekPublished(s?.index_name); drawRecord(s?.index_name);
  if (last) { chip("index-truth", last.simulated ? "simulated" : "real", !last.simulated); when.index = Date.parse(day(last.day)) + DAY_MS; }
  const carried = f => !f.carried ? "" : f === last && seen ? `, carried since ${day(seen.day)}` : ", carried";
  const say = f => { $("index-read").textContent = f ? `${dollars(micro(f.price), 6)} on ${day(f.day)}${carried(f)}` : ""; };
  say(last);
  draw($("index-chart"), mine.slice(-SHOWN_FIXINGS).map(f => ({ x: day(f.day), y: Number(f.price), hollow: f.carried, f })), { unit: s?.index_unit, stepped: true, empty: "No fixing is published yet.", said: p => say(p ? p.f : last) });
}

/** Futures on the average of one month: weeks, quarters, bases and variances are other things at other prices. */
const OF_A_MONTH = /^[A-Z0-9]+-[0-9]{4}-[0-9]{2}$/;

/** What is published of an index beside the log: asked for once, and heard from then on. */
const sought = new Set();
async function seekPublished(index) {
  if (!index || sought.has(index)) return;
  sought.add(index);
  // A house tells of every index that has a method, and has a record of those it fixes itself.
  const known = (await get("/v1/indices").catch(() => null))?.indices ?? [];
  const kept = known.some(one => one.index === index && one.kept);
  const first = sought.size === 1, rows = { records: kept && `/v1/indices/${index}/fixings?limit=1`, curves: first && "/v1/curves", derived: first && "/v1/derived" };
  await Promise.all(Object.entries(rows).map(async ([kind, path]) => {
    const found = path && await get(path).catch(() => null);
    if (!found) return;
    if (kind === "records") { for (const row of found.fixings) if (!records.has(index)) records.set(index, row); }
    else if (kind === "curves") { for (const made of found.curves) if (!curves.has(made.index)) curves.set(made.index, made); }
    else for (const row of found.derived) if (!derived.has(row.index)) derived.set(row.index, row);
  }));
  touch("index", "curve");
}

const many = (n, one) => `${n} ${one}${n === 1 ? "" : "s"}`;
/** The newest row of the record: its stage, its evidence and its method, or why there is no fix; and the volatility that options imply. */
function drawRecord(index) {
  const row = records.get(index), implied = derived.get(`${index}-IV30`);
  const marks = row ? [...row.marks, row.late_seconds ? "late" : "", row.silent.length ? `${row.silent.join(", ")} silent` : ""].filter(Boolean).join(", ") : "";
  const fixed = row && (row.status === "no-fix" ? `no fix on ${row.day}: ${row.reason}` : `${row.status === "shortage" ? "shortage, price of cover" : row.stage} on ${row.day} from ${many(row.offers, "offer")} of ${many(row.sources, "source")}`);
  const said = row ? [`Record: ${fixed}, method ${row.method}${marks ? `, ${marks}` : ""}`] : [];
  const truth = ["simulated", "modelled"].filter(word => implied?.[word]).join(", ");
  if (implied) said.push(implied.value === null ? `30-day implied volatility: none, ${implied.reason}` : `30-day implied volatility ${(implied.value / 100).toFixed(2)} % on ${day(implied.day)}${truth ? ` (${truth})` : ""}`);
  $("index-row").textContent = said.join(". ");
}

function drawCurve() {
  const index = terms(view.chosen)?.index_name, made = curves.get(index);
  $("curve-row").textContent = made ? `Published for ${day(made.day)}: ${many(made.months.length, "month")}, hash ${made.curve_sha256.slice(0, 12)}` : "";
  const futures = [...view.series.values()].filter(s => s.kind === "future" && OF_A_MONTH.test(s.symbol) && s.state !== "expired" && s.index === terms(view.chosen)?.index).sort((a, b) => a.first_month - b.first_month);
  const say = s => { $("curve-read").textContent = s ? `${markOf(s)} for ${month(s.first_month)}` : ""; };
  const at = futures.findIndex(s => s.first_month === terms(view.chosen)?.first_month);
  say(futures[at]);
  draw($("curve-chart"), futures.map(s => ({ x: month(s.first_month), y: Number(s.mark), s })), { unit: terms(view.chosen)?.index_unit, chosen: at, empty: "A curve needs marks of two month futures.", said: p => say(p ? p.s : futures[at]) });
  chip("curve-truth", futures.length ? view.status?.demo ? "model" : "marks of the house" : "");
  when.curve = (view.status?.marks_time || 0) / 1e6;
}

const TABS = {
  accounts: [[["Account"], ["Cash, USD"], ["Dues, USD", "", "What the account owes the house"], ["Requirement, USD", "", "What positions may lose, with the worst of the open orders filled, and charges; without positions that of the orders alone (CLR-001)"], ["To be covered, USD", "", "1.10 of the requirement, what the open orders would lose against the marks if filled, and their fees (CLR-003)"], ["Headroom, USD", "", "The smaller of cover and free cash, beyond what is needed"], ["Orders"], ["Positions", "", "Series held"]], "No account to show. Log on to see your own.", () => accountRows()],
  positions: [[["Account"], ["Series", "left"], ["Lots"], ["Mark"], ["Value at mark USD"]], "No position.", () => positionRows()],
  orders: [[["Order"], ["Series", "left"], ["Side", "left"], ["Price"], ["Open"], ["Filled"], ["Life", "left"], ["Reference", "left"], [""]], "No live order. Log on to see your own.", () => orderRows()],
  deliveries: [[["Delivery"], ["What", "left"], ["Stands", "left"], ["Until, UTC", "left", "What it waits for is due then"], ["Hours", "", "Metered, of all"], ["Money", "", "USD: what is kept for the seller of a delivery, and once it ended what hours and remedies came to for its seller; what hours, offers and lines of an invoice come to"], ["Needs", "", "USD: what the account has to have set aside"]], "No delivery. Log on to see your own.", () => deliveries.rows()],
  calculator: [[], "", () => []],
  clearing: [[["What", "left"], ["Figure"], ["Of", "left"]], "The house has published nothing of its clearing yet.", () => clearing.rows()],
  suppliers: [[["Supplier", "left"], ["Grade"], ["Fails in a year"], ["Accelerators sold", "", "In the month in which most are sold"], ["Required, USD", "", "The larger of delivery margin and the floor of peak activity"], ["Secured, USD"], ["Short, USD"], ["Of", "left"]], "No supplier is on file.", () => suppliers.rows()],
  activity: [[["Time"], ["Event"], ["What", "left"], ["Series", "left"], ["Lots"], ["Price"]], "Nothing yet. Log on to see your own events.", () => activityRows()],
};
let table, tableOf = "";
export const accountsNow = () => view.key ? [...own.accounts.values()] : view.demo;
/** What may still be lost or paid before an order is refused: CLR-003 and CLR-004. */
function headroom(m) {
  if (m.covered === null) return "–";
  const cover = micro(m.cover) - micro(m.required_cover), cash = micro(m.free_cash) - micro(m.needed_cash), least = cover < cash ? cover : cash;
  return { text: m.covered ? dollars(least) : `not covered ${dollars(least)}`, cls: m.covered ? "" : "bad" };
}
const amount = text => text === null ? "no margin row" : dollars(micro(text));
const accountRows = () => accountsNow().map(a => ({ key: a.account, cells: [a.account, dollars(micro(a.cash["1"] || "0")), { text: dollars(micro(a.dues)), cls: Number(a.dues) ? "bad" : "" }, amount(a.margin.requirement), amount(a.margin.required_cover), headroom(a.margin), lots(a.live_orders), lots(a.positions.length)] }));
const positionRows = () => accountsNow().flatMap(a => a.positions.map(p => {
  const s = terms(p.symbol), value = s ? micro(s.mark) * BigInt(p.lots) * BigInt(s.hours) : 0n;
  return { key: `${a.account}${p.symbol}`, click: () => choose(p.symbol), cells: [a.account, { text: p.symbol, cls: "left" }, { text: lots(p.lots), cls: p.lots > 0 ? "buy" : "sell" }, s ? markOf(s) : "–", dollars(value)] };
}));
function cancelButton(o) {
  const b = document.createElement("button"); b.textContent = "cancel"; b.dataset.is = o.order; b.onclick = e => { e.stopPropagation(); ticket.cancel(o); };
  return b;
}
const orderRows = () => [...own.orders.values()].filter(o => o.status === "live").reverse().map(o => ({ key: o.order, click: () => choose(o.symbol), cells: [o.order, { text: o.symbol, cls: "left" }, { text: o.side === "buy" ? "▲ buy" : "▼ sell", cls: `left ${o.side}` }, priceOf(o.symbol, o.price_ticks), lots(o.open_lots), lots(o.filled_lots), { text: o.time_in_force.toUpperCase(), cls: "left" }, { text: o.client_order_id, cls: "left" }, { node: cancelButton(o) }] }));
const symbolOf = n => [...view.series.values()].find(s => s.series === n)?.symbol || "";
const activityRows = () => own.events.map(e => { const symbol = symbolOf(e.series), s = terms(symbol); return { key: e.event, tab: -1, cells: [stamp(e.time / 1e6), e.event, { text: words(e.name) + (e.reason || e.refusal ? `: ${words(String(e.reason || e.refusal))}` : ""), cls: "left" }, { text: symbol, cls: "left" }, e.lots === undefined ? "" : lots(e.lots), e.price === undefined || !s ? "" : dollars(e.price, decimalsOf(s.tick_micro_dollars))] }; });

function drawAccounts() {
  select($("tabs"), view.tab);
  const reckons = view.tab === "calculator";
  $("own-list").hidden = reckons; $("calculator").hidden = !reckons; document.querySelector("main").classList.toggle("reckoning", reckons);
  if (reckons) { calculator.draw(); chip("accounts-truth", view.status?.demo ? "model" : "published table"); return; }
  const [heads, empty, rows] = TABS[view.tab];
  if (tableOf !== view.tab) { table = new Grid($("own"), heads, empty); tableOf = $("own").dataset.tab = view.tab; }
  table.fill(rows());
  chip("accounts-truth", view.status?.demo ? "simulated members and money" : "");
  if (view.tab === "suppliers") chip("accounts-truth", suppliers.madeUp() ? "some suppliers are made up" : "");
  if (view.tab === "clearing" && clearing.breached()) chip("accounts-truth", "Cover-2 breached");
}

function drawStatus() {
  const s = view.status;
  if (!s) return;
  $("market").textContent = s.halted ? "halted" : s.ready ? "running" : "not ready"; $("market").className = `pill ${s.halted || !s.ready ? "bad" : "good"}`;
  $("number").textContent = lots(s.number);
  if (s.demo) $("key-hint").textContent = "the file that make run names";
  const label = (cls, text) => { const b = document.createElement("b"); b.className = cls; b.textContent = text; return b; };
  $("truth").replaceChildren(label("real", "real"), s.real.join("; ") || "nothing", ...(s.simulated.length ? [label("", "simulated"), s.simulated.join("; ")] : []), ...(s.maker ? [label("plain", "maker"), s.maker.replace(/\.$/, "")] : []), ...(s.schedule ? [label("plain", "day"), s.schedule] : []));
}

function drawWire() {
  const up = feed.connected() && !silent;
  $("wire").textContent = up ? "live" : "connecting"; $("wire").className = `pill ${up ? "good" : "bad"}`;
  $("lost").hidden = !silent;
  if (silent) {
    $("lost").textContent = `The house has not answered since ${clock(silent)} UTC. What is shown is from before; it is asked again every few seconds.`;
    $("market").textContent = "unknown"; $("market").className = "pill bad";
  } else touch("status");
}

const AGES = { instruments: () => heard.instruments, index: () => when.index, curve: () => when.curve, book: () => books.get(view.chosen)?.time || 0, trades: () => heard.trades, accounts: () => Math.max(when.accounts, heard.accounts) };
const NONE = { instruments: "since start", book: "since start", trades: "none yet", accounts: "not seen", index: "no fixing yet", curve: "no mark yet" };
const OLD = { index: 3 * 86_400, curve: 2 * 86_400 };
/** A fixing and a mark are due each day; what the stream brings stands for as long as the stream does. */
const stale = (panel, seconds) => panel in OLD ? seconds > OLD[panel] : !feed.connected() || silent > 0;
function drawAges() {
  $("clock").textContent = clock(houseNow());
  for (const badge of document.querySelectorAll("[data-age]")) {
    const at = AGES[badge.dataset.age](), seconds = at ? (houseNow() - at) / 1000 : NaN, text = at ? age(seconds) : books.size || !/since/.test(NONE[badge.dataset.age]) ? NONE[badge.dataset.age] : "none yet";
    if (badge.textContent !== text) badge.textContent = text;
    badge.title = at ? `of ${new Date(at).toISOString()}` : "nothing moved since the house was opened";
    badge.classList.toggle("old", stale(badge.dataset.age, seconds));
  }
}

const DRAW = { instruments: drawInstruments, ladder: drawLadder, contract: drawContract, tape: drawTape, index: drawIndex, curve: drawCurve, accounts: drawAccounts, status: drawStatus, wire: drawWire };
let aged = 0;
function frame(now) {
  requestAnimationFrame(frame);
  for (const panel of dirty) DRAW[panel]?.();
  dirty.clear();
  if (now - aged > 250) { aged = now; drawAges(); }
}

let asked = 0;
/** Reads one's own accounts and orders again, soon, and once for many events. */
export function readOwn() { clearTimeout(asked); asked = setTimeout(() => ticket.readOwn().then(() => { if (view.tab === "deliveries") deliveries.read(); }).catch(e => { if (e instanceof TypeError) touch("wire"); else ticket.tell(e); }), 150); }

async function slow() {
  try {
    const [listed, status] = await Promise.all([pages("/v1/series", "series"), get("/v1/status")]);
    view.series = new Map(listed.map(s => [s.symbol, s])); view.status = status;
    if (status.demo && !view.key) { view.demo = await pages("/v1/demo/accounts", "accounts"); when.accounts = houseNow(); }
    silent = 0;
    if (!view.chosen) { const first = shown().find(s => s.state === "open") || shown()[0]; if (first) choose(first.symbol); }
    touch("instruments", "ladder", "contract", "tape", "curve", "accounts", "status", "wire");
  } catch { silent ||= houseNow(); touch("wire"); }
}

/** Shows what a part of a symbol names, of whatever kind. */
function find(e) {
  e.preventDefault();
  const wanted = $("find").value.trim().toUpperCase(), found = wanted && [...view.series.values()].find(s => s.symbol.includes(wanted));
  $("find").setCustomValidity(wanted && !found ? `No series has ${wanted} in its symbol.` : "");
  if (!$("find").reportValidity()) return;
  $("finding").hidden = true;
  if (found) { view.kind = found.kind; choose(found.symbol); }
}

function seek() {
  $("symbols").replaceChildren(...[...view.series.keys()].map(symbol => new Option(symbol)));
  $("finding").hidden = false; $("find").value = ""; $("find").setCustomValidity(""); $("find").focus();
}

/** Arrows move through the series where they do not have to scroll the page. */
function keyboard(e) {
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName) && e.target.type !== "checkbox";
  if (e.key === "Escape") { $("finding").hidden = true; e.target.blur(); return; }
  if (typing || e.ctrlKey || e.metaKey || e.altKey) return;
  const still = document.documentElement.scrollHeight <= innerHeight || $("instruments").contains(e.target);
  const move = still && { ArrowDown: 1, ArrowUp: -1 }[e.key];
  if (move) {
    const list = shown(), at = list.findIndex(s => s.symbol === view.chosen);
    choose(list[Math.max(0, Math.min(list.length - 1, at + move))]?.symbol);
    drawInstruments();
    if ($("series").contains(e.target)) $("series").querySelector(".chosen")?.focus({ preventScroll: true });
  }
  else if (!$("hotkeys").checked) return;
  else if (e.key === "b" || e.key === "s") ticket.side(e.key === "b" ? "buy" : "sell", true);
  else if (e.key === "x") ticket.cancelAll();
  else if (e.key === "/") seek();
  else return;
  e.preventDefault();
}

function changed(panel, message) {
  if (panel === "private") { touch("accounts", "ladder"); readOwn(); deliveries.heard(own.events[0]); }
  else if (panel === "fault") ticket.tell(message.error);
  else { touch(panel); if (panel === "ladder") ticket.follow(); }
}

/** The clock and the past of the index, asked for until the house gives them. */
async function begin() {
  for (;;) {
    try {
      const { time } = await get("/v1/time");
      setSkew(time / 1e6 - Date.now());
      fixings.splice(0, fixings.length, ...(await pages("/v1/fixings", "fixings")).reverse());
      touch("index");
      return;
    } catch { silent ||= houseNow(); touch("wire"); await new Promise(done => setTimeout(done, AGAIN)); }
  }
}

picks($("kinds"), KINDS, kind => `${kind}s`, kind => { view.kind = kind; view.reveal = true; touch("instruments"); });
picks($("tabs"), Object.keys(TABS), words, name => { view.tab = name; touch("accounts"); if (name === "calculator") calculator.read(); if (name === "clearing") clearing.read(); if (name === "suppliers") suppliers.read(); if (name === "deliveries") deliveries.read(); });
ticket.begin(); calculator.begin();
document.addEventListener("keydown", keyboard);
$("finding").onsubmit = find; $("find").oninput = () => $("find").setCustomValidity(""); $("find").onblur = () => { $("finding").hidden = true; };
$("only").onchange = () => touch("tape");
new ResizeObserver(() => touch("index", "curve", "ladder")).observe(document.querySelector("main"));
requestAnimationFrame(frame);
await begin();
await slow();
feed.open(changed);
setInterval(slow, AGAIN);

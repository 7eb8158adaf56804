// The order ticket: signs here, shows what came of it, and where a refusal stands in the rulebook.
import * as feed from "/web/feed.js";
import { ask, readKey } from "/web/sign.js";
import { ENUMS, FAULTS, REFUSALS, RULES } from "/web/wire.js";
import { best, priceOf, readOwn as soon, shown, terms, touch, view } from "/web/page.js";
import { amountOf, decimalsOf, dollars, lots, micro, words } from "/web/format.js";

const $ = id => document.getElementById(id);
const KEPT = 3;
let buying = true, followed = "", touched = false;

export function begin() {
  $("life").replaceChildren(...Object.keys(ENUMS.time_in_force).filter(n => n !== "gtd").map(n => new Option(n.toUpperCase(), n)));
  $("life").value = "gtc";
  $("logon").onsubmit = logon; $("order").onsubmit = send;
  $("logoff").onclick = () => location.reload();
  $("key-file").onchange = async e => { if (e.target.files[0]) $("key").value = await e.target.files[0].text(); e.target.value = ""; };
  $("buy").onclick = () => side("buy"); $("sell").onclick = () => side("sell");
  for (const id of ["price", "lots", "type", "life"]) $(id).oninput = () => { touched ||= id === "price"; worth(); };
  $("price").onkeydown = step; $("lots").onkeydown = step;
  follow();
}

async function logon(e) {
  e.preventDefault();
  $("logon-said").textContent = "";
  if (!$("key").value.trim()) { $("logon-said").textContent = "Expected a key, found nothing: paste the file or choose it."; $("key").focus(); return; }
  try {
    const key = await readKey($("key").value);
    const found = await ask(key, "GET", "/v1/accounts?limit=500");
    if (!found.accounts.length) throw new Error("This key sees no account.");
    key.account = found.accounts.some(a => a.account === key.account) ? key.account : found.accounts[0].account;
    view.key = key;
    await feed.logon(key);
  } catch (error) { $("logon-said").textContent = error instanceof TypeError ? "The house did not answer; try again when the stream is live." : error.text || error.message; return; }
  $("key").value = ""; $("logon").hidden = true; $("order").hidden = false;
  $("logoff").hidden = false;
  $("who").textContent = `account ${view.key.account}`;
  follow(); side("buy", true); touch("accounts");
}

/** One's accounts and live orders as they stand. */
export async function readOwn() {
  if (!view.key) return;
  const { own } = feed;
  const [{ accounts }, { orders }] = await Promise.all([ask(view.key, "GET", "/v1/accounts?limit=500"), ask(view.key, "GET", `/v1/accounts/${view.key.account}/orders?limit=500&status=live`)]);
  own.accounts.clear(); own.orders.clear();
  accounts.forEach(a => own.accounts.set(a.account, a)); orders.forEach(o => own.orders.set(o.order, o));
  touch("accounts", "ladder");
}

export function side(name, focus = false) {
  buying = name === "buy";
  $("buy").ariaPressed = buying; $("sell").ariaPressed = !buying;
  $("send").className = name; $("send").textContent = buying ? "Buy" : "Sell";
  touched = false; follow();
  if (focus && !$("order").hidden) { $("price").focus(); $("price").select(); }
  worth();
}

/** The ticket goes with the series chosen; its price starts at the other side's best. */
export function follow() {
  $("ticket-symbol").textContent = view.chosen;
  const s = terms(view.chosen);
  if (!s) return;
  $("price-unit").textContent = `USD/${s.unit}`;
  const other = followed !== view.chosen;
  if (other) touched = false;
  followed = view.chosen;
  if (other || (!touched && document.activeElement !== $("price"))) {
    const ticks = best(view.chosen, buying ? "sell" : "buy");
    $("price").value = ticks === null ? dollars(micro(s.mark), decimalsOf(s.tick_micro_dollars)) : priceOf(view.chosen, ticks);
  }
  worth();
}

export function takePrice(ticks) { touched = true; $("price").value = priceOf(view.chosen, ticks); worth(); if (!$("order").hidden) $("price").focus(); }

function step(e) {
  const up = { ArrowUp: 1, ArrowDown: -1 }[e.key], s = terms(view.chosen);
  if (!up || !s) return;
  e.preventDefault(); e.stopPropagation();
  touched ||= e.target.id === "price";
  const many = e.shiftKey ? 10 : 1;
  if (e.target.id === "lots") e.target.value = Math.max(1, (parseInt(e.target.value, 10) || 0) + up * many);
  else { const now = micro(e.target.value) ?? 0n, next = now + BigInt(up * many * s.tick_micro_dollars); if (next > 0n) e.target.value = dollars(next, decimalsOf(s.tick_micro_dollars)); }
  worth();
}

function worth() {
  const s = terms(view.chosen), price = micro($("price").value), n = /^\d{1,9}$/.test($("lots").value) ? BigInt($("lots").value) : null;
  $("price").disabled = $("type").value === "market";
  $("worth").textContent = !s || price === null || n === null ? "" : `${lots(n)} × ${amountOf(s)} at ${$("price").disabled ? "the market" : $("price").value}: ${dollars(price * n * BigInt(s.hours))} USD${s.kind === "future" || s.kind === "swap" ? " of compute; margin is a part of it" : " of premium"}`;
}

async function send(e) {
  e.preventDefault();
  const market = $("type").value === "market", text = $("price").value.trim();
  if (!market && micro(text) === null) { tell({ text: `price ${text}: expected a decimal number such as 7.250` }); return; }
  if (!/^\d{1,15}$/.test($("lots").value.trim())) { tell({ text: `lots ${$("lots").value}: expected a whole number` }); return; }
  const order = {
    account: view.key.account, symbol: view.chosen, side: buying ? "buy" : "sell", lots: Number($("lots").value), order_type: $("type").value,
    time_in_force: market ? "ioc" : $("life").value, post_only: $("post").checked && !market, client_order_id: reference(), reference_time: String(Math.floor(Date.now()) * 1_000_000),
    ...(!market && { price: text }),
  };
  $("send").disabled = true;
  try { said(order, await retried(() => ask(view.key, "POST", "/v1/orders", order))); }
  catch (error) { error instanceof TypeError ? unanswered("the order may have arrived; it is under orders when the house answers again") : tell(error); }
  finally { $("send").disabled = false; soon(); }
}

/** Asks again when the wire failed: the client order id makes it happen once. */
async function retried(run) {
  for (let n = 0; ; n++) {
    try { return await run(); }
    catch (error) { if (error.code || n === 2) throw error; await new Promise(done => setTimeout(done, 300 * 2 ** n)); }
  }
}

const reference = () => "web-" + [...crypto.getRandomValues(new Uint8Array(10))].map(b => b.toString(16).padStart(2, "0")).join("");

export async function cancel(o) {
  try { await ask(view.key, "DELETE", `/v1/accounts/${o.account}/orders/${o.order}`); note(`Order ${o.order} cancelled`, `${o.open_lots} lots of ${o.symbol}`); }
  catch (error) { error instanceof TypeError ? unanswered(`order ${o.order} may still be live`) : tell(error); }
  soon();
}

export async function cancelAll() {
  if (!view.key) { tell({ text: "Log on first." }); return; }
  try {
    const answer = await ask(view.key, "DELETE", `/v1/accounts/${view.key.account}/orders`);
    note("Cancelled all", `${answer.events.filter(e => e.name === "order_cancelled").length} orders`);
  } catch (error) { error instanceof TypeError ? unanswered("orders may still be live") : tell(error); }
  soon();
}

function said(order, answer) {
  const filled = answer.events.filter(e => e.name === "traded"), n = filled.reduce((sum, e) => sum + e.lots, 0);
  const rested = answer.events.some(e => e.name === "order_rested"), number = answer.events.find(e => e.order)?.order;
  const what = n ? `${order.side === "buy" ? "Bought" : "Sold"} ${lots(n)} of ${lots(order.lots)}` : rested ? "Resting" : "Done";
  const s = terms(order.symbol), last = filled.at(-1);
  note(`${what} ${order.symbol}`, [number && `order ${number}`, last && `last price ${dollars(last.price, decimalsOf(s.tick_micro_dollars))}`, rested && n ? "the rest rests" : "", ...answer.warnings.map(w => w.text)].filter(Boolean).join(" · "));
}

function note(title, text, refused = false, rule = "") {
  const box = document.createElement("div"), b = document.createElement("b");
  box.className = refused ? "refused" : ""; b.textContent = title;
  box.append(b, text);
  if (rule) { const a = document.createElement("a"); a.href = `/web/rules.html#${rule}`; a.target = "_blank"; a.rel = "noopener"; a.textContent = rule; a.title = RULES[rule] || ""; box.append(" ", a); }
  $("answer").prepend(box);
  while ($("answer").children.length > KEPT) $("answer").lastChild.remove();
}

/** A request the wire lost: what came of it is not known. */
const unanswered = text => note("No answer", `The house did not answer: ${text}.`, true);

/** A refusal in the words of the house, with its sentence. */
export function tell(error) {
  const known = REFUSALS[error.name] || FAULTS[error.name];
  note(error.name ? `Refused: ${words(error.name)}` : "Not sent", error.text || error.message || String(error), true, error.rule || known?.rule || "");
}

export { shown };

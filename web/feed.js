// The stream: books by snapshot and increments, one message to mend a gap, private events from where they stopped.
import { signed, houseNow } from "/web/sign.js";

export const books = new Map(), trades = [], fixings = [];
/** The newest row of each index's record, of each derived index and of each curve, by index. */
export const records = new Map(), derived = new Map(), curves = new Map();
export const own = { accounts: new Map(), orders: new Map(), events: [], session: 0, seq: null };
export const heard = { trades: 0, accounts: 0, any: 0, instruments: 0 };
const MOST_TRADES = 200, MOST_EVENTS = 200;
let socket, key, tell = () => {}, pause = 250;
const mending = new Set();
const say = message => socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify(message));
const ms = nanoseconds => Number(nanoseconds) / 1e6;

/** Opens the stream; `changed(panel)` is called for whatever a message touched. */
export function open(changed) { tell = changed; connect(); }

/** Logs on under a key; private events follow. */
export async function logon(k) { key = k; await login(); }

export const connected = () => socket?.readyState === WebSocket.OPEN;

async function login() {
  const s = await signed(key, "GET", "/v1/stream");
  say({ op: "login", key: s["X-LaSalle-Key"], timestamp: s["X-LaSalle-Timestamp"], signature: s["X-LaSalle-Signature"], cancel_on_disconnect: "none" });
  say({ op: "private", after: own.seq });
}

function connect() {
  socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/v1/stream`);
  socket.onopen = () => { pause = 250; tell("wire"); if (key) login(); };
  socket.onmessage = m => hear(JSON.parse(m.data));
  socket.onclose = () => { tell("wire"); mending.clear(); setTimeout(connect, pause); pause = Math.min(pause * 2, 8_000); };
}

function load(book) {
  const side = rows => new Map(rows.map(l => [l.price_ticks, l.lots]));
  books.set(book.symbol, { seq: book.seq, time: ms(book.time), state: book.state, buy: side(book.bids), sell: side(book.asks) });
  mending.delete(book.symbol);
}

function increment(m) {
  const book = books.get(m.symbol);
  if (mending.has(m.symbol) || (book && m.seq <= book.seq)) return;
  if (!book || m.prev_seq !== book.seq) { mending.add(m.symbol); say({ op: "resync", symbol: m.symbol }); return; }
  book.seq = m.seq; book.time = ms(m.time);
  if (m.state) book.state = m.state;
  for (const l of m.levels) l.lots ? book[l.side].set(l.price_ticks, l.lots) : book[l.side].delete(l.price_ticks);
}

const HEARS = {
  snapshot(m) { m.books.forEach(load); for (const b of m.books) heard.instruments = Math.max(heard.instruments, ms(b.time)); if (m.trades) { trades.splice(0, trades.length, ...m.trades); heard.trades = m.trades.length ? ms(m.trades[0].time) : 0; tell("tape"); } tell("ladder"); tell("instruments"); },
  book(m) { increment(m); heard.instruments = ms(m.time); tell("instruments"); tell("ladder"); },
  trades(m) { trades.unshift(m); trades.length = Math.min(trades.length, MOST_TRADES); heard.trades = ms(m.time); tell("tape"); },
  fixings(m) { fixings.push(m); tell("index"); },
  indices(m) { records.set(m.symbol, m); tell("index"); },
  derived(m) { derived.set(m.symbol, m); tell("index"); },
  curves(m) { curves.set(m.symbol, m); tell("curve"); },
  status() { tell("status"); },
  login(m) { own.session = m.session; tell("accounts"); },
  private_snapshot(m) {
    own.seq = m.seq; own.accounts.clear(); own.orders.clear();
    m.accounts.forEach(a => own.accounts.set(a.account, a)); m.orders.forEach(o => own.orders.set(o.order, o));
    heard.accounts = houseNow(); tell("accounts"); tell("ladder");
  },
  private(m) { own.seq = m.seq; own.events.unshift(m); own.events.length = Math.min(own.events.length, MOST_EVENTS); heard.accounts = ms(m.time); tell("private"); },
  error(m) { tell("fault", m); },
};

function hear(m) { heard.any = Date.now(); HEARS[m.channel]?.(m); }

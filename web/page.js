// The page: public data by snapshot and deltas, drawn once per animation frame. Nothing here decides anything.
const books = new Map(), trades = [];
let series = [], fixings = [], chosen = "", heard = 0, dirty = true;
const $ = id => document.getElementById(id);
const get = path => fetch(path).then(r => r.json());
const price = text => Number(text).toFixed(3);
const cell = (text, cls = "") => { const td = document.createElement("td"); td.textContent = text; td.className = cls; return td; };
const row = (...cells) => { const tr = document.createElement("tr"); tr.append(...cells); return tr; };
const head = names => { const tr = document.createElement("tr"); for (const n of names) { const th = document.createElement("th"); th.textContent = n; tr.append(th); } return tr; };

function load(book) {
  const levels = { buy: new Map(), sell: new Map() };
  for (const l of book.bids) levels.buy.set(l.price_ticks, l);
  for (const l of book.asks) levels.sell.set(l.price_ticks, l);
  books.set(book.symbol, { seq: book.seq, levels });
}

async function hear(message) {
  heard = Date.now(); dirty = true;
  if (message.channel === "snapshot") { message.books.forEach(load); if (message.trades) trades.splice(0, 100, ...message.trades); }
  if (message.channel === "trades") { trades.unshift(message); trades.length = Math.min(trades.length, 100); }
  if (message.channel === "fixings") fixings.push(message);
  if (message.channel !== "book") return;
  const book = books.get(message.symbol);
  if (!book || book.seq !== message.prev_seq) {
    if (book && message.seq <= book.seq) return;
    load(await get(`/v1/series/${message.symbol}/book`)); return;
  }
  book.seq = message.seq;
  for (const l of message.levels) l.lots ? book.levels[l.side].set(l.price_ticks, l) : book.levels[l.side].delete(l.price_ticks);
}

function connect() {
  const socket = new WebSocket(`ws://${location.host}/v1/stream`);
  socket.onmessage = m => hear(JSON.parse(m.data));
  socket.onclose = () => setTimeout(connect, 1000);
}

const best = (symbol, side) => { const b = books.get(symbol); if (!b) return ""; const t = [...b.levels[side].keys()]; if (!t.length) return ""; const k = side === "buy" ? Math.max(...t) : Math.min(...t); return price(b.levels[side].get(k).price); };

function draw() {
  requestAnimationFrame(draw);
  const age = heard ? (Date.now() - heard) / 1000 : Infinity;
  $("age").textContent = heard ? `data ${age.toFixed(0)} s old` : "connecting"; $("age").classList.toggle("old", age > 30);
  if (!dirty) return; dirty = false;
  $("series").replaceChildren(head(["Symbol", "Bid", "Ask", "Mark", "Open int."]), ...series.map(s => {
    const tr = row(cell(s.symbol), cell(best(s.symbol, "buy"), "buy"), cell(best(s.symbol, "sell"), "sell"), cell(price(s.mark)), cell(s.open_interest));
    tr.classList.toggle("chosen", s.symbol === chosen); tr.onclick = () => { chosen = s.symbol; dirty = true; }; return tr; }));
  $("symbol").textContent = chosen;
  const b = books.get(chosen);
  if (b) {
    const asks = [...b.levels.sell.values()].sort((x, y) => x.price_ticks - y.price_ticks).slice(0, 8).reverse();
    const bids = [...b.levels.buy.values()].sort((x, y) => y.price_ticks - x.price_ticks).slice(0, 8);
    $("book").replaceChildren(head(["Bid lots", "Price", "Ask lots"]), ...asks.map(l => row(cell(""), cell(price(l.price), "sell"), cell(l.lots))), ...bids.map(l => row(cell(l.lots), cell(price(l.price), "buy"), cell(""))));
  }
  $("trades").replaceChildren(head(["Symbol", "Price", "Lots", "Side"]), ...trades.map(t => row(cell(t.symbol), cell(price(t.price), t.aggressor), cell(t.lots), cell(t.aggressor))));
  chart($("index"), fixings.map(f => ({ label: String(f.day), y: Number(f.price), hollow: f.carried })));
  chart($("curve"), series.filter(s => s.kind === "future").map(s => ({ label: String(s.first_month), y: Number(s.mark) })));
}

function chart(svg, points) {
  if (points.length < 2) return;
  const w = svg.clientWidth || 900, h = 180, pad = 44, ys = points.map(p => p.y), lo = Math.min(...ys) * .98, hi = Math.max(...ys) * 1.02;
  const x = i => pad + i * (w - pad - 10) / (points.length - 1), y = v => h - 22 - (v - lo) / (hi - lo || 1) * (h - 36);
  const make = (name, set) => { const e = document.createElementNS("http://www.w3.org/2000/svg", name); for (const k in set) e.setAttribute(k, set[k]); return e; };
  const text = (s, px, py, anchor) => { const t = make("text", { x: px, y: py, fill: "#8a95a3", "font-size": 11, "text-anchor": anchor }); t.textContent = s; return t; };
  svg.replaceChildren(make("path", { d: points.map((p, i) => `${i ? "L" : "M"}${x(i)} ${y(p.y)}`).join(""), fill: "none", stroke: "#4ea1ff", "stroke-width": 1.5 }),
    ...points.map((p, i) => make("circle", { cx: x(i), cy: y(p.y), r: points.length > 60 ? 1.5 : 3, fill: p.hollow ? "#161b22" : "#4ea1ff", stroke: "#4ea1ff" })),
    ...[lo / .98, hi / 1.02].map(v => text(v.toFixed(2), pad - 6, y(v) + 4, "end")), text(points[0].label, pad, h - 4, "start"), text(points.at(-1).label, w - 10, h - 4, "end"));
}

async function slow() {
  try {
    const [s, status] = await Promise.all([get("/v1/series"), get("/v1/status")]);
    series = s.series; chosen ||= series[1]?.symbol || series[0]?.symbol || "";
    $("number").textContent = `command ${status.number}`;
    $("truth").textContent = `Real: ${status.real.join("; ") || "nothing"}. Simulated: ${status.simulated.join("; ") || "nothing"}. Cash contracts protect against price, not against non-availability.`;
    if (status.demo) {
      const { accounts } = await get("/v1/demo/accounts");
      $("accounts").replaceChildren(head(["Account", "Cash USD", "Dues USD", "Live orders", "Positions"]), ...accounts.map(a => row(cell(a.account), cell(Number(a.cash["1"] || 0).toLocaleString("en", { minimumFractionDigits: 2 })), cell(price(a.dues)), cell(a.live_orders), cell(a.positions.map(p => `${p.symbol} ${p.lots}`).join(", ") || "none"))));
    }
  } catch { heard = Math.min(heard, Date.now() - 31000); }
  dirty = true;
}

fixings = (await get("/v1/fixings")).fixings;
await slow(); setInterval(slow, 3000); connect(); draw();

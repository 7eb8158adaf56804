// A line over labelled points, drawn as SVG; the pointer and the arrow keys read a point aloud.
const NS = "http://www.w3.org/2000/svg";
const make = (name, set, text) => { const e = document.createElementNS(NS, name); for (const k in set) e.setAttribute(k, set[k]); if (text !== undefined) e.textContent = text; return e; };
const MOST_DOTS = 60, LABEL_WIDTH = 70;
const read = new WeakMap();

/** Steps a person would choose between two values. */
function steps(low, high) {
  const rough = (high - low) / 4 || 1, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(n => n * power).find(n => n >= rough);
  const found = [];
  for (let v = Math.ceil(low / step) * step; v <= high; v += step) found.push(v);
  return [found, Math.max(0, Math.min(4, Math.ceil(-Math.log10(step))))];
}

/** Points that begin a month, as many as have room for their label. */
function labelled(points, width) {
  const months = points.map((p, i) => i).filter(i => i === 0 ? points[0].x.length === 7 || points[0].x.endsWith("-01") : points[i].x.slice(0, 7) !== points[i - 1].x.slice(0, 7));
  const every = Math.max(1, Math.ceil(months.length / Math.max(1, Math.floor(width / LABEL_WIDTH))));
  return months.filter((_, n) => n % every === 0);
}

/** points: {x: YYYY-MM or YYYY-MM-DD, y: number, hollow}; said(point) is called for the one that is read, and with null. */
export function draw(svg, points, { unit = "GPU-hour", stepped = false, chosen = -1, empty, said = () => {} }) {
  const w = svg.clientWidth, h = svg.clientHeight;
  svg.onpointermove = svg.onpointerleave = svg.onkeydown = svg.onblur = null;
  if (points.length < 2 || w < 50) { svg.replaceChildren(make("text", { x: 12, y: 24 }, points.length ? `One value so far: ${points[0].y} for ${points[0].x}.` : empty)); return; }
  const ys = points.map(p => p.y), spread = Math.max(...ys) - Math.min(...ys) || Math.max(...ys) * .1 || 1;
  const low = Math.max(0, Math.min(...ys) - spread * .12), high = Math.max(...ys) + spread * .12;
  const left = 42, right = w - 14, top = 22, bottom = h - 20;
  const x = i => left + i * (right - left) / (points.length - 1), y = v => bottom - (v - low) * (bottom - top) / (high - low);
  const [marks, decimals] = steps(low, high);
  const path = points.map((p, i) => i === 0 ? `M${x(0)} ${y(p.y)}` : stepped ? `H${x(i)}V${y(p.y)}` : `L${x(i)} ${y(p.y)}`).join("");
  const id = `${svg.id}-wash`, wash = make("linearGradient", { id, x1: 0, y1: 0, x2: 0, y2: 1 });
  wash.append(make("stop", { offset: 0, "stop-opacity": .24 }), make("stop", { offset: 1, "stop-opacity": 0 }));
  const parts = [wash, make("text", { x: 10, y: 13 }, `USD per ${unit}`)];
  for (const v of marks) parts.push(make("line", { class: "grid", x1: left, x2: right, y1: y(v), y2: y(v) }), make("text", { x: left - 7, y: y(v) + 3.5, "text-anchor": "end" }, v.toFixed(decimals)));
  parts.push(make("path", { d: `${path}L${right} ${bottom}L${left} ${bottom}Z`, fill: `url(#${id})` }), make("path", { class: "line", d: path }));
  points.forEach((p, i) => { if (points.length <= MOST_DOTS || !p.hollow) parts.push(make("circle", { class: i === chosen ? "dot chosen" : "dot", cx: x(i), cy: y(p.y), r: i === chosen ? 4.5 : 2.3 })); });
  for (const i of labelled(points, right - left)) parts.push(make("text", { x: x(i), y: h - 5, "text-anchor": x(i) > right - 22 ? "end" : "middle" }, points[i].x.slice(0, 7)));
  const cross = make("line", { class: "cross", y1: top, y2: bottom, visibility: "hidden" }), dot = make("circle", { class: "dot chosen", r: 4, visibility: "hidden" });
  parts.push(cross, dot);
  svg.replaceChildren(...parts);
  const show = i => {
    i === null ? read.delete(svg) : read.set(svg, i);
    for (const e of [cross, dot]) e.setAttribute("visibility", i === null ? "hidden" : "visible");
    if (i !== null) { for (const k of ["x1", "x2"]) cross.setAttribute(k, x(i)); dot.setAttribute("cx", x(i)); dot.setAttribute("cy", y(points[i].y)); }
    said(i === null ? null : points[i]);
  };
  const within = i => Math.max(0, Math.min(points.length - 1, i));
  if (read.has(svg)) show(within(read.get(svg)));
  svg.onpointermove = e => show(within(Math.round((e.offsetX - left) / (right - left) * (points.length - 1))));
  svg.onpointerleave = svg.onblur = () => show(null);
  svg.onkeydown = e => {
    const move = { ArrowLeft: -1, ArrowRight: 1, PageUp: -30, PageDown: 30, Home: -points.length, End: points.length }[e.key];
    if (!move) return;
    e.preventDefault(); e.stopPropagation();
    show(within((read.get(svg) ?? (chosen >= 0 ? chosen : points.length - 1)) + move));
  };
}

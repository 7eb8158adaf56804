// A line over labelled points, drawn as SVG; the pointer reads a point aloud.
const NS = "http://www.w3.org/2000/svg";
const make = (name, set, text) => { const e = document.createElementNS(NS, name); for (const k in set) e.setAttribute(k, set[k]); if (text !== undefined) e.textContent = text; return e; };

/** Steps a person would choose between two values. */
function steps(low, high) {
  const rough = (high - low) / 4 || 1, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(n => n * power).find(n => n >= rough);
  const found = [];
  for (let v = Math.ceil(low / step) * step; v <= high; v += step) found.push(v);
  return [found, Math.max(0, Math.min(4, Math.ceil(-Math.log10(step))))];
}

/** points: {x: label, y: number, hollow}; read(point) is called under the pointer, and with null. */
export function draw(svg, points, { colour, stepped = false, chosen = -1, read = () => {} }) {
  const w = svg.clientWidth, h = svg.clientHeight;
  if (points.length < 2 || w < 50) { svg.replaceChildren(make("text", { x: 12, y: 24 }, "Nothing to draw yet.")); return; }
  const ys = points.map(p => p.y), spread = Math.max(...ys) - Math.min(...ys) || Math.max(...ys) * .1 || 1;
  const low = Math.max(0, Math.min(...ys) - spread * .12), high = Math.max(...ys) + spread * .12;
  const left = 42, right = w - 12, top = 10, bottom = h - 20;
  const x = i => left + i * (right - left) / (points.length - 1), y = v => bottom - (v - low) * (bottom - top) / (high - low);
  const [marks, decimals] = steps(low, high);
  const path = points.map((p, i) => i === 0 ? `M${x(0)} ${y(p.y)}` : stepped ? `H${x(i)}V${y(p.y)}` : `L${x(i)} ${y(p.y)}`).join("");
  const id = `${svg.id}-wash`, wash = make("linearGradient", { id, x1: 0, y1: 0, x2: 0, y2: 1 });
  wash.append(make("stop", { offset: 0, "stop-color": colour, "stop-opacity": .26 }), make("stop", { offset: 1, "stop-color": colour, "stop-opacity": 0 }));
  const parts = [wash];
  for (const v of marks) parts.push(make("line", { class: "grid", x1: left, x2: right, y1: y(v), y2: y(v) }), make("text", { x: left - 7, y: y(v) + 3.5, "text-anchor": "end" }, v.toFixed(decimals)));
  parts.push(make("path", { d: `${path}L${right} ${bottom}L${left} ${bottom}Z`, fill: `url(#${id})` }), make("path", { class: "line", d: path, stroke: colour }));
  if (points.length <= 60) points.forEach((p, i) => parts.push(make("circle", { cx: x(i), cy: y(p.y), r: i === chosen ? 4.5 : 2.6, fill: i === chosen ? "#e8c468" : colour })));
  else points.forEach((p, i) => p.hollow || parts.push(make("circle", { cx: x(i), cy: y(p.y), r: 1.9, fill: colour })));
  const every = Math.max(1, Math.ceil(points.length / Math.max(2, Math.floor((right - left) / 92))));
  for (let i = 0; i < points.length; i += every) parts.push(make("text", { x: x(i), y: h - 5, "text-anchor": i === 0 ? "start" : x(i) > right - 30 ? "end" : "middle" }, points[i].x));
  const cross = make("line", { class: "cross", y1: top, y2: bottom, visibility: "hidden" }), dot = make("circle", { r: 4, fill: "#e8c468", visibility: "hidden" });
  parts.push(cross, dot);
  svg.replaceChildren(...parts);
  svg.onpointermove = e => {
    const i = Math.max(0, Math.min(points.length - 1, Math.round((e.offsetX - left) / (right - left) * (points.length - 1))));
    for (const k of ["x1", "x2"]) cross.setAttribute(k, x(i));
    dot.setAttribute("cx", x(i)); dot.setAttribute("cy", y(points[i].y));
    for (const e2 of [cross, dot]) e2.setAttribute("visibility", "visible");
    read(points[i]);
  };
  svg.onpointerleave = () => { for (const e2 of [cross, dot]) e2.setAttribute("visibility", "hidden"); read(null); };
}

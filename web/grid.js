// Tables whose cells are touched only when their text changes; rows are kept by key.
export class Grid {
  constructor(table, heads, empty) {
    this.table = table; this.empty = empty; this.rows = new Map();
    this.body = document.createElement("tbody");
    const head = document.createElement("thead"), tr = head.insertRow();
    for (const [text, cls, title] of heads) { const th = document.createElement("th"); th.scope = "col"; th.textContent = text; th.className = cls || ""; th.title = title || ""; tr.append(th); }
    this.width = heads.length; this.names = heads.map(([text]) => text);
    table.replaceChildren(head, this.body);
  }

  /** items: {key, cells: [text | {text, cls, style, node}], cls, click, tab, chosen, ticks} in order. A row that can be clicked can be entered by keys. */
  fill(items, flash = false) {
    if (!items.length) {
      const tr = document.createElement("tr"), td = tr.insertCell();
      td.colSpan = this.width; td.className = "empty"; td.textContent = this.empty;
      this.rows.clear(); this.body.replaceChildren(tr); return;
    }
    const kept = new Map();
    items.forEach((item, at) => {
      let tr = this.rows.get(item.key);
      if (!tr) { tr = document.createElement("tr"); for (let i = 0; i < item.cells.length; i++) tr.insertCell().dataset.head = this.names[i] || ""; }
      tr.className = item.cls || ""; tr.onclick = item.click || null;
      if (item.click) { tr.tabIndex = item.tab ?? (item.chosen === false ? -1 : 0); tr.onkeydown = pressed; }
      if (item.chosen !== undefined) tr.ariaCurrent = item.chosen;
      if (item.ticks !== undefined) tr.dataset.ticks = item.ticks;
      item.cells.forEach((cell, i) => set(tr.cells[i], cell, flash));
      kept.set(item.key, tr);
      if (this.body.children[at] !== tr) this.body.insertBefore(tr, this.body.children[at] || null);
    });
    while (this.body.children.length > items.length) this.body.lastChild.remove();
    this.rows = kept;
  }
}

function pressed(e) { if (e.target === this && (e.key === "Enter" || e.key === " ")) { e.preventDefault(); this.click(); } }

function set(td, cell, flash) {
  const { text = "", cls = "", style = "", node = null, span = 0 } = typeof cell === "object" ? cell : { text: cell };
  if (node) { if (td.firstChild?.dataset?.is !== node.dataset.is) td.replaceChildren(node); return; }
  if (span) td.colSpan = span;
  const changed = td.textContent !== String(text);
  if (changed) td.textContent = text;
  const wanted = cls + (flash && changed && td.dataset.seen ? " moved" : "");
  if (td.className !== wanted) td.className = wanted;
  if (td.dataset.style !== style) { td.style.cssText = style; td.dataset.style = style; }
  td.dataset.seen = "1";
}

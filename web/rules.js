// Every rule with the refusals that rest on it.
import { RULES, REFUSALS, FAULTS } from "/web/wire.js";

const reasons = { ...REFUSALS, ...FAULTS };
const list = document.getElementById("rules");
for (const [code, sentence] of Object.entries(RULES)) {
  const dt = document.createElement("dt"), dd = document.createElement("dd");
  dt.id = code; dt.textContent = code;
  dd.textContent = sentence;
  const names = Object.keys(reasons).filter(n => reasons[n].rule === code);
  if (names.length) { const small = document.createElement("small"); small.textContent = names.join(", "); dd.append(document.createElement("br"), small); }
  list.append(dt, dd);
}
document.getElementById(location.hash.slice(1))?.scrollIntoView();

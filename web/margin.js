// The requirement of a portfolio from the published table, in whole micro-dollars: what the house enforces, said again here (CLR-001).
const up = (numerator, denominator) => (numerator + denominator - 1n) / denominator;
const max = (a, b) => a > b ? a : b;
const size = n => n < 0n ? -n : n;

/** Expected shortfall at 99 % as a fraction: the worst hundredth, the last loss of it in part. */
function shortfall(losses) {
  if (!losses.length) return [0n, 1n];
  const count = losses.length, whole = Math.floor(count / 100), worst = [...losses].sort((a, b) => (a < b) - (a > b));
  return [100n * worst.slice(0, whole).reduce((sum, x) => sum + x, 0n) + BigInt(count - 100 * whole) * worst[whole], BigInt(count)];
}

/** Rounds up towards the house, also below zero. */
const ceiling = (numerator, denominator) => numerator > 0n ? up(numerator, denominator) : numerator / denominator;

/** held: [{symbol, lots, buys, sells}], whole numbers. Throws for a series without a row. */
export function requirement(held, table) {
  const losses = table.scenarios.map(() => 0n), rows = new Map(table.series.map(row => [row.symbol, row]));
  let liquidity = 0n, concentration = 0n, value = 0n;
  for (const one of held) {
    const row = rows.get(one.symbol);
    if (!row) throw new Error(`${one.symbol}: expected a series of the margin table.`);
    const lots = BigInt(one.lots), high = lots + BigInt(one.buys), low = BigInt(one.sells) - lots;
    row.losses.forEach((loss, n) => { losses[n] += loss > 0 ? high * BigInt(loss) : -low * BigInt(loss); });
    const net = max(size(high), size(low)), beyond = net - BigInt(row.concentration_lots);
    liquidity += BigInt(row.liquidity) * net;
    concentration += BigInt(row.concentration) * max(0n, beyond);
    if (row.is_option) value += BigInt(row.mark) * BigInt(row.hours) * lots;
  }
  const of = (kind, group = 0) => losses.filter((_, n) => table.scenarios[n].kind === kind && table.scenarios[n].group === group);
  const scanRows = table.scan_rows.map(row => ({ group: row.group, weight: row.weight_per_ten_thousand, worst: of("scan", row.group).reduce(max, 0n) }));
  const scan = ceiling(scanRows.reduce((sum, row) => sum + BigInt(row.weight) * row.worst, 0n), 10_000n);
  const [h, nh] = shortfall(of("historical")), [t, nt] = shortfall(of("stress"));
  const tail = ceiling(3n * h * nt + t * nh, 4n * nh * nt);
  const asked = max(0n, max(scan, tail) + liquidity + concentration - value);
  return { scan, tail, scanRows, historical: [h, nh], stress: [t, nt], liquidity, concentration, value, binding: scan > tail ? "scan" : "tail", requirement: asked, initial: up(11n * asked, 10n) };
}

/** SHA-256 of the table's canonical text, hexadecimal: what the house and every reader names it by. */
export async function digestOf(table) {
  const { table: number, scenarios, scan_rows, series } = table;
  const told = JSON.stringify({ table: number, scenarios, scan_rows, series });
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(told));
  return [...new Uint8Array(digest)].map(b => b.toString(16).padStart(2, "0")).join("");
}

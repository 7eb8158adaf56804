// Whole numbers become words here and nowhere else. Money and prices come as micro-dollars or ticks.
export const decimalsOf = tick => tick % 1_000_000 === 0 ? 2 : Math.max(2, 6 - String(tick).match(/0*$/)[0].length);

/** Micro-dollars as text with so many decimals, cut towards zero; exact where they suffice. */
export function dollars(micro, decimals = 2) {
  const whole = BigInt(micro), sign = whole < 0n ? "−" : "", size = whole < 0n ? -whole : whole;
  const unit = (size / 1_000_000n).toLocaleString("en"), rest = String(size % 1_000_000n).padStart(6, "0").slice(0, decimals);
  return sign + unit + (decimals ? "." + rest : "");
}

/** A decimal text of the house as micro-dollars. */
export function micro(text) {
  const match = /^([-−]?)(\d+)(?:\.(\d{1,6}))?$/.exec(String(text).trim());
  if (!match) return null;
  const size = BigInt(match[2]) * 1_000_000n + BigInt((match[3] || "").padEnd(6, "0"));
  return match[1] ? -size : size;
}

export const lots = n => Number(n).toLocaleString("en");
/** Units of one lot, "744 GPU-hours". */
export const amountOf = s => `${lots(s.hours)} ${s.unit}${s.unit.endsWith("s") ? "" : "s"}`;
export const clock = ms => new Date(ms).toISOString().slice(11, 19);
/** A time of today; of another day, with its date. */
export const stamp = ms => new Date(ms).toDateString() === new Date().toDateString() ? clock(ms) : new Date(ms).toISOString().slice(5, 16).replace("T", " ");
export const month = n => `${String(n).slice(0, 4)}-${String(n).slice(4, 6)}`;
export const day = n => `${String(n).slice(0, 4)}-${String(n).slice(4, 6)}-${String(n).slice(6, 8)}`;
export const words = name => name.replaceAll("_", " ");

/** Seconds as an age a person reads at a glance. */
export function age(seconds) {
  if (!Number.isFinite(seconds)) return "no data";
  const s = Math.max(0, seconds);
  if (s < 60) return `${s.toFixed(0)} s old`;
  if (s < 3_600) return `${Math.floor(s / 60)} min old`;
  if (s < 172_800) return `${Math.floor(s / 3_600)} h old`;
  return `${Math.floor(s / 86_400)} d old`;
}

// A first look at an answer while it is typed: kind, bounds, decimals. It only speaks; the server decides.
const NUMBER = /^[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$|^[+-]?\.\d+$|^[+-]?\d+(\.\d+)?e[+-]?\d+$/i;
const DATE = /^(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?$|^(\d{4})(\d{2})(\d{2})$/;
const YEAR = /^\d{4}(\.0+)?\s*年?$/;
const POSITION = /^[+-]?\d+(\.\d+)?\s*[,，;；\s]\s*[+-]?\d+(\.\d+)?$/;
const UNKNOWN = new Set(["", "-", "--", "—", "——", "/", "\\", "未知", "不详", "不清楚", "暂无数据", "n/a", "na", "null"]);
const LARGEST = 2 ** 53;
const MOST_CHARACTERS = 2000;

export const plain = (text) => text.normalize("NFKC").trim();

function number(text, { unit = "", min, max, type }) {
  let written = plain(text);
  if (written.endsWith("%")) {
    if (plain(unit) !== "%") return "is_a_percentage";
    written = written.slice(0, -1).trim();
  } else if (unit && written.endsWith(plain(unit))) {
    written = written.slice(0, -plain(unit).length).trim();
  }
  if (!NUMBER.test(written)) return "not_a_number";
  const value = Number(written.replaceAll(",", ""));
  if (Math.abs(value) > LARGEST) return "out_of_range";
  if (min !== undefined && value < Number(min)) return "below_min";
  if (max !== undefined && value > Number(max)) return "above_max";
  if (type === "count" && !Number.isInteger(value)) return "not_whole";
  if (type === "count" && value < 0) return "below_min_zero";
  return "";
}

function date(text) {
  const found = DATE.exec(plain(text));
  if (!found) return "not_a_date";
  const [year, month, day] = found.slice(found[1] ? 1 : 4).map(Number);
  const made = new Date(Date.UTC(year, month - 1, day));
  return made.getUTCMonth() === month - 1 && made.getUTCDate() === day ? "" : "not_a_date";
}

function year(text, { min, max }) {
  if (!YEAR.test(plain(text))) return "not_a_year";
  const value = Number.parseInt(plain(text), 10);
  if (min !== undefined && value < Number(min)) return "below_min";
  return max !== undefined && value > Number(max) ? "above_max" : "";
}

const kinds = {
  count: number,
  number,
  year,
  date,
  text: (text) => (text.length > MOST_CHARACTERS ? "too_long" : ""),
  position: (text) => (POSITION.test(plain(text)) ? "" : "not_a_position"),
};

// Return the code of what is wrong with one text, "" for nothing.
export function fault(text, limits) {
  if (typeof text !== "string" || UNKNOWN.has(plain(text).toLowerCase())) return "";
  return kinds[limits.type]?.(text, limits) ?? "";
}

export function explained(words, code, { unit = "", min, max }) {
  return (words.faults[code] ?? "").replace("%(min)s", min ?? "0").replace("%(max)s", max ?? "").replace("%(unit)s", unit);
}

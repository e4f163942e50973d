// Nodes, numbers and days. Text from the warehouse becomes text nodes here and nothing else.

const byId = (id) => document.getElementById(id);

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return node;
}

const el = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
const svg = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

// Without the marks that turn the direction of what follows: with them a name can be made to look like another.
const plain = (text) => text.replace(/[\u202a-\u202e\u2066-\u2069]/g, "");
// Isolated, so that the direction of a name does not turn what stands beside it.
const bdi = (text) => el("bdi", {}, plain(text));

function replace(id, ...children) {
  byId(id).replaceChildren(...children.flat(Infinity).filter((child) => child != null && child !== false));
}

const numberFormat = new Intl.NumberFormat("en-GB");
const count = (number) => numberFormat.format(number);
const share = (part, whole) => (part && part / whole < 0.005 ? "under 1%" : `${Math.round((100 * part) / (whole || 1))}%`);
const plural = (number, one, many = `${one}s`) => `${count(number)} ${number === 1 ? one : many}`;
const capital = (word) => word.charAt(0).toUpperCase() + word.slice(1);

const MILLISECONDS = 86_400_000;
const dayFormat = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", day: "numeric", month: "short", year: "numeric" });
const dateOf = (day) => new Date(day * MILLISECONDS);
const dayName = (day) => (day == null ? "no date" : dayFormat.format(dateOf(day)));
const isoDay = (day) => dateOf(day).toISOString().slice(0, 10);
const today = () => {
  const now = new Date();
  return Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) / MILLISECONDS;
};

// The day of a date as 2025-09-04, or null where it is none.
function dayOf(text) {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text ?? "") ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return Number.isNaN(time) ? null : time / MILLISECONDS;
}

function time(day) {
  return day == null ? el("span", { class: "undated" }, "no date") : el("time", { datetime: isoDay(day) }, dayName(day));
}

// For searching: no accents, no case.
function fold(text) {
  const lower = text.toLowerCase();
  return /^[\x00-\x7f]*$/.test(lower) ? lower : lower.normalize("NFKD").replace(/\p{M}/gu, "");
}

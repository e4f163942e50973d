// Pledges of the ledger: what became of an act over the statements of it.

const SIGNS = { first_stated: "●", restated: "○", strengthened: "▲", weakened: "▼", withdrawn: "✕", refused: "✕" };
const UNCHANGED = new Set(["first_stated", "restated"]);
const LADDER = ["pledge", "commitment", "allocation", "delivered"];

// The statements of a history that are on this page, the first one first.
function entriesOf(history) {
  const { rows, events, statuses, event_names, status_names } = data.figures.histories;
  return rows[history].map((row, place) => ({
    row, event: event_names[events[history][place]], status: status_names[statuses[history][place]],
  }));
}

const eventName = (event) => capital(event.replace("_", " "));
const sign = (event) => el("span", { class: `sign-${event}`, "aria-hidden": "true" }, SIGNS[event] ?? "•");

// How far it has come, as registries of aid tell it.
function ladder(status) {
  if (!LADDER.includes(status)) return el("p", { class: "ladder" }, el("span", { class: "reached" }, capital(status)));
  const steps = LADDER.map((step, place) => el("span", { class: place <= LADDER.indexOf(status) ? "reached" : "" }, capital(step)));
  return el("p", { class: "ladder", "aria-label": `Status: ${status}` }, steps);
}

const outsideNote = (history) => {
  const number = data.figures.histories.outside[history];
  return number ? el("p", { class: "hint" }, `${plural(number, "statement")} of it ${number === 1 ? "is" : "are"} not on this page.`) : null;
};

function historyFact(row) {
  const history = data.historyOf.get(row);
  if (history == null) return null;
  const entries = entriesOf(history);
  const lines = entries.map((entry) => el("li", { "aria-current": entry.row === row ? "true" : null },
    el("div", { class: "item-head" }, el("span", { class: "event" }, sign(entry.event), ` ${eventName(entry.event)}`),
      el("span", { class: "when" }, time(data.figures.day[entry.row]))),
    entry.row === row ? el("div", {}, bdi(actWords(row)))
      : el("button", { type: "button", class: "open", onclick: () => stepTo(entry.row) }, bdi(actWords(entry.row)))));
  return pairOf("History", ladder(entries.at(-1).status), el("ol", { class: "history" }, lines), outsideNote(history));
}

function stepTo(row) {
  showEvidence(row);
  byId("evidence-close").focus();
}

function historyItem({ history, entries, last }) {
  const row = entries.at(-1).row;
  const track = entries.map((entry) => el("span", { class: "dot", title: `${eventName(entry.event)}, ${dayName(data.figures.day[entry.row])}` },
    sign(entry.event), el("span", { class: "hidden" }, `${eventName(entry.event)}, ${dayName(data.figures.day[entry.row])}; `)));
  const words = last ? [`${eventName(last.event)} `, time(data.figures.day[last.row])] : [plural(entries.length, "statement")];
  return el("li", { class: `item ${kindClass(kindOf(row))}` }, el("p", { class: "item-head" }, badge(kindOf(row)), el("span", { class: "when" }, words)),
    partiesLine(row), el("p", { class: "act" }, opener(row, actWords(row))), el("p", { class: "track" }, track), outsideNote(history));
}

// Pledges with a statement among the rows: what changed last comes first, then what was said most often.
function showHistories(rows) {
  const found = new Set(rows.map((row) => data.historyOf.get(row)).filter((history) => history != null));
  byId("histories-panel").hidden = !data.historyOf.size;
  if (!data.historyOf.size) return;
  const pledges = [...found].map((history) => {
    const entries = entriesOf(history);
    return { history, entries, last: entries.findLast((entry) => !UNCHANGED.has(entry.event)) };
  });
  const dayOfChange = (pledge) => (pledge.last ? data.figures.day[pledge.last.row] ?? -Infinity : -Infinity);
  pledges.sort((one, other) => Boolean(other.last) - Boolean(one.last) || dayOfChange(other) - dayOfChange(one)
    || other.entries.length - one.entries.length || one.history - other.history);
  if (!pledges.length) return replace("histories", empty(rows));
  growing("histories", pledges, 6, (few) => el("ul", { class: "items columns" }, few.map(historyItem)));
}

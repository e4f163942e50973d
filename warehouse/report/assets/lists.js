// Short lists: what is new, what is repeated, what hangs on a condition, what comes due.

const names = (actors, most = 3) => {
  const shown = actors.slice(0, most).flatMap((actor, place) => [place ? ", " : null, bdi(data.labels[actor])]);
  return actors.length > most ? [...shown, ` and ${count(actors.length - most)} more`] : shown;
};

function partiesLine(row) {
  const { who, whom } = data.figures;
  return el("p", { class: "parties" }, el("span", { class: "who" }, who[row].length ? names(who[row]) : "Someone unnamed"),
    whom[row].length ? [el("span", { class: "arrow", "aria-hidden": "true" }, " → "), el("span", { class: "hidden" }, " to "),
      el("span", { class: "whom" }, names(whom[row]))] : null);
}

const opener = (row, words) => el("button", { type: "button", class: "open", "aria-haspopup": "dialog", onclick: () => openEvidence(row) }, bdi(words));

function item(row, when, extra) {
  return el("li", { class: `item ${kindClass(kindOf(row))}` }, el("p", { class: "item-head" }, badge(kindOf(row)), el("span", { class: "when" }, when)),
    partiesLine(row), el("p", { class: "act" }, opener(row, actWords(row))), extra);
}

const list = (some, make) => el("ul", { class: "items" }, some.map(make));
const told = (lead, words) => el("p", { class: "told" }, el("span", { class: "lead" }, lead), " ", bdi(words));

function showNewest(rows) {
  const some = distinct(rows);
  if (!some.length) return replace("newest", empty(rows));
  growing("newest", some, 6, (few) => list(few, (row) => item(row, time(data.figures.day[row]))));
}

function showConditions(rows) {
  const some = distinct(rows.filter((row) => data.figures.conditional[row] || data.words.condition[row]));
  if (!some.length) return replace("conditions", empty(rows));
  growing("conditions", some, 6, (few) => list(few, (row) =>
    item(row, time(data.figures.day[row]), part(row, "condition") && el("p", { class: "told" }, bdi(part(row, "condition"))))));
}

function showRepeated(rows) {
  const some = tallyStatements(rows).filter((statement) => statement.articles.size > 1)
    .sort((one, other) => other.articles.size - one.articles.size || one.row - other.row);
  if (!some.length) return replace("repeated", rows.length
    ? el("p", { class: "empty" }, "No statement stands in more than one article.") : empty(rows));
  growing("repeated", some, 6, (few) => list(few, (statement) =>
    item(statement.row, [`${count(statement.articles.size)} articles, since `, time(data.figures.day[statement.row])])));
}

function fromNow(day) {
  const days = day - today();
  if (days === 0) return "today";
  const far = Math.abs(days), number = far < 60 ? far : far < 700 ? Math.round(far / 30.4) : Math.round(far / 365.2);
  const words = plural(number, far < 60 ? "day" : far < 700 ? "month" : "year");
  return days > 0 ? `in ${words}` : `${words} ago`;
}

// Those that lie ahead, the next first; or those that have passed, the latest first. By the reader's own day.
function showDue(rows) {
  const { due } = data.figures, now = today();
  const dated = distinct(rows.filter((row) => due[row] != null));
  const ahead = dated.filter((row) => due[row] >= now).sort((one, other) => due[one] - due[other]);
  const past = dated.filter((row) => due[row] < now).sort((one, other) => due[other] - due[one]);
  const which = state.due || (ahead.length || !past.length ? "ahead" : "past");
  const choice = (name, some) => el("button", { type: "button", "aria-pressed": String(which === name), onclick: () => change({ due: name }) },
    `${capital(name)} (${count(some.length)})`);
  replace("due-switch", choice("ahead", ahead), choice("past", past));
  const some = which === "ahead" ? ahead : past;
  if (!some.length) return replace("due", el("p", { class: "empty" }, dated.length ? `No deadline lies ${which === "ahead" ? "ahead" : "in the past"}.`
    : "None of these commitments has a deadline that could be dated."));
  growing("due", some, 4, (few) => list(few, (row) => item(row,
    [el("strong", {}, time(due[row])), ` · ${fromNow(due[row])}`], part(row, "deadline") && told("Said:", part(row, "deadline")))));
}

// All commitments that meet the filters, a page at a time.

const PAGE = 50;
const collator = new Intl.Collator("en", { sensitivity: "base", numeric: true });
const SORTS = {
  date: (row) => data.figures.day[row],
  kind: (row) => data.figures.kind[row],
  who: (row) => rankOf(data.figures.who[row]),
  whom: (row) => rankOf(data.figures.whom[row]),
  due: (row) => data.figures.due[row],
  source: (row) => data.sourceRanks[data.figures.source[data.figures.article[row]]],
  confidence: (row) => data.figures.confidence[row],
};
const COLUMNS = [
  ["date", "Date"], ["kind", "Kind"], ["who", "Who"], ["whom", "To whom"], [null, "Commitment"], ["due", "Due"],
  ["source", "Source"], ["confidence", "Confidence"],
];

function ranks(words) {
  const order = words.map((_, index) => index).sort((one, other) => collator.compare(words[one], words[other]));
  const places = new Array(words.length);
  order.forEach((index, place) => (places[index] = place));
  return places;
}

const rankOf = (actors) => (actors.length ? data.actorRanks[actors[0]] : null);

// What is not known comes last, whichever way it is sorted; what is equal keeps its order.
function sorted(rows) {
  data.actorRanks ??= ranks(data.labels);
  data.sourceRanks ??= ranks(data.figures.sources);
  const down = state.sort.startsWith("-"), key = SORTS[state.sort.replace("-", "")];
  const keys = new Map(rows.map((row) => [row, key(row)]));
  return [...rows].sort((one, other) => {
    const left = keys.get(one), right = keys.get(other);
    if (left == null || right == null) return (left == null) - (right == null);
    return (down ? right - left : left - right) || one - other;
  });
}

function sortHead([name, words]) {
  if (!name) return el("th", { scope: "col", role: "columnheader" }, words);
  const current = state.sort.replace("-", "") === name, down = state.sort.startsWith("-");
  const next = current ? (down ? name : `-${name}`) : ["date", "confidence"].includes(name) ? `-${name}` : name;
  return el("th", { scope: "col", role: "columnheader", class: `col-${name}`, "aria-sort": current ? (down ? "descending" : "ascending") : null },
    el("button", { type: "button", "data-sort": name, onclick: () => sortBy(name, next) }, words, el("span", { class: "sign", "aria-hidden": "true" },
      current ? (down ? "▼" : "▲") : "↕")));
}

function sortBy(name, next) {
  change({ sort: next, page: 1 });
  byId("table").querySelector(`[data-sort=${name}]`).focus();
}

const td = (label, name, ...children) => el("td", { role: "cell", class: `col-${name}`, "data-label": label }, ...children);

function tableRow(row) {
  const { day, due, who, whom, confidence } = data.figures;
  const words = actWords(row), more = ["condition", "deadline"].map((name) => part(row, name)).filter((each) => each && !words.includes(each));
  const line = el("tr", { role: "row", class: kindClass(kindOf(row)) },
    td("Date", "date", time(day[row])), td("Kind", "kind", badge(kindOf(row))),
    td("Who", "who", el("div", { class: "clamp" }, names(who[row]))), td("To whom", "whom", el("div", { class: "clamp" }, names(whom[row]))),
    td("Commitment", "act", el("div", { class: "act" }, opener(row, words)),
      more.map((each) => el("div", { class: "told" }, bdi(each)))),
    td("Due", "due", due[row] == null ? null : time(due[row])),
    td("Source", "source", el("div", { class: "clamp" }, bdi(sourceOf(row)))), td("Confidence", "confidence", `${confidence[row]}%`));
  line.addEventListener("click", (event) => {
    if (!event.target.closest("button, a") && !getSelection().toString()) openEvidence(row);
  });
  return line;
}

function pager(pages) {
  if (pages < 2) return null;
  const go = (page, name) => () => {
    change({ page });
    byId("commitments").scrollIntoView();
    const again = byId("table").querySelector(`[data-go=${name}]`);
    (again.disabled ? byId("commitments") : again).focus({ preventScroll: true });
  };
  const step = (words, page, name) => el("button", { type: "button", "data-go": name, disabled: page < 1 || page > pages, onclick: go(page, name) }, words);
  return el("nav", { class: "pager", "aria-label": "Pages of the table" }, step("← Previous", state.page - 1, "previous"),
    el("span", {}, `Page ${count(state.page)} of ${count(pages)}`), step("Next →", state.page + 1, "next"));
}

function showTable(rows) {
  data.order = sorted(rows);
  byId("download").hidden = !rows.length;
  if (!rows.length) return replace("table", empty(rows));
  const pages = Math.ceil(rows.length / PAGE);
  state.page = Math.min(state.page, pages);
  const start = (state.page - 1) * PAGE, some = data.order.slice(start, start + PAGE);
  const caption = `Commitments ${count(start + 1)} to ${count(start + some.length)} of ${count(rows.length)}. Choose one to read its evidence.`;
  replace("table", el("table", { class: "rows", role: "table" }, el("caption", {}, caption),
    el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, COLUMNS.map(sortHead))),
    el("tbody", { role: "rowgroup" }, some.map(tableRow))), pager(pages));
}

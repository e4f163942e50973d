// Who commits to whom: a table of counts, shaded by number and by whether they step towards the other or against it.

const MOST = 12;

// 0 where all of it is towards the other party, 4 where all of it is against.
function stance(pair) {
  const against = pair.counts.reduce((sum, each, kind) => sum + (AGAINST.has(data.figures.kinds[kind]) ? each : 0), 0);
  return Math.round((4 * against) / pair.total);
}

function tellPair(pair) {
  return `${data.labels[pair.who]} to ${data.labels[pair.whom]}: ${plural(pair.total, "commitment")}: ${tellCounts(pair.counts)}`;
}

const choosePair = (pair) => {
  const who = data.labels[pair.who], whom = data.labels[pair.whom];
  change(state.who === who && state.whom === whom ? { who: "", whom: "" } : { who, whom });
};

function topOf(pairs, side) {
  const totals = new Map();
  for (const pair of pairs) totals.set(pair[side], (totals.get(pair[side]) ?? 0) + pair.total);
  return [...totals].sort((one, other) => other[1] - one[1] || one[0] - other[0]).slice(0, MOST).map(([actor]) => actor);
}

function cell(pair, strongest) {
  if (!pair) return el("td", { class: "none" }, el("span", { class: "hidden" }, "none"));
  const level = 1 + Math.min(3, Math.floor(4 * Math.sqrt((pair.total - 1) / Math.max(1, strongest))));
  const chosen = state.who === data.labels[pair.who] && state.whom === data.labels[pair.whom];
  return el("td", { class: `cell stance-${stance(pair)} level-${level}` }, el("button", { type: "button",
    "aria-label": tellPair(pair), "aria-pressed": String(chosen), title: tellPair(pair), onclick: () => choosePair(pair) }, count(pair.total)));
}

const legend = () => el("p", { class: "legend", "aria-hidden": "true" },
  ["pledges, offers, agreements, proposals", "", "both", "", "refusals, withdrawals, threats"].map((words, place) =>
    [el("span", { class: `key cell stance-${place} level-3` }), words && el("span", {}, words)]));

function pairTable(pairs) {
  const rows = topOf(pairs, "who");
  const columns = topOf(pairs.filter((pair) => rows.includes(pair.who)), "whom");
  const found = new Map(pairs.map((pair) => [`${pair.who} ${pair.whom}`, pair]));
  const head = columns.map((actor) => el("th", { scope: "col", title: data.labels[actor] }, el("span", {}, bdi(data.labels[actor]))));
  const body = rows.map((actor) => el("tr", {},
    el("th", { scope: "row", title: data.labels[actor] }, el("span", {}, bdi(data.labels[actor]))),
    columns.map((other) => cell(found.get(`${actor} ${other}`), pairs[0].total))));
  return el("table", { class: "matrix" },
    el("caption", { class: "hidden" }, "Number of commitments of each row’s actor to each column’s"),
    el("thead", {}, el("tr", {}, el("td", { class: "corner" }, el("span", {}, "to →")), head)), el("tbody", {}, body));
}

// The same for narrow screens, as lines.
function pairList(pairs) {
  const highest = pairs[0].total;
  return el("ol", { class: "pairs" }, pairs.slice(0, 12).map((pair) => el("li", {},
    el("button", { type: "button", class: "name", "aria-label": tellPair(pair), onclick: () => choosePair(pair) },
      bdi(data.labels[pair.who]), el("span", { class: "arrow" }, " → "), bdi(data.labels[pair.whom])),
    el("div", { class: "pair-bar" }, bar(pair.counts, highest), el("span", { class: "number" }, count(pair.total))))));
}

function showMatrix(rows) {
  const pairs = tallyPairs(rows);
  if (!pairs.length) return replace("matrix", rows.length
    ? el("p", { class: "empty" }, "None of these commitments names whom it is made to.") : empty(rows));
  const { who, whom } = data.figures;
  const without = rows.filter((row) => !whom[row].length || !who[row].length).length;
  const rest = `${plural(pairs.length, "pair")} in all; the largest are shown. ${plural(without, "commitment")} ${without === 1 ? "does" : "do"} not say to whom.`;
  replace("matrix", el("div", { class: "matrix-wide scroll" }, pairTable(pairs)), legend(),
    el("div", { class: "matrix-narrow" }, pairList(pairs)), el("p", { class: "hint" }, rest));
}

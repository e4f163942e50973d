// Bars: one line each, cut by kind; and what stands where there is nothing.

const OPENED = new Set();

function empty(rows) {
  const words = !data.size ? "There are no commitments here yet."
    : rows.length ? "Nothing to show among the commitments chosen." : "No commitment meets these filters.";
  return el("p", { class: "empty" }, words);
}

function bar(counts, highest) {
  const whole = total(counts);
  const parts = counts.map((each, kind) => {
    if (!each) return null;
    const piece = el("span", { class: kindClass(data.figures.kinds[kind]) });
    piece.style.flexGrow = each;
    return piece;
  });
  const line = el("span", { class: "bar", "aria-hidden": "true" }, parts);
  line.style.width = `${(100 * whole) / highest}%`;
  return line;
}

// A table of bars; the name in each line is a button that filters by it.
function barTable({ caption, head, lines, choose, chosen }) {
  const highest = lines.reduce((most, line) => Math.max(most, line.total), 1);
  const body = lines.map((line) => el("tr", { class: chosen(line) && "chosen" },
    el("th", { scope: "row" }, el("button", { type: "button", class: "name", "aria-pressed": String(Boolean(chosen(line))),
      title: line.name, onclick: () => choose(line) }, bdi(line.name))),
    el("td", { class: "bar-cell" }, bar(line.counts, highest), el("span", { class: "hidden" }, tellCounts(line.counts))),
    el("td", { class: "number" }, count(line.total))));
  return el("table", { class: "bars" }, el("caption", { class: "hidden" }, caption),
    el("colgroup", {}, ["name", "bar", "number"].map((each) => el("col", { class: `col-${each}` }))),
    el("thead", { class: "hidden" }, el("tr", {}, head.map((each) => el("th", { scope: "col" }, each)))), el("tbody", {}, body));
}

// A list of lines that grows at the reader's wish.
function growing(id, all, fewest, make) {
  const shown = OPENED.has(id) ? fewest * 5 : fewest;
  const parts = [make(all.slice(0, shown))];
  if (all.length > fewest) {
    const words = OPENED.has(id) ? "Show fewer" : `Show more (${count(Math.min(all.length, fewest * 5) - fewest)})`;
    const toggle = () => {
      if (!OPENED.delete(id)) OPENED.add(id);
      growing(id, all, fewest, make);
      byId(id).querySelector("button.more").focus();
    };
    parts.push(el("button", { type: "button", class: "quiet more", "aria-expanded": String(OPENED.has(id)), onclick: toggle }, words));
  }
  if (OPENED.has(id) && all.length > shown) parts.push(el("p", { class: "hint" }, `The first ${count(shown)} of ${count(all.length)}.`));
  replace(id, parts);
}

const same = (one, other) => (one === other ? "" : other);

function showKinds(rows, everyKind) {
  if (!everyKind.length) return replace("kind-bars", empty(rows));
  const counts = tallyKinds(everyKind), highest = Math.max(...counts, 1);
  const lines = data.figures.kinds.map((kind, number) => {
    const only = kindCounts();
    only[number] = counts[number];
    return el("li", { class: state.kinds.length && !state.kinds.includes(kind) ? "left-out" : "" },
      el("div", { class: "kind-line" }, badge(kind), el("span", { class: "number" }, count(counts[number]),
        el("span", { class: "share" }, ` ${share(counts[number], everyKind.length)}`))),
      el("div", { class: "bar-cell" }, bar(only, highest)),
      data.figures.meanings[kind] && el("p", { class: "meaning" }, data.figures.meanings[kind]));
  });
  replace("kind-bars", el("ul", { class: "kind-bars" }, lines));
}

function showActors(rows) {
  const lines = tallyActors(rows).map((line) => ({ ...line, name: data.labels[line.key] }));
  if (!lines.length) return replace("actors", empty(rows));
  growing("actors", lines, 12, (some) => barTable({
    caption: "Actors by number of commitments", head: ["Actor", "By kind", "Commitments"], lines: some,
    chosen: (line) => state.who === line.name, choose: (line) => change({ who: same(state.who, line.name) }),
  }));
}

function showDomains(rows) {
  const lines = tallyDomains(rows).map((line) => ({ ...line, code: data.figures.domains[line.key] }));
  for (const line of lines) line.name = capital(line.code);
  if (!lines.length) return replace("domains", empty(rows));
  growing("domains", lines, 13, (some) => barTable({
    caption: "Domains by number of commitments", head: ["Domain", "By kind", "Commitments"], lines: some,
    chosen: (line) => state.domain === line.code, choose: (line) => change({ domain: same(state.domain, line.code) }),
  }));
}

// The filters' form: what stands in it is what `state` says, and the other way round.

const FIELDS = ["q", "who", "whom", "domain", "from", "until"];
const SUGGESTED = 60;

function fillForm() {
  const form = byId("filters");
  for (const name of FIELDS) if (form.elements[name].value !== state[name]) form.elements[name].value = state[name];
  form.elements.merge.checked = state.merge;
  byId("reset").hidden = ![...FIELDS, "merge"].some((name) => state[name]) && !state.kinds.length;
  const others = FIELDS.slice(1).filter((name) => state[name]).length;
  byId("more-filters").textContent = others ? `Filters (${others})` : "Filters";
}

function showChips(everyKind) {
  const counts = tallyKinds(everyKind);
  const chips = data.figures.kinds.map((kind, number) => el("button", { type: "button", class: `chip ${kindClass(kind)}`, "data-kind": kind,
    "aria-pressed": String(state.kinds.includes(kind)), onclick: () => toggleKind(kind) },
    el("span", { class: "dot", "aria-hidden": "true" }), capital(kind), el("span", { class: "number" }, ` ${count(counts[number])}`)));
  replace("kinds", el("legend", { class: "hidden" }, "Kinds"), chips);
}

function toggleKind(kind) {
  const others = state.kinds.filter((each) => each !== kind);
  change({ kinds: others.length < state.kinds.length ? others : [...others, kind] });
}

// Names that hold what is being typed, the most active first; a list of all would be too long for a browser.
function suggest(input) {
  const typed = fold(input.value), side = input.name;
  data.popular ??= {};
  data.popular[side] ??= largest(tallyBy([...Array(data.size).keys()], (row) => data.figures[side][row])).map((line) => data.labels[line.key]);
  const found = [];
  for (const name of data.popular[side]) if (fold(name).includes(typed) && found.push(name) === SUGGESTED) break;
  replace(`${side}-names`, found.map((name) => el("option", { value: name })));
}

function later(action, wait) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, wait);
  };
}

function wireFilters() {
  const form = byId("filters");
  form.elements.domain.append(...data.figures.domains.map((domain) => el("option", { value: domain }, capital(domain))));
  const read = () => change({ ...Object.fromEntries(FIELDS.map((name) => [name, form.elements[name].value])), merge: form.elements.merge.checked });
  const readSoon = later(read, 150);
  form.addEventListener("input", (event) => (event.target.type === "search" || event.target.list ? readSoon() : read()));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    read();
  });
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    change({ ...BLANK, sort: state.sort });
  });
  for (const name of ["who", "whom"]) {
    form.elements[name].addEventListener("focus", (event) => suggest(event.target));
    form.elements[name].addEventListener("input", (event) => suggest(event.target));
  }
  byId("more-filters").addEventListener("click", () => {
    const open = form.classList.toggle("opened");
    byId("more-filters").setAttribute("aria-expanded", String(open));
  });
}

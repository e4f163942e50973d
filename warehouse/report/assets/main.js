// The order of things: unpack, read the address, show; and show again at every change.

function showFigures(rows) {
  const { who, due, article, source } = data.figures, now = today();
  const statements = distinct(rows);
  const numbers = [
    [rows.length, "commitments", `${count(statements.length)} different statements`],
    [new Set(rows.flatMap((row) => parties(who[row]))).size, "actors bound", ""],
    [rows.filter((row) => AGAINST.has(kindOf(row))).length, "adverse", "refusals, withdrawals, threats"],
    [rows.filter((row) => data.figures.conditional[row]).length, "with a condition", ""],
    [statements.filter((row) => due[row] != null && due[row] >= now).length, "deadlines ahead", `${count(statements.filter((row) => due[row] < now && due[row] != null).length)} have passed`],
    [new Set(rows.map((row) => article[row])).size, "articles", plural(new Set(rows.map((row) => source[article[row]])).size, "source")],
  ];
  replace("figures", numbers.map(([number, words, more]) => el("div", {}, el("dt", {}, words), el("dd", {}, count(number)),
    more && el("dd", { class: "aside" }, more))));
}

// What an adviser would say of it in one breath.
function showLede(rows) {
  if (!rows.length) return replace("lede", data.size ? "No commitment meets these filters." : "There are no commitments here yet.");
  const span = period(rows), kinds = tallyKinds(rows), first = Math.max(...kinds);
  const [actor] = tallyActors(rows), pairs = tallyPairs(rows);
  const spanned = !span ? "" : span.first === span.last ? ` on ${dayName(span.first)}` : ` from ${dayName(span.first)} to ${dayName(span.last)}`;
  const most = `${capital(data.figures.kinds[kinds.indexOf(first)])}s lead with ${share(first, rows.length)}.`;
  replace("lede", `${plural(rows.length, "commitment")}${spanned}. ${most} `,
    actor && [bdi(data.labels[actor.key]), ` is the most active (${count(actor.total)})`, pairs.length
      ? ["; the most frequent pair is ", bdi(data.labels[pairs[0].who]), " to ", bdi(data.labels[pairs[0].whom]), ` (${count(pairs[0].total)})`] : null, "."]);
}

function show() {
  const everyKind = matchingRows();
  const rows = state.kinds.length ? everyKind.filter((row) => state.kinds.includes(kindOf(row))) : everyKind;
  data.rows = rows;
  fillForm();
  showChips(everyKind);
  replace("showing", rows.length === data.size ? `All ${plural(data.size, "commitment")}` : `${count(rows.length)} of ${plural(data.size, "commitment")}`);
  showLede(rows);
  showFigures(rows);
  showTimeline(rows);
  showKinds(rows, everyKind);
  for (const part of [showMatrix, showDue, showActors, showDomains, showNewest, showConditions, showRepeated, showHistories, showTable]) part(rows);
}

// What is drawn anew takes the focus with it: it goes to what has the same name now, else to the first of its place.
function keepFocus(action) {
  const before = document.activeElement, place = before.closest("#kinds, #matrix, #actors, #domains, #due-switch, #timeline");
  const nameOf = (node) => node.dataset.kind ?? node.getAttribute("aria-label") ?? node.textContent;
  action();
  if (!place || before.isConnected) return;
  const all = [...place.querySelectorAll("button, [role=button]")].filter((node) => node.checkVisibility());
  (all.find((node) => nameOf(node) === nameOf(before)) ?? all[0])?.focus({ preventScroll: true });
}

function change(asked) {
  const filtered = Object.keys(asked).some((key) => !["sort", "page", "due", "open"].includes(key));
  state = { ...state, ...(filtered ? { page: 1 } : {}), ...asked };
  keepFocus(show);
  writeAddress();
}

function readAndShow() {
  readAddress();
  const { open } = state, dialog = byId("evidence");
  show();
  if (dialog.open) dialog.close();
  const row = open && rowOf(open);
  if (row != null && row !== "") openEvidence(row);
}

function wireTheme() {
  const button = byId("theme"), root = document.documentElement;
  const tell = () => button.setAttribute("aria-pressed", String(root.dataset.theme === "dark"));
  button.addEventListener("click", () => {
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
    try { localStorage.setItem("pledgeline-theme", root.dataset.theme); } catch { /* It holds for this visit then. */ }
    tell();
  });
  tell();
}

function wire() {
  wireTheme();
  wireFilters();
  wireEvidence();
  byId("download").addEventListener("click", download);
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault();
    byId("commitments").focus();
  });
  addEventListener("hashchange", readAndShow);
  const redraw = later(() => showTimeline(data.rows), 150);
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth !== width) redraw();
    width = innerWidth;
  });
}

function failed(error) {
  byId("trouble").hidden = false;
  byId("trouble").textContent = typeof DecompressionStream === "undefined"
    ? "This browser is too old for this page: it needs one of 2023 or later." : `This page could not be shown: ${error.message}`;
}

async function start() {
  await load();
  byId("filters").hidden = byId("main").hidden = false;
  wire();
  readAndShow();
  document.documentElement.dataset.ready = "true";
}

start().catch(failed);

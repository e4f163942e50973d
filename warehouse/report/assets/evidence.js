// The evidence for one commitment: its sentence with the parts marked, and where it stands.

const ROLES = ["m-who", "m-whom", "m-speaker"];

// The spans of the sentence by class, each [start, end, class].
function spansOf(row) {
  const { trigger, mentions } = data.words, spans = [];
  for (const name of ["action", "condition", "deadline"]) {
    const span = data.words[name][row];
    if (span && span[0] >= 0) spans.push([...span, `m-${name}`]);
  }
  for (let at = 0; at < mentions[row].length; at += 3) spans.push([mentions[row][at], mentions[row][at + 1], ROLES[mentions[row][at + 2]]]);
  return [...spans, [...trigger[row], "m-trigger"]];
}

// Spans may overlap: the sentence is cut at every end of one, and each piece has the classes of all that cover it.
function markedSentence(row) {
  const text = sentenceOf(row), spans = spansOf(row);
  const cuts = [...new Set([0, text.length, ...spans.flatMap(([start, end]) => [start, end])])].sort((one, other) => one - other);
  return cuts.slice(1).map((end, index) => {
    const start = cuts[index], covering = spans.filter((span) => span[0] <= start && span[1] >= end);
    const piece = plain(text.slice(start, end));
    return covering.length ? el("mark", { class: covering.map((span) => span[2]).join(" ") }, piece) : piece;
  });
}

const pairOf = (words, ...value) => [el("dt", {}, words), el("dd", {}, ...value)];
const actorLine = (actors) => actors.map((actor) => el("div", {}, bdi(data.figures.actors.name[actor]),
  el("span", { class: "id" }, ` ${data.figures.actors.type[actor].replace("_", " ")} · `, bdi(data.figures.actors.actor_id[actor]))));

function link(article) {
  const url = data.words.url[article], words = data.words.title[article] || url || data.figures.sources[data.figures.source[article]];
  return url ? el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, bdi(words)) : bdi(words);
}

function amountsLine(row) {
  return data.words.amounts[row].map(([value, unit, surface]) => el("div", {}, bdi(surface), el("span", { class: "id" }, ` ${count(value)} `, bdi(unit))));
}

// A pronoun stands for an actor in many a sentence.
function namedElsewhere(row) {
  const inside = data.words.mentions[row].some((role, at) => at % 3 === 2 && role === 0);
  return inside || !data.figures.who[row].length ? null : el("div", { class: "id" }, "Not by this name in the sentence: told from the text around it.");
}

function facts(row) {
  const { who, whom, speaker, due, confidence, article } = data.figures;
  const words = (name) => part(row, name);
  return el("dl", { class: "facts" },
    pairOf("Who", who[row].length ? actorLine(who[row]) : "not named", namedElsewhere(row)),
    whom[row].length ? pairOf("To whom", actorLine(whom[row])) : null,
    speaker[row] == null ? null : pairOf("Reported by", actorLine([speaker[row]])),
    pairOf("Said with", bdi(sentenceOf(row).slice(...data.words.trigger[row]))),
    pairOf("Act", bdi(words("action"))),
    words("condition") && pairOf("Condition", bdi(words("condition"))),
    words("deadline") && pairOf("Deadline", bdi(words("deadline")), due[row] == null ? null : [" → ", time(due[row]), ` (${fromNow(due[row])})`]),
    data.words.amounts[row].length ? pairOf("Amount", amountsLine(row)) : null,
    pairOf("Domain", capital(domainOf(row))), pairOf("Confidence", `${confidence[row]}%`),
    pairOf("Source", el("div", {}, link(article[row])), el("div", { class: "id" }, bdi(sourceOf(row)), ", ", time(data.figures.day[row]))),
    historyFact(row), elsewhere(row), pairOf("Row", el("code", {}, `commitment_id LIKE '${idOf(row)}%'`)));
}

// The same statement in other articles.
function elsewhere(row) {
  const { statement, article } = data.figures;
  const others = new Set();
  for (let other = 0; other < data.size; other++) if (statement[other] === statement[row]) others.add(article[other]);
  others.delete(article[row]);
  if (!others.size) return null;
  const some = [...others].slice(0, 10).map((other) => el("li", {}, link(other), el("span", { class: "id" }, " ", bdi(data.figures.sources[data.figures.source[other]]))));
  return pairOf("Also in", el("ul", {}, some), others.size > 10 ? `and ${count(others.size - 10)} more` : null);
}

function markLegend(row) {
  const present = new Set(spansOf(row).map((span) => span[2]));
  const keys = { "m-who": "who", "m-whom": "to whom", "m-speaker": "reported by", "m-trigger": "trigger", "m-action": "act", "m-condition": "condition", "m-deadline": "deadline" };
  return el("p", { class: "mark-legend", "aria-hidden": "true" }, Object.entries(keys).filter(([name]) => present.has(name))
    .map(([name, words]) => el("span", {}, el("mark", { class: name }, words))));
}

function neighbour(step) {
  const place = data.order.indexOf(data.opened) + step;
  return data.order.includes(data.opened) ? data.order[place] : undefined;
}

function steps() {
  const step = (words, by, name) => el("button", { type: "button", class: "quiet", "data-step": name, disabled: neighbour(by) == null, onclick: () => {
    showEvidence(neighbour(by));
    const again = byId("evidence").querySelector(`[data-step=${name}]`);
    (again.disabled ? byId("evidence-close") : again).focus();
  } }, words);
  return [step("← Previous", -1, "previous"), step("Next →", 1, "next")];
}

function showEvidence(row) {
  data.opened = row;
  state.open = idOf(row);
  writeAddress();
  const kind = kindOf(row);
  replace("evidence", el("div", { class: `sheet ${kindClass(kind)}` },
    el("div", { class: "sheet-head" }, steps(),
      el("button", { type: "button", class: "quiet", id: "evidence-close", onclick: closeEvidence }, "Close")),
    el("h2", { id: "evidence-title" }, badge(kind), " ", time(data.figures.day[row])), partiesLine(row),
    el("blockquote", { dir: "auto" }, markedSentence(row)), markLegend(row), facts(row)));
}

function openEvidence(row) {
  data.opener = document.activeElement;
  showEvidence(row);
  byId("evidence").showModal();
  byId("evidence-close").focus();
}

const closeEvidence = () => byId("evidence").close();

function wireEvidence() {
  const dialog = byId("evidence");
  dialog.addEventListener("click", (event) => event.target === dialog && closeEvidence());
  dialog.addEventListener("close", () => {
    // It may have been opened again for another row before this event came.
    if (dialog.open) return;
    state.open = "";
    writeAddress();
    data.opener?.isConnected && data.opener.focus();
  });
}

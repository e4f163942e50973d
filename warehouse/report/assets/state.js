// What the reader asked for. It lives in the address's fragment, so that a link shows the same view.

const BLANK = {
  q: "", who: "", whom: "", kinds: [], domain: "", from: "", until: "", merge: false,
  sort: "-date", page: 1, due: "", open: "",
};
let state = { ...BLANK };

function readAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  const next = { ...BLANK };
  for (const key of ["q", "who", "whom", "domain", "from", "until", "sort", "due", "open"])
    next[key] = given.get(key) ?? BLANK[key];
  next.kinds = (given.get("kinds") ?? "").split(",").filter((kind) => data.figures.kinds.includes(kind));
  next.merge = given.get("merge") === "1";
  next.page = Math.max(1, Number.parseInt(given.get("page"), 10) || 1);
  if (dayOf(next.from) == null) next.from = "";
  if (dayOf(next.until) == null) next.until = "";
  if (!data.figures.domains.includes(next.domain)) next.domain = "";
  if (!(next.sort.replace("-", "") in SORTS)) next.sort = BLANK.sort;
  state = next;
}

function writeAddress() {
  const asked = new URLSearchParams();
  for (const [key, blank] of Object.entries(BLANK)) {
    const value = state[key];
    if (key === "kinds" ? value.length : value !== blank) asked.set(key, value === true ? "1" : String(value));
  }
  const fragment = asked.toString();
  history.replaceState(null, "", fragment ? `#${fragment}` : location.pathname + location.search);
}

// Which actors a name in a filter stands for: that very one, or all whose names hold the words.
function actorMask(text) {
  if (!text) return null;
  const { name, state: states } = data.figures.actors;
  const actor = data.actorOf.get(text);
  if (actor == null) return name.map((each) => fold(each).includes(fold(text)));
  return name.map((_, other) => other === actor || (state.merge && states[other] === actor));
}

// Where each word of the search stands: in sentences, names, titles or sources.
function searchMasks(query) {
  const { actors, sources, source } = data.figures;
  data.folded ??= {
    sentences: data.words.sentences.map(fold),
    actors: actors.name.map(fold),
    articles: source.map((each, article) => fold(`${sources[each]} ${data.words.title[article] ?? ""}`)),
  };
  return fold(query).split(/\s+/).filter(Boolean).map((word) => ({
    sentences: data.folded.sentences.map((text) => text.includes(word)),
    actors: data.folded.actors.map((text) => text.includes(word)),
    articles: data.folded.articles.map((text) => text.includes(word)),
  }));
}

function wordFound(row, masks) {
  const { who, whom, speaker, article } = data.figures;
  return masks.sentences[data.words.sentence[row]] || masks.articles[article[row]]
    || who[row].some((actor) => masks.actors[actor]) || whom[row].some((actor) => masks.actors[actor])
    || (speaker[row] != null && masks.actors[speaker[row]]);
}

// The rows that meet every filter but that of kinds, which is left out so that its counts can be shown.
function matchingRows() {
  const { day, domain, domains, who, whom } = data.figures;
  const whoMask = actorMask(state.who), whomMask = actorMask(state.whom), words = searchMasks(state.q);
  const from = dayOf(state.from), until = dayOf(state.until), wanted = domains.indexOf(state.domain);
  const rows = [];
  for (let row = 0; row < data.size; row++) {
    if (wanted >= 0 && domain[row] !== wanted) continue;
    if (from != null && !(day[row] != null && day[row] >= from)) continue;
    if (until != null && !(day[row] != null && day[row] <= until)) continue;
    if (whoMask && !who[row].some((actor) => whoMask[actor])) continue;
    if (whomMask && !whom[row].some((actor) => whomMask[actor])) continue;
    if (words.every((masks) => wordFound(row, masks))) rows.push(row);
  }
  return rows;
}

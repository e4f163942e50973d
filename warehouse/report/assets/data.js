// The warehouse's rows, unpacked from the page: `data.figures` for what is counted, `data.words` for what is read.

const data = {};

async function unpack(id) {
  const letters = atob(byId(id).textContent);
  byId(id).remove();
  const bytes = new Uint8Array(letters.length);
  for (let index = 0; index < letters.length; index++) bytes[index] = letters.charCodeAt(index);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

async function load() {
  data.figures = await unpack("figure-columns");
  data.size = data.figures.kind.length;
  for (const name of ["statement", "article"]) data.figures[name] = unstep(data.figures[name]);
  labelActors();
  data.historyOf = new Map();
  data.figures.histories.rows.forEach((rows, history) => rows.forEach((row) => data.historyOf.set(row, history)));
  data.words = await unpack("word-columns");
  data.words.sentence = unstep(data.words.sentence);
}

// Numbers that say how far they lie below the next new one, as numbers (columns.py tells why).
function unstep(steps) {
  let following = 0;
  return steps.map((step) => {
    const number = following - step;
    following = Math.max(following, number + 1);
    return number;
  });
}

// Names that two actors share are told apart by their ids.
function labelActors() {
  const { name, actor_id } = data.figures.actors;
  const seen = new Map();
  for (const each of name) seen.set(each, (seen.get(each) ?? 0) + 1);
  data.labels = name.map((each, actor) => (seen.get(each) > 1 ? `${each} (${actor_id[actor]})` : each));
  data.actorOf = new Map(data.labels.map((label, actor) => [label, actor]));
}

const kindOf = (row) => data.figures.kinds[data.figures.kind[row]];
const domainOf = (row) => data.figures.domains[data.figures.domain[row]];
const sourceOf = (row) => data.figures.sources[data.figures.source[data.figures.article[row]]];
const sentenceOf = (row) => data.words.sentences[data.words.sentence[row]];

const idOf = (row) => data.words.id.slice(row * ID_DIGITS, (row + 1) * ID_DIGITS);
const ID_DIGITS = 10;

// The row of an id, or null where the page has none.
function rowOf(id) {
  if (!/^[0-9a-f]+$/.test(id) || id.length !== ID_DIGITS) return null;
  for (let row = 0; row < data.size; row++) if (idOf(row) === id) return row;
  return null;
}

// A part of the sentence ("action", "condition" or "deadline") to the letter, or null.
function part(row, name) {
  const span = data.words[name][row];
  if (!span) return null;
  return span[0] < 0 ? data.words.loose[span[1]] : sentenceOf(row).slice(span[0], span[1]);
}

// What is done, as the sentence has it: from the trigger to the end of the act where they stand close, else the act alone.
function actWords(row) {
  const [start, end] = data.words.trigger[row], [from, to] = data.words.action[row];
  const close = from >= start && from - end <= FAR;
  return close ? sentenceOf(row).slice(start, Math.max(end, to)) : part(row, "action");
}
const FAR = 60;

// Kinds that step towards another party, and those that step back from it or against it.
const AGAINST = new Set(["refusal", "withdrawal", "threat"]);
const kindClass = (kind) => (KNOWN_KINDS.has(kind) ? `k-${kind}` : "k-unknown");
const KNOWN_KINDS = new Set(["pledge", "offer", "agreement", "proposal", "refusal", "withdrawal", "threat"]);
const badge = (kind) => el("span", { class: `badge ${kindClass(kind)}` }, capital(kind));

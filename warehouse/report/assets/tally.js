// Counts over rows: for the charts, the figures and the sentence at the top.

const kindCounts = () => new Array(data.figures.kinds.length).fill(0);
const total = (counts) => counts.reduce((sum, each) => sum + each, 0);

function tallyKinds(rows) {
  const counts = kindCounts();
  for (const row of rows) counts[data.figures.kind[row]]++;
  return counts;
}

// The parties as they are counted: themselves, or the states that they belong to, each once.
function parties(actors) {
  if (!state.merge) return actors;
  return [...new Set(actors.map((actor) => data.figures.actors.state[actor]))];
}

function tallyBy(rows, keysOf) {
  const tally = new Map();
  for (const row of rows) {
    for (const key of keysOf(row)) {
      let counts = tally.get(key);
      if (!counts) tally.set(key, (counts = kindCounts()));
      counts[data.figures.kind[row]]++;
    }
  }
  return [...tally].map(([key, counts]) => ({ key, counts, total: total(counts) }));
}

const largest = (tally) => tally.sort((one, other) => other.total - one.total || one.key - other.key);
const tallyActors = (rows) => largest(tallyBy(rows, (row) => parties(data.figures.who[row])));
const tallyDomains = (rows) => largest(tallyBy(rows, (row) => [data.figures.domain[row]]));

// Pairs of who and to whom, keyed by one number.
function tallyPairs(rows) {
  const size = data.labels.length;
  const pairs = tallyBy(rows, (row) => {
    const whom = parties(data.figures.whom[row]);
    return parties(data.figures.who[row]).flatMap((actor) =>
      whom.filter((other) => other !== actor).map((other) => actor * size + other));
  });
  for (const pair of pairs) [pair.who, pair.whom] = [Math.floor(pair.key / size), pair.key % size];
  return largest(pairs);
}

function tallyStatements(rows) {
  const { statement, article } = data.figures;
  const found = new Map();
  for (const row of rows) {
    const seen = found.get(statement[row]);
    if (!seen) found.set(statement[row], { row, articles: new Set([article[row]]) });
    else {
      // Rows come newest first: the last one met was the first one said.
      seen.row = row;
      seen.articles.add(article[row]);
    }
  }
  return [...found.values()];
}

// One row of each statement, in the order given.
function distinct(rows) {
  const seen = new Set();
  return rows.filter((row) => {
    const statement = data.figures.statement[row];
    return seen.has(statement) ? false : seen.add(statement);
  });
}

// The first and the last day, or null where no row has one.
function period(rows) {
  let first = Infinity, last = -Infinity;
  for (const row of rows) {
    const day = data.figures.day[row];
    if (day == null) continue;
    if (day < first) first = day;
    if (day > last) last = day;
  }
  return first <= last ? { first, last } : null;
}

// The rows that are shown, as a file for a spreadsheet.

// A spreadsheet must not run what a cell says: a sign that starts a formula gets an apostrophe before it.
function csvCell(value) {
  const text = String(value ?? ""), safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function csvOf(rows) {
  const { day, due, who, whom, speaker, confidence, article } = data.figures;
  const name = (actor) => data.figures.actors.name[actor], days = (each) => (each == null ? "" : isoDay(each));
  const head = ["date", "kind", "actors", "counterparties", "speaker", "action", "condition", "deadline", "due_date", "domain",
    "sentence", "confidence", "source", "title", "url"];
  const lines = rows.map((row) => [days(day[row]), kindOf(row), who[row].map(name).join("; "), whom[row].map(name).join("; "),
    speaker[row] == null ? "" : name(speaker[row]), part(row, "action"), part(row, "condition"), part(row, "deadline"), days(due[row]),
    domainOf(row), sentenceOf(row), confidence[row] / 100, sourceOf(row), data.words.title[article[row]], data.words.url[article[row]]]);
  return [head, ...lines].map((cells) => cells.map(csvCell).join(",")).join("\r\n") + "\r\n";
}

function download() {
  // The mark at its start tells Excel that it is UTF-8.
  const address = URL.createObjectURL(new Blob(["\ufeff", csvOf(data.order)], { type: "text/csv" }));
  el("a", { href: address, download: "commitments.csv" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

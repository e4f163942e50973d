// Commitments over time: one column a period, stacked by kind.

const UNITS = {
  day: { days: 1, floor: (date) => date.getTime(), next: (date) => date.setUTCDate(date.getUTCDate() + 1) },
  week: {
    days: 7,
    floor: (date) => date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7)),
    next: (date) => date.setUTCDate(date.getUTCDate() + 7),
  },
  month: { days: 30.4, floor: (date) => date.setUTCDate(1), next: (date) => date.setUTCMonth(date.getUTCMonth() + 1) },
  quarter: {
    days: 91.3,
    floor: (date) => date.setUTCMonth(date.getUTCMonth() - (date.getUTCMonth() % 3), 1),
    next: (date) => date.setUTCMonth(date.getUTCMonth() + 3),
  },
  year: { days: 365.2, floor: (date) => date.setUTCMonth(0, 1), next: (date) => date.setUTCFullYear(date.getUTCFullYear() + 1) },
};
const LEFT = 40, RIGHT = 8, TOP = 10, BOTTOM = 26;
const monthFormat = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", month: "short", year: "numeric" });
const shortFormat = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", day: "numeric", month: "short" });

const floorDay = (unit, day) => UNITS[unit].floor(dateOf(day)) / MILLISECONDS;
const nextDay = (unit, day) => UNITS[unit].next(dateOf(day)) / MILLISECONDS;

function periodName(unit, day) {
  const date = dateOf(day);
  if (unit === "day") return dayName(day);
  if (unit === "week") return `week of ${dayName(day)}`;
  if (unit === "month") return monthFormat.format(date);
  if (unit === "quarter") return `quarter ${date.getUTCMonth() / 3 + 1} of ${date.getUTCFullYear()}`;
  return String(date.getUTCFullYear());
}

function tickName(unit, day) {
  const date = dateOf(day);
  if (unit === "day" || unit === "week") return shortFormat.format(date);
  if (unit === "month") return monthFormat.format(date);
  return unit === "quarter" ? `Q${date.getUTCMonth() / 3 + 1} ${date.getUTCFullYear()}` : String(date.getUTCFullYear());
}

// The periods from the first row's to the last one's: the finest that are not more than `most`, else years.
function cutPeriods(rows, most) {
  const span = period(rows);
  if (!span) return { unit: "day", bins: [] };
  const names = Object.keys(UNITS);
  const unit = names.find((name) => (span.last - span.first) / UNITS[name].days < most - 1) ?? "year";
  const bins = [], places = new Map();
  for (let day = floorDay(unit, span.first); day <= span.last; day = nextDay(unit, day)) {
    places.set(day, bins.length);
    bins.push({ day, counts: kindCounts() });
  }
  for (const row of rows) {
    const day = data.figures.day[row];
    if (day != null) bins[places.get(floorDay(unit, day))].counts[data.figures.kind[row]]++;
  }
  for (const bin of bins) bin.total = total(bin.counts);
  return { unit, bins };
}

// The next of 1, 2, 5, 10, 20, ... that cuts the scale into at most five steps; whole numbers only.
function scaleStep(highest) {
  const raw = Math.max(1, highest / 5), power = 10 ** Math.floor(Math.log10(raw));
  return power * ([1, 2, 5, 10].find((step) => step * power >= raw) ?? 10);
}

const tellCounts = (counts) =>
  counts.map((each, kind) => (each ? plural(each, data.figures.kinds[kind]) : "")).filter(Boolean).join(", ");
const tellBin = (unit, bin) =>
  `${capital(periodName(unit, bin.day))}: ${bin.total ? `${plural(bin.total, "commitment")}: ${tellCounts(bin.counts)}` : "none"}`;

function drawScale(width, highest, y) {
  const step = scaleStep(highest), lines = [];
  for (let value = 0; value <= highest; value += step) {
    lines.push(svg("line", { class: value ? "grid" : "axis", x1: LEFT, x2: width - RIGHT, y1: y(value), y2: y(value) }));
    lines.push(svg("text", { class: "tick", x: LEFT - 8, y: y(value) + 4, "text-anchor": "end" }, count(value)));
  }
  return lines;
}

function drawColumn(unit, bin, x, step, y, height) {
  const inner = Math.max(1, Math.min(step - (step > 4 ? 2 : 0.5), 46)), left = x + (step - inner) / 2;
  let stacked = 0;
  const parts = bin.counts.map((each, kind) => {
    if (!each) return null;
    const bottom = y(stacked), top = y((stacked += each));
    const shape = { x: left, width: inner, y: top, height: Math.max(0.75, bottom - top - (bottom - top > 3 ? 1 : 0)) };
    return svg("rect", { class: kindClass(data.figures.kinds[kind]), ...shape });
  });
  return svg("g", { class: "bin", role: "button", tabindex: -1, "aria-label": tellBin(unit, bin) },
    svg("rect", { class: "hit", x, width: step, y: TOP, height: height - TOP - BOTTOM }), parts);
}

function drawTicks(unit, bins, step, width, height) {
  const every = Math.ceil((unit === "year" ? 44 : 74) / step);
  return bins.map((bin, index) => (index % every || LEFT + (index + 0.5) * step > width - 24 ? null
    : svg("text", { class: "tick", x: LEFT + (index + 0.5) * step, y: height - 8, "text-anchor": "middle" }, tickName(unit, bin.day))));
}

function showTimeline(rows) {
  const box = byId("timeline"), width = Math.max(260, box.clientWidth), height = width < 520 ? 220 : 370;
  const { unit, bins } = cutPeriods(rows, width < 520 ? 30 : 64);
  const undated = rows.length - bins.reduce((sum, bin) => sum + bin.total, 0);
  byId("timeline-hint").textContent = (bins.length ? `By ${unit} of publication. Choose a column to look closer.` : "")
    + (undated ? ` ${plural(undated, "commitment")} without a date ${undated === 1 ? "is" : "are"} not in this chart.` : "");
  byId("timeline-readout").textContent = "";
  byId("timeline-table").hidden = !bins.length;
  if (!bins.length) return replace("timeline", empty(rows));
  const highest = bins.reduce((most, bin) => Math.max(most, bin.total), 1), step = (width - LEFT - RIGHT) / bins.length;
  const y = (value) => height - BOTTOM - (value / highest) * (height - TOP - BOTTOM);
  const columns = bins.map((bin, index) => drawColumn(unit, bin, LEFT + index * step, step, y, height));
  const label = `Commitments by ${unit}, ${bins.length} columns stacked by kind. Arrow keys move, Enter looks closer.`;
  replace("timeline", svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": label },
    drawScale(width, highest, y), columns, drawTicks(unit, bins, step, width, height)));
  wireColumns(columns, unit, bins);
  tableOfPeriods(unit, bins);
}

// One stop of the Tab key for the whole chart; arrows move inside.
function wireColumns(columns, unit, bins) {
  const go = (index) => columns[Math.max(0, Math.min(columns.length - 1, index))].focus();
  const zoom = (bin) => change({ from: isoDay(bin.day), until: isoDay(nextDay(unit, bin.day) - 1) });
  columns.forEach((column, index) => {
    const tell = () => (byId("timeline-readout").textContent = tellBin(unit, bins[index]));
    const moves = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: columns.length - 1 };
    column.addEventListener("pointerenter", tell);
    column.addEventListener("focus", () => {
      for (const other of columns) other.setAttribute("tabindex", other === column ? 0 : -1);
      tell();
    });
    column.addEventListener("click", () => zoom(bins[index]));
    column.addEventListener("keydown", (event) => {
      if (event.key in moves) go(moves[event.key]);
      else if (event.key === "Enter" || event.key === " ") zoom(bins[index]);
      else return;
      event.preventDefault();
    });
  });
  columns[0].setAttribute("tabindex", 0);
}

function tableOfPeriods(unit, bins) {
  const { kinds } = data.figures;
  const head = el("tr", {}, el("th", { scope: "col" }, capital(unit)), kinds.map((kind) => el("th", { scope: "col" }, capital(kind))),
    el("th", { scope: "col" }, "All"));
  const body = bins.filter((bin) => bin.total).map((bin) => el("tr", {}, el("th", { scope: "row" }, capital(periodName(unit, bin.day))),
    bin.counts.map((each) => el("td", {}, count(each))), el("td", {}, count(bin.total))));
  const table = el("table", { class: "plain" }, el("caption", {}, `Commitments by ${unit} and kind`), el("thead", {}, head),
    el("tbody", {}, body));
  byId("timeline-table").replaceChildren(el("summary", {}, "Figures as a table"), el("div", { class: "scroll", tabindex: 0 }, table));
}

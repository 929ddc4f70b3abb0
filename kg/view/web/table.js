// All events that pass, sortable, to copy and to save.

const COLUMNS = [
  { key: "when", label: "When", value: (event) => (event.days ? startOf(event) : ""), cell: (event) => sayDate(event.when) || "–" },
  { key: "who", label: "Who", value: (event) => said(event.actors) },
  { key: "did", label: "Did what", value: (event) => action(event), cell: (event) => [h("button", { type: "button", class: "open", on: { click: (click) => { click.stopPropagation(); select("event", event.n, byKeyboard(click)); } } }, action(event)), event.theme ? h("p", { class: "theme" }, event.theme) : ""] },
  { key: "whom", label: "To whom", value: (event) => said(event.targets) },
  { key: "type", label: "Type", value: (event) => event.type, style: "kind" },
  { key: "status", label: "Status", value: (event) => status(event) || "stated" },
  { key: "told", label: "Told by", value: (event) => event.publishers.length, style: "number" },
  { key: "sure", label: "Sure", value: (event) => event.confidence, cell: (event) => (event.confidence ? `.${String(event.confidence).padStart(2, "0")}` : "–"), style: "number" },
];

function buildTable() {
  $("headings").append(...COLUMNS.map((column) => h("th", { scope: "col", "data-key": column.key, class: column.style },
    h("button", { type: "button", on: { click: () => sortBy(column.key) } }, column.label))));
  $("copy").addEventListener("click", async () => announce((await copy(separated(sorted(), "\t"))) ? `${count(passing().length, "row")} copied` : "The browser doesn’t allow copying"));
  $("csv").addEventListener("click", save);
}

function sortBy(key) {
  state.sort = { key, down: state.sort.key === key && !state.sort.down };
  drawTable();
  remember();
}

function sorted() {
  const { key, down } = state.sort;
  const { value } = COLUMNS.find((column) => column.key === key);
  const keyed = passing().map((event) => [event, value(event)]);
  // Plain comparison of folded words: a collator takes a second for a hundred thousand rows.
  const low = new Map(keyed.map(([event, one]) => [event, typeof one === "string" ? folded(one) : one]));
  const compare = (a, b) => (typeof a === "number" ? a - b : (a === "") - (b === "") || (a < b ? -1 : a > b ? 1 : 0));
  return keyed.map(([event]) => event).sort((a, b) => (down ? -1 : 1) * compare(low.get(a), low.get(b)) || a.n - b.n);
}

function drawTable() {
  const list = sorted();
  const [body, more] = stretched(list, (event) => h("tr", { class: `q${event.quad}`, "data-event": event.n, on: { click: () => select("event", event.n) } },
    COLUMNS.map((column) => h("td", { class: column.style }, column.cell ? column.cell(event) : h("bdi", {}, String(column.value(event)))))), { tag: "tbody", first: 200, step: 300, style: "" });
  body.id = "rows";
  $("rows").replaceWith(body);
  $("more-rows").replaceChildren(more);
  $("table-count").textContent = count(list.length, "event");
  const { key, down } = state.sort;
  $("headings").querySelectorAll("th").forEach((th) => {
    if (th.dataset.key === key) th.setAttribute("aria-sort", down ? "descending" : "ascending");
    else th.removeAttribute("aria-sort");
  });
  markRow();
}

function markRow() {
  const n = state.selected && state.selected.kind === "event" ? state.selected.id : null;
  $("rows").querySelectorAll("tr").forEach((tr) => tr.classList.toggle("chosen", tr.dataset.event === String(n)));
}

const SHEET = [
  ["event", (event) => news.base + event.id], ["when", (event) => event.when || ""], ["when_basis", (event) => event.basis || ""],
  ["who", (event) => said(event.actors)], ["did", (event) => lemma(event)], ["whom", (event) => said(event.targets)], ["what_about", (event) => event.theme || ""],
  ["type", (event) => event.type], ["mode", (event) => event.mode || ""], ["contexts", (event) => event.contexts.join(", ")], ["cameo", (event) => event.cameo || ""],
  ["status", (event) => status(event) || "stated"], ["told_by", (event) => event.publishers.join(", ")], ["told_otherwise_by", (event) => event.against.join(", ")],
  ["articles", (event) => event.articles.map((n) => news.articles[n].file).join(", ")], ["confidence", (event) => (event.confidence ? event.confidence / 100 : "")],
];

/** Lines of cells; what a spreadsheet would take for a formula is kept text by an apostrophe. */
function separated(list, sign) {
  const cell = (value) => {
    const text = String(value).replace(/[\t\r\n]+/g, " ").replace(/^(?=[=+\-@])/, "'");
    return /["\t,;]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  };
  return [SHEET.map(([name]) => name), ...list.map((event) => SHEET.map(([, value]) => cell(value(event))))].map((line) => line.join(sign)).join("\r\n");
}

function save() {
  // The mark at the start tells spreadsheets that it is UTF-8.
  const address = URL.createObjectURL(new Blob(["\ufeff", separated(sorted(), ","), "\r\n"], { type: "text/csv" }));
  const link = h("a", { href: address, download: "events.csv" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
  announce(`${count(passing().length, "row")} saved`);
}

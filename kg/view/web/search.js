// The search box: actors by any name, actions with who and whom, articles.

const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
const MOST_FOUND = { actor: 7, event: 5, article: 4 };
let index = null;
let suggestions = [], pointed = -1;

function buildIndex() {
  index = [];
  for (const entity of news.entities) {
    const weight = entity.events.length;
    new Set([entity.name, ...entity.names]).forEach((name) => index.push({ kind: "actor", n: entity.n, words: folded(name), text: entity.name, note: [name === entity.name ? "" : `“${name}”`, entity.kindLabel, count(weight, "event")].filter(Boolean).join(" · "), weight }));
  }
  for (const article of news.articles) index.push({ kind: "article", n: article.n, words: folded(`${titleOf(article)} ${article.publisher}`), text: titleOf(article), note: `article · ${article.publisher}`, weight: 0 });
  for (const event of news.events) index.push({ kind: "event", n: event.n, words: folded(`${said(event.actors)} ${action(event)} ${event.action} ${said(event.targets)} ${event.theme || ""} ${event.type}`), text: sentence(event), note: [event.type, sayDate(event.when)].filter(Boolean).join(" · "), weight: event.publishers.length });
}

function buildSearch() {
  const query = $("query"), list = $("suggestions");
  query.addEventListener("input", suggest);
  query.addEventListener("focus", () => { if (query.value) suggest(); });
  query.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { point(pointed + (event.key === "ArrowDown" ? 1 : -1)); event.preventDefault(); }
    if (event.key === "Escape" && !list.hidden) { closeSuggestions(); event.stopPropagation(); }
    if (event.key === "Enter") { event.preventDefault(); search(); }
  });
  query.addEventListener("blur", () => setTimeout(closeSuggestions, 150)); // a click on a suggestion comes first
}

/** No form: the frame of a notebook doesn't let one be sent. */
function search() {
  if (!suggestions.length) suggest();
  if (suggestions.length) take(suggestions[Math.max(pointed, 0)]);
  else if ($("query").value.trim()) announce(`Nothing is called “${$("query").value}”`);
}

function suggest() {
  if (!index) buildIndex();
  const wanted = folded($("query").value);
  const words = wanted.split(/\s+/);
  const found = { actor: [], event: [], article: [] }, seen = new Set();
  const rank = (entry) => (entry.words === wanted ? 0 : entry.words.startsWith(wanted) ? 1 : entry.words.includes(` ${wanted}`) ? 2 : 3);
  const hits = wanted ? index.filter((entry) => words.every((word) => entry.words.includes(word))) : [];
  hits.map((entry) => [rank(entry), entry]).sort((a, b) => a[0] - b[0] || b[1].weight - a[1].weight || a[1].n - b[1].n).forEach(([, entry]) => {
    const id = entry.kind + entry.n;
    if (seen.has(id) || found[entry.kind].length >= MOST_FOUND[entry.kind]) return;
    seen.add(id);
    found[entry.kind].push(entry);
  });
  suggestions = [...found.actor, ...found.event, ...found.article];
  $("suggestions").replaceChildren(...suggestions.map((entry, place) => h("div", { role: "option", id: `option-${place}`, class: `option ${entry.kind}`, "aria-selected": "false", on: { mousedown: (event) => event.preventDefault(), click: () => take(entry) } },
    h("span", { class: "line", dir: "auto" }, entry.text), h("span", { class: "note" }, entry.note))));
  $("suggestions").hidden = !suggestions.length;
  $("query").setAttribute("aria-expanded", String(suggestions.length > 0));
  point(-1);
}

function point(place) {
  pointed = suggestions.length ? (place + suggestions.length + 1) % (suggestions.length + 1) : -1;
  if (place < 0 || pointed === suggestions.length) pointed = place < -1 ? suggestions.length - 1 : -1;
  $("suggestions").querySelectorAll("[role=option]").forEach((option, at) => { option.setAttribute("aria-selected", String(at === pointed)); if (at === pointed) option.scrollIntoView({ block: "nearest" }); });
  if (pointed >= 0) $("query").setAttribute("aria-activedescendant", `option-${pointed}`); else $("query").removeAttribute("aria-activedescendant");
}

function closeSuggestions() {
  $("suggestions").hidden = true;
  $("query").setAttribute("aria-expanded", "false");
  $("query").removeAttribute("aria-activedescendant");
  pointed = -1;
}

function take({ kind, n }) {
  closeSuggestions();
  $("query").value = "";
  suggestions = [];
  if (kind === "article") { read(n); return; }
  if (["about", "compare", "articles"].includes(state.view)) show("graph");
  select(kind, n);
}

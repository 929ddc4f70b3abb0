// Which events are shown: facets, switches, dates. What is chosen stands in `filter` and in the address.

const noFilter = () => ({
  quads: new Set(), kinds: new Set(), countries: new Set(), types: new Set(), publishers: new Set(), actors: new Set(),
  from: "", to: "", sure: 0, shared: false, asserted: false, quoted: false,
});
let filter = noFilter(); // an empty set lets everything pass
let passingNow = null;

const FACETS = [
  { key: "kinds", title: "Kind of actor", value: (event) => ends(event).map((n) => news.entities[n].kindLabel) },
  { key: "countries", title: "Country", value: (event) => ends(event).map((n) => news.entities[n].country).filter(Boolean), label: (code) => countryName(code) },
  { key: "types", title: "Type of event", value: (event) => [event.type], label: (code) => code },
  { key: "publishers", title: "Publisher", value: (event) => [...event.publishers, ...event.against] },
];
const ends = (event) => [...event.actors, ...event.targets];
const names = new Map();
function countryName(code) {
  if (!names.size) news.entities.forEach((entity) => { if (entity.country) names.set(entity.country, entity.countryName || entity.country); });
  return names.get(code) || code;
}

function passes(event) {
  const f = filter;
  return (!f.quads.size || f.quads.has(event.quad))
    && (!f.shared || event.publishers.length >= SHARED)
    && (!f.asserted || !status(event))
    && (!f.quoted || event.quoted)
    && event.confidence >= f.sure
    && FACETS.every(({ key, value }) => !f[key].size || value(event).some((one) => f[key].has(one)))
    && (!f.actors.size || ends(event).some((n) => f.actors.has(n)) || event.speakers.some((n) => f.actors.has(n)))
    && inRange(event.days);
}

function inRange(range) {
  if (!filter.from && !filter.to) return true;
  if (!range) return false;
  const [first, last] = range;
  return (!filter.from || !last || last >= filter.from) && (!filter.to || !first || first <= filter.to);
}

function passing() {
  if (!passingNow) passingNow = news.events.filter(passes);
  return passingNow;
}

/** Take over a change of the filters. */
function refilter() {
  passingNow = null;
  showFilters();
  redrawView();
  $("status").textContent = "";
  sayHowMany();
  remember();
}

function sayHowMany() {
  const n = passing().length, all = news.events.length;
  const undated = filter.from || filter.to ? news.events.filter((event) => !event.days).length : 0;
  $("status").textContent = n === all ? "" : `${NUMBER.format(n)} of ${count(all, "event")}${undated ? `; ${undated} without a date left out` : ""}`;
}

function tally(value) {
  const counts = new Map();
  for (const event of news.events) for (const one of new Set(value(event))) counts.set(one, (counts.get(one) || 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

function toggle(set, value) { if (!set.delete(value)) set.add(value); refilter(); }

function buildFilters() {
  const perQuad = new Map(tally((event) => [event.quad]));
  const quads = news.quads.filter((quad) => perQuad.has(quad.id));
  $("quads").append(...quads.map((quad) => h("label", { class: `choice q${quad.id}` },
    h("input", { type: "checkbox", id: `quad-${quad.id}`, on: { change: () => chooseQuad(quad.id, quads) } }),
    quad.label, h("span", { class: "n" }, NUMBER.format(perQuad.get(quad.id))))));
  for (const [id, key] of [["only-shared", "shared"], ["only-asserted", "asserted"]]) {
    $(id).addEventListener("change", () => { filter[key] = $(id).checked; refilter(); });
  }
  $("more").addEventListener("click", () => openFacets($("facets").hidden));
}

function chooseQuad(id, quads) {
  // An empty set means all: the first box taken away leaves the others.
  if (!filter.quads.size) quads.forEach((quad) => filter.quads.add(quad.id));
  if (!filter.quads.delete(id)) filter.quads.add(id);
  if (quads.every((quad) => filter.quads.has(quad.id))) filter.quads.clear();
  if (!filter.quads.size && !$(`quad-${id}`).checked) filter.quads.add(-1); // all taken away: nothing passes
  if (filter.quads.size > 1) filter.quads.delete(-1);
  refilter();
}

function openFacets(open) {
  $("facets").hidden = !open;
  $("more").setAttribute("aria-expanded", String(open));
  if (open && !$("facets").childElementCount) buildFacets();
  showFilters();
  resizeGraph();
}

const MOST_VALUES = 200; // boxes in one facet; beyond that the search finds the actor
function buildFacets() {
  const from = dateField("from", "From"), to = dateField("to", "To");
  const sure = h("input", { type: "range", id: "sure", min: 0, max: 95, step: 5, on: { input: () => { filter.sure = Number(sure.value); refilter(); } } });
  $("facets").append(
    h("fieldset", {}, h("legend", {}, "Date and certainty"), from, to,
      h("label", { class: "field" }, h("span", {}, "Confidence at least ", h("output", { id: "sure-said" })), sure),
      h("label", { class: "choice" }, h("input", { type: "checkbox", id: "only-quoted", on: { change: (event) => { filter.quoted = event.target.checked; refilter(); } } }), "From quotations only")),
    ...FACETS.map((facet) => h("fieldset", {}, h("legend", {}, facet.title),
      h("div", { class: "values", tabindex: 0, role: "group", "aria-label": facet.title }, tally(facet.value).slice(0, MOST_VALUES).map(([value, n]) => h("label", { class: "choice" },
        h("input", { type: "checkbox", "data-facet": facet.key, value, on: { change: () => toggle(filter[facet.key], value) } }),
        h("span", { class: "value" }, facet.label ? facet.label(value) : value), h("span", { class: "n" }, NUMBER.format(n))))))),
    h("p", { class: "note" }, "One actor: search for it and choose “Only its events”."));
}

function dateField(key, label) {
  return h("label", { class: "field" }, h("span", {}, label), h("input", { type: "date", id: `date-${key}`, on: { change: (event) => { filter[key] = event.target.value; refilter(); } } }));
}

/** Bring boxes and chips in line with `filter`. */
function showFilters() {
  news.quads.forEach((quad) => { const box = $(`quad-${quad.id}`); if (box) box.checked = !filter.quads.size || filter.quads.has(quad.id); });
  $("only-shared").checked = filter.shared;
  $("only-asserted").checked = filter.asserted;
  if ($("facets").childElementCount) {
    $("facets").querySelectorAll("[data-facet]").forEach((box) => { box.checked = filter[box.dataset.facet].has(box.value); });
    $("date-from").value = filter.from;
    $("date-to").value = filter.to;
    $("sure").value = filter.sure;
    $("sure-said").textContent = filter.sure ? `.${String(filter.sure).padStart(2, "0")}` : "any";
    $("only-quoted").checked = filter.quoted;
  }
  const chips = activeChips();
  $("active").hidden = !chips.length;
  $("active").replaceChildren(...chips, chips.length > 1 ? button("Clear all", () => { filter = noFilter(); refilter(); }, { class: "link" }) : "");
  const n = chips.length;
  $("more").textContent = `${$("facets").hidden ? "More" : "Fewer"} filters${$("facets").hidden && n ? ` (${n})` : ""}`;
}

function activeChips() {
  const chip = (text, off) => h("button", { type: "button", class: "chip", "aria-label": `Take away the filter ${text}`, on: { click: () => { off(); refilter(); } } }, text, h("span", { "aria-hidden": "true" }, " ×"));
  const chips = [...filter.actors].map((n) => chip(news.entities[n].name, () => filter.actors.delete(n)));
  for (const { key, label } of FACETS) for (const value of filter[key]) chips.push(chip(label ? label(value) : value, () => filter[key].delete(value)));
  if (filter.from || filter.to) chips.push(chip([filter.from && `from ${sayDate(filter.from)}`, filter.to && `to ${sayDate(filter.to)}`].filter(Boolean).join(" "), () => { filter.from = filter.to = ""; }));
  if (filter.sure) chips.push(chip(`confidence ≥ .${String(filter.sure).padStart(2, "0")}`, () => { filter.sure = 0; }));
  if (filter.quoted) chips.push(chip("quotations only", () => { filter.quoted = false; }));
  return chips;
}

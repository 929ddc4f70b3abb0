// The side panel: the overview, an actor, an event with every sentence that tells it, a list of events.

/** Show something in the side panel; `null` goes back to the overview. */
function select(kind, id = null, { focus = false, keep = false } = {}) {
  state.selected = kind ? { kind, id } : null;
  if (!keep) state.focus = null;
  if (kind === "actor") expand(id);
  if (kind === "event") reveal(ends(news.events[id]));
  if (kind === "events") id.forEach((n) => reveal(ends(news.events[n])));
  drawPanel(focus);
  if (kind && !isDrawn()) drawGraph(); else selectInDrawing();
  keepInSight();
  markRow();
  remember({ step: true });
  if (kind && !wide() && state.view !== "articles") $("panel").scrollIntoView({ block: "start" });
}

/** Whether the drawing already has everything that is selected: then nothing needs to be drawn anew. */
function isDrawn() {
  const wanted = state.selected.kind === "actor" ? [state.selected.id, ...neighbours(state.selected.id)]
    : state.selected.kind === "group" ? [] : [].concat(state.selected.id).flatMap((n) => ends(news.events[n]));
  return wanted.map((n) => unitOf(n)).every((unit) => unit === null || unitsNow.has(unit));
}

function drawPanel(focus = false) {
  const { kind, id } = state.selected || {};
  const panel = $("panel");
  const made = kind === "event" ? eventPanel(news.events[id]) : kind === "events" ? listPanel(id)
    : kind === "actor" ? actorPanel(news.entities[id]) : kind === "group" ? groupPanel(news.groups[id]) : overview();
  panel.replaceChildren(...made.flat(2).filter(Boolean));
  panel.scrollTop = 0;
  panel.dataset.id = kind === "actor" ? news.entities[id].id : kind === "event" ? news.events[id].id : "";
  if (focus) panel.querySelector("h2").focus();
}

const byKeyboard = (event) => ({ focus: event.detail === 0 });
const actorButton = (n, style = "link") => h("button", { type: "button", class: style, on: { click: (event) => select("actor", n, byKeyboard(event)) } }, h("bdi", {}, news.entities[n].name));
const actorList = (ns, style) => ns.flatMap((n, place) => [place ? (place === ns.length - 1 ? " and " : ", ") : "", actorButton(n, style)]);

/** Who did what to whom; a name that turns the reading direction turns nothing but itself. */
const line = (event) => h("span", { class: "line" }, event.actors.length ? h("bdi", {}, said(event.actors)) : "somebody", " ", h("span", { class: "act" }, action(event)),
  event.targets.length ? [" → ", h("bdi", {}, said(event.targets))] : "");

/** One event as a line in a list; under a heading that says its date it need not say it again. */
function row(event, { under = "" } = {}) {
  const date = sayDate(event.when);
  const rest = [status(event) && h("i", {}, status(event)), event.theme].filter(Boolean);
  return h("li", {}, h("button", { type: "button", class: `row q${event.quad}`, "data-event": event.id, on: { click: (click) => select("event", event.n, byKeyboard(click)) } },
    line(event),
    h("span", { class: "aside" }, [event.publishers.length >= SHARED ? `${event.publishers.length} publishers` : "", date === under ? "" : date].filter(Boolean).join(" · ")),
    rest.length ? h("span", { class: "said" }, rest.flatMap((part, place) => (place ? [" · ", part] : [part]))) : null));
}
const rows = (list, options = {}) => stretched(list, (event) => row(event, options), { first: 30, ...options });

const back = () => h("button", { type: "button", class: "link", on: { click: (event) => select(null, null, byKeyboard(event)) } }, "← Overview");
const toGraph = () => (state.view === "graph" ? null : button("Show in the graph", () => { state.camera = null; show("graph"); drawGraph(); keepInSight(); }, { class: "link" }));
const topline = (...more) => h("div", { class: "topline" }, back(), ...more, toGraph());

/** Statements and what nobody was met with say least: they come last. */
const plain = (event) => (event.quad === 0) + (event.targets.length === 0);

function overview() {
  const shared = news.events.filter((event) => event.publishers.length >= SHARED)
    .sort((a, b) => b.publishers.length - a.publishers.length || plain(a) - plain(b) || b.told - a.told || byDate(a, b));
  const quads = news.quads.map((quad) => [quad, news.events.filter((event) => event.quad === quad.id).length]).filter(([, n]) => n);
  return [
    h("h2", { tabindex: -1 }, "At a glance"),
    h("p", { class: "lead" }, "Every arrow is something one actor did to another, as the articles tell it. Click an arrow or an actor to read the very sentences."),
    news.whole ? h("p", { class: "lead" }, `This page shows ${selection().join(", from ")}; `, h("code", {}, "kg serve"), " shows all of them.") : null,
    h("p", { class: "balance", "aria-hidden": "true" }, quads.map(([quad, n]) => { const bar = h("span", { class: `q${quad.id}`, title: `${quad.label}: ${n}` }); bar.style.flexGrow = n; return bar; })),
    news.contradictions.length ? section(`Where the tellings differ (${news.contradictions.length})`, stretched(news.contradictions, contradiction, { first: 6 })) : null,
    shared.length ? section(`Told by two or more publishers (${NUMBER.format(shared.length)})`, rows(shared, { first: 8, step: 30 })) : null,
    news.first.length ? section("Most active", h("p", { class: "inline" }, news.first.slice(0, 8).map((n) => actorButton(n)))) : null,
    !shared.length ? section("Latest", rows([...news.events].filter((event) => event.targets.length).sort((a, b) => byDate(b, a)), { first: 8, step: 30 })) : null,
    h("p", { class: "small" }, "Read by rules; no person has checked it: who, what and whom can be wrong. Every line leads to the words it rests on; judge by those. ",
      button("How to read this", () => show("about"), { class: "link" })),
  ];
}

/** Who tells the two; the pair isn't in the order of its reason, so none is said to be the first. */
function sides(pair) {
  const [left, right] = [pair.left, pair.right].map(({ article }) => news.articles[article].publisher).sort();
  return left === right ? `both in ${left}` : `${left} and ${right}`;
}

function contradiction(pair) {
  const event = news.events[pair.left.event];
  return h("li", {}, h("button", { type: "button", class: `row q${event.quad}`, on: { click: (click) => select("event", event.n, byKeyboard(click)) } },
    line(event),
    h("span", { class: "said" }, `${pair.reason} · ${sides(pair)}`)));
}

/** What contradicts an event, and the other event where it is one. */
function differing(event) {
  const pairs = news.contradictions.filter((pair) => pair.left.event === event.n || pair.right.event === event.n);
  const others = new Set(pairs.flatMap((pair) => [pair.left.event, pair.right.event]).filter((n) => n !== event.n));
  return [
    pairs.map((pair) => h("p", { class: "warn" }, `The tellings differ: ${pair.reason} (${sides(pair)}).`)),
    others.size ? rows([...others].map((n) => news.events[n])) : null,
  ].flat();
}

function listPanel(ns) {
  const list = ns.map((n) => news.events[n]).sort(byDate);
  return [topline(), h("h2", { tabindex: -1 }, count(list.length, "event")), rows(list)];
}

function groupPanel(group) {
  const open = state.opened.has(group.n);
  return [
    topline(), h("h2", { tabindex: -1 }, unitName(`g${group.n}`)),
    h("p", { class: "lead" }, "These actors have more to do with each other than with the rest; a program found them, nobody named the group."),
    h("p", { class: "acts" }, button(open ? "Fold again" : "Unfold", () => { fold(group.n, !open); drawPanel(); })),
    section(count(group.members.length, "actor"), stretched(group.members, (n) => h("li", {}, actorButton(n), h("span", { class: "n" }, ` ${news.entities[n].events.length}`)), { style: "plainlist" })),
  ];
}

function actorPanel(entity) {
  const list = entity.events.filter(passes);
  const did = list.filter((event) => event.actors.includes(entity.n)).sort(byDate);
  const met = list.filter((event) => event.targets.includes(entity.n)).sort(byDate);
  const says = entity.says.filter(passes).sort(byDate);
  const left = entity.events.length - list.length;
  const tags = [entity.kindLabel, entity.countryName !== entity.name ? entity.countryName : null, entity.sectorLabel].filter(Boolean);
  return [
    topline(),
    h("h2", { tabindex: -1 }, h("bdi", {}, entity.name)),
    entity.role ? h("p", { class: "lead" }, entity.role) : null,
    h("p", { class: "tags" }, tags.map((text) => h("span", { class: "tag" }, text))),
    entity.names.length ? h("p", { class: "lead" }, "Also named ", entity.names.join(", ")) : null,
    actorActs(entity),
    left ? h("p", { class: "small near" }, `${count(left, "event")} more, which the filters hide`) : null,
    did.length ? section(`Did (${NUMBER.format(did.length)})`, rows(did)) : null,
    met.length ? section(`Was met with (${NUMBER.format(met.length)})`, rows(met)) : null,
    says.length ? section(`Says so (${NUMBER.format(says.length)})`, rows(says)) : null,
  ];
}

function actorActs(entity) {
  const { n } = entity;
  const hidden = neighbours(n).filter((other) => unitOf(other) === null).length;
  const redraw = () => { drawPanel(); drawGraph(); remember(); };
  return h("p", { class: "acts" },
    button(filter.actors.has(n) ? "All events again" : "Only its events", () => { toggle(filter.actors, n); drawPanel(); }),
    entity.node && [
      hidden ? button(`Add ${Math.min(hidden, MOST_EXPANDED)} of ${count(hidden, "more neighbour")}`, () => { expand(n); redraw(); }) : null,
      button(state.pinned.has(n) ? "Unpin" : "Pin", () => { pin(n); drawPanel(); }, { "aria-pressed": String(state.pinned.has(n)) }),
      button("Hide", () => hide(n)),
    ]);
}

function eventPanel(event) {
  const about = event.concerns.map((n) => news.events[n]);
  const answers = news.events.filter((other) => other.concerns.includes(event.n));
  const cards = h("div", { class: "cards", "aria-busy": "true" }, h("p", { class: "lead" }, "Fetching the sentences …"));
  showCards(event, cards);
  return [
    topline(),
    h("h2", { tabindex: -1, class: `q${event.quad}` },
      ...(event.actors.length ? actorList(event.actors, "name") : ["Somebody"]), " ", h("span", { class: "act" }, action(event)),
      ...(event.targets.length ? [h("span", { class: "arrow" }, " → "), ...actorList(event.targets, "name")] : [])),
    event.theme ? h("p", { class: "theme" }, event.theme) : null,
    h("p", { class: `tags q${event.quad}` }, h("span", { class: "tag code", title: news.types[event.type].definition }, event.type), event.mode ? h("span", { class: "tag" }, spaced(event.mode)) : null,
      event.contexts.map((context) => h("span", { class: "tag" }, spaced(context))),
      status(event) ? h("span", { class: "tag status" }, `${status(event)}: not stated as fact`) : h("span", { class: "tag" }, "stated as fact")),
    differing(event),
    h("h3", { class: "split" }, `Told by ${count(event.publishers.length, "publisher")}${event.against.length ? `, told otherwise by ${event.against.length}` : ""}`,
      h("span", { class: "roles" }, h("span", { class: "who" }, "who"), h("span", { class: "did" }, "did what"), h("span", { class: "whom" }, "to whom"))),
    cards,
    section("How it was read", facts(event)),
    about.length ? section("This is about", rows(about)) : null,
    answers.length ? section("In answer to this", rows(answers)) : null,
  ];
}

function facts(event) {
  const list = [
    ["Kind", quadLabel(event.quad)],
    ["PLOVER", [event.type + (event.mode ? `, ${spaced(event.mode)}` : ""), event.mode && news.modes[event.mode]].filter(Boolean).join(": ")],
    ["CAMEO", [event.cameo, event.cameo && news.cameo[event.cameo]].filter(Boolean).join(": ")],
    ["When", event.when ? sayDate(event.when) + (event.basis ? `, ${BASIS[event.basis] || event.basis}` : "") : "not said"],
    ["Where", event.place !== null ? actorList([event.place]) : null],
    ["Confidence", event.confidence ? `.${String(event.confidence).padStart(2, "0")} (the share of such readings that hold)` : null],
    ["Rule", event.rules.join(", ") || null],
  ];
  return h("dl", { class: "facts" }, list.filter(([, value]) => value).flatMap(([term, value]) => [h("dt", {}, term), h("dd", {}, value)]));
}

/** Every publisher's plainest telling first, so that they stand side by side; then the others in their order. */
function inTurn(event, told) {
  const off = (telling) => (telling.type !== event.type) + (status(telling) !== status(event)) + (telling.actors.length + telling.targets.length === 0);
  const perPublisher = new Map();
  told.map((telling, place) => ({ telling, place })).sort((a, b) => off(a.telling) - off(b.telling) || a.place - b.place).forEach((one) => {
    const { publisher } = news.articles[one.telling.article];
    if (!perPublisher.has(publisher)) perPublisher.set(publisher, []);
    perPublisher.get(publisher).push(one);
  });
  return [...perPublisher.values()].flatMap((own) => own.map((one, round) => ({ ...one, round }))).sort((a, b) => a.round - b.round);
}

const MOST_CARDS = 12; // sentences at once; each may need the text of another article
async function showCards(event, box) {
  const told = inTurn(event, await tellings(event));
  const make = async (from, to) => Promise.all(told.slice(from, to).map(async ({ telling, place }) => card(event, telling, place, await textOf(telling.article))));
  const grow = async (from) => {
    const made = await make(from, from + MOST_CARDS);
    const left = told.length - from - made.length;
    const more = left > 0 ? button(`Show ${Math.min(left, MOST_CARDS)} more of ${left}`, () => { more.remove(); grow(from + MOST_CARDS); }) : "";
    if (!from) box.replaceChildren();
    box.append(...made, more);
    box.removeAttribute("aria-busy");
  };
  await grow(0).catch((problem) => box.replaceChildren(h("p", { class: "warn" }, `The sentences can’t be fetched: ${problem.message}`)));
}

/** One sentence: who published it and when, who says so, by which rule it was read, the way to its place. */
function card(event, telling, place, text) {
  const article = news.articles[telling.article];
  const [begin, end] = telling.sentence;
  const against = (telling.negated !== (telling.modality === "denied")) !== (event.negated !== (event.modality === "denied"));
  const notes = [
    status(telling) !== status(event) && (status(telling) || "stated"),
    telling.type !== event.type && `read as ${telling.type}`,
    telling.inferred.length ? `worked out by a rule, not said here: ${telling.inferred.map((role) => ({ actor: "who", target: "to whom", time: "when" })[role] || role).join(", ")}` : "",
  ].filter(Boolean);
  return h("article", { class: against ? "card against" : "card" },
    h("p", { class: "from" }, h("b", {}, article.publisher), h("time", {}, sayDate(article.published))),
    h("blockquote", { dir: "auto" }, marked(text, begin, end, parts(telling))),
    telling.speaker || telling.cue ? h("p", { class: "says" }, ...speech(telling, text)) : null,
    notes.length ? h("p", { class: "notes" }, notes.join(" · ")) : null,
    h("p", { class: "where" }, h("code", {}, [telling.type, telling.cameo].filter(Boolean).join(" ")), telling.rule ? [" by rule ", h("code", {}, telling.rule)] : "",
      h("br"), h("bdi", {}, article.file), `, characters ${begin}–${end}`),
    h("button", { type: "button", class: "link", on: { click: (click) => read(telling.article, { event, telling, place }, byKeyboard(click)) } }, "Read in the article"));
}

function speech(telling, text) {
  const cue = telling.cue ? h("span", { class: "cue" }, ` (“${slice(text, ...telling.cue)}”)`) : "";
  if (!telling.speaker) return ["Somebody unnamed says so", cue];
  const { entity, text: words } = telling.speaker;
  return [telling.quoted ? "In the words of " : "According to ", entity !== null && entity !== undefined ? actorButton(entity) : words || "somebody", cue];
}

// The address: everything that makes a view stands behind its "#", so that a link opens the same view.

const state = {
  view: "graph", selected: null, article: null, focus: null, sort: { key: "when", down: false },
  compared: [null, null],
  scene: "key", shown: new Set(), hidden: new Set(), placed: new Map(), pinned: new Set(), opened: new Set(), camera: null,
};
const SETS = [["kind", "kinds"], ["country", "countries"], ["type", "types"], ["publisher", "publishers"]];
const FLAGS = ["shared", "asserted", "quoted"];
const short = (record) => record.id.replace(/^(entity|event|article)\//, "");
const find = (kind, id) => { const found = byId.get(`${kind}/${id}`) || byId.get(id); return found && found.n; };

let quiet = false; // while an address is being taken over
let written = "";

function remember({ step = false } = {}) {
  if (quiet) return;
  const address = `#${wording()}`;
  if (address === written || (address === "#" && !written)) return;
  written = address;
  // In a notebook's frame the address belongs to nobody; the page works without it.
  try { history[step ? "pushState" : "replaceState"](null, "", address); } catch { /* about:srcdoc */ }
}

function wording() {
  const put = new URLSearchParams();
  const list = (key, values) => { if (values.length) values.forEach((value) => put.append(key, value)); };
  if (state.view !== "graph") put.set("view", state.view);
  if (state.selected) {
    const { kind, id } = state.selected;
    if (kind === "actor") put.set("actor", short(news.entities[id]));
    else if (kind === "event") put.set("event", short(news.events[id]));
    else if (kind === "group") put.set("group", id);
    else list("events", [id.map((n) => short(news.events[n])).join("~")]);
  }
  if (state.article !== null && state.view === "articles") put.set("article", short(news.articles[state.article]));
  if (state.focus) put.set("telling", state.focus.place);
  if (filter.quads.size) put.set("quad", [...filter.quads].sort().join("~"));
  for (const [key, set] of SETS) list(key, [...filter[set]].sort());
  list("only", [...filter.actors].map((n) => short(news.entities[n])));
  for (const key of ["from", "to"]) if (filter[key]) put.set(key, filter[key]);
  if (filter.sure) put.set("sure", filter.sure);
  FLAGS.forEach((key) => { if (filter[key]) put.set(key, 1); });
  if (state.sort.key !== "when" || state.sort.down) put.set("sort", (state.sort.down ? "-" : "") + state.sort.key);
  if (state.compared[0] && state.view === "compare") list("between", state.compared);
  putDrawing(put);
  return put.toString();
}

function putDrawing(put) {
  const first = new Set(news.first);
  const ids = (set) => [...set].map((n) => short(news.entities[n])).join("~");
  if (state.scene !== "key") put.set("draw", state.scene);
  const shown = [...state.shown].filter((n) => !first.has(n));
  if (shown.length && shown.length <= 60) put.set("with", ids(shown));
  if (state.hidden.size) put.set("without", ids(state.hidden));
  if (state.opened.size) put.set("open", [...state.opened].sort((a, b) => a - b).join("~"));
  const moved = [...state.placed].slice(0, 60).map(([n, [x, y]]) => `${short(news.entities[n])}@${Math.round(x)},${Math.round(y)}${state.pinned.has(n) ? "!" : ""}`);
  if (moved.length) put.set("at", moved.join("~"));
  if (state.camera) put.set("see", state.camera.map((value, place) => (place === 2 ? value.toFixed(3) : Math.round(value))).join(","));
}

/** Set `state` and `filter` to what an address says; whatever it doesn't know is left out. */
function recall(address) {
  const got = new URLSearchParams(address.replace(/^#/, ""));
  const several = (key) => (got.get(key) || "").split("~").filter(Boolean);
  const actors = (key) => several(key).map((id) => find("entity", id)).filter((n) => n !== undefined);
  const known = (n) => n !== undefined && n !== null;
  filter = noFilter();
  several("quad").map(Number).forEach((id) => filter.quads.add(id));
  for (const [key, set] of SETS) got.getAll(key).forEach((value) => filter[set].add(value));
  got.getAll("only").map((id) => find("entity", id)).filter(known).forEach((n) => filter.actors.add(n));
  for (const key of ["from", "to"]) if (/^\d{4}-\d{2}-\d{2}$/.test(got.get(key) || "")) filter[key] = got.get(key);
  filter.sure = Math.min(Math.max(Number(got.get("sure")) || 0, 0), 100);
  FLAGS.forEach((key) => { filter[key] = got.get(key) === "1"; });
  const view = got.get("view");
  state.view = VIEWS[view] ? view : "graph";
  const sort = got.get("sort") || "when";
  state.sort = { key: COLUMNS.some((column) => column.key === sort.replace(/^-/, "")) ? sort.replace(/^-/, "") : "when", down: sort.startsWith("-") };
  state.scene = ["groups", "all"].includes(got.get("draw")) && sceneFits(got.get("draw")) ? got.get("draw") : "key";
  state.shown = new Set([...news.first, ...actors("with")]);
  state.hidden = new Set(actors("without"));
  state.opened = new Set(several("open").map(Number).filter((n) => news.groups[n]));
  state.placed = new Map(); state.pinned = new Set();
  for (const moved of several("at")) {
    const match = /^(.+)@(-?\d+),(-?\d+)(!?)$/.exec(moved);
    const n = match ? find("entity", match[1]) : undefined;
    if (!known(n)) continue;
    state.placed.set(n, [Number(match[2]), Number(match[3])]);
    if (match[4]) state.pinned.add(n);
  }
  const see = (got.get("see") || "").split(",").map(Number);
  state.camera = see.length === 3 && see.every(Number.isFinite) && see[2] > 0 ? see : null;
  const pair = got.getAll("between").filter((name) => publishers().includes(name));
  state.compared = pair.length === 2 ? pair : [null, null];
  state.selected = recalledSelection(got, several, known);
  const article = got.get("article") ? find("article", got.get("article")) : null;
  state.article = known(article) ? article : null;
  const telling = Number(got.get("telling"));
  state.wanted = got.get("telling") !== null && Number.isInteger(telling) ? telling : null;
}

function recalledSelection(got, several, known) {
  const actor = got.get("actor") ? find("entity", got.get("actor")) : null;
  const event = got.get("event") ? find("event", got.get("event")) : null;
  const list = several("events").map((id) => find("event", id)).filter(known);
  const group = got.get("group");
  if (known(actor)) return { kind: "actor", id: actor };
  if (known(event)) return { kind: "event", id: event };
  if (list.length) return { kind: "events", id: list };
  return group !== null && news.groups[Number(group)] ? { kind: "group", id: Number(group) } : null;
}

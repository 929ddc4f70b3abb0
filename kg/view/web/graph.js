// Who is drawn, joined by what: scenes, bundles of events, expanding, hiding, pinning.

const MOVED = 250; // arrows; beyond that a picture of the drawing is moved, not the drawing
const LARGE = 600; // arrows; beyond that they are straight, and plain lines from afar: a fifth of a second for 1,000 bent ones
const MOST_EDGES = 20000; // beyond that software rendering stops being smooth: groups only
const MOST_EXPANDED = 12; // neighbours that a click adds at once
const TALL = [0.8, 1.6]; // a phone held upright is higher than wide, the drawing is made for a laptop
const CHUNK = 1200; // nodes or arrows handed to vis-network at once: a task of some 50 ms

const nodes = new vis.DataSet();
const edges = new vis.DataSet();
let network = null;
let bundles = []; // what is drawn: events alike in direction, action and status share an arrow
let bundleOf = new Map();
let unitsNow = new Map(); // unit -> place; a unit is an actor's number or "g3" for a folded group
let fed = false; // whether vis-network has all of it
let drawing = 0; // the latest drawing; older ones give up

const isGroup = (unit) => typeof unit === "string";
const groupOf = (unit) => news.groups[Number(unit.slice(1))];
const actorsWithNode = () => news.nodes.length;

const SCENES = [
  { key: "key", label: () => `${news.first.length} key actors`, fits: () => true },
  { key: "groups", label: () => `${NUMBER.format(news.groups.length)} groups`, fits: () => news.groups.length > 0 },
  { key: "all", label: () => `All ${NUMBER.format(actorsWithNode())}`, fits: () => news.edges.length <= MOST_EDGES && actorsWithNode() > news.first.length },
];
const sceneFits = (key) => SCENES.find((scene) => scene.key === key).fits();

/** What stands for an actor in this scene: itself, its folded group, or nothing. */
function unitOf(n) {
  const { node, group } = news.entities[n];
  if (!node || state.hidden.has(n)) return null;
  if (state.scene === "all") return n;
  if (state.scene === "groups") return state.opened.has(group) ? n : `g${group}`;
  return state.shown.has(n) ? n : null;
}

/** Bundle what passes; `inside` gets the folded groups whose members have to do with each other. */
function collect(inside) {
  const plain = state.scene === "groups" || (state.scene === "all" && news.edges.length > LARGE);
  const found = new Map();
  for (const event of passing()) {
    for (const { from, to } of event.edges) {
      const a = unitOf(from), b = unitOf(to);
      if (a === null || b === null) continue;
      if (a === b && isGroup(a)) { inside.add(a); continue; }
      const dashed = Boolean(status(event));
      const label = plain ? "" : doing(event, !isGroup(a) && isPlural(a));
      const id = `${a}>${b}>${event.quad}${dashed ? "-" : "+"}${label}`;
      let bundle = found.get(id);
      if (!bundle) found.set(id, (bundle = { id, from: a, to: b, quad: event.quad, dashed, label, told: 0, events: [] }));
      bundle.events.push(event.n);
      bundle.told = Math.max(bundle.told, event.publishers.length);
    }
  }
  return [...found.values()];
}

/** Give each arrow between the same two actors a bend of its own, whichever way it points. */
function bend(list) {
  const pairs = new Map();
  for (const bundle of list) {
    const [a, b] = [String(bundle.from), String(bundle.to)];
    const pair = a < b ? `${a}|${b}` : `${b}|${a}`;
    bundle.forward = a <= b;
    if (!pairs.has(pair)) pairs.set(pair, []);
    pairs.get(pair).push(bundle);
  }
  for (const siblings of pairs.values()) {
    const step = Math.min(0.2, 1.2 / siblings.length);
    siblings.sort((a, b) => b.forward - a.forward);
    siblings.forEach((bundle, place) => {
      const side = (place - (siblings.length - 1) / 2) * step * (bundle.forward ? 1 : -1);
      bundle.smooth = Math.abs(side) < 1e-6 ? false : { enabled: true, type: side > 0 ? "curvedCW" : "curvedCCW", roundness: Math.abs(side) };
    });
  }
}

function placeOf(unit) {
  if (isGroup(unit)) return groupOf(unit).centre;
  if (state.placed.has(unit)) return state.placed.get(unit);
  const { near, far } = news.entities[unit].node;
  if (state.scene !== "key" && far) return far;
  const [x, y] = near || [0, 0];
  return $("canvas").clientWidth < 520 ? [x * TALL[0], y * TALL[1]] : [x, y];
}

function drawnEdge(bundle, large, thick) {
  const ink = colour(`--quad-${bundle.quad}`);
  // Between groups the number of events counts; between actors how many tell it.
  const width = (isGroup(bundle.from) && isGroup(bundle.to) ? 0.3 + 0.35 * Math.log2(bundle.events.length) : 0.7 + 0.9 * Math.min(bundle.told, 6)) * thick;
  return {
    id: bundle.id, from: bundle.from, to: bundle.to, dashes: bundle.dashed ? [6 * thick, 4 * thick] : false, width,
    smooth: large ? false : bundle.smooth, selfReference: LOOP,
    title: large && !isGroup(bundle.from) ? undefined : `${unitName(bundle.from)} → ${unitName(bundle.to)}\n${bundle.label || quadLabel(bundle.quad)}: ${count(bundle.events.length, "event")}, told by ${count(bundle.told, "publisher")}`,
    color: { color: ink, highlight: ink, hover: ink },
  };
}

const quadLabel = (id) => news.quads.find((quad) => quad.id === id).label;
function unitName(unit) {
  if (!isGroup(unit)) return news.entities[unit].name;
  const { members } = groupOf(unit);
  const named = members.length < 4 ? 1 : 2;
  const rest = members.length - named;
  return members.slice(0, named).map((n) => news.entities[n].name).join(", ") + (rest > 0 ? ` and ${NUMBER.format(rest)} more` : "");
}

function drawnNode(unit) {
  const [x, y] = placeOf(unit);
  const node = isGroup(unit) ? news.entities[groupOf(unit).members[0]].node : news.entities[unit].node;
  const fill = colour(`--node-${node.group}`), line = colour(`--edge-${node.group}`);
  const strong = { background: fill, border: colour("--ink") };
  const large = isGroup(unit);
  return {
    id: unit, x, y, shape: large ? "dot" : node.shape, size: sizeOf(unit),
    title: large ? `${unitName(unit)}: click to unfold` : `${news.entities[unit].name}\n${news.entities[unit].role || news.entities[unit].kindLabel}`,
    borderWidth: state.pinned.has(unit) ? 3.5 : 1.6, borderWidthSelected: 3.2,
    color: { background: fill, border: line, highlight: strong, hover: { background: fill, border: colour("--ink") } },
  };
}

/** Draw what passes; vis-network gets a large graph in pieces, so that no task is long. */
function drawGraph({ refit = false } = {}) {
  const mine = ++drawing;
  const inside = new Set();
  bundles = collect(inside);
  const large = bundles.length > LARGE;
  if (!large) bend(bundles);
  bundleOf = new Map(bundles.map((bundle) => [bundle.id, bundle]));
  const joined = new Set([...bundles.flatMap((bundle) => [bundle.from, bundle.to]), ...inside]);
  state.pinned.forEach((n) => { if (unitOf(n) === n) joined.add(n); });
  if (state.selected && state.selected.kind === "actor" && unitOf(state.selected.id) === state.selected.id) joined.add(state.selected.id);
  const units = [...joined].sort((a, b) => weight(b) - weight(a));
  unitsNow = new Map(units.map((unit) => [unit, placeOf(unit)]));
  $("canvas").dataset.state = "drawing";
  showScenes();
  showLegend();
  if (refit && large) fit();
  network.setOptions({
    interaction: { hover: !large || state.scene === "groups" }, // looking for an arrow under the mouse asks all of them
    edges: { arrows: { to: { enabled: true, scaleFactor: state.scene === "groups" ? 0.9 : 0.6 } } },
  });
  const thick = state.scene === "groups" ? 14 : 1;
  fed = false;
  edges.clear(); nodes.clear();
  $("empty").hidden = units.length > 0;
  Object.assign($("canvas").dataset, { nodes: units.length, edges: bundles.length });
  if (!large) {
    nodes.add(units.map(drawnNode));
    edges.add(bundles.map((bundle) => drawnEdge(bundle, false, thick)));
    if (refit) fit(); // bows are measured too
  } else {
    // What is seen from afar needs no vis-network: it gets its nodes and arrows while the reader looks.
    selectInDrawing();
    const pieces = [[nodes, units, drawnNode], [edges, bundles, (bundle) => drawnEdge(bundle, true, thick)]];
    if (state.scene !== "groups") { feed(mine, pieces); return; }
    pieces.forEach(([set, list, make]) => set.add(list.map(make)));
  }
  drawn();
}

function drawn() {
  fed = true;
  selectInDrawing();
  $("canvas").dataset.state = "ready";
}

async function feed(mine, pieces) {
  $("canvas").dataset.state = "ready";
  for (const [set, list, make] of pieces) {
    for (let start = 0; start < list.length; start += CHUNK) {
      await nextFrame();
      if (mine !== drawing) return;
      network.renderer.allowRedraw = false; // what is seen doesn't change
      set.add(list.slice(start, start + CHUNK).map(make));
      await nextFrame();
      network.renderer.allowRedraw = true;
    }
  }
  if (mine === drawing) drawn();
}

const sizeOf = (unit) => (isGroup(unit) ? groupOf(unit).radius * 0.6 : news.entities[unit].node.size);
const weight = (unit) => (isGroup(unit) ? groupOf(unit).members.length + 1000 : news.entities[unit].node.size);

/** What stays bright: the selected event with its actors, or the selected actor with its neighbours. */
function litSet() {
  if (!state.selected) return null;
  const { kind, id } = state.selected;
  if (kind === "group") return null;
  const near = kind === "event" ? [news.events[id]] : kind === "events" ? id.map((n) => news.events[n]) : news.entities[id].events;
  const lit = new Set(near.map((event) => event.n));
  const found = bundles.filter((bundle) => bundle.events.some((n) => lit.has(n)));
  const own = kind === "actor" ? unitOf(id) : null;
  if (!found.length && own === null) return null;
  return { bundles: found, units: new Set([...found.flatMap((bundle) => [bundle.from, bundle.to]), ...(own === null ? [] : [own])]) };
}

function selectInDrawing() {
  lit = litSet();
  network.unselectAll();
  const { kind, id } = state.selected || {};
  const own = kind === "actor" ? unitOf(id) : null;
  if (own !== null && nodes.get(own)) network.selectNodes([own], false);
  else if (lit && kind !== "actor") network.selectEdges(lit.bundles.map((bundle) => bundle.id));
  network.redraw();
}

// ---------------------------------------------------------------- what a reader does

function neighbours(n) {
  const counts = new Map();
  for (const event of news.entities[n].events) {
    if (!passes(event)) continue;
    for (const { from, to } of event.edges) {
      if (from !== n && to !== n) continue;
      const other = from === n ? to : from;
      if (other !== n) counts.set(other, (counts.get(other) || 0) + 1);
    }
  }
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([other]) => other);
}

/** Add actors to the drawing, those who have no place there around `anchor`. */
function reveal(list, anchor = null) {
  list = list.filter((n) => news.entities[n].node);
  list.forEach((n) => state.hidden.delete(n));
  if (state.scene !== "key") return;
  const fresh = list.filter((n) => !state.shown.has(n));
  const start = anchor !== null && news.entities[anchor].node ? anchor : list.find((n) => state.shown.has(n));
  for (const n of fresh) {
    state.shown.add(n);
    if (!news.entities[n].node.near && !state.placed.has(n)) state.placed.set(n, freeSpot(start === undefined || start === n ? null : placeOf(start)));
  }
}

/** A spot near `[x, y]` that keeps clear of everybody drawn, away from the middle if it can. */
function freeSpot(anchor) {
  const taken = [...state.shown].filter((n) => news.entities[n].node && (state.placed.has(n) || news.entities[n].node.near)).map(placeOf);
  const middle = taken.length ? [0, 1].map((axis) => taken.reduce((sum, place) => sum + place[axis], 0) / taken.length) : [0, 0];
  const [x, y] = anchor || middle;
  const outwards = Math.atan2(y - middle[1], x - middle[0]);
  for (let reach = 190; ; reach += 120) {
    const spots = Math.floor((2 * Math.PI * reach) / 140);
    for (let step = 0; step < spots; step++) {
      const turn = outwards + (step % 2 ? 1 : -1) * Math.ceil(step / 2) * ((2 * Math.PI) / spots);
      const spot = [Math.round(x + reach * Math.cos(turn)), Math.round(y + reach * Math.sin(turn))];
      if (taken.every(([u, v]) => Math.abs(u - spot[0]) > 130 || Math.abs(v - spot[1]) > 80)) return spot;
    }
  }
}

function expand(n, most = MOST_EXPANDED) {
  const fresh = neighbours(n).filter((other) => unitOf(other) === null);
  reveal([n, ...fresh.slice(0, most)], n);
  return fresh.length - most;
}

function hide(n) {
  state.hidden.add(n);
  announce(`${news.entities[n].name} is hidden`);
  if (state.selected && state.selected.kind === "actor" && state.selected.id === n) select(null);
  else drawGraph();
  remember();
}

function pin(n) {
  if (state.pinned.delete(n)) state.placed.delete(n);
  else { state.pinned.add(n); state.placed.set(n, placeOf(n)); }
  announce(`${news.entities[n].name} ${state.pinned.has(n) ? "stays where it is, whatever the filters" : "is free again"}`);
  drawGraph();
  remember();
}

function setScene(key) {
  Object.assign(state, { scene: key, camera: null, placed: new Map(), pinned: new Set(), opened: new Set() });
  if (key === "key") state.shown = new Set(news.first);
  drawGraph({ refit: true });
  remember({ step: true });
}

function fold(n, open) {
  if (open) state.opened.add(n); else state.opened.delete(n);
  state.camera = null;
  drawGraph();
  if (open) showPlaces(news.groups[n].members);
  remember({ step: true });
}

function openBundle(id) {
  const bundle = bundleOf.get(id);
  if (bundle.events.length === 1) select("event", bundle.events[0]);
  else select("events", bundle.events);
}

function openUnit(unit, options) {
  if (isGroup(unit)) { fold(Number(unit.slice(1)), true); select("group", Number(unit.slice(1)), options); } else select("actor", unit, options);
}

function showScenes() {
  const fitting = SCENES.filter((scene) => scene.fits());
  $("scenes").hidden = fitting.length < 2;
  $("scenes").replaceChildren(...fitting.map((scene) => button(scene.label(), () => setScene(scene.key), { "aria-pressed": String(scene.key === state.scene) })));
  const extra = [...state.shown].filter((n) => !news.first.includes(n)).length;
  const changed = state.hidden.size + state.placed.size + (state.scene === "key" ? extra : 0);
  $("restore").hidden = !changed;
  $("restore").textContent = state.hidden.size ? `Undo changes (${state.hidden.size} hidden)` : "Undo changes";
  $("hint").hidden = state.scene !== "groups";
  $("hint").textContent = "Each circle is a group of actors who have most to do with each other. Click one to unfold it.";
}

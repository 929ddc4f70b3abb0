// The drawing itself: labels that keep their size and never cover each other, fitting, keys, mouse.

const LABEL = { size: 12.5, line: 15, most: 140, afar: 24, first: 12 };
const EDGE_LABEL = { size: 11.5, height: 16, most: 90, least: 0.4 }; // from further away arrows say nothing
const TRIED = [0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73]; // shares of an arrow's way where its label may stand
const LOOP = { size: 26, angle: Math.PI / 4 }; // an arrow that leads back to where it begins
const PAPER = { width: 680, height: 420 }; // CSS pixels between the margins of A4 and Letter
const FACE = getComputedStyle(document.body).fontFamily;

let lit = null; // what is selected and stays bright
let walker = null; // the unit on which the arrow keys stand
let snapshot = null; // of a large drawing, shown in its place while it is panned or zoomed
let still = null; // the view of the last whole drawing
let settling = 0;
let onPaper = false; // while the page is printed

function buildGraph() {
  network = new vis.Network($("canvas"), { nodes, edges }, {
    physics: false, layout: { improvedLayout: false },
    interaction: { hover: true, tooltipDelay: 250, keyboard: false },
    edges: { arrowStrikethrough: false, selectionWidth: 1.5, hoverWidth: 0.6, smooth: false },
    nodes: { labelHighlightBold: false, chosen: true },
  });
  network.on("click", (click) => {
    walker = null;
    const speck = fromAfar() ? speckAt(click.pointer.DOM) : null;
    if (speck !== null) openUnit(speck);
    else if (click.nodes.length) openUnit(click.nodes[0]);
    else if (click.edges.length) openBundle(click.edges[0]);
    else if (state.selected) select(null);
  });
  ["hoverNode", "hoverEdge"].forEach((name) => network.on(name, () => $("canvas").classList.add("pointing")));
  ["blurNode", "blurEdge"].forEach((name) => network.on(name, () => $("canvas").classList.remove("pointing")));
  network.on("dragStart", (drag) => { if (!drag.nodes.length) freeze(); });
  network.on("dragEnd", dropped);
  network.on("zoom", () => { freeze(); thawSoon(); seen(); });
  network.on("beforeDrawing", (ctx) => { if (snapshot) showSnapshot(ctx); });
  network.on("afterDrawing", overlay);
  lighten(network.renderer);
  addEventListener("beforeprint", () => { onPaper = true; network.setSize(`${PAPER.width}px`, `${PAPER.height}px`); fit(PAPER); network.redraw(); }); // no frame comes before the paper
  addEventListener("afterprint", () => { onPaper = false; network.setSize("100%", "100%"); network.redraw(); look(); });
  $("fit").addEventListener("click", () => { state.camera = null; fit(); remember(); });
  $("zoom-in").addEventListener("click", () => zoom(1.3));
  $("zoom-out").addEventListener("click", () => zoom(1 / 1.3));
  $("restore").addEventListener("click", () => { state.hidden.clear(); setScene(state.scene); });
  $("canvas").addEventListener("keydown", walk);
  $("canvas").addEventListener("focus", () => network.redraw());
  $("canvas").addEventListener("blur", () => { walker = null; network.redraw(); });
  new ResizeObserver(() => { if (state.view === "graph" && !state.camera && !onPaper && $("canvas").clientWidth) { network.redraw(); fit(); } }).observe($("canvas"));
}

/** A large drawing from afar: plain lines and specks, in one stroke for many of the same colour. */
const fromAfar = () => bundles.length > LARGE && state.scene !== "groups" && (network.getScale() < 0.3 || !fed);

function lighten(renderer) {
  for (const [name, quick] of [["_drawArrows", () => {}], ["_drawEdges", quickEdges], ["_drawNodes", quickNodes]]) {
    const thorough = renderer[name].bind(renderer);
    renderer[name] = (ctx, ...more) => (fromAfar() ? quick(ctx) : thorough(ctx, ...more));
  }
}

const STROKE = 400; // lines in one stroke: more make a path that takes long to fill
function quickEdges(ctx) {
  const scale = network.getScale();
  const low = network.DOMtoCanvas({ x: 0, y: 0 }), high = network.DOMtoCanvas({ x: ctx.canvas.clientWidth, y: ctx.canvas.clientHeight });
  ctx.save();
  ctx.globalAlpha = 0.35;
  for (const quad of news.quads) {
    ctx.strokeStyle = colour(`--quad-${quad.id}`);
    for (const dashed of [false, true]) {
      ctx.setLineDash(dashed ? [5 / scale, 4 / scale] : []);
      ctx.lineWidth = 0.7 / scale;
      let n = 0;
      ctx.beginPath();
      for (const bundle of bundles) {
        if (bundle.quad !== quad.id || bundle.dashed !== dashed) continue;
        const [a, b] = unitsNow.get(bundle.from), [c, d] = unitsNow.get(bundle.to);
        if (Math.max(a, c) < low.x || Math.min(a, c) > high.x || Math.max(b, d) < low.y || Math.min(b, d) > high.y) continue;
        ctx.moveTo(a, b);
        ctx.lineTo(c, d);
        if (++n % STROKE === 0) { ctx.stroke(); ctx.beginPath(); }
      }
      ctx.stroke();
    }
  }
  ctx.restore();
}

function quickNodes(ctx) {
  const least = 1.2 / network.getScale();
  const perGroup = new Map();
  for (const [unit, place] of unitsNow) {
    const { group, size } = news.entities[unit].node;
    if (!perGroup.has(group)) perGroup.set(group, []);
    perGroup.get(group).push([...place, Math.max(size * 0.8, least)]);
  }
  for (const [group, specks] of perGroup) {
    ctx.fillStyle = colour(`--edge-${group}`);
    ctx.beginPath();
    for (const [x, y, reach] of specks) { ctx.moveTo(x + reach, y); ctx.arc(x, y, reach, 0, 2 * Math.PI); }
    ctx.fill();
  }
  return {};
}

/** Who stands where the mouse is: vis-network only knows those it has drawn itself. */
function speckAt({ x, y }) {
  const at = network.DOMtoCanvas({ x, y }), near = 8 / network.getScale();
  let best = null, least = Infinity;
  for (const [unit, [u, v]] of unitsNow) {
    const far = Math.hypot(u - at.x, v - at.y) - news.entities[unit].node.size;
    if (far < Math.min(near, least)) { least = far; best = unit; }
  }
  return best;
}

/** Keep a picture of a large drawing: while it moves, moving the picture costs nothing. */
function freeze() {
  if (bundles.length <= MOVED || snapshot || !still) return;
  const { canvas } = network.canvas.frame;
  const picture = document.createElement("canvas");
  picture.width = canvas.width;
  picture.height = canvas.height;
  picture.getContext("2d").drawImage(canvas, 0, 0);
  snapshot = { picture, ...still };
  network.renderer.options.hideNodesOnDrag = network.renderer.options.hideEdgesOnDrag = true;
  network.renderer.dragging = true;
}

function thaw() {
  clearTimeout(settling);
  snapshot = null;
  network.renderer.options.hideNodesOnDrag = network.renderer.options.hideEdgesOnDrag = false;
  network.renderer.dragging = false;
  network.redraw();
}

function thawSoon() {
  clearTimeout(settling);
  settling = setTimeout(() => { if (snapshot) thaw(); }, 220);
}

function showSnapshot(ctx) {
  const { picture, x, y, scale } = snapshot;
  const now = network.getScale() / scale, view = network.getViewPosition(), ratio = ctx.canvas.width / ctx.canvas.clientWidth;
  const shift = [[x, view.x, picture.width], [y, view.y, picture.height]].map(([then, today, size]) => (then - today) * now * scale * ratio + (size / 2) * (1 - now));
  ctx.save();
  ctx.setTransform(now, 0, 0, now, ...shift);
  ctx.drawImage(picture, 0, 0);
  ctx.restore();
}

function dropped(drag) {
  if (snapshot) thaw();
  for (const unit of drag.nodes) {
    const { x, y } = network.getPosition(unit);
    if (isGroup(unit)) continue;
    state.placed.set(unit, [x, y]);
    unitsNow.set(unit, [x, y]);
  }
  if (!drag.nodes.length) seen();
  showScenes();
  remember();
  network.redraw();
}

/** Look where the reader looked last, or at everything. */
function look() {
  if (!state.camera) { fit(); return; }
  const [x, y, scale] = state.camera;
  network.moveTo({ position: { x, y }, scale, animation: false });
}

function seen() {
  const { x, y } = network.getViewPosition();
  state.camera = [x, y, network.getScale()];
  remember();
}

function zoom(factor) {
  network.moveTo({ scale: network.getScale() * factor, animation: false });
  seen();
}

function resizeGraph() {
  if (state.view !== "graph" || !network) return;
  network.setSize("100%", "100%");
  network.redraw();
  if (!state.camera) fit();
}

// ---------------------------------------------------------------- labels

const lines = (unit) => (isGroup(unit) ? unitName(unit).split(/(?<=,) | (?=and [\d,]+ more$)/) : news.entities[unit].node.label.split("\n"));
const widths = new Map();
function widthOf(ctx, text) {
  if (!widths.has(text)) widths.set(text, ctx.measureText(text).width);
  return widths.get(text);
}

/** Everything that keeps its size whatever the zoom, drawn over the picture in CSS pixels. */
function overlay(ctx) {
  if (snapshot) return;
  const ratio = ctx.canvas.width / ctx.canvas.clientWidth || 1;
  const scale = network.getScale(), view = network.getViewPosition();
  still = { ...view, scale };
  const { clientWidth: width, clientHeight: height } = ctx.canvas;
  const toScreen = ({ x, y }) => [(x - view.x) * scale + width / 2, (y - view.y) * scale + height / 2];
  const large = bundles.length > LARGE;
  if (lit) dim(ctx);
  ctx.save();
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  const boxes = onPaper ? [] : [".tools", "#legend"].map((css) => covered(document.querySelector(css)));
  const spots = screenSpots(toScreen, scale, width, height);
  if (walker !== null && unitsNow.has(walker)) ring(ctx, spots.find((spot) => spot.unit === walker));
  // Nobody's name covers another: the most connected are asked first, the selected before all.
  if (!large) spots.forEach((spot) => boxes.push([spot.x - spot.reach, spot.y - spot.reach, spot.x + spot.reach, spot.y + spot.reach, spot.unit]));
  nodeLabels(ctx, spots, boxes);
  const legible = scale >= EDGE_LABEL.least || bundles.length < EDGE_LABEL.most;
  if (large || !legible ? lit && lit.bundles.length < LARGE : true) edgeLabels(ctx, toScreen, scale, boxes, large ? lit.bundles : bundles, width, height);
  ctx.restore();
}

/** Lay a veil over everything and draw what is lit once more on top. */
function dim(ctx) {
  const { nodes: drawn, edges: joined } = network.body;
  ctx.save();
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.globalAlpha = 0.8;
  ctx.fillStyle = colour("--paper");
  ctx.fillRect(0, 0, ctx.canvas.width, ctx.canvas.height);
  ctx.restore();
  const edgesLit = lit.bundles.slice(0, 3000).map((bundle) => joined[bundle.id]).filter(Boolean);
  edgesLit.forEach((edge) => edge.draw(ctx));
  lit.units.forEach((unit) => { if (drawn[unit]) drawn[unit].draw(ctx); });
  edgesLit.forEach((edge) => edge.drawArrows(ctx));
}

function screenSpots(toScreen, scale, width, height) {
  const spots = [];
  for (const unit of unitsNow.keys()) {
    const node = network.body.nodes[unit]; // where it is dragged at this moment
    const [u, v] = unitsNow.get(unit);
    const [x, y] = toScreen(node || { x: u, y: v });
    if (x < -60 || y < -60 || x > width + 60 || y > height + 60) continue;
    spots.push({ unit, x, y, reach: sizeOf(unit) * scale, lit: lit && lit.units.has(unit) });
  }
  return lit ? [...spots.filter((spot) => spot.lit), ...spots.filter((spot) => !spot.lit)] : spots;
}

/** Where a part of the page lies over the drawing: nothing is written there. */
function covered(part) {
  const right = Math.max(...[...part.children].map((one) => one.offsetLeft + one.offsetWidth), 0);
  return Object.assign([part.offsetLeft, part.offsetTop, part.offsetLeft + right, part.offsetTop + part.offsetHeight], { named: true });
}

const overlaps = (a, b) => a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];

/** Where a name may stand, the best place first: under its shape, above it, beside it. */
function labelSpots(x, y, reach, half, height, inside) {
  if (inside) return [[x - half, y - height / 2, x + half, y + height / 2]];
  const across = reach + 4;
  return [
    [x - half, y + reach + 3, x + half, y + reach + 3 + height],
    [x - half, y - reach - 3 - height, x + half, y - reach - 3],
    [x + across, y - height / 2, x + across + 2 * half, y + height / 2],
    [x - across - 2 * half, y - height / 2, x - across, y + height / 2],
  ];
}

function nodeLabels(ctx, spots, boxes) {
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  ctx.lineJoin = "round";
  ctx.font = `500 ${LABEL.size}px ${FACE}`;
  let n = 0;
  // From afar only those who matter are named: specks would drown in their names.
  const most = fromAfar() ? LABEL.afar : LABEL.most;
  for (const { unit, x, y, reach, lit: bright } of spots.slice(0, 6 * most)) {
    if (n >= most) return;
    const text = lines(unit);
    const half = Math.max(...text.map((line) => widthOf(ctx, line))) / 2 + 3;
    const inside = isGroup(unit) && reach > half;
    const free = labelSpots(x, y, reach, half, LABEL.line * text.length, inside).filter((spot) => spot[0] >= 0 && spot[2] <= ctx.canvas.clientWidth);
    const box = free.find((spot) => !boxes.some((other) => other[4] !== unit && overlaps(spot, other)))
      // Who matters most is named even where specks stand: their shapes give way, no name does.
      || (n < LABEL.first && free.find((spot) => !boxes.some((other) => other.named && overlaps(spot, other))));
    if (!box) continue;
    box.push(unit);
    box.named = true;
    boxes.push(box);
    n += 1;
    const middle = (box[0] + box[2]) / 2, top = box[1];
    ctx.globalAlpha = lit && !bright ? 0.45 : 1;
    ctx.strokeStyle = inside ? colour(`--node-${news.entities[groupOf(unit).members[0]].node.group}`) : colour("--paper");
    ctx.lineWidth = 3.5;
    ctx.fillStyle = colour("--ink");
    text.forEach((line, place) => {
      if (!inside) ctx.strokeText(line, middle, top + place * LABEL.line);
      ctx.fillText(line, middle, top + place * LABEL.line);
    });
  }
  ctx.globalAlpha = 1;
}

/** Write on each arrow what was done, at the first place along it where nothing is covered. */
function edgeLabels(ctx, toScreen, scale, boxes, list, width, height) {
  ctx.font = `${EDGE_LABEL.size}px ${FACE}`;
  ctx.textBaseline = "middle";
  ctx.textAlign = "center";
  const bright = lit && new Set(lit.bundles);
  const order = [...list].sort((a, b) => (bright ? bright.has(b) - bright.has(a) : 0) || b.told - a.told || b.events.length - a.events.length);
  let n = 0;
  for (const bundle of order) {
    if (n >= EDGE_LABEL.most || (bright && !bright.has(bundle))) return;
    const edge = network.body.edges[bundle.id];
    if (!edge || !edge.edgeType || !bundle.label) continue;
    const text = bundle.label + (bundle.events.length > 1 ? ` (${bundle.events.length})` : "");
    const half = widthOf(ctx, text) / 2 + 4;
    const far = Math.hypot(edge.from.x - edge.to.x, edge.from.y - edge.to.y) * scale;
    if (bundle.from !== bundle.to && far < half + 24) continue;
    for (const share of TRIED) {
      const [x, y] = toScreen(bundle.from === bundle.to ? besideLoop(edge.from, share) : edge.edgeType.getPoint(share));
      const box = [x - half, y - EDGE_LABEL.height / 2, x + half, y + EDGE_LABEL.height / 2];
      if (box[0] < 0 || box[1] < 0 || box[2] > width || box[3] > height || boxes.some((other) => overlaps(box, other))) continue;
      boxes.push(box);
      n += 1;
      ctx.fillStyle = colour("--paper");
      ctx.fillRect(box[0], box[1], 2 * half, EDGE_LABEL.height);
      ctx.fillStyle = colour(`--quad-${bundle.quad}`);
      ctx.fillText(text, x, y + 0.5);
      break;
    }
  }
}

/** A place at the loop of an arrow that leads back to where it begins: above it, or further out. */
function besideLoop({ x, y }, share) {
  const { size } = LOOP, out = size * (1.2 + share);
  return { x: x + size * 0.8, y: y - size - out };
}

function ring(ctx, spot) {
  if (!spot) return;
  ctx.strokeStyle = colour("--accent");
  ctx.lineWidth = 2.5;
  ctx.beginPath();
  ctx.arc(spot.x, spot.y, spot.reach + 6, 0, 2 * Math.PI);
  ctx.stroke();
}

// ---------------------------------------------------------------- fitting

/** How far a unit reaches to each side: its shape by the zoom, its name always the same. */
function reachOf(ctx, unit) {
  const size = sizeOf(unit);
  if (isGroup(unit) || unitsNow.size > 400) return { size, half: 0, below: 0 };
  const text = lines(unit);
  return { size, half: Math.max(...text.map((line) => widthOf(ctx, line))) / 2 + 4, below: LABEL.line * text.length + 5 };
}

/** Show everything that is drawn, names included, between the tools and the legend. */
function fit(size = null) {
  showPlaces([...unitsNow.keys()], size);
}

function showPlaces(units, size = null) {
  const shown = units.filter((unit) => unitsNow.has(unit));
  if (!shown.length || !network) return;
  const canvas = $("canvas");
  const { width, height } = size || { width: canvas.clientWidth, height: canvas.clientHeight };
  if (!width || !height) return;
  const ctx = document.createElement("canvas").getContext("2d");
  ctx.font = `500 ${LABEL.size}px ${FACE}`;
  const places = [...shown.map((unit) => ({ at: unitsNow.get(unit), ...reachOf(ctx, unit) })), ...bows(new Set(shown))];
  const over = size ? 8 : document.querySelector(".tools").offsetHeight + 26, under = size ? 8 : $("legend").offsetHeight + 24, side = 16;
  const room = [Math.max(width - 2 * side, 80), Math.max(height - over - under, 80)];
  // The names' share grows as the drawing shrinks, so the zoom is searched, not reckoned.
  let low = 0.005, high = 1.15, box = null;
  for (let step = 0; step < 14; step++) {
    const scale = (low + high) / 2;
    box = extent(places, scale);
    if (box[2] - box[0] <= room[0] && box[3] - box[1] <= room[1]) low = scale; else high = scale;
  }
  box = extent(places, low);
  network.moveTo({
    position: { x: (box[0] + box[2]) / 2 / low, y: (box[1] + box[3]) / 2 / low }, scale: low,
    offset: { x: 0, y: (over - under) / 2 }, animation: false,
  });
}

const MOST_BOWS = 400; // among more arrows a bow at the border is one of many
/** The tops of bent arrows between these units: they reach further than who they join. */
function bows(units) {
  if (bundles.length > MOST_BOWS) return [];
  return bundles.filter((bundle) => units.has(bundle.from) && units.has(bundle.to) && (bundle.smooth || bundle.from === bundle.to))
    .map((bundle) => network.body.edges[bundle.id]).filter((edge) => edge && edge.edgeType)
    .map((edge) => { const { x, y } = edge.edgeType.getPoint(0.5); return { at: [x, y], size: 0, half: 30, below: EDGE_LABEL.height }; });
}

function extent(places, scale) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { at: [x, y], size, half, below } of places) {
    const reach = size * scale, across = Math.max(reach, half);
    box[0] = Math.min(box[0], x * scale - across);
    box[1] = Math.min(box[1], y * scale - reach);
    box[2] = Math.max(box[2], x * scale + across);
    box[3] = Math.max(box[3], y * scale + reach + below);
  }
  return box;
}

/** Step back when what was selected has joined the drawing outside the window. */
function keepInSight() {
  const { clientWidth, clientHeight } = $("canvas");
  if (!lit || !clientWidth) return;
  const units = [...lit.units].filter((unit) => unitsNow.has(unit));
  const outside = units.some((unit) => {
    const [x, y] = unitsNow.get(unit);
    const at = network.canvasToDOM({ x, y });
    return at.x < 40 || at.y < 40 || at.x > clientWidth - 40 || at.y > clientHeight - 70;
  });
  if (!outside) return;
  state.camera = null;
  if (state.scene === "key") fit(); else showPlaces(units);
}

// ---------------------------------------------------------------- keys

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Walk the drawing by the keyboard; whoever is reached is told to screen readers. */
function walk(event) {
  const acts = {
    "+": () => zoom(1.3), "=": () => zoom(1.3), "-": () => zoom(1 / 1.3), 0: () => { state.camera = null; fit(); remember(); },
    Enter: () => { if (walker !== null) openUnit(walker, { focus: true }); },
    h: () => { if (walker !== null && !isGroup(walker)) { const gone = walker; walker = null; hide(gone); } },
    p: () => { if (walker !== null && !isGroup(walker)) pin(walker); },
  };
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (ARROWS[event.key]) walker = nextTo(walker, ARROWS[event.key]);
  else if (acts[event.key]) acts[event.key]();
  else return;
  event.preventDefault();
  if (ARROWS[event.key] && walker !== null) {
    const n = isGroup(walker) ? null : news.entities[walker];
    announce(`${unitName(walker)}${n ? `, ${n.kindLabel}, ${count(n.events.length, "event")}` : ""}`);
  }
  network.redraw();
}

/** The nearest unit that way; going straight counts for more than being near. */
function nextTo(unit, [dx, dy]) {
  if (unit === null || !unitsNow.has(unit)) return unitsNow.size ? unitsNow.keys().next().value : null;
  const [x, y] = unitsNow.get(unit);
  let best = unit, least = Infinity;
  for (const [other, [u, v]] of unitsNow) {
    const along = (u - x) * dx + (v - y) * dy, off = Math.abs((u - x) * dy - (v - y) * dx);
    if (other === unit || along <= 0 || off > 2 * along) continue;
    const far = along + 2 * off;
    if (far < least) { least = far; best = other; }
  }
  return best;
}

// ---------------------------------------------------------------- legend

const SHAPES = {
  dot: () => svg("circle", { cx: 7, cy: 7, r: 5.6 }),
  square: () => svg("rect", { x: 2, y: 2, width: 10, height: 10 }),
  diamond: () => svg("path", { d: "M7 .8 13.2 7 7 13.2 .8 7Z" }),
  triangle: () => svg("path", { d: "M7 1.2 13 12.2H1Z" }),
  triangleDown: () => svg("path", { d: "M7 12.8 13 1.8H1Z" }),
  hexagon: () => svg("path", { d: "M4 1.6h6L13.2 7 10 12.4H4L.8 7Z" }),
  star: () => svg("path", { d: "M7 .6l1.9 4.3 4.6.4-3.5 3.1 1 4.6L7 10.6 3 13l1-4.6L.5 5.3l4.6-.4Z" }),
};

function shapeKey(shape, style, text) {
  const drawn = SHAPES[shape]();
  drawn.setAttribute("class", style);
  return h("li", {}, svg("svg", { width: 14, height: 14, "aria-hidden": "true" }, drawn), text);
}

function lineKey(width, dashes, text) {
  const line = svg("line", { x1: 0, y1: 5, x2: 26, y2: 5, class: "line", "stroke-width": width, "stroke-dasharray": dashes });
  return h("li", {}, svg("svg", { width: 26, height: 10, "aria-hidden": "true" }, line), text);
}

function buildLegend() {
  if (!wide()) $("legend").open = false;
  $("legend").addEventListener("toggle", () => { if (!state.camera) fit(); });
}

/** The key to what is drawn now, and to nothing else. */
function showLegend() {
  const drawn = [...unitsNow.keys()].map((unit) => (isGroup(unit) ? news.entities[groupOf(unit).members[0]].node : news.entities[unit].node));
  const shapes = new Set([...unitsNow.keys()].map((unit) => (isGroup(unit) ? "group" : news.entities[unit].node.shape)));
  const tints = new Set(drawn.map((node) => node.group));
  const lines = [
    bundles.some((bundle) => bundle.told < SHARED) && lineKey(1.7, "none", "told by one publisher"),
    bundles.some((bundle) => bundle.told >= SHARED) && lineKey(3.4, "none", "by two or more"),
    bundles.some((bundle) => bundle.dashed) && lineKey(1.7, "5 4", "not stated as fact: proposed, denied, negated …"),
  ];
  const rows = [
    news.shapes.filter((one) => shapes.has(one.shape)).map((one) => shapeKey(one.shape, "shape", one.label)),
    tints.size > 1 || !tints.has(0) ? news.colours.filter((one) => tints.has(one.group)).map((one) => shapeKey("dot", `c${one.group}`, one.label)) : [],
    state.scene === "groups" ? [] : lines.filter(Boolean),
  ];
  $("keys").replaceChildren(...rows.filter((row) => row.length).map((row) => h("ul", { class: "keys" }, row)));
  $("legend").hidden = !unitsNow.size;
}

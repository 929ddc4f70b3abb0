"use strict";
// The page's behaviour. All that came out of an article reaches the document as a text node or a
// canvas label, never as markup. Offsets in the payload count code points; `slice` turns them into text.
(() => {
  const news = JSON.parse(document.getElementById("news").textContent);
  const $ = (id) => document.getElementById(id);
  const indexed = (list) => new Map(list.map((record) => [record.id, record]));
  const articles = indexed(news.articles);
  const entities = indexed(news.entities);
  const events = indexed(news.events);
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const BASIS = { explicit: "as written", relative: "reckoned from the article's date", publication: "the article's own date" };
  const SHARED = 2;
  const PAPER = { width: 680, height: 420 }; // CSS pixels between the margins of A4 and Letter
  const FACE = getComputedStyle(document.body).fontFamily;

  const state = {
    view: "graph", selected: null, article: null, focus: null,
    shown: new Set(news.first), everyone: false,
    sort: { key: "when", down: false },
  };

  // ---------------------------------------------------------------- small tools

  /** Make an element; strings become text nodes. `on` maps event names to listeners. */
  function h(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "on") Object.entries(value).forEach(([type, listener]) => element.addEventListener(type, listener));
      else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
    return element;
  }

  function svg(tag, attributes, ...children) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    element.append(...children);
    return element;
  }

  const letters = new Map();
  /** Cut code points [begin, end) out of an article: JavaScript's own offsets count UTF-16 units. */
  function slice(article, begin, end) {
    if (!letters.has(article.id)) letters.set(article.id, Array.from(article.text));
    return letters.get(article.id).slice(begin, end).join("");
  }

  const count = (n, one, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const names = (ids) => ids.map((id) => entities.get(id).name);
  const titled = (text) => text.charAt(0).toUpperCase() + text.slice(1);
  const spaced = (text) => text.replace(/[_-]/g, " ");

  const SEASONS = { 21: "spring", 22: "summer", 23: "autumn", 24: "winter" }; // as EDTF numbers them
  function sayDate(iso) {
    if (iso && iso.includes("/")) {
      const [from, to] = iso.split("/");
      if (!to || to === "..") return `from ${sayDate(from)}`;
      return !from || from === ".." ? `until ${sayDate(to)}` : `${sayDate(from)} – ${sayDate(to)}`;
    }
    const day = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}:\d{2}))?/.exec(iso || "");
    if (day) return `${Number(day[3])} ${MONTHS[day[2] - 1]} ${day[1]}${day[4] ? `, ${day[4]}` : ""}`;
    const month = /^(\d{4})-(\d{2})$/.exec(iso || "");
    if (month) return `${SEASONS[month[2]] || MONTHS[month[2] - 1] || month[2]} ${month[1]}`;
    const week = /^(\d{4})-W(\d{2})$/.exec(iso || "");
    return week ? `week ${Number(week[2])} of ${week[1]}` : iso || "";
  }

  /** What keeps an event from being a plain fact: "negated", "proposed", ...; "" where it is stated. */
  function status(telling) {
    const parts = [];
    if (telling.negated) parts.push("negated");
    if (telling.modality !== "asserted") parts.push(telling.modality);
    return parts.join(", ");
  }
  const action = (event) => (event.negated ? `not ${event.action}` : event.action);

  // ---------------------------------------------------------------- filters

  function passes(event) {
    const publisher = $("publisher").value;
    return $(`quad-${event.quad}`).checked
      && (!publisher || event.publishers.includes(publisher) || event.against.includes(publisher))
      && (!$("only-asserted").checked || !status(event))
      && (!$("only-shared").checked || event.publishers.length >= SHARED);
  }
  const passing = () => news.events.filter(passes);

  function buildFilters() {
    news.quads.forEach((quad) => {
      const n = news.events.filter((event) => event.quad === quad.id).length;
      if (!n) { // the box must be there for `passes`, though nobody needs to see it
        $("quads").append(h("input", { type: "checkbox", id: `quad-${quad.id}`, checked: true, hidden: true }));
        return;
      }
      $("quads").append(h("label", { class: `choice q${quad.id}` },
        h("input", { type: "checkbox", id: `quad-${quad.id}`, checked: true }),
        quad.label, h("span", { class: "n" }, String(n))));
    });
    const publishers = new Set(news.events.flatMap((event) => [...event.publishers, ...event.against]));
    [...publishers].sort().forEach((name) => $("publisher").append(h("option", { value: name }, name)));
    $("filters").addEventListener("change", refresh);
    $("filters").addEventListener("submit", (event) => event.preventDefault());
  }

  // ---------------------------------------------------------------- graph

  const nodes = new vis.DataSet();
  const edges = new vis.DataSet();
  let network = null;

  const isShown = (id) => state.everyone || state.shown.has(id);

  /** Join the pyvis edges that say the same thing in the same direction: one line, "strike (3)". */
  function bundles() {
    const allowed = new Set(passing().map((event) => event.id));
    const found = new Map();
    for (const edge of news.graph.edges) {
      if (!allowed.has(edge.event) || !isShown(edge.from) || !isShown(edge.to)) continue;
      const key = JSON.stringify([edge.from, edge.to, edge.label, edge.quad, edge.dashes]);
      if (!found.has(key)) found.set(key, { id: key, from: edge.from, to: edge.to, edge, events: [] });
      found.get(key).events.push(edge.event);
    }
    return [...found.values()];
  }

  /** Give each edge between the same two nodes a bend of its own, whichever way it points. */
  function bend(list) {
    const pairs = new Map();
    for (const bundle of list) {
      const pair = JSON.stringify([bundle.from, bundle.to].sort());
      if (!pairs.has(pair)) pairs.set(pair, []);
      pairs.get(pair).push(bundle);
    }
    for (const siblings of pairs.values()) {
      const step = Math.min(0.17, 1.1 / siblings.length);
      siblings.sort((a, b) => (a.from === b.from ? 0 : a.from < b.from ? -1 : 1));
      siblings.forEach((bundle, place) => {
        const side = (place - (siblings.length - 1) / 2) * step * (bundle.from <= bundle.to ? 1 : -1);
        bundle.smooth = Math.abs(side) < 1e-6 ? false
          : { enabled: true, type: side > 0 ? "curvedCW" : "curvedCCW", roundness: Math.abs(side) };
      });
    }
    return list;
  }

  function drawnEdge(bundle, lit) {
    const ink = colour(`--quad-${bundle.edge.quad}`);
    const n = bundle.events.length;
    const told = Math.max(...bundle.events.map((id) => events.get(id).publishers.length));
    const faint = lit && !bundle.events.some((id) => lit.has(id));
    return {
      id: bundle.id, from: bundle.from, to: bundle.to, arrows: bundle.edge.arrows, dashes: bundle.edge.dashes,
      label: faint ? undefined : bundle.edge.label + (n > 1 ? ` (${n})` : ""),
      title: `${names([bundle.from])} → ${bundle.edge.label} → ${names([bundle.to])}\n`
        + `${bundle.edge.kind}${n > 1 ? `, ${n} events` : ""}, told by ${count(told, "publisher")}`,
      width: 0.8 + 0.9 * told, smooth: bundle.smooth, selfReference: { size: 26, angle: Math.PI / 4 },
      color: { color: ink, highlight: ink, hover: ink, opacity: faint ? 0.16 : 1 },
      font: { color: ink, background: colour("--paper"), size: 15, align: "horizontal", face: FACE, strokeWidth: 0 },
    };
  }

  function drawnNode(node, lit) {
    const fill = colour(`--node-${node.group}`), line = colour(`--edge-${node.group}`);
    const faint = lit && !lit.has(node.id);
    const strong = { background: fill, border: colour("--ink") };
    return {
      id: node.id, label: node.label, shape: node.shape, x: node.x, y: node.y, size: node.size, title: node.title,
      opacity: faint ? 0.3 : 1, borderWidth: 1.6, borderWidthSelected: 3,
      color: { background: fill, border: line, highlight: strong, hover: { background: fill, border: line } },
      font: { color: faint ? colour("--muted") : colour("--ink"), size: 17, face: FACE, strokeWidth: 4, strokeColor: colour("--paper"), vadjust: -2 },
    };
  }

  function buildGraph() {
    network = new vis.Network($("canvas"), { nodes, edges }, {
      physics: false, layout: { improvedLayout: false },
      interaction: { hover: true, tooltipDelay: 250, hideEdgesOnDrag: news.graph.edges.length > 800, keyboard: false },
      edges: { arrowStrikethrough: false, arrows: { to: { scaleFactor: 0.6 } }, selectionWidth: 1.5, hoverWidth: 0.6 },
      nodes: { labelHighlightBold: false },
    });
    network.on("click", (click) => {
      if (click.nodes.length) select("entity", click.nodes[0]);
      else if (click.edges.length) openBundle(click.edges[0]);
      else select(null);
    });
    ["hoverNode", "hoverEdge"].forEach((name) => network.on(name, () => $("canvas").classList.add("pointing")));
    ["blurNode", "blurEdge"].forEach((name) => network.on(name, () => $("canvas").classList.remove("pointing")));
    addEventListener("beforeprint", () => { network.setSize(`${PAPER.width}px`, `${PAPER.height}px`); network.redraw(); fit(PAPER); });
    addEventListener("afterprint", () => { network.setSize("100%", "100%"); network.redraw(); fit(); });
    $("everyone").addEventListener("click", () => { state.everyone = !state.everyone; drawGraph(); fit(); });
    $("fit").addEventListener("click", () => fit());
    $("zoom-in").addEventListener("click", () => zoom(1.3));
    $("zoom-out").addEventListener("click", () => zoom(1 / 1.3));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawGraph);
  }

  function zoom(factor) { network.moveTo({ scale: network.getScale() * factor, animation: false }); }

  /** Show all that is drawn, labels included, between the tools and the legend. */
  function fit(size = null) {
    const boxes = nodes.getIds().map((id) => network.getBoundingBox(id));
    if (!boxes.length) return;
    const left = Math.min(...boxes.map((box) => box.left)), right = Math.max(...boxes.map((box) => box.right));
    const top = Math.min(...boxes.map((box) => box.top)), bottom = Math.max(...boxes.map((box) => box.bottom));
    const { clientWidth, clientHeight } = $("canvas");
    const { width, height } = size || { width: clientWidth, height: clientHeight };
    const over = size ? 8 : 56, under = size ? 8 : $("legend").offsetHeight + 22, side = 24;
    const scale = Math.min((width - 2 * side) / (right - left), (height - over - under) / (bottom - top), 1.1);
    network.moveTo({
      position: { x: (left + right) / 2, y: (top + bottom) / 2 }, scale,
      offset: { x: 0, y: (over - under) / 2 }, animation: false,
    });
  }

  function drawGraph() {
    const list = bend(bundles());
    const lit = litSet();
    const joined = new Set(list.flatMap((bundle) => [bundle.from, bundle.to]));
    const selected = state.selected && state.selected.kind === "entity" ? state.selected.id : null;
    const visible = news.graph.nodes.filter((node) => isShown(node.id) && (joined.has(node.id) || node.id === selected));
    edges.clear(); nodes.clear();
    nodes.add(visible.map((node) => drawnNode(node, lit && lit.entities)));
    edges.add(list.map((bundle) => drawnEdge(bundle, lit && lit.events)));
    drawSelection(list);
    const total = news.graph.nodes.length;
    $("everyone").hidden = news.first.length >= total;
    $("everyone").textContent = state.everyone ? `Show the ${news.first.length} most active` : `Show all ${total} actors`;
    $("everyone").setAttribute("aria-pressed", String(state.everyone));
    $("empty").hidden = visible.length > 0;
    $("canvas").dataset.nodes = visible.length;
    $("canvas").dataset.edges = list.length;
  }

  /** What stays bright: the selected event with its actors, or the selected actor with its neighbours. */
  function litSet() {
    if (!state.selected) return null;
    const { kind, id } = state.selected;
    const near = kind === "event" ? [events.get(id)] : kind === "events" ? id.map((one) => events.get(one))
      : news.events.filter((event) => event.actors.includes(id) || event.targets.includes(id));
    const ends = near.flatMap((event) => [...event.actors, ...event.targets]);
    if (kind !== "entity" && !near.some((event) => event.targets.length)) return null;
    return { events: new Set(near.map((event) => event.id)), entities: new Set(kind === "entity" ? [...ends, id] : ends) };
  }

  function drawSelection(list) {
    const { kind, id } = state.selected || {};
    if (kind === "entity" && nodes.get(id)) network.selectNodes([id], false);
    else if (kind) {
      const wanted = new Set([].concat(id));
      network.selectEdges(list.filter((bundle) => bundle.events.some((one) => wanted.has(one))).map((bundle) => bundle.id));
    } else network.unselectAll();
  }

  function openBundle(edgeId) {
    const bundle = bundles().find((one) => one.id === edgeId);
    if (bundle.events.length === 1) select("event", bundle.events[0]);
    else select("events", bundle.events);
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

  function key(mark, text) { return h("li", {}, mark, text); }
  function shapeKey(shape, style, text) {
    const drawn = SHAPES[shape]();
    drawn.setAttribute("class", style);
    return key(svg("svg", { width: 14, height: 14, "aria-hidden": "true" }, drawn), text);
  }
  function lineKey(width, dashes, text) {
    const line = svg("line", { x1: 0, y1: 5, x2: 26, y2: 5, class: "line", "stroke-width": width, "stroke-dasharray": dashes });
    return key(svg("svg", { width: 26, height: 10, "aria-hidden": "true" }, line), text);
  }

  function buildLegend() {
    const used = new Map(news.graph.nodes.map((node) => [node.shape, true]));
    $("keys").append(
      h("ul", { class: "keys" }, news.shapes.filter((one) => used.has(one.shape)).map((one) => shapeKey(one.shape, "shape", one.label))),
      h("ul", { class: "keys" }, news.colours.map((one) => shapeKey("dot", `c${one.group}`, one.label))),
      h("ul", { class: "keys" },
        lineKey(1.7, "none", "one publisher"), lineKey(3.4, "none", "two or more"),
        lineKey(1.7, "5 4", "not stated as fact: proposed, denied, negated …")));
    if (innerWidth <= 900) $("legend").open = false;
  }

  // ---------------------------------------------------------------- details

  /** Show something in the side panel; `null` goes back to the overview. */
  function select(kind, id = null, { focus = false } = {}) {
    state.selected = kind ? { kind, id } : null;
    state.focus = null;
    if (kind === "entity") reveal([id, ...neighbours(id)]);
    if (kind === "event") reveal([...events.get(id).actors, ...events.get(id).targets]);
    const panel = $("panel");
    panel.replaceChildren(...(kind === "event" ? eventPanel(events.get(id))
      : kind === "events" ? listPanel(id) : kind === "entity" ? entityPanel(entities.get(id)) : overview()));
    panel.scrollTop = 0;
    panel.dataset.id = kind === "event" || kind === "entity" ? id : "";
    drawGraph();
    if (kind) keepInSight();
    markRow();
    if (focus) panel.querySelector("h2").focus();
    if (kind && innerWidth <= 900) panel.scrollIntoView({ block: "start" });
  }

  /** Step back when what was selected has joined the drawing outside the window. */
  function keepInSight() {
    const lit = litSet();
    const { clientWidth, clientHeight } = $("canvas");
    const hidden = [...(lit ? lit.entities : [])].filter((id) => nodes.get(id)).some((id) => {
      const { x, y } = network.canvasToDOM(network.getPosition(id));
      return x < 40 || y < 40 || x > clientWidth - 40 || y > clientHeight - 40;
    });
    if (hidden && clientWidth) fit();
  }

  const reveal = (ids) => ids.forEach((id) => state.shown.add(id));
  function neighbours(id) {
    return news.events.filter((event) => event.actors.includes(id) || event.targets.includes(id))
      .flatMap((event) => [...event.actors, ...event.targets]);
  }

  const byKeyboard = (event) => ({ focus: event.detail === 0 });
  function nameButton(id, style = "link") {
    return h("button", { type: "button", class: style, on: { click: (event) => select("entity", id, byKeyboard(event)) } },
      h("bdi", {}, entities.get(id).name));
  }
  function nameList(ids, style) {
    return ids.flatMap((id, place) => [place ? (place === ids.length - 1 ? " and " : ", ") : "", nameButton(id, style)]);
  }

  function row(event) {
    const rest = [status(event) && h("i", {}, status(event)), event.theme].filter(Boolean);
    return h("li", {}, h("button", { type: "button", class: `row q${event.quad}`, on: { click: (click) => select("event", event.id, byKeyboard(click)) } },
      h("span", {}, names(event.actors).join(", ") || "somebody", " ", h("span", { class: "act" }, action(event)),
        event.targets.length ? ` → ${names(event.targets).join(", ")}` : ""),
      h("span", { class: "aside" }, [event.publishers.length >= SHARED ? `${event.publishers.length} publishers` : "", sayDate(event.when)].filter(Boolean).join(" · ")),
      rest.length ? h("span", { class: "said" }, rest.flatMap((part, place) => (place ? [" · ", part] : [part]))) : null));
  }
  const rows = (list) => h("ul", { class: "rows" }, list.map(row));
  const byDate = (a, b) => (a.when || "9999").localeCompare(b.when || "9999");
  const section = (title, content) => [h("h3", {}, title), content];

  /** Statements and what nobody was met with say least: they come last. */
  const plain = (event) => (event.quad === 0) + (event.targets.length === 0);

  function overview() {
    const shared = news.events.filter((event) => event.publishers.length >= SHARED)
      .sort((a, b) => b.publishers.length - a.publishers.length || plain(a) - plain(b) || b.mentions.length - a.mentions.length || byDate(a, b));
    const busiest = news.first.slice(0, 6);
    return [
      h("h2", { tabindex: -1 }, "Start here"),
      h("p", { class: "lead" }, "Each arrow is something one actor did to another, as the articles tell it. Click an arrow or an actor for the sentences behind it."),
      ...(shared.length ? section(`Told by two or more publishers (${shared.length})`, rows(shared.slice(0, 8))) : []),
      ...(news.contradictions.length ? section(`Where the tellings differ (${news.contradictions.length})`, h("ul", { class: "rows" }, news.contradictions.map(contradiction))) : []),
      ...(busiest.length ? section("Most active", h("p", { class: "inline" }, busiest.map((id) => nameButton(id)))) : []),
      h("p", { class: "small" }, "Read by rules, without a person checking: who, what and whom can be wrong. Every line leads to the words it rests on; judge by those."),
    ];
  }

  function contradiction(pair) {
    const event = events.get(pair.left.event);
    const telling = (end) => articles.get(events.get(end.event).mentions[end.mention].article).publisher;
    return h("li", {}, h("button", { type: "button", class: `row q${event.quad}`, on: { click: (click) => select("event", event.id, byKeyboard(click)) } },
      h("span", {}, names(event.actors).join(", "), " ", h("span", { class: "act" }, event.action), event.targets.length ? ` → ${names(event.targets).join(", ")}` : ""),
      h("span", { class: "said" }, `${pair.reason}: ${telling(pair.left)} / ${telling(pair.right)}`)));
  }

  const back = () => h("button", { type: "button", class: "link", on: { click: (event) => select(null, null, byKeyboard(event)) } }, "← Overview");

  function listPanel(ids) {
    const list = ids.map((id) => events.get(id)).sort(byDate);
    return [h("div", { class: "topline" }, back()), h("h2", { tabindex: -1 }, count(list.length, "event")), rows(list)];
  }

  function entityPanel(entity) {
    const did = news.events.filter((event) => event.actors.includes(entity.id)).sort(byDate);
    const met = news.events.filter((event) => event.targets.includes(entity.id)).sort(byDate);
    const says = news.events.filter((event) => event.mentions.some((mention) => mention.speaker && mention.speaker.entity === entity.id)).sort(byDate);
    const other = entity.names.filter((name) => name !== entity.name);
    return [
      h("div", { class: "topline" }, back()),
      h("h2", { tabindex: -1 }, h("bdi", {}, entity.name)),
      entity.role ? h("p", { class: "lead" }, entity.role) : null,
      h("p", { class: "tags" }, [entity.kindLabel, entity.countryName !== entity.name ? entity.countryName : null, entity.sectorLabel].filter(Boolean).map((text) => h("span", { class: "tag" }, text))),
      other.length ? h("p", { class: "lead" }, "Also named ", other.join(", ")) : null,
      ...(did.length ? section(`Did (${did.length})`, rows(did)) : []),
      ...(met.length ? section(`Was met with (${met.length})`, rows(met)) : []),
      ...(says.length ? section(`Says so (${says.length})`, rows(says)) : []),
    ].filter(Boolean);
  }

  function eventPanel(event) {
    const pairs = news.contradictions.filter((pair) => pair.left.event === event.id || pair.right.event === event.id);
    const about = event.concerns.map((id) => events.get(id)).filter(Boolean);
    const answers = news.events.filter((other) => other.concerns.includes(event.id));
    return [
      h("div", { class: "topline" }, back(), h("span", { class: "lead" }, sayDate(event.when))),
      h("h2", { tabindex: -1, class: `q${event.quad}` },
        ...(event.actors.length ? nameList(event.actors, "name") : ["Somebody"]), " ", h("span", { class: "act" }, action(event)),
        ...(event.targets.length ? [h("span", { class: "arrow" }, " → "), ...nameList(event.targets, "name")] : [])),
      event.theme ? h("p", { class: "theme" }, event.theme) : null,
      h("p", { class: `tags q${event.quad}` }, h("span", { class: "tag code", title: event.definition }, event.type), event.mode ? h("span", { class: "tag" }, spaced(event.mode)) : null,
        event.contexts.map((context) => h("span", { class: "tag" }, spaced(context))), status(event) ? h("span", { class: "tag status" }, status(event)) : null),
      facts(event),
      ...pairs.map((pair) => h("p", { class: "warn" }, `The tellings differ: ${pair.reason}.`)),
      ...(about.length ? section("This is about", rows(about)) : []),
      ...(answers.length ? section("In answer to this", rows(answers)) : []),
      h("h3", { class: "split" }, `Told by ${count(event.publishers.length, "publisher")}${event.against.length ? `, told otherwise by ${event.against.length}` : ""}`,
        h("span", { class: "roles" }, h("span", { class: "who" }, "who"), h("span", { class: "did" }, "did what"), h("span", { class: "whom" }, "to whom"))),
      h("div", { class: "cards" }, event.mentions.map((mention, place) => card(event, mention, place))),
    ].filter(Boolean);
  }

  function facts(event) {
    const list = [
      ["Kind", news.quads.find((quad) => quad.id === event.quad).label],
      ["PLOVER", [event.type + (event.mode ? `, ${spaced(event.mode)}` : ""), event.modeLabel].filter(Boolean).join(": ")],
      ["CAMEO", [event.cameo, event.cameoLabel].filter(Boolean).join(": ")],
      ["When", event.when ? sayDate(event.when) + (event.basis ? `, ${BASIS[event.basis] || event.basis}` : "") : "not said"],
      ["Where", event.place ? nameList([event.place]) : null],
      ["Status", status(event) ? `${status(event)}, not stated as fact` : "stated as fact"],
      ["Rule", event.rules.join(", ") || null],
    ];
    return h("dl", { class: "facts" }, list.filter(([, value]) => value).flatMap(([term, value]) => [h("dt", {}, term), h("dd", {}, value)]));
  }

  function card(event, mention, place) {
    const article = articles.get(mention.article);
    const [begin, end] = mention.sentence;
    const notes = [
      mention.inferred.length ? `${titled(mention.inferred.join(", "))} not in the sentence: worked out` : "",
      status(mention) !== status(event) ? `Here: ${status(mention) || "stated as fact"}` : "",
    ].filter(Boolean);
    return h("section", { class: "card", "data-mention": place },
      h("p", { class: "from" }, h("b", {}, article.publisher), h("time", {}, sayDate((article.published || "").slice(0, 10)))),
      h("blockquote", {}, ...marked(article, begin, end, parts(mention))),
      h("p", { class: "says" }, ...speaker(article, mention)),
      notes.map((note) => h("p", { class: "notes" }, note)),
      h("p", { class: "where" }, `${article.file}, characters ${begin}–${end}`, mention.confidence === null ? "" : ` · confidence ${mention.confidence.toFixed(2)}`),
      h("button", { type: "button", class: "link", on: { click: (click) => read(article.id, { event, mention }, byKeyboard(click)) } }, "Read in the article"));
  }

  function speaker(article, mention) {
    if (!mention.speaker && !mention.cue) return ["In the article's own words"];
    const cue = mention.cue ? ` (“${slice(article, ...mention.cue)}”)` : "";
    const who = !mention.speaker ? "somebody unnamed" : mention.speaker.entity ? nameButton(mention.speaker.entity) : mention.speaker.text;
    return [mention.quoted ? "In the words of " : "According to ", who, cue];
  }

  // ---------------------------------------------------------------- text with marks

  const parts = (mention) => [
    ...mention.actors.map(([begin, end]) => ({ begin, end, style: "who" })),
    ...mention.targets.map(([begin, end]) => ({ begin, end, style: "whom" })),
    { begin: mention.trigger[0], end: mention.trigger[1], style: "did" },
  ];

  /** Cut [begin, end) at every border of a range; each piece carries the styles of all that cover it. */
  function pieces(begin, end, ranges) {
    const inside = ranges.filter((range) => range.begin < end && range.end > begin);
    const borders = new Set([begin, end]);
    inside.forEach((range) => { borders.add(Math.max(range.begin, begin)); borders.add(Math.min(range.end, end)); });
    const sorted = [...borders].sort((a, b) => a - b);
    const starts = [...inside].sort((a, b) => a.begin - b.begin);
    let open = [], next = 0;
    return sorted.slice(0, -1).map((from, place) => {
      while (next < starts.length && starts[next].begin <= from) open = [...open, starts[next++]];
      open = open.filter((range) => range.end > from);
      return { from, to: sorted[place + 1], over: open };
    });
  }

  function marked(article, begin, end, ranges) {
    return pieces(begin, end, ranges).map(({ from, to, over }) => {
      const text = slice(article, from, to);
      return over.length ? h("mark", { class: over.map((range) => range.style).join(" "), "data-begin": from }, text) : text;
    });
  }

  // ---------------------------------------------------------------- articles

  function buildShelf() {
    $("shelf").append(...news.articles.map((article) => {
      const n = news.events.filter((event) => event.mentions.some((mention) => mention.article === article.id)).length;
      return h("button", { type: "button", "data-article": article.id, on: { click: () => read(article.id) } },
        h("b", {}, article.title || article.name), h("span", {}, [article.publisher, sayDate(article.published), count(n, "event")].filter(Boolean).join(" · ")));
    }));
  }

  /** Open an article; with a telling, mark it and scroll to its very characters. */
  function read(id, telling = null, { focus = false } = {}) {
    state.article = id;
    state.focus = telling;
    show("articles");
    drawArticle();
    const here = $("reader").querySelector(".did") || $("reader").querySelector(".here");
    if (telling && here) here.scrollIntoView({ block: "center" });
    else $("reader").scrollTop = 0;
    if (focus) $("reader").focus({ preventScroll: true });
  }

  function drawArticle() {
    const article = articles.get(state.article);
    const told = news.events.flatMap((event) => event.mentions.filter((mention) => mention.article === article.id).map((mention) => ({ event, mention })));
    const ranges = [
      ...article.skipped.map(([begin, end, reason]) => ({ begin, end, style: "skipped", reason })),
      ...(article.headline ? [{ begin: article.headline[0], end: article.headline[1], style: "headline" }] : []),
      ...told.map(({ event, mention }) => ({ begin: mention.trigger[0], end: mention.trigger[1], event, style: `event q${event.quad}${status(mention) ? " unasserted" : ""}` })),
      ...(state.focus ? [{ begin: state.focus.mention.sentence[0], end: state.focus.mention.sentence[1], style: "here" }, ...parts(state.focus.mention)] : []),
    ];
    const length = slice(article, 0, Infinity) && letters.get(article.id).length;
    $("reader").replaceChildren(
      h("header", {}, h("h2", {}, article.title || article.name),
        h("p", {}, [article.publisher, article.agency, sayDate(article.published), article.file].filter(Boolean).join(" · ")),
        h("p", {}, `${count(told.length, "telling")} underlined (dashed: not stated as fact); grey was left out of the reading`)),
      h("div", { class: "text" }, pieces(0, length, ranges).map((piece) => textPiece(article, piece))));
    $("shelf").querySelectorAll("button").forEach((button) => {
      if (button.dataset.article === article.id) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    });
  }

  function textPiece(article, { from, to, over }) {
    const text = slice(article, from, to);
    if (!over.length) return document.createTextNode(text);
    const style = [...new Set(over.map((range) => range.style))].join(" ");
    const telling = over.find((range) => range.event);
    if (!telling) return h("span", { class: style, title: (over.find((range) => range.reason) || {}).reason, "data-begin": from }, text);
    const { event } = telling;
    // A link, not a button: browsers don't break a button over two lines.
    return h("a", { href: "#panel", class: style, "data-begin": from, title: `${names(event.actors).join(", ")} ${action(event)} ${names(event.targets).join(", ")}`,
      on: { click: (click) => { click.preventDefault(); openTelling(event, article, from, byKeyboard(click)); } } }, text);
  }

  function openTelling(event, article, from, options) {
    const mention = event.mentions.find((one) => one.article === article.id && one.trigger[0] <= from && from < one.trigger[1]);
    const top = $("reader").scrollTop;
    select("event", event.id, options);
    state.focus = { event, mention };
    drawArticle();
    $("reader").scrollTop = top;
  }

  // ---------------------------------------------------------------- table

  const COLUMNS = [
    { key: "when", label: "When", value: (event) => event.when || "", cell: (event) => sayDate(event.when) || "–" },
    { key: "who", label: "Who", value: (event) => names(event.actors).join(", ") },
    { key: "did", label: "Did what", value: (event) => action(event), cell: (event) => [h("button", { type: "button", class: "open", on: { click: (click) => { click.stopPropagation(); select("event", event.id, byKeyboard(click)); } } }, action(event))] },
    { key: "whom", label: "To whom", value: (event) => names(event.targets).join(", ") },
    { key: "type", label: "Type", value: (event) => event.type, style: "kind" },
    { key: "status", label: "Status", value: (event) => status(event) || "stated" },
    { key: "told", label: "Told by", value: (event) => event.publishers.length, style: "number" },
  ];

  function buildTable() {
    $("headings").append(...COLUMNS.map((column) => h("th", { scope: "col", "data-key": column.key },
      h("button", { type: "button", on: { click: () => sortBy(column.key) } }, column.label))));
  }

  function sortBy(key) {
    state.sort = { key, down: state.sort.key === key && !state.sort.down };
    drawTable();
  }

  function drawTable() {
    const { key, down } = state.sort;
    const { value } = COLUMNS.find((column) => column.key === key);
    const compare = (a, b) => (typeof a === "number" ? a - b : (a === "") - (b === "") || a.localeCompare(b, "en"));
    const list = passing().map((event, place) => [event, place]);
    list.sort(([a, i], [b, j]) => (down ? -1 : 1) * compare(value(a), value(b)) || i - j);
    $("rows").replaceChildren(...list.map(([event]) => h("tr", { class: `q${event.quad}`, "data-event": event.id, on: { click: () => select("event", event.id) } },
      COLUMNS.map((column) => h("td", { class: column.style }, column.cell ? column.cell(event) : String(column.value(event)))))));
    $("headings").querySelectorAll("th").forEach((th) => {
      if (th.dataset.key === key) th.setAttribute("aria-sort", down ? "descending" : "ascending");
      else th.removeAttribute("aria-sort");
    });
    markRow();
  }

  function markRow() {
    const id = state.selected && state.selected.kind === "event" ? state.selected.id : null;
    $("rows").querySelectorAll("tr").forEach((tr) => tr.setAttribute("aria-selected", String(tr.dataset.event === id)));
  }

  // ---------------------------------------------------------------- search, views, start

  const known = new Map(); // folded name -> entity id
  const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();

  function buildSearch() {
    for (const entity of news.entities) {
      for (const name of [entity.name, ...entity.names]) {
        if (known.has(folded(name))) continue;
        known.set(folded(name), entity.id);
        $("names").append(h("option", { value: name, label: name === entity.name ? entity.kindLabel : entity.name }));
      }
    }
    $("search").addEventListener("submit", (event) => { event.preventDefault(); find(true); });
    // A suggestion that is picked arrives as a replacement; plain typing must not jump about.
    $("query").addEventListener("input", (event) => { if (event.inputType === "insertReplacementText" || !event.inputType) find(false); });
  }

  function find(anyPart) {
    const wanted = folded($("query").value);
    if (!wanted) return;
    const all = [...known.keys()];
    const name = known.has(wanted) ? wanted
      : anyPart && (all.find((one) => one.startsWith(wanted)) || all.find((one) => one.includes(wanted)));
    if (name) {
      if (state.view === "articles") show("graph");
      select("entity", known.get(name));
      if (nodes.get(known.get(name))) fit();
    } else if (anyPart) $("status").textContent = `No actor is called “${$("query").value}”`;
  }

  function show(view) {
    state.view = view;
    document.querySelectorAll("nav button").forEach((button) => {
      if (button.dataset.view === view) button.setAttribute("aria-current", "page");
      else button.removeAttribute("aria-current");
      $(`view-${button.dataset.view}`).hidden = button.dataset.view !== view;
    });
    if (view === "graph") { network.setSize("100%", "100%"); network.redraw(); keepInSight(); }
  }

  function refresh() {
    drawGraph();
    drawTable();
    const n = passing().length;
    $("status").textContent = n === news.events.length ? "" : `${count(n, "event")} shown`;
  }

  function start() {
    const publishers = new Set(news.articles.map((article) => article.publisher));
    const actors = new Set(news.events.flatMap((event) => [...event.actors, ...event.targets]));
    $("counts").textContent = [count(news.articles.length, "article"), count(publishers.size, "publisher"), count(actors.size, "actor"), count(news.events.length, "event")].join(" · ");
    buildFilters(); buildGraph(); buildLegend(); buildTable(); buildShelf(); buildSearch();
    document.querySelectorAll("nav button").forEach((button) => button.addEventListener("click", () => {
      if (button.dataset.view === "articles" && news.articles.length && !state.article) read(news.articles[0].id);
      else show(button.dataset.view);
    }));
    document.addEventListener("keydown", (event) => { if (event.key === "Escape" && state.selected) select(null); });
    show("graph");
    refresh();
    select(null);
    fit();
    document.documentElement.dataset.ready = "true";
  }
  start();
})();

// Parts of the page: `core` at once, sentences and texts when somebody wants to read them. In a file
// they lie compressed in blocks that no browser runs; a server gives the same JSON by name.

const $ = (id) => document.getElementById(id);
const served = document.body.dataset.served;
const asked = new Map();

/** The part of that name, fetched once. */
function part(name) {
  if (!asked.has(name)) asked.set(name, served ? request(name) : unpack(name));
  return asked.get(name);
}

async function request(name) {
  for (;;) {
    const response = await fetch(`${served}${name}.json`);
    if (!response.ok) throw new Error(`${name}: the server answers ${response.status}`);
    if (response.status !== 202) return response.json();
    const told = await response.text(); // "… 42%": it is being made; the server lets us wait a while before it says so
    if (!news) $("counts").textContent = `Reading the graph; the first time a large one takes a while … ${(/\d+%/.exec(told) || [""])[0]}`;
    await new Promise((done) => setTimeout(done, 300));
  }
}

async function unpack(name) {
  const packed = atob(document.querySelector(`script[data-part="${name}"]`).textContent);
  const bytes = new Uint8Array(packed.length);
  for (let i = 0; i < packed.length; i++) bytes[i] = packed.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

/** Columns to records; `n` is the record's place, by which the other tables name it. */
function records(columns) {
  const keys = Object.keys(columns);
  return columns[keys[0]].map((_, n) => {
    const record = { n };
    for (const key of keys) record[key] = columns[key][n];
    return record;
  });
}

let news = null; // what `core` holds, as records
let byId = null; // id without base -> { kind, n }

async function openNews() {
  const core = await part("core");
  const { graph, types } = core;
  news = {
    ...core,
    articles: records(core.articles), entities: records(core.entities), events: records(core.events),
    nodes: records(graph.nodes), edges: records(graph.edges), first: graph.first, groups: graph.groups,
  };
  byId = new Map();
  for (const [kind, list] of [["actor", news.entities], ["event", news.events], ["article", news.articles]]) {
    for (const record of list) byId.set(record.id, { kind, n: record.n });
  }
  for (const node of news.nodes) news.entities[node.entity].node = node;
  for (const entity of news.entities) { entity.events = []; entity.says = []; }
  for (const event of news.events) {
    Object.assign(event, { quad: types[event.type].quad, label: types[event.type].label, days: days(event.when), edges: [] });
    new Set([...event.actors, ...event.targets]).forEach((n) => news.entities[n].events.push(event));
    event.speakers.forEach((n) => news.entities[n].says.push(event));
  }
  for (const edge of news.edges) news.events[edge.event].edges.push(edge);
  for (const article of news.articles) article.events = [];
  for (const event of news.events) event.articles.forEach((n) => news.articles[n].events.push(event));
  news.groups.forEach((group, n) => { group.n = n; group.members.forEach((member) => { news.entities[member].group = n; }); });
}

/** The tellings of an event: where each sentence stands, who says so, by which rule. */
async function tellings(event) {
  const size = news.chunks.tellings;
  const { events } = await part(`tellings-${Math.floor(event.n / size)}`);
  return events[event.n % size];
}

const letters = new Map();

/** Text of an article, with its code points: JavaScript's own offsets count UTF-16 units. */
async function textOf(n) {
  const starts = news.chunks.texts;
  let chunk = starts.length - 1;
  while (starts[chunk] > n) chunk -= 1;
  const { articles } = await part(`texts-${chunk}`);
  const article = articles[n - starts[chunk]];
  if (!letters.has(n)) letters.set(n, Array.from(article.text));
  const page = article.markup.length > 0 || article.skipped.some(([, , reason]) => reason === "markup");
  return { ...article, n, page, points: letters.get(n) };
}

/** Cut code points [begin, end) out of a text as they stand in the file. */
const raw = (text, begin, end) => text.points.slice(begin, end).join("");

/** The same as a reader sees it: on a page of HTML, tags and character references give way to what they show. */
function slice(text, begin, end) {
  if (!text.page) return raw(text, begin, end);
  const pieces = [];
  let at = begin;
  for (let place = firstFrom(text.markup, begin); place < text.markup.length && text.markup[place][1] <= end; place++) {
    const [from, to, shown] = text.markup[place];
    pieces.push(raw(text, at, from), shown);
    at = to;
  }
  return [...pieces, raw(text, at, end)].join("").replace(/\s+/g, " ");
}

/** The first of sorted ranges that begins at `begin` or later. */
function firstFrom(ranges, begin) {
  let low = 0, high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle][0] < begin) low = middle + 1; else high = middle;
  }
  return low;
}

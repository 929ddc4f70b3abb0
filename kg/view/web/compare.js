// Two publishers side by side: what both tell, what one tells, where they differ, and the names they use.

const publishers = () => [...new Set(news.articles.map((article) => article.publisher))].sort();

function drawCompare() {
  const all = publishers();
  const view = $("view-compare");
  if (all.length < 2) {
    view.replaceChildren(h("h2", {}, "Two sources side by side"), h("p", { class: "lead" }, "All articles here come from one publisher: there is nothing to compare."));
    return;
  }
  const [a, b] = state.compared[0] ? state.compared : busiestPair(all);
  const choose = (place, chosen) => {
    const box = h("select", { id: `source-${place}`, "aria-label": place ? "Second source" : "First source" }, all.map((name) => h("option", { value: name, selected: name === chosen }, name)));
    box.addEventListener("change", () => { state.compared = [$("source-0").value, $("source-1").value]; drawCompare(); remember(); $(`source-${place}`).focus(); });
    return box;
  };
  view.replaceChildren(
    h("h2", {}, "Two sources side by side"),
    h("div", { class: "versus" }, choose(0, a), h("b", { class: "chosen", "aria-hidden": "true" }, a), h("span", {}, "and"), choose(1, b), h("b", { class: "chosen", "aria-hidden": "true" }, b)),
    ...(a === b ? [h("p", { class: "lead" }, "Choose two different sources.")] : comparison(a, b)));
}

/** The two publishers that tell most events together; where none do, those with most events. */
function busiestPair(all) {
  const joint = new Map(), alone = new Map();
  for (const event of news.events) {
    event.publishers.forEach((one, i) => {
      alone.set(one, (alone.get(one) || 0) + 1);
      event.publishers.slice(i + 1).forEach((other) => { const pair = JSON.stringify([one, other]); joint.set(pair, (joint.get(pair) || 0) + 1); });
    });
  }
  const best = [...joint].sort((x, y) => y[1] - x[1] || (x[0] < y[0] ? -1 : 1))[0];
  return best ? JSON.parse(best[0]) : [...all].sort((x, y) => (alone.get(y) || 0) - (alone.get(x) || 0)).slice(0, 2);
}

/** The same figures as `kg compare`, of what passes the filters. */
function comparison(a, b) {
  const list = passing();
  const tells = (event, name) => event.publishers.includes(name) || event.against.includes(name);
  const sort = (found) => found.sort((x, y) => plain(x) - plain(y) || y.told - x.told || byDate(x, y));
  const both = sort(list.filter((event) => tells(event, a) && tells(event, b)));
  const onlyA = sort(list.filter((event) => tells(event, a) && !tells(event, b))), onlyB = sort(list.filter((event) => tells(event, b) && !tells(event, a)));
  const shown = new Set(list.map((event) => event.n));
  const clashes = news.contradictions.filter((pair) => [pair.left, pair.right].every(({ article, event }) => shown.has(event) && [a, b].includes(news.articles[article].publisher)));
  const names = h("div", {}, h("p", { class: "lead" }, "Fetching the names …"));
  showNamings(a, b, both, names);
  const tile = (n, text, target) => h("button", { type: "button", class: "tile", on: { click: () => $(target).scrollIntoView({ block: "start" }) } }, h("b", {}, NUMBER.format(n)), h("span", {}, text));
  const columns = () => h("p", { class: "pair heads", "aria-hidden": "true" }, h("b", {}, a), h("b", {}, b));
  const pairs = (found, make) => [columns(), stretched(found, make, { tag: "div", style: "pairs", first: 10, step: 10 })];
  return [
    h("div", { class: "tiles" }, tile(both.length, "told by both", "cmp-both"), tile(clashes.length, clashes.length === 1 ? "contradiction" : "contradictions", "cmp-differ"), tile(onlyA.length, `only ${a}`, "cmp-only"), tile(onlyB.length, `only ${b}`, "cmp-only")),
    h("section", { id: "cmp-differ" }, section(`Where they can’t both be right (${clashes.length})`, clashes.length ? pairs(clashes, (pair) => clashOf(pair, a, b)) : h("p", { class: "lead" }, "No telling of one contradicts one of the other."))),
    h("section", { id: "cmp-both" }, section(`Told by both (${both.length})`, both.length ? pairs(both, (event) => pairOf(event, a, b)) : h("p", { class: "lead" }, "No event was found in both."))),
    h("section", { id: "cmp-names" }, section("What they call the same", names)),
    h("section", { id: "cmp-only" }, h("div", { class: "pair" },
      h("div", {}, section(`Only ${a} (${onlyA.length})`, rows(onlyA, { first: 20 }))), h("div", {}, section(`Only ${b} (${onlyB.length})`, rows(onlyB, { first: 20 }))))),
  ].flat(3);
}

const halves = (a, b) => [a, b].map((name) => h("div", { class: "told" }, h("b", { class: "teller" }, name)));

/** Two tellings that contradict each other, each in the column of who published it. */
function clashOf(pair, a, b) {
  const columns = halves(a, b);
  const events = [...new Set([pair.left.event, pair.right.event])].map((n) => news.events[n]);
  [pair.left, pair.right].forEach(async ({ event, mention, article }) => {
    const telling = (await tellings(news.events[event]))[mention];
    columns[[a, b].indexOf(news.articles[article].publisher)].append(quote(news.events[event], telling, mention, await textOf(article)));
  });
  return h("div", { class: "pairing" }, h("p", { class: "reason" }, pair.reason), h("ul", { class: "rows" }, events.map((event) => row(event))), h("div", { class: "pair" }, columns));
}

/** An event that both tell: the sentences of each in a column of its own. */
function pairOf(event, a, b) {
  const columns = halves(a, b);
  tellings(event).then(async (told) => {
    for (const [place, name] of [[0, a], [1, b]]) {
      const own = told.map((telling, at) => ({ telling, at })).filter(({ telling }) => news.articles[telling.article].publisher === name).slice(0, 2);
      for (const { telling, at } of own) columns[place].append(quote(event, telling, at, await textOf(telling.article)));
    }
  });
  return h("div", { class: "pairing" }, h("ul", { class: "rows" }, row(event)), h("div", { class: "pair" }, columns));
}

function quote(event, telling, place, text) {
  const [begin, end] = telling.sentence;
  return h("blockquote", { dir: "auto" }, marked(text, begin, end, parts(telling)), " ",
    h("button", { type: "button", class: "link", on: { click: (click) => { select("event", event.n, { keep: true }); read(telling.article, { event, telling, place }, byKeyboard(click)); } } }, "read"));
}

/** Who is one thing to one source and another to the other, in one role of one event. */
function counterparts(roles, a, b, both) {
  const shared = new Set(both.map((event) => event.n)), found = new Map(), pairs = new Map();
  for (const { event, publisher, role, known, words } of roles) {
    const side = [a, b].indexOf(publisher);
    if (side < 0 || !shared.has(event)) continue;
    const key = `${event} ${role}`;
    if (!found.has(key)) found.set(key, [new Map(), new Map()]);
    found.get(key)[side].set(known, words);
  }
  for (const [mine, theirs] of found.values()) {
    const alone = [...mine.keys()].filter((name) => !theirs.has(name)), other = [...theirs.keys()].filter((name) => !mine.has(name));
    if (alone.length !== 1 || other.length !== 1) continue;
    const pair = [mine.get(alone[0]), theirs.get(other[0])];
    if (pair[0].toLowerCase() !== pair[1].toLowerCase()) pairs.set(JSON.stringify(pair), (pairs.get(JSON.stringify(pair)) || 0) + 1);
  }
  return [...pairs].sort((x, y) => y[1] - x[1] || (x[0] < y[0] ? -1 : 1)).map(([pair, times]) => JSON.parse(pair).map((words) => new Map([[words, times]])));
}

async function showNamings(a, b, both, box) {
  const { roles, ...columns } = await part("namings");
  const found = new Map();
  for (const { entity, known, article, name, times } of records(columns)) {
    const place = [a, b].indexOf(news.articles[article].publisher);
    if (place < 0) continue;
    if (!found.has(known)) found.set(known, { entity, sides: [new Map(), new Map()] });
    const counts = found.get(known).sides[place];
    counts.set(name, (counts.get(name) || 0) + times);
  }
  const low = (counts) => new Set([...counts.keys()].map((name) => name.toLowerCase()));
  const total = ([left, right]) => [...left.values(), ...right.values()].reduce((sum, n) => sum + n, 0);
  const differ = ([left, right]) => left.size && right.size && (low(left).size !== low(right).size || [...low(left)].some((name) => !low(right).has(name)));
  const list = [
    ...counterparts(records(roles), a, b, both).map((sides) => ({ known: null, sides })),
    ...[...found].map(([known, rest]) => ({ known, ...rest })).filter(({ sides }) => differ(sides)).sort((x, y) => total(y.sides) - total(x.sides) || (x.known < y.known ? -1 : 1)),
  ];
  const cell = (counts, others) => h("td", {}, [...counts].sort((x, y) => y[1] - x[1] || (x[0] < y[0] ? -1 : 1)).flatMap(([name, n], place) => [place ? ", " : "", h("bdi", { class: others.has(name.toLowerCase()) ? "" : "own" }, name), n > 1 ? h("span", { class: "n" }, ` ×${n}`) : ""]));
  const who = ({ known, entity }) => (known === null ? h("i", {}, "in the same role") : entity === null || entity === undefined ? h("bdi", {}, known) : actorButton(entity));
  const line = (one) => h("tr", {}, h("th", { scope: "row" }, who(one)), cell(one.sides[0], low(one.sides[1])), cell(one.sides[1], low(one.sides[0])));
  const [body, more] = stretched(list, line, { tag: "tbody", first: 30, style: "" });
  box.replaceChildren(...(list.length ? [h("table", { class: "names" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Who or what"), h("th", { scope: "col" }, a), h("th", { scope: "col" }, b))), body), more,
    h("p", { class: "small near" }, `${count(list.length, "naming")} that differ. Set off: words that only this source uses.`)] : [h("p", { class: "lead" }, "They name nothing in common in different words.")]));
}

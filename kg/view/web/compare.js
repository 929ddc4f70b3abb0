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
    h("div", { class: "versus" }, choose(0, a), h("span", {}, "and"), choose(1, b)),
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

function comparison(a, b) {
  const list = passing();
  const tells = (event, name) => event.publishers.includes(name), denies = (event, name) => event.against.includes(name);
  const differ = list.filter((event) => (tells(event, a) && denies(event, b)) || (tells(event, b) && denies(event, a)));
  const both = list.filter((event) => tells(event, a) && tells(event, b) && !differ.includes(event)).sort((x, y) => plain(x) - plain(y) || byDate(x, y));
  const only = (name, other) => list.filter((event) => (tells(event, name) || denies(event, name)) && !tells(event, other) && !denies(event, other)).sort((x, y) => plain(x) - plain(y) || byDate(x, y));
  const onlyA = only(a, b), onlyB = only(b, a);
  const names = h("div", {}, h("p", { class: "lead" }, "Fetching the names …"));
  showNamings(a, b, names);
  const tile = (n, text, target) => h("button", { type: "button", class: "tile", on: { click: () => $(target).scrollIntoView({ block: "start" }) } }, h("b", {}, NUMBER.format(n)), h("span", {}, text));
  const columns = () => h("p", { class: "pair heads", "aria-hidden": "true" }, h("b", {}, a), h("b", {}, b));
  return [
    h("div", { class: "tiles" }, tile(both.length, "told by both", "cmp-both"), tile(differ.length, "told differently", "cmp-differ"), tile(onlyA.length, `only ${a}`, "cmp-only"), tile(onlyB.length, `only ${b}`, "cmp-only")),
    h("section", { id: "cmp-differ" }, section(`Told differently (${differ.length})`, differ.length ? [columns(), stretched(differ, (event) => pairOf(event, a, b), { tag: "div", style: "pairs", first: 10, step: 10 })] : h("p", { class: "lead" }, "No event that one of them denies or negates and the other tells."))),
    h("section", { id: "cmp-both" }, section(`Told by both (${both.length})`, both.length ? [columns(), stretched(both, (event) => pairOf(event, a, b), { tag: "div", style: "pairs", first: 10, step: 10 })] : h("p", { class: "lead" }, "No event was found in both."))),
    h("section", { id: "cmp-only" }, h("div", { class: "pair" },
      h("div", {}, section(`Only ${a} (${onlyA.length})`, rows(onlyA, { first: 20 }))), h("div", {}, section(`Only ${b} (${onlyB.length})`, rows(onlyB, { first: 20 }))))),
    h("section", { id: "cmp-names" }, section("What they call the same actor", names)),
  ].flat(3);
}

/** An event that both tell: the sentences of each in a column of its own. */
function pairOf(event, a, b) {
  const columns = [a, b].map(() => h("div", { class: "told" }));
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

async function showNamings(a, b, box) {
  const namings = records(await part("namings"));
  const found = new Map();
  for (const { entity, article, name, times } of namings) {
    const place = [a, b].indexOf(news.articles[article].publisher);
    if (place < 0) continue;
    if (!found.has(entity)) found.set(entity, [new Map(), new Map()]);
    const counts = found.get(entity)[place];
    counts.set(name, (counts.get(name) || 0) + times);
  }
  const total = (counts) => [...counts.values()].reduce((sum, n) => sum + n, 0);
  const list = [...found].filter(([, [left, right]]) => left.size && right.size).sort((x, y) => total(y[1][0]) + total(y[1][1]) - total(x[1][0]) - total(x[1][1]) || x[0] - y[0]);
  const cell = (counts, others) => h("td", {}, [...counts].sort((x, y) => y[1] - x[1]).flatMap(([name, n], place) => [place ? ", " : "", h("span", { class: others.has(name) ? "" : "own" }, name), n > 1 ? h("span", { class: "n" }, ` ×${n}`) : ""]));
  const line = ([entity, [left, right]]) => h("tr", {}, h("th", { scope: "row" }, actorButton(entity)), cell(left, right), cell(right, left));
  const [body, more] = stretched(list, line, { tag: "tbody", first: 40, style: "" });
  box.replaceChildren(...(list.length ? [h("table", { class: "names" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Actor"), h("th", { scope: "col" }, a), h("th", { scope: "col" }, b))), body), more,
    h("p", { class: "small" }, "Set off: a name that only this source uses.")] : [h("p", { class: "lead" }, "They name no actor in common.")]));
}

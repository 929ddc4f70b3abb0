// Articles: a text as it lies on disk, a page of HTML as its readers see it; what was read out of it is underlined.

const parts = (telling) => [
  ...telling.actors.map(([begin, end]) => ({ begin, end, style: "who" })),
  ...telling.targets.map(([begin, end]) => ({ begin, end, style: "whom" })),
  { begin: telling.trigger[0], end: telling.trigger[1], style: "did" },
];

/** Cut [begin, end) at every border of a range; each piece knows all that cover it. */
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

function marked(text, begin, end, ranges) {
  return pieces(begin, end, ranges).map(({ from, to, over }) => {
    const words = slice(text, from, to);
    return over.length ? h("mark", { class: over.map((range) => range.style).join(" "), "data-begin": from }, words) : words;
  });
}

function buildShelf() {
  const find = h("input", { type: "search", id: "find-article", placeholder: "Find an article", "aria-label": "Find an article by title or publisher" });
  const list = h("div", { class: "titles" });
  const fill = () => {
    const wanted = folded(find.value);
    const found = news.articles.filter((article) => !wanted || folded(`${titleOf(article)} ${article.publisher}`).includes(wanted));
    list.replaceChildren(...stretched(found, titleCard, { tag: "div", style: "titlelist", first: 60 }));
    markShelf();
  };
  find.addEventListener("input", fill);
  $("shelf").append(...(news.articles.length > 6 ? [find] : []), list);
  fill();
}

const titleCard = (article) => h("button", { type: "button", class: "title", "data-article": article.n, on: { click: (click) => read(article.n, null, byKeyboard(click)) } },
  h("b", { dir: "auto" }, titleOf(article)), h("span", {}, h("bdi", {}, article.publisher), ["", sayDate(article.published), count(article.events.length, "event")].filter((one, place) => one || !place).join(" · ")));

function markShelf() {
  $("shelf").querySelectorAll(".title").forEach((one) => {
    if (Number(one.dataset.article) === state.article) one.setAttribute("aria-current", "true");
    else one.removeAttribute("aria-current");
  });
}

/** Open an article; with a telling, mark it and scroll to its very characters. */
async function read(n, focus = null, { focus: byKey = false } = {}) {
  state.article = n;
  state.focus = focus;
  show("articles");
  await drawArticle();
  if (!wide()) $("view-articles").scrollIntoView({ block: "start" });
  const here = $("reader").querySelector(".did") || $("reader").querySelector(".here");
  if (focus && here) here.scrollIntoView({ block: "center" });
  else $("reader").scrollTop = 0;
  if (byKey) $("reader").focus({ preventScroll: true });
}

async function drawArticle() {
  const article = news.articles[state.article];
  markShelf();
  const text = await textOf(article.n);
  const lists = await Promise.all(article.events.map(async (event) => (await tellings(event))
    .map((telling, place) => ({ event, telling, place })).filter(({ telling }) => telling.article === article.n)));
  if (state.article !== article.n) return; // another one was opened meanwhile
  const told = lists.flat();
  const ranges = [
    ...text.skipped.map(([begin, end, reason]) => ({ begin, end, style: "skipped", reason })),
    ...(text.headline ? [{ begin: text.headline[0], end: text.headline[1], style: "headline" }] : []),
    ...text.links.map(([begin, end, entity]) => ({ begin, end, style: "entity", entity })),
    ...told.map((one) => ({ begin: one.telling.trigger[0], end: one.telling.trigger[1], one, style: `event q${one.event.quad}${status(one.telling) ? " unasserted" : ""}` })),
    ...(state.focus ? [{ begin: state.focus.telling.sentence[0], end: state.focus.telling.sentence[1], style: "here" }, ...parts(state.focus.telling)] : []),
  ];
  $("reader").replaceChildren(
    h("header", {}, h("h2", { dir: "auto" }, titleOf(article)),
      h("p", {}, [article.publisher, article.agency, sayDate(article.published), article.file].filter(Boolean).flatMap((one, place) => [place ? " · " : "", h("bdi", {}, one)])),
      h("p", { class: "key" }, h("span", { class: "event q4" }, "event"), h("span", { class: "event q4 unasserted" }, "not stated as fact"), h("span", { class: "entity" }, "actor or place"), h("span", { class: "skipped" }, "left out of the reading"))),
    h("div", { class: "text", dir: "auto" }, pieces(0, text.points.length, ranges).flatMap((piece) => textPiece(text, piece))));
}

function textPiece(text, { from, to, over }) {
  const skipped = over.find((range) => range.reason);
  if (text.page && skipped) return leftOut(text, from, to, skipped.reason);
  const words = slice(text, from, to);
  if (!over.length) return document.createTextNode(words);
  const style = [...new Set(over.map((range) => range.style))].join(" ");
  const telling = over.find((range) => range.one);
  const link = over.find((range) => range.entity !== undefined);
  if (!telling && !link) return h("span", { class: style, title: (over.find((range) => range.reason) || {}).reason, "data-begin": from }, words);
  const open = telling ? (options) => openTelling(telling.one, options) : (options) => openLink(link.entity, options);
  // A link, not a button: browsers don't break a button over two lines.
  return h("a", { href: "#panel", class: style, "data-begin": from, title: telling ? sentence(telling.one.event) : news.entities[link.entity].name,
    on: { click: (click) => { click.preventDefault(); open(byKeyboard(click)); } } }, words);
}

/** What of a page's source wasn't read: tags between paragraphs part them, the rest opens on demand. */
function leftOut(text, from, to, reason) {
  if (reason === "markup") return h("span", { class: "gap" });
  const source = raw(text, from, to).trim();
  if (!source.includes("<")) return [h("span", { class: "skipped", title: reason }, source), h("span", { class: "gap" })];
  const box = h("details", { class: "skipped source" }, h("summary", {}, `${reason}: ${count(to - from, "character")} of the page’s source left out`));
  box.addEventListener("toggle", () => { if (box.childElementCount === 1) box.append(h("code", {}, source)); });
  return box;
}

async function openTelling({ event, telling, place }, options) {
  const top = $("reader").scrollTop;
  state.focus = { event, telling, place };
  select("event", event.n, { ...options, keep: true });
  await drawArticle();
  $("reader").scrollTop = top;
}

function openLink(n, options) {
  const top = $("reader").scrollTop;
  select("actor", n, { ...options, keep: true });
  $("reader").scrollTop = top;
}

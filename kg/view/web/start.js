// Views, and the start.

const VIEWS = {
  graph: () => {}, timeline: () => drawTimeline(), table: () => drawTable(), articles: () => {}, compare: () => drawCompare(), about: () => drawAbout(),
};
const THEMES = [["light dark", "as the system", "◐"], ["light", "light", "○"], ["dark", "dark", "●"]];

function show(view) {
  const changed = state.view !== view;
  state.view = view;
  document.body.dataset.view = view;
  document.querySelectorAll("nav button").forEach((one) => {
    if (one.dataset.view === view) one.setAttribute("aria-current", "page");
    else one.removeAttribute("aria-current");
    $(`view-${one.dataset.view}`).hidden = one.dataset.view !== view;
  });
  VIEWS[view]();
  if (view === "graph") resizeGraph();
  if (changed) { drawPanel(); remember({ step: true }); }
}

function redrawView() {
  drawGraph();
  if (state.view !== "graph") VIEWS[state.view]();
  if (state.selected && state.selected.kind === "actor") drawPanel();
}

/** Bring the whole page in line with the address. */
async function recallAll() {
  quiet = true;
  passingNow = null;
  recall(location.hash);
  written = location.hash;
  show(state.view);
  if (state.selected && state.selected.kind === "actor") expand(state.selected.id);
  showFilters();
  sayHowMany();
  drawPanel();
  drawGraph({ refit: !state.camera });
  if (state.camera) look(); else keepInSight();
  await recallArticle();
  quiet = false;
}

async function recallArticle() {
  if (state.view !== "articles") return;
  if (state.article === null) { if (news.articles.length) await read(0); return; }
  const event = state.selected && state.selected.kind === "event" ? news.events[state.selected.id] : null;
  const telling = event && state.wanted !== null ? (await tellings(event))[state.wanted] : null;
  await read(state.article, telling && telling.article === state.article ? { event, telling, place: state.wanted } : null);
}

function buildTheme() {
  let chosen = 0;
  const set = (place) => {
    chosen = place % THEMES.length;
    const [scheme, label, sign] = THEMES[chosen];
    document.documentElement.style.colorScheme = scheme;
    $("theme").textContent = sign;
    $("theme").setAttribute("aria-label", `Colours: ${label}`);
    $("theme").title = `Colours: ${label}`;
    colours.clear();
    drawGraph();
  };
  $("theme").addEventListener("click", () => set(chosen + 1));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { colours.clear(); drawGraph(); });
}

/** What the page shows of a graph that holds more than a browser opens. */
function selection() {
  const events = `the ${NUMBER.format(news.events.length)} most told of ${count(news.whole.events, "event")}`;
  return [events, `${NUMBER.format(news.articles.length)} of ${count(news.whole.articles, "article")}`];
}

function buildPage() {
  const actors = news.entities.filter((entity) => entity.events.length).length;
  const voices = publishers().length;
  const held = [count(news.articles.length, "article"), count(voices, "publisher"), count(actors, "actor"), count(news.events.length, "event")];
  $("counts").textContent = (news.whole ? selection() : held).join(" · ");
  buildFilters(); buildGraph(); buildLegend(); buildTable(); buildShelf(); buildSearch(); buildTheme();
  document.querySelectorAll("nav button").forEach((one) => one.addEventListener("click", () => {
    if (one.dataset.view === "articles" && news.articles.length && state.article === null) read(0);
    else show(one.dataset.view);
  }));
  $("share").addEventListener("click", async () => announce((await copy(location.href)) ? "Link copied: it opens this very view" : "Copy the address of this page: it opens this very view"));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && state.selected) select(null);
    if (event.key === "/" && !/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) { event.preventDefault(); $("query").focus(); }
  });
  addEventListener("popstate", recallAll);
}

async function start() {
  if (served) $("counts").textContent = "Reading the graph; the first time a large one takes a while …";
  try {
    await openNews();
  } catch (problem) {
    $("counts").textContent = `This page can’t be opened: ${problem.message}. A browser from 2024 or later is needed.`;
    throw problem;
  }
  buildPage();
  await recallAll();
  document.documentElement.dataset.ready = "true";
}
start();

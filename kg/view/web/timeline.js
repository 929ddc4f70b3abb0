// When it happened: bars a day, month or year, and under them the events in order.

const MOST_BARS = 70; // bars that stand beside each other on a laptop and can still be hit
const MOST_TOTALS = 24; // bars that are wide enough to bear their number
const BAR_HEIGHT = 120; // pixels of the highest bar
const STEPS = {
  day: { key: (day) => day, next: (key) => dayOf(new Date(Date.parse(`${key}T00:00Z`) + 864e5)), range: (key) => [key, key] },
  month: { key: (day) => day.slice(0, 7), next: (key) => dayOf(utc(Number(key.slice(0, 4)), Number(key.slice(5)), 1)).slice(0, 7), range: (key) => days(key) },
  year: { key: (day) => day.slice(0, 4), next: (key) => String(Number(key) + 1).padStart(4, "0"), range: (key) => days(key) },
};
const startOf = (event) => event.days[0] || event.days[1];
const noYear = (event) => !event.days || !/^\d{4}/.test(startOf(event));

function bars(dated) {
  const first = startOf(dated[0]), last = startOf(dated.at(-1));
  for (const step of Object.values(STEPS)) {
    const keys = [];
    for (let key = step.key(first); key <= step.key(last) && keys.length <= MOST_BARS; key = step.next(key)) keys.push(key);
    if (keys.length <= MOST_BARS) return { step, keys };
  }
  // More than seventy years: only the years in which something happened.
  return { step: STEPS.year, keys: [...new Set(dated.map((event) => STEPS.year.key(startOf(event))))].slice(-MOST_BARS) };
}

function drawTimeline() {
  const list = passing().filter((event) => !noYear(event)).sort((a, b) => byDate(a, b));
  const undated = passing().filter(noYear);
  const parts = [h("h2", {}, "When it happened")];
  if (list.length) parts.push(h("p", { class: "lead" }, "By the date that the text gives or implies; an event that began earlier stands at its beginning. Press a bar to see only its days."), barChart(list));
  else parts.push(h("p", { class: "lead" }, "No event that passes the filters has a date."));
  parts.push(...stretched([...byDay(list)], ([label, events]) => h("section", { class: "day" }, h("h3", {}, label), rows(events, { under: label })), { tag: "div", style: "agenda", first: 25, step: 50 }));
  if (undated.length) parts.push(h("details", { class: "undated" }, h("summary", {}, `Without a date in the text (${NUMBER.format(undated.length)})`), rows(undated)));
  $("view-timeline").replaceChildren(...parts.flat());
}

function byDay(list) {
  const found = new Map();
  for (const event of list) {
    const label = sayDate(event.when);
    if (!found.has(label)) found.set(label, []);
    found.get(label).push(event);
  }
  return found;
}

function barChart(list) {
  const { step, keys } = bars(list);
  const counts = new Map(keys.map((key) => [key, new Map()]));
  for (const event of list) {
    const of = counts.get(step.key(startOf(event)));
    if (of) of.set(event.quad, (of.get(event.quad) || 0) + 1);
  }
  const total = (key) => [...counts.get(key).values()].reduce((sum, n) => sum + n, 0);
  const most = Math.max(...keys.map(total), 1);
  const every = Math.ceil(keys.length / (wide() ? 8 : 4)); // as many captions as don't run into each other
  return h("div", { class: "bars", role: "group", "aria-label": "Events by date" }, keys.map((key, place) => {
    const [from, to] = step.range(key);
    const chosen = filter.from === from && filter.to === to;
    const parts = news.quads.filter((quad) => counts.get(key).has(quad.id)).map((quad) => {
      const part = h("span", { class: `part q${quad.id}` });
      part.style.height = `${(BAR_HEIGHT * counts.get(key).get(quad.id)) / most}px`;
      return part;
    });
    return h("button", { type: "button", class: "column", disabled: !total(key), "aria-pressed": String(chosen), title: `${sayDate(key)}: ${count(total(key), "event")}`, "aria-label": `${sayDate(key)}: ${count(total(key), "event")}`,
      on: { click: () => { [filter.from, filter.to] = chosen ? ["", ""] : [from, to]; refilter(); } } },
      h("span", { class: "total", "aria-hidden": "true" }, keys.length <= MOST_TOTALS && total(key) ? NUMBER.format(total(key)) : ""),
      h("span", { class: "stack" }, parts), h("span", { class: "caption", "aria-hidden": "true" }, place % every ? "" : sayDate(key)));
  }));
}

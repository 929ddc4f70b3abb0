// How things are said: dates, counts, states of an event.

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const SEASONS = { 21: "spring", 22: "summer", 23: "autumn", 24: "winter" }; // as EDTF numbers them
const BASIS = { explicit: "as written", relative: "reckoned from the article’s date", publication: "the article’s own date" };
const SHARED = 2;

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

const dayOf = (date) => date.toISOString().slice(0, 10);
const utc = (year, month, day) => new Date(Date.UTC(year, month, day));

/** First and last day that a date may mean, "" for an open end; null where there is no date. */
function days(iso) {
  if (!iso) return null;
  if (iso.includes("/")) {
    const [from, to] = iso.split("/").map((end) => (end && end !== ".." ? days(end) : null));
    return from || to ? [from ? from[0] : "", to ? to[1] : ""] : null;
  }
  const week = /^(\d{4})-W(\d{2})$/.exec(iso);
  if (week) {
    const fourth = utc(Number(week[1]), 0, 4); // ISO 8601: always in week 1
    const monday = utc(Number(week[1]), 0, 4 - ((fourth.getUTCDay() + 6) % 7) + 7 * (week[2] - 1));
    return [dayOf(monday), dayOf(new Date(monday.getTime() + 6 * 864e5))];
  }
  const plain = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?/.exec(iso);
  if (!plain) return null;
  const [, year, month, day] = plain;
  if (day) return [iso.slice(0, 10), iso.slice(0, 10)];
  if (month > 20) {
    const start = 3 * (month - 20) - 1; // spring begins in March
    return [dayOf(utc(year, start, 1)), dayOf(utc(year, start + 3, 0))];
  }
  return month ? [`${year}-${month}-01`, dayOf(utc(year, Number(month), 0))] : [`${year}-01-01`, `${year}-12-31`];
}

const NUMBER = new Intl.NumberFormat("en");
const count = (n, one, many = `${one}s`) => `${NUMBER.format(n)} ${n === 1 ? one : many}`;
const spaced = (text) => text.replace(/[_-]/g, " ");
const named = (ns) => ns.map((n) => news.entities[n].name);
const said = (ns) => named(ns).join(", ");

/** What keeps an event from being a plain fact: "negated", "proposed", ...; "" where it is stated. */
function status(telling) {
  const parts = [];
  if (telling.negated) parts.push("negated");
  if (telling.modality !== "asserted") parts.push(telling.modality);
  return parts.join(", ");
}

const ODD = { be: "is", have: "has", do: "does", go: "goes" };

/** The third person of a verb, as headlines have it: "denies", "calls on". */
function inflected(phrase) {
  const [verb, ...rest] = phrase.split(" ");
  const ended = ODD[verb] || (/(?:s|x|z|ch|sh|[^aeiou]o)$/.test(verb) ? `${verb}es` : /[^aeiou]y$/.test(verb) ? `${verb.slice(0, -1)}ies` : `${verb}s`);
  return [ended, ...rest].join(" ");
}

/** What is done, as one or several do it: "rejects", "don’t reject". */
function doing(event, several) {
  if (event.negated) return `${several ? "don’t" : "doesn’t"} ${event.action}`;
  return several ? event.action : inflected(event.action);
}
const isPlural = (n) => news.entities[n].kind === "group";
const action = (event) => doing(event, event.actors.length > 1 || event.actors.some(isPlural));
const lemma = (event) => (event.negated ? `not ${event.action}` : event.action);
const sentence = (event) => [said(event.actors) || "somebody", action(event), event.targets.length ? `→ ${said(event.targets)}` : ""].filter(Boolean).join(" ");
const byDate = (a, b) => ((a.days && (a.days[0] || a.days[1])) || "9999").localeCompare((b.days && (b.days[0] || b.days[1])) || "9999") || a.n - b.n;
const titleOf = (article) => article.title || article.name;

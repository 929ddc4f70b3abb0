// Elements. What came out of an article reaches the document as a text node or a canvas label only.

/** Make an element; strings become text nodes. `on` maps event names to listeners. */
function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") Object.entries(value).forEach(([type, listener]) => element.addEventListener(type, listener));
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return element;
}

function svg(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  element.append(...children);
  return element;
}

const button = (text, click, attributes = {}) => h("button", { type: "button", class: "plain", ...attributes, on: { click } }, text);
const section = (title, ...content) => [h("h3", {}, title), ...content];
const wide = () => innerWidth > 900;

const probe = h("span", { hidden: true });
document.body.append(probe);
const colours = new Map();

/** A colour of the style sheet as the canvas wants it; `light-dark()` is resolved for what is shown. */
function colour(name) {
  if (!colours.has(name)) {
    probe.style.color = `var(${name})`;
    colours.set(name, getComputedStyle(probe).color);
  }
  return colours.get(name);
}

const MOST_PRINTED = 1000; // lines of one list on paper
/** A list of which only the beginning is built; a button builds the next stretch. */
function stretched(list, make, { tag = "ul", first = 40, step = 100, style = "rows" } = {}) {
  const box = h(tag, { class: style });
  const more = button("", () => grow(step), { class: "plain more" });
  let built = 0;
  function grow(by) {
    box.append(...list.slice(built, built + by).map(make));
    built = Math.min(built + by, list.length);
    const left = list.length - built;
    more.hidden = left === 0;
    more.textContent = `Show ${Math.min(left, step)} more of ${NUMBER.format(left)}`;
  }
  grow(first);
  // Paper has no button: what is printed goes on, as far as anybody would read it.
  more.addEventListener("print", () => { grow(Math.max(MOST_PRINTED - built, 0)); });
  return [box, more];
}
addEventListener("beforeprint", () => document.querySelectorAll(".more:not([hidden])").forEach((more) => { if (more.checkVisibility()) more.dispatchEvent(new Event("print")); }));

const nextFrame = () => new Promise((done) => { const go = () => setTimeout(done); if (document.hidden) go(); else requestAnimationFrame(go); });

async function copy(text) {
  try { await navigator.clipboard.writeText(text); return true; } catch {
    // A page in a frame may lack the permission; an invisible field still copies.
    const field = h("textarea", { class: "hidden" });
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

let toastTimer = 0;
function announce(text) {
  $("status").textContent = text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(sayHowMany, 4000);
}

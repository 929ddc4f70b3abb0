// What a reader should know before believing any of it.

function drawAbout() {
  const dl = (pairs) => h("dl", { class: "facts" }, pairs.flatMap(([term, text]) => [h("dt", {}, term), h("dd", {}, text)]));
  const low = news.events.filter((event) => event.confidence && event.confidence < 60).length;
  $("view-about").replaceChildren(h("div", { class: "prose" },
    h("h2", {}, "How to read this page"),
    h("p", {}, "A program read ", count(news.articles.length, "article"), " and wrote down who did what to whom, according to whom. It looked at grammar and at lists of words; it does not know the world, and it does not know whether anything is true. No person has checked what you see here."),
    ...(news.whole ? [h("p", {}, h("b", {}, "This page is a selection: "), `${selection().join(", from ")}. “kg serve” shows all of them. It takes the events that most publishers tell, then those in most articles, then a sample of the others; each with all its tellings. What you count here are counts of the selection.`)] : []),
    h("h3", {}, "What a machine guess is"),
    h("p", {}, "Each event is a reading of a sentence, not a fact. The program can take the wrong word for the doer, miss a “not”, or put two events together that only sound alike. So every line on this page leads back to the sentence: ", h("b", {}, "click, read the words, and judge by those"), ". If you quote from here, quote the article."),
    h("ul", { class: "bullets" },
      h("li", {}, h("b", {}, "Confidence"), " is the share of readings put like this one that were right in sentences which people had annotated: of those at .80 about eight in ten. Whether the sentence is true is another matter.", low ? ` ${count(low, "event")} here ${low === 1 ? "is" : "are"} below .60.` : ""),
      h("li", {}, h("b", {}, "Worked out by a rule"), " is said where the sentence itself doesn’t name who or whom, and the program found it around."),
      h("li", {}, h("b", {}, "Told by two or more"), " counts publishers, not truth: two papers may print the same agency’s text."),
      h("li", {}, h("b", {}, "Who denies"), " isn’t counted among those who tell: “told by 1, told otherwise by 1”.")),
    h("h3", {}, "What lines mean"),
    dl([
      ["Solid", "the text states it as a fact, or somebody it quotes does"],
      ["Dashed", "it is negated, denied, proposed, planned, possible or conditional"],
      ["Thick", "two or more publishers tell it"],
      ...news.quads.map((quad) => [h("span", { class: `dot q${quad.id}` }, quad.label), { 1: "agrees, meets, supports, promises in words", 2: "helps, yields, gives, cooperates in deeds", 3: "demands, accuses, rejects, threatens in words", 4: "sanctions, protests, coerces, attacks in deeds", 0: "says something, or does what the scheme has no type for" }[quad.id]]),
    ]),
    h("p", {}, "Types such as REJECT or CONSULT are those of PLOVER, a scheme that researchers use to code political events; the numbers are those of its older sister CAMEO. “Stated as fact” speaks of the sentence, not of the world."),
    h("h3", {}, "What is left out"),
    h("p", {}, "Menus, adverts, bylines and other matter around an article are not read; the article view shows them grey. An event that the grammar hides well is not found at all: that something isn’t here doesn’t mean that nobody wrote it."),
    h("h3", {}, "By keyboard"),
    dl([["Tab", "from part to part"], ["/", "to the search"], ["Esc", "back to the overview"], ["Arrow keys", "in the graph: from actor to actor"], ["Enter", "opens an actor"], ["+ − 0", "zoom, fit"], ["H, P", "hide, pin"]]),
    h("h3", {}, "Your privacy"),
    h("p", {}, served ? "This page asks nothing of anybody but the server it came from." : "This page is one file. It asks nothing of any network: what you search and read stays on this computer. A copied link holds your filters, and the names of the actors you chose.")));
}

// Tables of notebooks scroll by themselves, as those of the other pages do.
for (const table of document.querySelectorAll(".bd-article table")) {
  if (table.closest(".scroll")) continue;
  const region = document.createElement("div");
  region.className = "scroll";
  region.tabIndex = 0;
  region.setAttribute("role", "region");
  region.setAttribute("aria-label", table.caption?.textContent ?? "Table");
  table.replaceWith(region);
  region.append(table);
}

// Filter the cards of a page by their verdict and by words. Without scripts all cards are shown and the form is not.
for (const form of document.querySelectorAll("form[data-filters]")) {
  const cards = [...document.getElementsByClassName(form.dataset.filters)];
  const filter = () => {
    const verdicts = new FormData(form).getAll("verdict");
    const words = form.elements.words.value.toLowerCase().split(/\s+/);
    let shown = 0;
    for (const card of cards) {
      const said = card.textContent.toLowerCase();
      card.hidden = !verdicts.includes(card.dataset.verdict) || !words.every((word) => said.includes(word));
      shown += !card.hidden;
    }
    form.querySelector("output").textContent = `${shown} of ${cards.length} shown`;
  };
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  filter();
}

// A long page begins with its headings, to be opened; without scripts all is shown.
const MOST_WORDS = 1200, WHOLE = /\/(claims|figures)\.html$/;  // these have folds and filters of their own
const article = document.querySelector(".bd-article");
const foldUnder = (summary, rest) => {
  const details = document.createElement("details");
  details.append(document.createElement("summary"), ...rest);
  details.firstChild.append(summary);
  return details;
};
if (article && !WHOLE.test(location.pathname) && article.innerText.split(/\s+/).length > MOST_WORDS) {
  for (const section of article.querySelectorAll(":scope > section > section")) {
    const [head, ...rest] = section.children;
    if (head?.matches("h2") && rest.length) section.append(foldUnder(head, rest));
  }
  for (const described of article.querySelectorAll(":scope > section > dl.py")) {
    const name = described.querySelector(".descname"), says = described.querySelector("dd > p");
    const fold = foldUnder(`${name.textContent}: ${says?.textContent ?? ""}`, []);
    described.replaceWith(fold);
    fold.append(described);
  }
}

// What a link leads to is opened.
const openTarget = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  target.querySelector(":scope > details")?.setAttribute("open", "");
  for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  target.scrollIntoView();
};
addEventListener("hashchange", openTarget);
openTarget();

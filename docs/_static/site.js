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

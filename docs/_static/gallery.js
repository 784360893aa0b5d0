// Filter the figures by condition, kind and comparator; those that show every comparator stay.
const choose = document.querySelector(".gallery-filter"), figures = [...document.querySelectorAll(".gallery > li")];
const filterFigures = () => {
  const { condition, kind, comparator } = Object.fromEntries(new FormData(choose));
  let left = 0;
  for (const { dataset, classList } of figures) {
    const fits = [[condition, dataset.condition], [kind, dataset.kind], [dataset.comparator && comparator, dataset.comparator]];
    const shown = fits.every(([wanted, has]) => !wanted || wanted === has);
    classList.toggle("hidden", !shown);
    left += shown;
  }
  choose.querySelector("output").textContent = `${left} of ${figures.length} shown`;
};
choose.addEventListener("input", filterFigures);
choose.addEventListener("submit", (event) => event.preventDefault());
choose.hidden = false;
filterFigures();

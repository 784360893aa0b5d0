// Starts the charts of a page: draws them, keeps what they tell on the screen, and saves pictures of full size.
(function () {
  const EDGE = 8; // pixels between what is told and the edge of the window

  function start() {
    const style = document.createElement("style");
    style.textContent = CSS;
    document.head.append(style);
    for (const figure of document.querySelectorAll("figure.evidence-chart")) draw(figure);
  }

  async function draw(figure) {
    const drawing = figure.querySelector(".evidence-chart-drawing");
    const spec = JSON.parse(figure.querySelector("script.evidence-chart-spec").textContent);
    const { view } = await vegaEmbed(drawing, spec, { ...OPTIONS, downloadFileName: figure.id });
    const said = spec.usermeta; // in another language than English
    drawing.querySelector("summary").setAttribute("aria-label", said.save || "Save this chart as a picture");
    for (const link of drawing.querySelectorAll(".vega-actions a")) saveWhole(link, spec);
    tell(drawing, view, said.again || "Tap again to open the source.");
    await view.resize().runAsync(); // telling in another way emptied the drawing
    figure.dataset.drawn = "yes";
  }

  // A picture is as large as the figure on a wide page, and stands on white, however narrow or dark the page is.
  function saveWhole(old, spec) {
    const link = old.cloneNode(true); // without Vega-Embed's listener, which saves what the page has room for
    const type = link.download.split(".").pop();
    old.replaceWith(link);
    link.addEventListener("click", async (event) => {
      event.preventDefault();
      const params = spec.params.map((one) => (one.name === "narrow" ? { name: one.name, value: false } : one));
      const wide = { ...spec, params, width: PICTURE.width, background: "white" };
      const { view, finalize } = await vegaEmbed(document.createElement("div"), wide, { actions: false });
      const file = document.createElement("a");
      file.href = await view.toImageURL(type, type === "png" ? PICTURE.scale : 1);
      file.download = link.download;
      file.click();
      finalize();
    });
  }

  // Pointing tells; on a touch screen a tap tells, and a second tap on the same mark opens its source.
  function tell(drawing, view, again) {
    const show = view.tooltip();
    let touch = false;
    let told = null;
    view.tooltip((handler, event, item, value) => {
      if (touch && told && !value) return; // no finger points any more, but it is still read
      show(handler, event, item, value);
      if (value) place(event, touch && item.href && again);
    });
    const hide = (event) => {
      if (told) show(null, event, null, null);
      told = null;
    };
    drawing.addEventListener("pointerdown", (event) => (touch = event.pointerType !== "mouse"), true);
    drawing.addEventListener(
      "click",
      (event) => {
        const item = event.target.__data__;
        if (!touch || (told && event.target === told)) return;
        if (!item || !item.tooltip) return hide(event);
        event.stopPropagation();
        told = event.target;
        view.tooltip()(null, event, item, item.tooltip);
      },
      true,
    );
    document.addEventListener("click", (event) => drawing.contains(event.target) || hide(event));
  }

  function place(event, again) {
    const tip = document.getElementById("vg-tooltip-element");
    if (again) {
      tip.insertAdjacentHTML("beforeend", '<p class="again"></p>');
      tip.lastElementChild.textContent = again;
    }
    const { left, top, width, height } = tip.getBoundingClientRect();
    const beside = innerWidth <= NARROW;
    const across = beside ? (innerWidth - width) / 2 : left;
    const down = beside ? (event.clientY > innerHeight / 2 ? EDGE : innerHeight - height - EDGE) : top;
    tip.style.left = `${Math.max(EDGE, Math.min(across, innerWidth - width - EDGE))}px`;
    tip.style.top = `${Math.max(EDGE, Math.min(down, innerHeight - height - EDGE))}px`;
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();

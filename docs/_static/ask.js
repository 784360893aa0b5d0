// Ask the evidence: looks up the answer of a choice and shows it. Every number, word and place was computed by Python.
const PARTS = ["condition", "comparator", "outcome", "time"];
const form = document.querySelector("form.ask"), shown = document.querySelector(".ask-answer");
const part = (name) => shown.querySelector(`.ask-${name}`);

const node = (name, given = {}, ...inside) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(given)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
};
const drawn = (name, given, ...inside) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(given)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
};

const unpacked = async (text) => {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
};

// The question that is nearest to what is wanted: parts before count more; where one does not exist, the first that does.
const settled = (questions, wanted) => {
  let left = questions;
  PARTS.forEach((name, at) => {
    const same = left.filter((question) => question.asked[at] === wanted[name]);
    const value = same.length ? wanted[name] : left[0].asked[at];
    left = left.filter((question) => question.asked[at] === value);
  });
  return left[0];
};

const offer = (select, options, value) => {
  select.replaceChildren(...options.map(([key, words]) => node("option", { value: key }, words)));
  select.value = value;
  select.disabled = options.length < 2;
};

// The choice, from the address and back into it.
const TICKS = ["blinded", "scores", "direct", "flagged"];
const fromAddress = () => {
  const found = new URLSearchParams(location.hash.slice(1));
  return {
    ...Object.fromEntries([...PARTS, "without"].map((name) => [name, found.get(name) ?? ""])),
    ticks: TICKS.filter((name) => found.has(name)),
  };
};
const fromForm = () => ({
  ...Object.fromEntries([...PARTS, "without"].map((name) => [name, form.elements[name].value])),
  ticks: TICKS.filter((name) => (name === "flagged" ? !form.elements.unflagged.checked : form.elements[name].checked)),
});
const toAddress = (choice) => {
  const told = new URLSearchParams();
  for (const name of PARTS) told.set(name, choice[name]);
  for (const name of choice.ticks) told.set(name, "yes");
  if (choice.without) told.set("without", choice.without);
  return `#${told}`;
};

const tell = (data, wanted) => {
  const question = settled(data.questions, wanted), { asked } = question;
  const [all, without] = question.ticks[TICKS.reduce((sum, name, at) => sum + (wanted.ticks.includes(name) << at), 0)];
  const left = Object.hasOwn(without, wanted.without) ? wanted.without : "";
  const choice = { ...Object.fromEntries(PARTS.map((name, at) => [name, asked[at]])), ticks: wanted.ticks, without: left };
  PARTS.forEach((name, at) => {
    const here = data.questions.filter(({ asked: other }) => PARTS.slice(0, at).every((_, i) => other[i] === asked[i]));
    offer(form.elements[name], data.parts[name].filter(([key]) => here.some((each) => each.asked[at] === key)), asked[at]);
  });
  const names = question.trials.filter(({ key }) => Object.hasOwn(without, key)).map(({ key, name }) => [key, name]);
  offer(form.elements.without, [["", "none"], ...names], left);
  for (const name of TICKS) {
    const tick = choice.ticks.includes(name);
    form.elements[name === "flagged" ? "unflagged" : name].checked = name === "flagged" ? !tick : tick;
  }
  show(question, question.answers[left ? without[left] : all]);
  return choice;
};

const circles = (level) => {
  const circle = (at) => drawn("circle", {
    cx: 7 + 13 * at, cy: 7, r: 5, stroke: "currentColor", "stroke-width": 1.5, fill: at < level ? "currentColor" : "none",
  });
  return drawn("svg", { viewBox: "0 0 53 14", width: 53, height: 14, "aria-hidden": "true" }, ...[0, 1, 2, 3].map(circle));
};

const show = (question, answer) => {
  part("title").textContent = question.title;
  part("said").textContent = answer.said;
  const fact = (name, ...value) => node("p", {}, node("small", {}, name), node("b", {}, ...value));
  const facts = [];
  if (answer.points) facts.push(fact("Points of 100, 95% interval", answer.points));
  if (answer.grade) facts.push(fact("Certainty", node("span", { class: "certainty" }, circles(answer.level), answer.grade)));
  if (answer.rests) facts.push(fact("Rests on", answer.rests));
  part("facts").replaceChildren(...facts);
  part("departure").textContent = answer.departure;
  part("hundred").textContent = answer.hundred;
  part("why").replaceChildren(...[...answer.why, ...answer.remarks].map((words) => node("li", {}, words)));
  part("forest").replaceChildren(forest(question, answer));
  shown.dataset.sentence = answer.copied;
};

const forest = (question, answer) => {
  const { axis } = question;
  const heads = ["Trial", "People", "", "Effect (95% interval)", "Weight"];
  const head = node("tr", { role: "row" }, ...heads.map((words) => (words ? node("th", { role: "columnheader" }, words) : node("td", { role: "cell" }))));
  const rows = question.trials.map((trial, at) => {
    const weight = answer.weights[at];
    return weight ? row(axis, trial, "trial", ...weight) : row(axis, trial, "out", "left out", 7);
  });
  const sums = answer.summary.map((each, at) => row(axis, each, at ? "new" : "pooled", ""));
  const table = node("table", { role: "table", "aria-label": question.title });
  table.append(node("caption", {}, question.read));
  table.append(node("thead", { role: "rowgroup" }, head), node("tbody", { role: "rowgroup" }, ...rows, ...sums, scale(question)));
  return table;
};

const row = (axis, each, kind, weight, side = 0) => {
  const name = each.href ? node("a", { href: each.href, rel: "noopener" }, each.name) : each.name;
  const ground = `--null: ${axis.null}%; --from: ${axis.zone ?? 100}%`;
  const cell = (what, words) => node("td", { role: "cell", class: what }, words);
  return node(
    "tr", { role: "row", class: kind },
    node("th", { role: "rowheader", scope: "row" }, node("bdi", {}, name)), cell("whom", each.people),
    node("td", { role: "cell", class: "plot", style: ground }, plot(each.mark, kind, side)), cell("effect", each.effect), cell("weight", weight),
  );
};

const plot = ([low, middle, high, cut], kind, side) => {
  const picture = drawn("svg", { width: "100%", height: 28, "aria-hidden": "true" });
  if (kind === "pooled") {
    const inside = { x: `${low}%`, y: 6, width: `${Math.max(high - low, 1)}%`, height: 16, viewBox: "0 0 100 100", preserveAspectRatio: "none" };
    const peak = high > low ? (100 * (middle - low)) / (high - low) : 50;
    picture.append(drawn("svg", inside, drawn("polygon", { points: `0,50 ${peak},0 100,50 ${peak},100` })));
    return picture;
  }
  picture.append(drawn("line", { class: "interval", x1: `${low}%`, x2: `${high}%`, y1: 14, y2: 14 }));
  const arrow = (x, points) => drawn("svg", { x: `${x}%`, y: 14, width: 1, height: 1, overflow: "visible" }, drawn("polygon", { points }));
  if (cut.includes("l")) picture.append(arrow(0, "0,0 7,-4 7,4"));
  if (cut.includes("r")) picture.append(arrow(100, "0,0 -7,-4 -7,4"));
  const square = { class: "mark", x: `${middle}%`, y: 14 - side / 2, width: side, height: side, transform: `translate(${-side / 2} 0)` };
  if (kind !== "new") picture.append(drawn("rect", square));
  return picture;
};

const scale = ({ axis, favours }) => {
  const picture = drawn("svg", { width: "100%", height: 44 }, drawn("line", { class: "null", x1: 0, x2: "100%", y1: 1, y2: 1 }));
  for (const [x, words] of axis.ticks) {
    const anchor = x < 4 ? "start" : x > 96 ? "end" : "middle";
    picture.append(drawn("line", { class: "null", x1: `${x}%`, x2: `${x}%`, y1: 1, y2: 5 }));
    picture.append(drawn("text", { x: `${x}%`, y: 18, "text-anchor": anchor }, words));
  }
  picture.append(drawn("text", { x: 0, y: 36 }, favours[0]), drawn("text", { x: "100%", y: 36, "text-anchor": "end" }, favours[1]));
  const empty = (name) => node("td", { role: "cell", class: name });
  return node("tr", { role: "row", class: "scale" }, empty("name"), empty("whom"), node("td", { role: "cell", class: "plot" }, picture), empty("effect"), empty("weight"));
};

// Where the browser keeps the clipboard shut, as for pages from a disk, by way of a selection.
const copy = async (text, said) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = node("textarea", { class: "ask-area", "aria-hidden": "true" }, text);
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  said.textContent = "Copied";
};

const start = async () => {
  const data = await unpacked(window.EVIDENCE_ANSWERS);
  let address = "";
  const put = (choice) => { address = toAddress(choice); };
  const keep = (choice) => { put(choice); history.replaceState(null, "", address); };
  form.addEventListener("input", () => keep(tell(data, fromForm())));
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", () => put(tell(data, fromAddress())));
  for (const button of shown.querySelectorAll("[data-copies]")) {
    const said = button.parentNode.querySelector("span");
    const text = () => (button.dataset.copies === "link" ? location.href.split("#")[0] + address : shown.dataset.sentence);
    button.addEventListener("click", () => copy(text(), said));
  }
  put(tell(data, fromAddress()));
  form.hidden = shown.hidden = false;
  document.querySelector(".ask-silent").hidden = true;
};
start();

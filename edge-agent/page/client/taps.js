/** Live taps: a table of all, or the answer to a test punch at one reader. */
const MAX_ROWS = 200;
const state = document.querySelector("#state");
const table = document.querySelector("#taps");
const test = document.querySelector("#test-result");
const { src, reader } = (table ?? test).dataset;

const source = new EventSource(src);
source.addEventListener("ready", () => {
  state.textContent = test === null ? "Live." : "Waiting for a punch …";
  state.dataset.state = "live";
});
source.addEventListener("error", () => {
  state.textContent = "The agent does not answer; trying again …";
  state.dataset.state = "away";
});
source.addEventListener("message", ({ data }) => {
  const tap = JSON.parse(data);
  if (table !== null) addRow(tap);
  else if (tap.reader === reader) showTest(tap);
});

function addRow({ at, reader: where, badge, light, text, meaning, row, isRepeat }) {
  table.querySelector(".empty")?.remove();
  const again = isRepeat ? " (read again, stored before)" : "";
  const cells = [
    at.slice(0, 19).replace("T", " "),
    where,
    badge,
    light,
    text,
    meaning,
    `${row}${again}`,
  ];
  const line = document.createElement("tr");
  for (const content of cells) {
    const cell = document.createElement("td");
    cell.textContent = content;
    line.append(cell);
  }
  line.children[3].dataset.light = light;
  table.prepend(line);
  while (table.rows.length > MAX_ROWS) table.lastElementChild.remove();
}

function showTest({ badge, light, text, meaning, row }) {
  const done = document.createElement("p");
  done.className = "good";
  done.textContent = `It works: row ${row} is on disk.`;
  const facts = document.createElement("dl");
  facts.className = "facts";
  for (const [name, value] of [
    ["Badge", badge],
    ["Light", light],
    ["Shown", text],
    ["Meaning", meaning],
  ]) {
    if (value === "") continue;
    const entry = document.createElement("div");
    entry.append(document.createElement("dt"), document.createElement("dd"));
    entry.firstChild.textContent = name;
    entry.lastChild.textContent = value;
    facts.append(entry);
  }
  test.replaceChildren(done, facts);
  state.textContent = "Punch again as often as you like.";
}

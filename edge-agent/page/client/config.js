import { askJson } from "./ask.js";

/** The editor: the YAML is what will be saved; every change in the form is made to it by the gateway. */
const PAUSE_MS = 400;
const byId = (id) => document.getElementById(id);
const [editor, form, yaml, save, message] = ["editor", "form", "yaml", "save", "message"].map(byId);
let next = null;

function say(text, kind = "") {
  message.textContent = text;
  message.className = kind;
}

/** One question at a time, in order: a form and a text that change at once would lose one of the changes. */
let asked = Promise.resolve();
function change(path, body) {
  asked = asked.then(async () => {
    try {
      showLook(await askJson(path, { method: "POST", body: body() }));
    } catch (error) {
      say(error.message, "bad");
    }
  });
}

function showLook({ text, form: fields, problems, diff, isGood, isChanged }) {
  if (yaml.value !== text) yaml.value = text;
  const { id, value, selectionStart } = document.activeElement;
  const open = new Map([...form.querySelectorAll("details")].map((each) => [each.id, each.open]));
  form.innerHTML = fields;
  for (const each of form.querySelectorAll("details")) each.open = open.get(each.id) ?? each.open;
  const focused = id === "" ? null : byId(id);
  if (focused !== null && form.contains(focused)) {
    focused.focus();
    if (value !== undefined && focused.dataset.op === undefined) focused.value = value;
    if (selectionStart !== null) focused.setSelectionRange?.(selectionStart, selectionStart);
  }
  byId("problems").innerHTML = problems;
  byId("diff").innerHTML = diff;
  save.disabled = !isGood || !isChanged || "readOnly" in editor.dataset;
}

const edit = (made) => change("/config/edit", () => ({ text: yaml.value, edit: made }));

let pause;
yaml.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(() => change("/config/look", () => ({ text: yaml.value })), PAUSE_MS);
});

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("change", ({ target }) => {
  const { path: at, kind, op } = target.dataset;
  if (at === undefined) return;
  const path = JSON.parse(at);
  if (target.value === "") edit({ op: "remove", path });
  else if (op === "choose") edit({ op, path, variant: Number(target.value) });
  else edit({ op: "set", path, value: valueOf(target.value, kind) });
});
form.addEventListener("click", ({ target }) => {
  const { path, op, variant } = target.closest("button")?.dataset ?? {};
  if (path === undefined) return;
  const made = { op, path: JSON.parse(path) };
  edit(op === "choose" ? { ...made, variant: Number(variant) } : made);
});

/** What is no number or no JSON goes as it is: the check says what is wrong with it, and where. */
function valueOf(text, kind) {
  if (kind === "string") return text;
  if (kind === "number") return Number.isNaN(Number(text)) ? text : Number(text);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

byId("problems").addEventListener("click", ({ target }) => {
  const { line, col } = target.dataset;
  if (line === undefined) return;
  const before = yaml.value.split("\n").slice(0, Number(line) - 1);
  const at = before.reduce((sum, text) => sum + text.length + 1, 0) + Number(col) - 1;
  yaml.focus();
  yaml.setSelectionRange(at, at);
});

byId("copy").addEventListener("click", () => void copy());
async function copy() {
  try {
    await navigator.clipboard.writeText(yaml.value);
    say("Copied.");
  } catch {
    yaml.select();
    say("Selected: copy it with Ctrl-C.");
  }
}

save.addEventListener("click", () => void saveAndStart());
async function saveAndStart() {
  await asked;
  save.disabled = true;
  say("Saving; the agent starts anew …");
  try {
    const saved = await askJson("/config/file", {
      method: "PUT",
      headers: { "if-match": `"${editor.dataset.etag}"` },
      body: { text: yaml.value },
    });
    editor.dataset.etag = saved.etag;
    if (saved.runsWith === "file" && next !== null) location.assign(next);
    else if (saved.runsWith === "file") location.reload();
    else say(saved.message, "bad");
  } catch (error) {
    save.disabled = false;
    say(error.message, "bad");
  }
}

byId("reload").addEventListener("click", () => void readAgain());
async function readAgain() {
  say("Reading the file again …");
  try {
    await askJson("/config/reload", { method: "POST", body: {} });
    location.reload();
  } catch (error) {
    say(error.message, "bad");
  }
}

/** A line that the readers' page has drafted. */
function takeDraft() {
  const draft = sessionStorage.getItem("draft");
  sessionStorage.removeItem("draft");
  if (draft === null) return;
  const { text, next: after } = JSON.parse(draft);
  next = after;
  yaml.value = text;
  say("The new line is in the form below, under lines. Look through it, then save.");
  change("/config/look", () => ({ text: yaml.value }));
}
takeDraft();

import { ask } from "./ask.js";

/** Shows marked parts anew every few seconds, made by the gateway; says so when it does not answer. */
const EVERY_MS = 2_000;
const away = document.querySelector("#away");

async function refresh(part, path, headers) {
  const response = await ask(path, { headers });
  if (!response.ok) throw new Error(`answered ${response.status}`);
  const content = await response.text();
  const template = document.createElement("template");
  template.innerHTML = content;
  const [shown, made] = [[...part.children], [...template.content.children]];
  for (const details of template.content.querySelectorAll("details[id]")) {
    details.open = document.getElementById(details.id)?.open ?? details.open;
  }
  if (shown.length !== made.length) part.replaceChildren(...made);
  else for (const [index, each] of made.entries()) replace(shown[index], each);
}

/** Only what has changed, and never under the eyes of somebody who stands on it with the keyboard or marks its text. */
function replace(shown, made) {
  if (shown.outerHTML === made.outerHTML) return;
  const selection = getSelection();
  const isMarked = !selection.isCollapsed && selection.containsNode(shown, true);
  if (isMarked || shown.contains(document.activeElement)) return;
  shown.replaceWith(made);
}

document.querySelector("#leave").addEventListener("click", () => void leave());
async function leave() {
  await ask("/logout", { method: "POST" });
  location.assign("/login");
}

async function again() {
  const live = document.querySelector("[data-live]");
  const parts = [...document.querySelectorAll("[data-refresh]")];
  try {
    if (!document.hidden) {
      if (live !== null) await refresh(live, location.pathname, { "x-fragment": "1" });
      for (const part of parts) await refresh(part, part.dataset.refresh, {});
      // Just to hear whether anybody answers.
      if (live === null && parts.length === 0) await ask("/assets/icon.svg");
    }
    away.hidden = true;
  } catch {
    away.hidden = false;
  }
  setTimeout(again, EVERY_MS);
}

setTimeout(again, EVERY_MS);

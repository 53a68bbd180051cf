import { ask, askJson } from "./ask.js";

/** Finding readers, and the first draft of a line for one; the configuration page shows that before anything is saved. */
const found = document.querySelector("#found");
const message = document.querySelector("#message");

async function look() {
  found.setAttribute("aria-busy", "true");
  try {
    const response = await ask(found.dataset.src);
    found.innerHTML = await response.text();
  } catch {
    found.textContent = "The agent does not answer. Look again in a moment.";
  }
  found.removeAttribute("aria-busy");
}

document.querySelector("#look").addEventListener("click", () => void look());
document.querySelector("#main").addEventListener("submit", (event) => {
  if (!event.target.matches("form.add")) return;
  event.preventDefault();
  void draft(event.target);
});

async function draft(form) {
  const [reader, driver, port] = ["reader", "driver", "port"].map(
    (name) => form.elements[name]?.value,
  );
  const hangsOn = form.dataset.port === undefined ? port : JSON.parse(form.dataset.port);
  try {
    const { text } = await askJson("/readers/draft", {
      method: "POST",
      body: { reader, driver, port: hangsOn },
    });
    sessionStorage.setItem("draft", JSON.stringify({ text, next: `/readers/${reader}/test` }));
    location.assign("/config");
  } catch (error) {
    message.textContent = error.message;
  }
}

void look();

import { askJson } from "./ask.js";

const message = document.querySelector("#message");

async function logIn(text) {
  const token = text.trim().replace(/^.*#token=/, "");
  message.textContent = "Logging in …";
  try {
    await askJson("/login", { method: "POST", body: { token } });
    location.replace("/");
  } catch (error) {
    message.textContent = error.message;
  }
}

document.querySelector("#login").addEventListener("submit", (event) => {
  event.preventDefault();
  void logIn(new FormData(event.target).get("token"));
});

// The part after # never leaves the browser by itself; taken out of the address, it is in no history either.
function takeFromAddress() {
  if (!location.hash.startsWith("#token=")) return;
  const { hash } = location;
  history.replaceState(null, "", location.pathname);
  void logIn(hash);
}
takeFromAddress();
addEventListener("hashchange", takeFromAddress);

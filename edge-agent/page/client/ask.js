/** Asks this gateway for something, with what proves that the question is this page's. */
export async function ask(path, { method = "GET", body, headers = {} } = {}) {
  const token = document.querySelector('meta[name="write-token"]')?.content ?? "";
  const response = await fetch(path, {
    method,
    headers: {
      "x-clockleaf-token": token,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (response.status === 401) location.assign("/login");
  return response;
}

/** The same for a JSON answer; throws its sentence when it is a refusal. */
export async function askJson(path, options) {
  const response = await ask(path, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.message ?? `answered ${response.status}`);
  return answer;
}

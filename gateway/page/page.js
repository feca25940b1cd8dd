"use strict";

const at = (id) => document.getElementById(id);
let stopping = null;

at("tenant").value = new URLSearchParams(location.search).get("tenant") || "";

function say(status, result) {
  at("status").textContent = status;
  if (result !== undefined) at("result").textContent = result;
}

function headers(accept) {
  const all = { "content-type": "application/json", accept };
  const tenant = at("tenant").value.trim();
  const token = at("token").value.trim();
  if (tenant) all["x-civic-tenant"] = tenant;
  if (token) all.authorization = `Bearer ${token}`;
  return all;
}

const pretty = (value) => JSON.stringify(value, null, 2);

async function watch(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    rest += value;
    const events = rest.split("\r\n\r\n");
    rest = events.pop();
    for (const event of events) {
      const data = event.split("\r\n").find((line) => line.startsWith("data: {"));
      if (data) say(`Watching. Last change at ${new Date().toLocaleTimeString()}.`, pretty(JSON.parse(data.slice(6))));
    }
  }
}

async function send(event) {
  event.preventDefault();
  if (stopping) stopping.abort();
  let variables = null;
  try {
    variables = at("variables").value.trim() ? JSON.parse(at("variables").value) : null;
  } catch {
    say("The variables are not a JSON object. Nothing was sent.");
    at("variables").focus();
    return;
  }
  const query = at("query").value;
  const live = /^\s*subscription\b/m.test(query);
  const started = performance.now();
  stopping = new AbortController();
  at("stop").hidden = !live;
  say(live ? "Watching." : "Sending.", "");
  try {
    const response = await fetch("/graphql", {
      method: "POST",
      headers: headers(live ? "text/event-stream" : "application/graphql-response+json"),
      body: JSON.stringify({ query, variables }),
      signal: stopping.signal,
    });
    if (live && response.headers.get("content-type").startsWith("text/event-stream")) {
      await watch(response);
      say("The watching has ended.");
    } else {
      const answer = await response.json();
      const time = Math.round(performance.now() - started);
      say(`${answer.errors ? "Answered with errors" : "Answered"} in ${time} ms.`, pretty(answer));
    }
  } catch (error) {
    say(error.name === "AbortError" ? "Stopped." : "The gateway could not be reached. Try again in a moment.");
  }
  at("stop").hidden = true;
}

at("form").addEventListener("submit", send);
at("stop").addEventListener("click", () => stopping && stopping.abort());
at("query").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) at("form").requestSubmit();
});

"use strict";
// The plain demo page: sends what is typed and shows what the bot says, as text only.

const log = document.getElementById("log");
const form = document.getElementById("form");
const field = document.getElementById("message");
const sender = newSender();
let waiting = false;

function newSender() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function show(text, who, lang) {
  const message = document.createElement("p");
  message.className = `message ${who}`;
  message.textContent = text;
  if (lang) message.lang = lang;
  log.append(message);
  message.scrollIntoView({ block: "nearest" });
}

function offer(buttons) {
  const choices = document.createElement("div");
  choices.className = "choices";
  for (const { title, payload } of buttons) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = title;
    button.addEventListener("click", () => send(payload, title));
    choices.append(button);
  }
  log.append(choices);
  choices.scrollIntoView({ block: "nearest" });
}

async function send(message, shown) {
  if (waiting) return;
  waiting = true;
  show(shown, "mine");
  field.value = "";
  try {
    const response = await fetch("webhooks/rest/webhook", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ sender, message }),
    });
    const reply = await response.json();
    if (response.ok) {
      for (const item of reply) {
        show(item.text, "theirs", item.custom?.lang);
        if (item.buttons) offer(item.buttons);
      }
    } else {
      failed(reply.error, message, shown);
    }
  } catch {
    failed("Jag når inte servern just nu.", message, shown);
  }
  waiting = false;
  field.focus();
}

function failed(reason, message, shown) {
  show(reason, "theirs");
  offer([{ title: `Försök igen: ${shown}`, payload: message }]);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value.trim();
  if (text) send(text, text);
});

field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

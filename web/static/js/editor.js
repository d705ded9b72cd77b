// The five cards follow what is typed, a moment later.
"use strict";

const words = document.getElementById("words");
const drawn = document.getElementById("drawn");
const kept = new Map();
let timer = 0;
let round = 0;
let asking = new AbortController();

async function draw(image, mine) {
  const body = new FormData(words);
  body.set("size", image.dataset.card);
  const answer = await fetch(words.dataset.preview, { method: "POST", body, signal: asking.signal });
  if (mine !== round) return true;
  if (!answer.ok) return false;
  if (kept.has(image)) URL.revokeObjectURL(kept.get(image));
  kept.set(image, URL.createObjectURL(await answer.blob()));
  image.src = kept.get(image);
  return true;
}

// What is on the screen first: each takes the server a moment.
function inOrder() {
  const away = (image) => {
    const { top, bottom } = image.getBoundingClientRect();
    return Math.max(top - innerHeight, -bottom, 0);
  };
  return [...words.querySelectorAll("[data-card]")].sort((one, other) => away(one) - away(other));
}

async function all() {
  const mine = ++round;
  let fits = true;
  asking.abort();
  asking = new AbortController();
  drawn.textContent = drawn.dataset.drawing;
  for (const image of inOrder()) {
    try {
      fits = (await draw(image, mine)) && fits;
    } catch {
      if (mine === round) drawn.textContent = "";
      return;
    }
    if (mine !== round || !fits) break;
  }
  if (mine === round) drawn.textContent = fits ? "" : drawn.dataset.wrong;
}

// What was typed is not lost by a click on another tab.
let unsaved = "unsaved" in words.dataset;
window.addEventListener("beforeunload", (event) => {
  if (unsaved) event.preventDefault();
});
words.addEventListener("submit", ({ submitter }) => {
  if (submitter?.formTarget !== "_blank") unsaved = false;
});

words.addEventListener("input", ({ target }) => {
  unsaved = true;
  for (const field of words.querySelectorAll(`[data-usual="${target.name}"]`)) {
    field.placeholder = target.value;
  }
  clearTimeout(timer);
  timer = setTimeout(all, 500);
});

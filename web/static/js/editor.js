// The five cards follow what is typed, a moment later.
"use strict";

const words = document.getElementById("words");
const drawn = document.getElementById("drawn");
const kept = new Map();
let timer = 0;
let round = 0;

async function draw(image, mine) {
  const body = new FormData(words);
  body.set("size", image.dataset.card);
  const answer = await fetch(words.dataset.preview, { method: "POST", body });
  if (mine !== round) return true;
  if (!answer.ok) return false;
  if (kept.has(image)) URL.revokeObjectURL(kept.get(image));
  kept.set(image, URL.createObjectURL(await answer.blob()));
  image.src = kept.get(image);
  return true;
}

async function all() {
  const mine = ++round;
  let fits = true;
  for (const image of words.querySelectorAll("[data-card]")) {
    try {
      fits = (await draw(image, mine)) && fits;
    } catch {
      return;
    }
    if (mine !== round || !fits) break;
  }
  if (mine === round) drawn.textContent = fits ? "" : drawn.dataset.wrong;
}

words.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(all, 500);
});

// The viewer: one still at a time, held in this page's memory only, blurred unless held.
"use strict";

const veil = document.getElementById("veil");
const resting = veil && veil.innerHTML;
let shown = null; // the address of the still in memory
let last = null; // where the focus goes back to

function rest() {
  if (shown) URL.revokeObjectURL(shown);
  shown = null;
  if (veil) veil.innerHTML = resting;
}

function say(...texts) {
  const box = document.createElement("p");
  box.textContent = texts.filter(Boolean).join(" ");
  veil.replaceChildren(box);
}

async function look(form) {
  rest();
  last = form.querySelector("button");
  say(veil.dataset.asking);
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body: new FormData(form), cache: "no-store" });
  } catch {
    return say(veil.dataset.failed, "network");
  }
  if (answer.status !== 200 || answer.headers.get("Content-Type") !== "image/jpeg") {
    return say(veil.dataset.failed, answer.headers.get("X-Outcome") || String(answer.status));
  }
  shown = URL.createObjectURL(await answer.blob());
  const image = new Image();
  image.src = shown;
  image.alt = veil.dataset.alt;
  image.className = "still";
  image.draggable = false;
  const box = document.createElement("div");
  const hint = document.createElement("p");
  hint.textContent = veil.dataset.hold;
  box.append(image, hint);
  if (answer.headers.get("X-Same") !== "yes") {
    const changed = document.createElement("p");
    changed.className = "problem";
    changed.textContent = veil.dataset.changed;
    box.append(changed);
  }
  veil.replaceChildren(box);
  veil.focus();
}

function hold(on) {
  const image = veil && veil.querySelector(".still");
  if (image) image.classList.toggle("held", on);
}

if (veil) {
  for (const form of document.querySelectorAll("[data-still]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      look(form);
    });
  }
  veil.addEventListener("pointerdown", () => hold(true));
  for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
    veil.addEventListener(end, () => hold(false));
  }
  veil.addEventListener("contextmenu", (event) => event.preventDefault());
  veil.addEventListener("blur", () => hold(false));
  veil.addEventListener("keydown", (event) => {
    if (event.key === " ") {
      event.preventDefault();
      hold(true);
    } else if (event.key === "Escape") {
      rest();
      if (last) last.focus();
    }
  });
  veil.addEventListener("keyup", (event) => {
    if (event.key === " ") hold(false);
  });
  document.addEventListener("visibilitychange", rest);
  window.addEventListener("pagehide", rest);
}

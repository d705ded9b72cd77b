// The viewer: one still at a time, held in this page's memory only, blurred unless held.
// After some stills a quiet screen comes first: see `calm`.
// Keys: v looks at the next picture not seen yet, space holds, Escape takes it away.
"use strict";

const veil = document.getElementById("veil");
const looks = veil ? [...document.querySelectorAll("[data-still]")] : [];
const resting = veil && veil.innerHTML;
let shown = null; // the address of the still in memory
let asking = null; // what can still be called off
let last = null; // where the focus goes back to
let calming = null; // what tells the desk that the quiet screen is over
let lasting = null; // the look: its number, when it began, the form's token

function rest() {
  if (asking) asking.abort();
  if (lasting) ended(lasting);
  lasting = null;
  if (shown) URL.revokeObjectURL(shown);
  asking = shown = null;
  if (veil) veil.innerHTML = resting;
}

function say(...texts) {
  const box = document.createElement("p");
  box.textContent = texts.filter(Boolean).join(" ");
  veil.replaceChildren(box);
}

// How long it was on the screen: it counts towards the limits of a day.
function ended(look) {
  const data = new FormData();
  data.set("csrfmiddlewaretoken", look.token);
  data.set("seconds", String(Math.ceil((performance.now() - look.began) / 1000)));
  navigator.sendBeacon(veil.dataset.ended.replace("/0/", `/${look.number}/`), data);
}

async function look(form) {
  await calming;
  rest();
  last = form.querySelector("button");
  say(veil.dataset.asking);
  veil.focus();
  const mine = (asking = new AbortController());
  try {
    const answer = await fetch(form.action, {
      method: "POST", body: new FormData(form), cache: "no-store", signal: mine.signal,
    });
    if (answer.headers.get("X-Calm")) return calm();
    if (answer.headers.get("X-Rest")) return say(veil.dataset.rest);
    if (answer.status !== 200 || answer.headers.get("Content-Type") !== "image/jpeg") {
      return say(veil.dataset.failed, answer.headers.get("X-Outcome") || String(answer.status));
    }
    const still = await answer.blob();
    const began = performance.now();
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    const one = { number: answer.headers.get("X-View"), began, token };
    if (mine !== asking) return ended(one);
    lasting = one;
    show(still, answer.headers.get("X-Same") === "yes", form);
  } catch {
    if (mine === asking) say(veil.dataset.failed, "network");
  }
}

// A drawing, and nothing to decide. Whichever way it is left, the desk is told.
function calm() {
  const screen = document.getElementById("calm");
  const form = screen.querySelector("form");
  say(veil.dataset.calm);
  screen.addEventListener("close", () => {
    const told = { method: "POST", body: new FormData(form) };
    calming = fetch(form.action, told).catch(() => null);
    last.focus();
  }, { once: true });
  screen.showModal();
}

function show(still, same, form) {
  shown = URL.createObjectURL(still);
  const image = new Image();
  image.src = shown;
  image.alt = veil.dataset.alt;
  image.className = "still";
  image.draggable = false;
  const box = document.createElement("div");
  const hint = document.createElement("p");
  hint.textContent = veil.dataset.hold;
  box.append(image, hint);
  if (!same) {
    const changed = document.createElement("p");
    changed.className = "problem";
    changed.textContent = veil.dataset.changed;
    box.append(changed);
  }
  veil.replaceChildren(box);
  seen(form);
}

// What was seen may now be named in the decision, as it would be after a reload.
function seen(form) {
  form.closest("li").querySelector(".tag[hidden]")?.removeAttribute("hidden");
  const box = document.querySelector(`#about input[value="${form.dataset.still}"]`);
  if (box && box.parentElement.hidden) {
    box.parentElement.hidden = document.getElementById("about").hidden = false;
    box.checked = document.querySelectorAll("#about label:not([hidden])").length === 1;
  }
  mark();
}

function next() {
  const waits = (line) => line.querySelector(".tag[hidden]") && !line.querySelector(".tag.moss");
  return looks.find((form) => waits(form.closest("li"))) || looks[0];
}

// The key is written on the button it presses.
function mark() {
  const key = document.querySelector("[data-still] kbd");
  if (key) next().querySelector("button").append(" ", key);
}

function hold(on) {
  const image = veil && veil.querySelector(".still");
  if (image) image.classList.toggle("held", on);
}

if (veil) {
  document.querySelector("#calm form").addEventListener("submit", (event) => {
    event.preventDefault();
    document.getElementById("calm").close();
  });
  for (const form of looks) {
    form.querySelector("button").disabled = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      look(form);
    });
  }
  mark();
  veil.addEventListener("pointerdown", () => hold(true));
  for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
    veil.addEventListener(end, () => hold(false));
  }
  veil.addEventListener("contextmenu", (event) => event.preventDefault());
  veil.addEventListener("blur", () => hold(false));
  veil.addEventListener("keyup", (event) => {
    if (event.key === " ") hold(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && (shown || asking)) {
      rest();
      last.focus();
    } else if (event.key === " " && event.target === veil) {
      event.preventDefault();
      hold(true);
    } else if (event.key === "v" && plainKey(event)) {
      if (looks.length) look(next());
    }
  });
  document.addEventListener("visibilitychange", rest);
  window.addEventListener("pagehide", rest);
}

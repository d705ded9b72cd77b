// The viewer: one still at a time, held in this page's memory only, blurred but where it is asked
// for. After some stills a quiet screen comes first: see `calm`.
// Keys: v looks at the next picture that is neither known nor seen, l shows it larger, arrows
// uncover a part, space all of it, while they are held; Escape takes it away. (x: see named.js)
"use strict";

const veil = document.getElementById("veil");
const looks = veil ? [...document.querySelectorAll("[data-still]")] : [];
const resting = veil && veil.innerHTML;
let shown = null; // the address of the still in memory
let asking = null; // what can still be called off
let last = null; // the form of the still that is, or was last, on the screen
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

const secondsOf = (look) => Math.ceil((performance.now() - look.began) / 1000);

// How long it was on the screen: it counts towards the limits of a day.
function ended(look) {
  const data = new FormData();
  data.set("csrfmiddlewaretoken", look.token);
  data.set("seconds", String(secondsOf(look)));
  navigator.sendBeacon(veil.dataset.ended.replace("/0/", `/${look.number}/`), data);
}

// It is on the screen: only from now on was it seen. The decision says so too, should this be lost.
function arrived(look) {
  const data = new FormData();
  data.set("csrfmiddlewaretoken", look.token);
  navigator.sendBeacon(veil.dataset.ended.replace("/0/", `/${look.number}/`), data);
  noteInForm("shown", look.number);
}

// The still goes as the decision is sent, which says itself how long it was there: it comes to the
// desk before what a page says that is left.
function leave() {
  if (lasting) noteInForm("ended", `${lasting.number}:${secondsOf(lasting)}`);
  rest();
}

// Of a video, the number of the still: the next one, or, with a reason, the one that was chosen.
function numberOf(form, large, again) {
  const { next, shown } = form.dataset;
  return next && (large ? shown : again ? form.elements.still.value : next);
}

async function look(form, large = false, again = large) {
  await calming;
  rest();
  last = form;
  say(veil.dataset.asking);
  veil.focus();
  const mine = (asking = new AbortController());
  const body = new FormData(form);
  const number = numberOf(form, large, again);
  body.set("tells", "yes");
  if (large) body.set("large", "yes");
  if (number) body.set("still", number);
  try {
    const answer = await fetch(form.action, {
      method: "POST", body, cache: "no-store", signal: mine.signal,
    });
    sayStanding(answer.headers);
    if (answer.headers.get("X-Calm")) return calm();
    if (answer.headers.get("X-Rest")) return say(veil.dataset.rest);
    if (answer.headers.get("X-Why")) return askWhy(form, answer.headers.get("X-Why"), number);
    if (answer.status !== 200 || answer.headers.get("Content-Type") !== "image/jpeg") {
      if (number > Number(answer.headers.get("X-Of") || number)) takesReason(form).open = false;
      mark();
      const met = decodeURIComponent(answer.headers.get("X-Outcome") || "");
      return say(veil.dataset.failed, met || String(answer.status));
    }
    const still = await answer.blob();
    const began = performance.now();
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    const one = { number: answer.headers.get("X-View"), began, token };
    if (mine !== asking) return;
    lasting = one;
    arrived(one);
    show(still, answer.headers.get("X-Same") === "yes", form, large);
    if (number) oneOf(form, Number(number), Number(answer.headers.get("X-Of")) || 1, again);
  } catch {
    if (mine === asking) say(veil.dataset.failed, "network");
  }
}

// How much was looked at today, this look counted; and whether the day's limit is near.
function sayStanding(headers) {
  const line = document.querySelector("[data-standing]");
  if (!line || !headers.get("X-Standing")) return;
  line.innerHTML = decodeURIComponent(headers.get("X-Standing"));
  line.parentElement.classList.toggle("warned", headers.get("X-Warned") === "yes");
}

function askWhy(form, why, number) {
  say(veil.dataset[{ decided: "decided", in_hand: "inHand" }[why] || "why"]);
  if (why === "decided" || why === "in_hand") return;
  const chosen = form.elements.still;
  if (chosen && number) chosen.value = number; // the one that was asked for
  takesReason(form).querySelector("[name=why], [name=own_why]").focus();
}

// From now on this picture is looked at with a reason only.
function takesReason(form) {
  form.querySelector("[data-first]").hidden = true;
  const again = form.querySelector(".again");
  again.hidden = false;
  again.open = true;
  return again;
}

// A drawing, and nothing to decide. Whichever way it is left, the desk is told.
function calm() {
  const screen = document.getElementById("calm");
  const form = screen.querySelector("form");
  say(veil.dataset.calm);
  screen.addEventListener("close", () => {
    const told = { method: "POST", body: new FormData(form) };
    calming = fetch(form.action, told).catch(() => null);
    backTo(last);
  }, { once: true });
  screen.showModal();
}

function backTo(form) {
  form.querySelector("[data-first]:not([hidden]), summary").focus();
}

function show(still, same, form, large) {
  shown = URL.createObjectURL(still);
  const frame = document.createElement("div");
  frame.className = large ? "frame large" : "frame";
  for (const name of ["still", "still clear"]) frame.append(picture(name));
  const hint = document.createElement("p");
  hint.textContent = veil.dataset.hold;
  const box = document.createElement("div");
  box.append(frame, hint);
  if (!large) box.append(larger(form));
  if (!same) {
    const changed = document.createElement("p");
    changed.className = "problem";
    changed.textContent = veil.dataset.changed;
    box.append(changed);
  }
  veil.replaceChildren(box);
  uncoverBy(frame);
  seen(form);
}

// A video is looked at by a few stills; the next one is asked for like another picture.
function oneOf(form, number, of, again) {
  const words = (text, n) => text.replace("{n}", n).replace("{of}", of);
  const which = document.createElement("p");
  which.textContent = words(veil.dataset.number, number);
  veil.querySelector(".frame").after(which);
  form.dataset.shown = number;
  if (again) return;
  const seen = form.closest("li").querySelector("[data-stills]");
  seen.textContent = words(veil.dataset.stills, number);
  seen.hidden = number === of;
  if (number === of) return;
  form.dataset.next = number + 1;
  const first = form.querySelector("[data-first]");
  first.hidden = false;
  first.textContent = words(veil.dataset.next, number + 1);
  mark();
}

function picture(name) {
  const image = new Image();
  image.src = shown;
  image.alt = name === "still" ? veil.dataset.alt : "";
  image.className = name;
  image.draggable = false;
  return image;
}

function larger(form) {
  const button = document.createElement("button");
  const key = document.createElement("kbd");
  button.type = "button";
  button.className = "btn ghost";
  key.textContent = "l";
  button.append(veil.dataset.larger, " ", key);
  button.addEventListener("click", () => look(form, true));
  return button;
}

// What was seen may now be named in the decision (named.js), as it would be after a reload.
function seen(form) {
  form.closest("li").querySelector("[data-seen]").hidden = false;
  takesReason(form).open = false;
  for (const field of form.querySelectorAll("[name=why], [name=own_why]")) field.value = "";
  onScreen(form.dataset.still);
  mark();
}

// Never what is known, and each picture once.
function next() {
  return looks.find((form) => !form.querySelector("[data-first]").hidden);
}

// The key is written on the button it presses.
function mark() {
  document.querySelector("[data-still] [data-first] kbd")?.remove();
  const key = document.createElement("kbd");
  key.textContent = "v";
  next()?.querySelector("[data-first]").append(" ", key);
}

if (veil) {
  document.querySelector("#calm form").addEventListener("submit", (event) => {
    event.preventDefault();
    document.getElementById("calm").close();
  });
  for (const form of looks) {
    for (const button of form.querySelectorAll("button")) button.disabled = false;
    form.querySelector("[data-first]").addEventListener("click", () => look(form));
    form.addEventListener("submit", (event) => { // with a reason, by Enter in its field too
      event.preventDefault();
      look(form, false, true);
    });
  }
  for (const form of document.querySelectorAll("#assess, [data-carries]")) {
    form.addEventListener("submit", leave);
  }
  mark();
  document.addEventListener("keydown", (event) => {
    const leaves = event.target.matches(FIELDS); // a field; the still stays (keys.js)
    if (event.key === "Escape" && !leaves && (shown || asking) && !covered()) {
      rest();
      backTo(last);
    } else if (nameOf(event) === "v" && plainKey(event)) {
      const form = next();
      if (form) return look(form);
      rest();
      say(veil.dataset.done);
      veil.focus();
    } else if (nameOf(event) === "l" && plainKey(event) && shown) {
      veil.querySelector("button")?.click();
    }
  });
  document.addEventListener("visibilitychange", rest);
  window.addEventListener("pagehide", rest);
}

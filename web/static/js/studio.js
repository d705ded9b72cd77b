// The studio's preview: the photo under the campaign's note, moved by hand, by keys or by wheel.
// The server makes the card; the sum of the crop is the same as in vigie/campaign/card/design.py.
"use strict";

const form = document.getElementById("studio");
const stage = document.getElementById("stage");
const pane = document.getElementById("window");
const photo = document.getElementById("shown");
const over = document.getElementById("over");
const strip = document.getElementById("strip");
const sample = stage.querySelector(".sample");
const zoom = document.getElementById("zoom-range");
const saying = document.getElementById("say");
const telling = document.getElementById("told");
const zooming = document.getElementById("zoom-row");
const USUAL = { x: 0.5, y: 0.4, zoom: 1 };
const focus = { ...USUAL };
const STEP = 0.02;

function say(text, wrong) {
  saying.textContent = text || "";
  saying.className = wrong ? "problem" : "small";
}
const chosen = () => form.querySelector("input[name=size]:checked");
const mine = () => document.getElementById("mine").checked;
const tell = (text) => (telling.textContent = text);
const between = (value, low, high) => Math.min(Math.max(value, low), high);

const percent = (share) => Math.round(100 * share);

// Width and height of the photo's window, in pixels of the card.
function opening() {
  const { width, height, window: shape } = chosen().dataset;
  return mine() ? [Number(width), Number(height)] : shape.split(" ").map(Number);
}

function place() {
  if (pane.hidden || !photo.naturalWidth) return;
  const [width, height] = opening();
  const scale = Math.max(width / photo.naturalWidth, height / photo.naturalHeight) * focus.zoom;
  const seen = [width / scale, height / scale];
  const whole = [photo.naturalWidth, photo.naturalHeight];
  const from = [focus.x * whole[0] - seen[0] / 2, focus.y * whole[1] - seen[1] / 2];
  const at = from.map((value, i) => between(value, 0, whole[i] - seen[i]));
  // Kept where the crop really is, so that the next key moves it at once.
  focus.x = (at[0] + seen[0] / 2) / whole[0];
  focus.y = (at[1] + seen[1] / 2) / whole[1];
  const card = chosen().dataset;
  pane.style.width = `${(100 * width) / card.width}%`;
  pane.style.height = `${(100 * height) / card.height}%`;
  photo.style.width = `${(100 * whole[0] * scale) / width}%`;
  photo.style.left = `${(-100 * at[0] * scale) / width}%`;
  photo.style.top = `${(-100 * at[1] * scale) / height}%`;
  form.elements.x.value = focus.x.toFixed(4);
  form.elements.y.value = focus.y.toFixed(4);
  form.elements.zoom.value = focus.zoom.toFixed(3);
  zoom.value = focus.zoom;
  zoom.setAttribute("aria-valuetext", `${percent(focus.zoom)} %`);
}

function frame() {
  const { width, height } = chosen().dataset;
  stage.style.aspectRatio = `${width} / ${height}`;
  stage.style.maxWidth = `${(78 * width) / height}vh`;
  stage.dataset.width = width;
  stage.dataset.height = height;
  const address = form.dataset.overlay
    .replace("LANG", form.elements.language.value)
    .replace("SIZE", chosen().value);
  over.src = address;
  over.hidden = pane.hidden || mine();
  lay();
  if (pane.hidden) {
    sample.src = address.replace("/overlay/", "/card/").replace(/webp$/, "jpg");
    sample.width = width;
    sample.height = height;
  }
  place();
}

// The animal's name, between photo and message: each is drawn for itself, alone.
function lay() {
  const name = form.elements.name.value.trim();
  strip.hidden = !name || over.hidden;
  if (strip.hidden) return;
  const { width, height, strip: box } = chosen().dataset;
  const whole = [width, height, width, height];
  const [left, top, wide, high] = box.split(" ").map((value, i) => `${(100 * value) / whole[i]}%`);
  Object.assign(strip.style, { left, top, width: wide, height: high });
  const address = form.dataset.strip.replace("SIZE", chosen().value);
  strip.src = `${address}?name=${encodeURIComponent(name)}`;
}

// Without the message the photo would hang there bare, as if that were the card.
for (const part of [over, strip]) {
  let missing = 0;
  part.addEventListener("error", () => {
    if (part.hidden) return;
    missing += 1;
    if (part === over) say(form.dataset.bare);
    const missed = part.src;
    if (missing > 5) return;
    setTimeout(() => {
      if (part.src === missed) part.src = missed;
    }, 1000 * 2 ** missing);
  });
  part.addEventListener("load", () => {
    if (missing && part === over && saying.textContent === form.dataset.bare) say("");
    missing = 0;
  });
}

function show(address) {
  photo.src = address;
}

photo.addEventListener("load", () => {
  pane.hidden = zooming.hidden = false;
  sample.hidden = true;
  form.elements.photo.removeAttribute("aria-invalid");
  stage.tabIndex = 0;
  stage.setAttribute("role", "application");
  stage.setAttribute("aria-label", stage.dataset.name);
  stage.setAttribute("aria-describedby", "stage-hint");
  say("");
  tell(form.dataset.shown);
  frame();
});

// What the browser cannot show (HEIC in most), the server turns into a JPEG.
photo.addEventListener("error", async () => {
  if (!photo.src.startsWith("blob:") || photo.dataset.asked) return;
  photo.dataset.asked = "yes";
  say(form.dataset.reading);
  const body = new FormData();
  body.append("photo", form.elements.photo.files[0]);
  try {
    const answer = await fetch(form.dataset.preview, { method: "POST", body });
    if (!answer.ok) return refuse(await answer.text());
    show(URL.createObjectURL(await answer.blob()));
  } catch {
    refuse(form.dataset.failed);
  }
});

// No photo: the sample hangs there again, and the reason stands where it is seen.
function refuse(reason) {
  pane.hidden = zooming.hidden = true;
  sample.hidden = false;
  photo.removeAttribute("src");
  for (const name of ["tabindex", "role", "aria-label", "aria-describedby"]) stage.removeAttribute(name);
  form.elements.photo.setAttribute("aria-invalid", "true");
  frame();
  say(reason, true);
}

// Where the photo lay, and the name, for who comes back: the browser gives back the photo alone.
// Kept in this entry of the browser's own history, without the name of the file.
const mark = (picked) => `${picked.size} ${picked.lastModified}`;
function remember() {
  const [picked] = form.elements.photo.files;
  if (picked) history.replaceState({ photo: mark(picked), focus, name: form.elements.name.value }, "");
}
function resume() {
  const [picked] = form.elements.photo.files;
  const kept = history.state;
  if (!picked || kept?.photo !== mark(picked)) return;
  Object.assign(focus, kept.focus);
  form.elements.name.value ||= kept.name;
}

function read() {
  const [picked] = form.elements.photo.files;
  if (!picked) return;
  URL.revokeObjectURL(photo.src);
  delete photo.dataset.asked;
  say(form.dataset.reading);
  show(URL.createObjectURL(picked));
}
form.elements.photo.addEventListener("change", () => {
  Object.assign(focus, USUAL);
  resume();
  // Another photo is another card, also for somebody who came back to this page.
  if (crypto.randomUUID) form.elements.once.value = crypto.randomUUID();
  read();
});

for (const name of ["size", "language", "mine"]) {
  for (const input of form.querySelectorAll(`[name=${name}]`)) input.addEventListener("change", frame);
}
let typing = 0;
form.elements.name.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(lay, 500);
});
zoom.addEventListener("input", () => {
  focus.zoom = Number(zoom.value);
  place();
});

// --- by hand, by wheel, by keys ---------------------------------------------------------------
const fingers = new Map();
// Where the hand is, and how far two fingers are apart.
function hand() {
  const all = [...fingers.values()].slice(0, 2);
  const [one, other = one] = all;
  const middle = [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2];
  return { middle, apart: Math.hypot(one[0] - other[0], one[1] - other[1]) };
}
stage.addEventListener("pointerdown", (event) => {
  if (pane.hidden) return;
  fingers.set(event.pointerId, [event.clientX, event.clientY]);
  stage.setPointerCapture(event.pointerId);
});
stage.addEventListener("pointermove", (event) => {
  if (!fingers.has(event.pointerId)) return;
  const before = hand();
  fingers.set(event.pointerId, [event.clientX, event.clientY]);
  const after = hand();
  if (before.apart && after.apart) zoomBy(after.apart / before.apart);
  const [x, y] = before.middle.map((value, i) => value - after.middle[i]);
  move(x / photo.clientWidth, y / photo.clientHeight);
});
for (const end of ["pointerup", "pointercancel"]) {
  stage.addEventListener(end, (event) => fingers.delete(event.pointerId));
}
stage.addEventListener("wheel", (event) => {
  if (pane.hidden || !event.ctrlKey) return;
  event.preventDefault();
  zoomBy(event.deltaY < 0 ? 1.06 : 1 / 1.06);
}, { passive: false });

function move(x, y) {
  focus.x += x;
  focus.y += y;
  place();
}
function zoomBy(factor) {
  focus.zoom = between(focus.zoom * factor, 1, 4);
  place();
}
const KEYS = {
  ArrowLeft: () => move(-STEP / focus.zoom, 0),
  ArrowRight: () => move(STEP / focus.zoom, 0),
  ArrowUp: () => move(0, -STEP / focus.zoom),
  ArrowDown: () => move(0, STEP / focus.zoom),
  "+": () => zoomBy(1.06),
  "-": () => zoomBy(1 / 1.06),
};
stage.addEventListener("keydown", (event) => {
  if (pane.hidden || !KEYS[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  KEYS[event.key]();
  clearTimeout(steps);
  steps = setTimeout(() => tell(where()), 400);
});
let steps = 0;
// For those who do not see where a key has moved it.
function where() {
  const values = { x: percent(focus.x), y: percent(focus.y), z: percent(focus.zoom) };
  return form.dataset.where.replace(/\{(\w)\}/g, (_, name) => values[name]);
}

// What the wall asks for is asked for by its own button only, and before anything is sent.
for (const button of form.querySelectorAll("button[name=act]")) {
  button.addEventListener("click", () => {
    for (const input of form.querySelectorAll("[name=consent], [name=age]")) {
      input.required = button.value === "wall";
    }
  });
}
form.addEventListener("submit", (event) => {
  remember();
  if (event.submitter?.value !== "download") say(form.dataset.making);
});
// Some browsers come back to this page with the photo still chosen.
window.addEventListener("pageshow", () => {
  say("");
  if (!pane.hidden || !form.elements.photo.files.length) return;
  resume();
  read();
});
document.documentElement.classList.add("script");

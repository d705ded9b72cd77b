// A still is clear only where, and while, it is asked for: around the pointer that is pressed, in
// the part that the arrow keys lead to, or, while the space bar is held, all of it. As long as it
// is on the screen these keys are its own, and move no choice made before; but what somebody
// reached by a key, or types into, has them (of a box, the space bar alone).
"use strict";

const PARTS = 3; // in each direction
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
let part = [1, 1];
let pressed = false; // a key was, last, and not the pointer
let led = false; // by a key, to where the focus is

function uncoverBy(frame) {
  part = [1, 1];
  const at = (event) => {
    const box = frame.getBoundingClientRect();
    uncover((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  };
  frame.addEventListener("pointerdown", (event) => {
    frame.setPointerCapture(event.pointerId);
    at(event);
  });
  frame.addEventListener("pointermove", (event) => {
    if (frame.hasPointerCapture(event.pointerId)) at(event);
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
    frame.addEventListener(end, cover);
  }
}

// Where: of the picture's width and height.
function uncover(x, y) {
  const frame = document.querySelector("#veil .frame");
  if (!frame) return;
  frame.style.setProperty("--x", `${100 * x}%`);
  frame.style.setProperty("--y", `${100 * y}%`);
  frame.classList.add("pointed");
}

function cover() {
  document.querySelector("#veil .frame")?.classList.remove("pointed", "held");
}

function stepTo(key) {
  const within = (n) => Math.min(Math.max(n, 0), PARTS - 1);
  part = part.map((n, axis) => within(n + STEPS[key][axis]));
  uncover(...part.map((n) => (n + 0.5) / PARTS));
}

function isOurs(event) {
  const arrow = event.key in STEPS;
  if ((!arrow && event.key !== " ") || event.ctrlKey || event.altKey || event.metaKey) return false;
  if (event.target.matches(FIELDS) || covered()) return false;
  if (event.target.matches("[type=radio]")) return !led;
  if (event.target.matches("[type=checkbox]")) return arrow || !led;
  return arrow || !event.target.matches("button, summary");
}

const covering = document.getElementById("veil");
if (covering) {
  covering.addEventListener("contextmenu", (event) => event.preventDefault());
  covering.addEventListener("blur", cover);
  window.addEventListener("blur", cover);
  document.addEventListener("keydown", () => (pressed = true), true);
  document.addEventListener("pointerdown", () => (pressed = false), true);
  document.addEventListener("focusin", () => (led = pressed));
  document.addEventListener("keydown", (event) => {
    const frame = covering.querySelector(".frame");
    if (!frame || !isOurs(event)) return;
    event.preventDefault();
    if (event.key === " ") frame.classList.add("held");
    else if (!event.repeat) stepTo(event.key);
  });
  document.addEventListener("keyup", (event) => {
    if (event.key !== " " && !STEPS[event.key]) return;
    if (covering.querySelector(".pointed, .held")) event.preventDefault(); // presses no choice
    cover();
  });
}

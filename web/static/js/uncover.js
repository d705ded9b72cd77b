// A still is clear only where, and while, it is asked for: around the pointer that is pressed, in
// the part that the arrow keys lead to, or, while the space bar is held, all of it.
"use strict";

const PARTS = 3; // in each direction
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
let part = [1, 1];

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

const covering = document.getElementById("veil");
if (covering) {
  covering.addEventListener("contextmenu", (event) => event.preventDefault());
  covering.addEventListener("blur", cover);
  covering.addEventListener("keydown", (event) => {
    if (event.target !== covering) return;
    if (event.key === " ") covering.querySelector(".frame")?.classList.add("held");
    else if (STEPS[event.key] && covering.querySelector(".frame")) {
      if (!event.repeat) stepTo(event.key);
    } else return;
    event.preventDefault();
  });
  covering.addEventListener("keyup", (event) => {
    if (event.key === " " || STEPS[event.key]) cover();
  });
}

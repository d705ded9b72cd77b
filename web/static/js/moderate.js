// Keys of moderation, of what waits and of what hangs: j and k move, space holds, a n r x mark,
// Ctrl+Enter does it.
"use strict";

const board = document.getElementById("moderate");
const pieces = board ? [...board.querySelectorAll(".piece")] : [];
const marked = document.getElementById("marked");
const keys = document.getElementById("letters");
const KEPT = "keys of moderation"; // who speaks to their computer turns them off (WCAG 2.1.4)
// The first of each that a piece offers.
const MARKS = { a: ["approve"], n: ["nameless", "approve"], r: ["refuse", "off"], x: ["escalate"] };
let hand = -1;

const unseen = document.getElementById("unseen");
const seen = (piece) => piece.querySelector("[name=seen]");
const hangs = (piece) => piece.querySelector("input[value=approve]:checked, input[value=nameless]:checked");
const shown = (piece) => [...piece.querySelectorAll("img")].every((one) => one.complete && one.naturalWidth);

// Held, and both pictures were there: then somebody has looked.
function held(piece, on) {
  piece.querySelector(".veiled").classList.toggle("held", on);
  if (on && seen(piece) && shown(piece)) {
    seen(piece).checked = true;
    unseen.textContent = "";
  }
}

// Whether a piece is left as it is, because nobody has looked at it.
function blind(piece) {
  const is = !seen(piece).checked;
  unseen.textContent = is ? unseen.dataset.said : "";
  if (is) take(pieces.indexOf(piece));
  return is;
}

function take(index) {
  if (!pieces.length) return;
  if (hand >= 0) {
    held(pieces[hand], false);
    pieces[hand].classList.remove("on");
  }
  hand = Math.max(0, Math.min(pieces.length - 1, index));
  pieces[hand].classList.add("on");
  pieces[hand].querySelector(".veiled").focus();
  pieces[hand].scrollIntoView({ block: "nearest" });
}

function count() {
  const done = board.querySelectorAll("input[type=radio]:checked:not([value=''])").length;
  marked.textContent = `${done} / ${pieces.length}`;
}

function mark(values) {
  const piece = pieces[Math.max(hand, 0)];
  const radio = values.map((value) => piece.querySelector(`input[value=${value}]`)).find(Boolean);
  if (!radio || (values.includes("approve") && seen(piece) && blind(piece))) return;
  radio.checked = true;
  count();
  take(Math.max(hand, 0) + 1);
}

for (const [index, piece] of pieces.entries()) {
  const veil = piece.querySelector(".veiled");
  veil.addEventListener("pointerdown", () => held(piece, true));
  for (const end of ["pointerup", "pointerleave", "pointercancel", "blur"]) {
    veil.addEventListener(end, () => held(piece, false));
  }
  for (const one of veil.querySelectorAll("img")) {
    one.addEventListener("load", () => veil.matches(".held") && held(piece, true));
  }
  veil.addEventListener("contextmenu", (event) => event.preventDefault());
  piece.addEventListener("focusin", () => {
    if (hand === index) return;
    if (hand >= 0) pieces[hand].classList.remove("on");
    hand = index;
    piece.classList.add("on");
  });
}

if (board) {
  board.addEventListener("change", count);
  board.addEventListener("submit", (event) => {
    const left = pieces.find((piece) => seen(piece) && hangs(piece) && !seen(piece).checked);
    if (left && blind(left)) event.preventDefault();
  });
  count();
  keys.closest("p").hidden = false;
  keys.checked = localStorage.getItem(KEPT) !== "off";
  keys.addEventListener("change", () => localStorage.setItem(KEPT, keys.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.ctrlKey) return board.requestSubmit();
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === " " && event.target.matches(".veiled")) {
      event.preventDefault();
      held(pieces[hand], true);
    } else if (!keys.checked || event.repeat) return;
    else if (event.target.matches("input[type=text], textarea, select")) return;
    else if (event.key === "j") take(hand + 1);
    else if (event.key === "k") take(hand - 1);
    else if (MARKS[event.key]) mark(MARKS[event.key]);
  });
  document.addEventListener("keyup", (event) => {
    if (event.key === " " && hand >= 0) held(pieces[hand], false);
  });
}

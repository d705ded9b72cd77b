// Which pictures the decision is about, and that the page says so in words before it is made.
// The still on the screen is named until the next one comes; x keeps it, or leaves it out. What is
// known is named with the classification that it proposes. "Not illegal" is said of all that was
// seen; but what is known as abuse they name themselves. What a person ticked is theirs, also when
// the page comes back with what they had typed: the form says which (`by_hand`).
"use strict";

const about = document.getElementById("about");
const named = document.getElementById("named");
const boxes = about ? [...about.querySelectorAll("input")] : [];
const byHand = new Set(); // boxes that this person ticked or unticked
let current = null; // the box of the still that is, or was last, on the screen

function onScreen(picture) {
  const box = boxes.find((one) => one.value === picture);
  for (const mark of document.querySelectorAll("[data-current]")) mark.hidden = true;
  const line = document.querySelector(`[data-still="${picture}"]`).closest("li");
  line.querySelector("[data-current]").hidden = false;
  if (!box) return sayNamed();
  if (current && current !== box && !byHand.has(current)) current.checked = false;
  current = box;
  box.closest("label").hidden = about.hidden = false;
  delete box.dataset.proposes; // it was seen: the desk proposes nothing for it any more
  box.dataset.seen = "";
  if (!byHand.has(box)) box.checked = true;
  propose();
}

function takeOver(box) {
  if (!byHand.has(box)) noteInForm("by_hand", box.value);
  byHand.add(box);
}

// Something that the decision says besides what was typed.
function noteInForm(name, value) {
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name, value });
  document.getElementById("assess")?.append(field);
}

function keepOrLeaveOut() {
  if (!current) return;
  current.checked = !current.checked || !byHand.has(current);
  takeOver(current);
  sayNamed();
}

function propose() {
  const chosen = document.querySelector("#assess input[name=classification]:checked");
  for (const box of boxes) {
    if (byHand.has(box) || box === current || !chosen) continue;
    const { proposes, seen, abuse } = box.dataset;
    if (proposes) box.checked = proposes === chosen.value;
    else if (seen === "" && abuse === undefined) box.checked = chosen.value === "not_illegal";
  }
  sayNamed();
}

function sayNamed() {
  if (!named) return;
  const these = boxes.filter((box) => box.checked).map(wordsOf);
  const some = these.length > 0;
  named.textContent = some ? `${named.dataset.some} ${these.join(", ")}.` : named.dataset.none;
}

function wordsOf(box) {
  const words = box.closest("label").querySelector("span").textContent;
  return box === current ? `${words} (${named.dataset.last})` : words;
}

if (about) {
  for (const { value } of document.querySelectorAll("#assess [name=by_hand]")) {
    byHand.add(boxes.find((box) => box.value === value));
  }
  const seen = [...document.querySelectorAll("li[data-seen-at]")];
  const latest = seen.sort((a, b) => a.dataset.seenAt - b.dataset.seenAt).pop();
  const form = latest?.querySelector("[data-still]");
  current = boxes.find((box) => form && box.value === form.dataset.still) || null;
  about.addEventListener("change", (event) => {
    takeOver(event.target);
    sayNamed();
  });
  document.getElementById("assess").addEventListener("change", (event) => {
    if (event.target.name === "classification") propose();
  });
  document.addEventListener("keydown", (event) => {
    if (nameOf(event) === "x" && plainKey(event)) keepOrLeaveOut();
  });
}

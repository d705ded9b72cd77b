// Which pictures the decision is about, and that the page says so in words before it is made.
// The still on the screen is named until the next one comes; x keeps it, or leaves it out. What is
// known is named with the classification that it proposes. What a person ticked is theirs.
"use strict";

const about = document.getElementById("about");
const named = document.getElementById("named");
const boxes = about ? [...about.querySelectorAll("input[type=checkbox]")] : [];
const byHand = new Set(); // boxes that this person ticked or unticked; what is sent says which
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
  if (!byHand.has(box)) box.checked = true;
  sayNamed();
}

function takeInHand(box) {
  if (byHand.has(box)) return;
  byHand.add(box);
  const mark = document.createElement("input");
  Object.assign(mark, { type: "hidden", name: "by_hand", value: box.value });
  about.append(mark);
}

function keepOrLeaveOut() {
  if (!current) return;
  current.checked = !current.checked || !byHand.has(current);
  takeInHand(current);
  sayNamed();
}

function proposeKnown() {
  const chosen = document.querySelector("#assess input[name=classification]:checked");
  for (const box of boxes) {
    if (!box.dataset.proposes || byHand.has(box) || !chosen) continue;
    box.checked = box.dataset.proposes === chosen.value;
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
  const seen = [...document.querySelectorAll("li[data-seen-at]")];
  const latest = seen.sort((a, b) => a.dataset.seenAt - b.dataset.seenAt).pop();
  const form = latest?.querySelector("[data-still]");
  current = boxes.find((box) => form && box.value === form.dataset.still) || null;
  for (const box of boxes) if ("byHand" in box.dataset) takeInHand(box);
  if (restored) sayNamed();
  about.addEventListener("change", (event) => {
    takeInHand(event.target);
    sayNamed();
  });
  document.getElementById("assess").addEventListener("change", (event) => {
    if (event.target.name === "classification") proposeKnown();
  });
  document.addEventListener("keydown", (event) => {
    if (nameOf(event) === "x" && plainKey(event)) keepOrLeaveOut();
  });
}

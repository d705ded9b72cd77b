// Keys of what stands in lines, on every page of the desk: j and k move the line in hand, Enter
// opens it.
"use strict";

const USED = "a, input, button, select, summary";
const lined = [...document.querySelectorAll("main table.rows tbody tr, main [data-row]")];
const rows = lined.filter((row) => row.matches("[tabindex]") || row.querySelector(USED));
let hand = rows.findIndex((row) => row.classList.contains("on"));

function hold(index) {
  rows[hand]?.classList.remove("on");
  hand = index;
  rows[hand].classList.add("on");
}

function take(index) {
  if (!rows.length) return;
  hold(Math.max(0, Math.min(rows.length - 1, index)));
  const row = rows[hand];
  (row.matches("[tabindex]") ? row : row.querySelector(USED)).focus();
}

for (const [index, row] of rows.entries()) row.addEventListener("focusin", () => hold(index));

document.addEventListener("keydown", (event) => {
  const free = event.target === document.body && !event.repeat && !covered();
  if (event.key === "Enter" && !event.ctrlKey && free && hand >= 0) {
    return rows[hand].querySelector("a")?.click();
  }
  if (!plainKey(event)) return;
  if (nameOf(event) === "j") take(hand + 1);
  else if (nameOf(event) === "k") take(hand - 1);
});

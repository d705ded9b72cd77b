// Keys of the queue: j and k move the row in hand, Enter opens it, / searches, f filters.
"use strict";

const rows = [...document.querySelectorAll("#queue tbody tr")];
let hand = rows.findIndex((row) => row.classList.contains("on"));

function take(index) {
  if (!rows.length) return;
  if (hand >= 0) rows[hand].classList.remove("on");
  hand = Math.max(0, Math.min(rows.length - 1, index));
  rows[hand].classList.add("on");
  rows[hand].querySelector("a").focus();
}

function openFilter(event) {
  const filter = document.getElementById("filter");
  if (!filter) return;
  event.preventDefault();
  filter.open = true;
  document.getElementById("f-country").focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && hand >= 0 && event.target === document.body) return rows[hand].querySelector("a").click();
  if (!plainKey(event)) return;
  if (event.key === "j") take(hand + 1);
  else if (event.key === "k") take(hand - 1);
  else if (event.key === "f") openFilter(event);
  else if (event.key === "/") {
    event.preventDefault();
    document.getElementById("q").focus();
  }
});

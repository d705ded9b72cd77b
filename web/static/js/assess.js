// Keys of the decision: 1 to 6 choose, a letter gives its question the next answer, Ctrl+Enter
// decides, q leads back to the queue. (v looks: see viewer.js)
"use strict";

const deciding = document.getElementById("assess");

// Only what can be answered with the present choice is asked.
function askWhatFits() {
  const chosen = deciding.querySelector("input[name=classification]:checked");
  for (const field of deciding.querySelectorAll("[data-with]")) {
    field.hidden = !chosen || !field.dataset.with.split(" ").includes(chosen.value);
  }
  const further = deciding.querySelector(".further");
  further.hidden = !further.querySelector("[data-with]:not([hidden])");
}

function nextAnswer(key) {
  const field = deciding.querySelector(`[data-key="${key}"]`);
  if (!field || field.closest("[data-with]").hidden) return;
  deciding.querySelector(".further").open = true;
  const said = deciding.querySelector("[data-said]");
  if (field.type === "checkbox") {
    field.checked = !field.checked;
    said.textContent = `${field.dataset.name}: ${field.checked ? "✓" : "–"}`;
  } else {
    field.selectedIndex = (field.selectedIndex + 1) % field.options.length;
    said.textContent = `${field.dataset.name}: ${field.selectedOptions[0].text}`;
  }
  field.scrollIntoView({ block: "nearest" });
}

if (deciding) {
  deciding.addEventListener("change", askWhatFits);
  askWhatFits();
}

// Who is typing a note sends the note, and decides nothing.
function wholeForm(event) {
  const typed = event.target.closest("textarea, input");
  return (typed && typed.form) || deciding;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "q" && plainKey(event)) return document.querySelector("[data-queue]")?.click();
  if (!deciding || event.repeat) return;
  if (event.key === "Enter" && event.ctrlKey) return wholeForm(event).requestSubmit();
  if (!plainKey(event)) return;
  const radio = deciding.querySelectorAll("input[name=classification]")[Number(event.key) - 1];
  if (/^[1-6]$/.test(event.key) && radio) {
    radio.checked = true;
    radio.focus();
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  } else if (/^[a-z]$/.test(event.key)) nextAnswer(event.key);
});

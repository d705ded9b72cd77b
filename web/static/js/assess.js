// Keys of the decision: a letter gives its question the next answer. (1 to 6, Ctrl+Enter and all
// others: keys.js; v looks: viewer.js)
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

// With a still on the screen the focus stays with it: the choice is said instead.
function sayChoice(event) {
  if (event.target.name !== "classification" || !document.querySelector("#veil .frame")) return;
  deciding.querySelector("[data-said]").textContent = wordsOfKey(event.target);
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
  deciding.addEventListener("change", sayChoice);
  askWhatFits();
}

// What was typed of a decision goes along when something else is sent from its page.
for (const form of document.querySelectorAll("[data-carries]")) {
  form.addEventListener("formdata", ({ formData }) => {
    const own = new Set(formData.keys());
    const typed = deciding ? [...new FormData(deciding)] : [];
    for (const [name, value] of typed) if (!own.has(name)) formData.append(name, value);
  });
}

document.addEventListener("keydown", (event) => {
  if (!deciding || !plainKey(event)) return;
  const key = nameOf(event);
  if (/^[a-z]$/.test(key)) nextAnswer(key);
});

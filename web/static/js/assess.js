// Keys of the decision: 1 to 6 choose, a letter gives its question the next answer, Ctrl+Enter
// decides, q leads back to the queue. (v looks: see viewer.js)
"use strict";

function nextAnswer(form, key) {
  const select = form.querySelector(`select[data-key="${key}"]`);
  if (!select) return false;
  form.querySelector("details").open = true;
  select.selectedIndex = (select.selectedIndex + 1) % select.options.length;
  select.scrollIntoView({ block: "nearest" });
  form.querySelector("[data-said]").textContent = `${select.labels[0].dataset.name}: ${select.selectedOptions[0].text}`;
  return true;
}

document.addEventListener("keydown", (event) => {
  const form = document.getElementById("assess");
  if (event.key === "q" && plainKey(event)) return document.querySelector("[data-queue]")?.click();
  if (!form || event.repeat) return;
  if (event.key === "Enter" && event.ctrlKey) return form.requestSubmit();
  if (!plainKey(event)) return;
  const radio = form.querySelectorAll("input[name=classification]")[Number(event.key) - 1];
  if (/^[1-6]$/.test(event.key) && radio) {
    radio.checked = true;
    radio.focus();
  } else if (/^[a-z]$/.test(event.key)) nextAnswer(form, event.key);
});

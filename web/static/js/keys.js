// "?" shows the keys of this page. Keys of one letter can be turned off (WCAG 2.1.4): then other
// scripts hear `plainKey` say no.
"use strict";

const keyList = document.getElementById("keys");

// A key of one letter, meant as such: not typed into a field, and not turned off by this person.
function plainKey(event) {
  const typing = event.target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
  const alone = !event.repeat && !event.ctrlKey && !event.altKey && !event.metaKey;
  const off = document.body.dataset.keys === "off";
  return alone && !off && !typing && !document.querySelector("dialog[open]");
}

for (const button of document.querySelectorAll("[data-keys]")) {
  if (!keyList) continue;
  button.hidden = false;
  button.addEventListener("click", () => keyList.showModal());
}

document.addEventListener("keydown", (event) => {
  if (event.key === "?" && keyList && plainKey(event)) {
    event.preventDefault();
    keyList.showModal();
  }
});

// Keys of the decision: 1 to 6 choose, Ctrl+Enter decides. (v looks: see viewer.js)
"use strict";

document.addEventListener("keydown", (event) => {
  const form = document.getElementById("assess");
  if (!form || event.repeat) return;
  if (event.key === "Enter" && event.ctrlKey) return form.requestSubmit();
  const typing = event.target.matches("textarea, input:not([type=radio], [type=checkbox]), select");
  if (typing || event.ctrlKey || event.altKey || event.metaKey) return;
  const radio = form.querySelectorAll("input[name=classification]")[Number(event.key) - 1];
  if (/^[1-6]$/.test(event.key) && radio) {
    radio.checked = true;
    radio.focus();
  }
});

// Keys of the item page: v looks, 1 to 6 choose, Ctrl+Enter decides.
"use strict";

document.addEventListener("keydown", (event) => {
  const form = document.getElementById("assess");
  if (form && event.key === "Enter" && event.ctrlKey) return form.requestSubmit();
  const typing = event.target.matches("textarea, input:not([type=radio], [type=checkbox]), select");
  if (typing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "v") {
    const first = document.querySelector("[data-still] button");
    if (first) first.click();
  } else if (form && /^[1-6]$/.test(event.key)) {
    const radio = form.querySelectorAll("input[name=classification]")[Number(event.key) - 1];
    radio.checked = true;
    radio.focus();
  }
});

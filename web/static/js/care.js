// "h" leads to rest and support from wherever a picture could be shown.
"use strict";

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
  const plain = !event.repeat && !event.ctrlKey && !event.altKey && !event.metaKey;
  const care = document.querySelector("[data-care]");
  if (event.key === "h" && plain && !typing && care) care.click();
});

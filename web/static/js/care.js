// "h" leads to rest and support from wherever a picture could be shown.
"use strict";

document.addEventListener("keydown", (event) => {
  const care = document.querySelector("[data-care]");
  if (event.key === "h" && care && plainKey(event)) care.click();
});

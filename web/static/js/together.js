// Keys of what belongs together: Ctrl+Enter decides alike, q leads back to the queue.
"use strict";

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.ctrlKey && !event.repeat) {
    document.getElementById("together")?.requestSubmit();
  } else if (event.key === "q" && plainKey(event)) document.querySelector("[data-queue]")?.click();
});

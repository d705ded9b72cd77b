// The card that this page shows, to be shared as a file. It is in the page: nothing is fetched, and
// nobody waits between the press and the sharing, which some browsers would refuse.
"use strict";

const share = document.getElementById("share");
const type = "image/jpeg";

function card() {
  const bytes = atob(document.getElementById("card").src.split(",")[1]);
  return new File([Uint8Array.from(bytes, (one) => one.charCodeAt(0))], share.dataset.name, { type });
}

share.hidden = !navigator.canShare?.({ files: [new File([], "a.jpg", { type })] });
share.addEventListener("click", () => {
  navigator.share({ files: [card()] }).catch(() => {}); // whoever changes their mind
});

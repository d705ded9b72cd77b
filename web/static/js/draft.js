// A decision that was begun is kept in this tab while its person goes round: to what was written,
// to the site, to a rest, into another language. It goes when it is sent, and when they sign out;
// it is shown to nobody else, in no later round, and not where another look found something.
"use strict";

const begun = document.getElementById("assess");
const KEPT = "draft ";
const OF_THE_PAGE = ["csrfmiddlewaretoken", "look", "back", "shown", "ended", "seconds"];
const fresh = begun && "fresh" in begun.dataset; // or it holds already what was typed
const blank = fresh ? written() : "";
let over = false; // it was sent, or its person left
let restored = false;

function written() {
  const all = [...new FormData(begun)];
  return JSON.stringify(all.filter(([name]) => !OF_THE_PAGE.includes(name)));
}

function restore(values) {
  const had = (name, value) => values.some((one) => one[0] === name && one[1] === value);
  for (const one of begun.elements) {
    if (!one.name || one.type === "hidden" || one.closest("label[hidden]")) continue;
    const first = values.find(([name]) => name === one.name);
    if (one.matches("[type=radio], [type=checkbox]")) one.checked = had(one.name, one.value);
    else if (first) one.value = first[1];
    if (one.name === "pictures" && had("by_hand", one.value)) one.dataset.byHand = "";
  }
  if (values.some(([name, value]) => name.startsWith("answer_") && value)) {
    begun.querySelector(".further").open = true;
  }
  document.querySelector("[data-kept]").hidden = false;
  restored = true;
}

function drop(which) {
  for (const key of Object.keys(sessionStorage)) if (which(key)) sessionStorage.removeItem(key);
}

if (begun) {
  const mine = KEPT + begun.dataset.draft;
  const person = mine.slice(0, mine.indexOf(".") + 1);
  drop((key) => key.startsWith(KEPT) && !key.startsWith(person));
  const before = fresh && sessionStorage.getItem(mine);
  if (before) restore(JSON.parse(before));
  begun.addEventListener("submit", (event) => (over = !event.submitter?.formAction.endsWith("/take/")));
  window.addEventListener("pagehide", () => {
    if (over || written() === blank) sessionStorage.removeItem(mine);
    else sessionStorage.setItem(mine, written());
  });
}
document.querySelector("[data-signs-out]")?.addEventListener("submit", () => {
  over = true;
  drop((key) => key.startsWith(KEPT));
});

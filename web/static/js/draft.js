// What somebody typed of a decision and has not sent is in the form again when they come back to the
// item: from what was written, from the site, in another language. It lies in this tab alone, for
// this person, until it is sent; signed_out.js empties the tab.
"use strict";

const DRAFT = deciding && `decision/${deciding.dataset.draft}`;
const NOT_TYPED = ["csrfmiddlewaretoken", "back", "shown", "ended"];
const typedNow = () => [...new FormData(deciding)].filter(([name]) => !NOT_TYPED.includes(name));

// Which pictures are named changes with each look: alone, that is nothing that was typed.
const saidNow = () => JSON.stringify(typedNow().filter(([name]) => name !== "pictures"));

// Of another look than the one that it was typed about, the words only.
function putBack(typed) {
  const all = (name) => typed.filter(([one]) => one === name).map(([, value]) => value);
  const same = all("look")[0] === deciding.elements.look.value;
  for (const field of deciding.querySelectorAll("[name]:not([type=hidden])")) {
    const values = all(field.name);
    if (!field.matches("[type=radio], [type=checkbox]")) field.value = values[0] ?? field.value;
    else if (same) field.checked = values.includes(field.value);
  }
  for (const box of same ? boxes : []) {
    if (all("by_hand").includes(box.value)) takeOver(box);
  }
  deciding.querySelector(".further").open = true;
  askWhatFits();
  sayNamed();
  document.querySelector("[data-restored]").hidden = false;
}

if (deciding) {
  const before = sessionStorage.getItem(DRAFT);
  const kept = "kept" in deciding.dataset; // by the desk, which had what was typed
  const untouched = before || kept ? null : saidNow();
  let sent = false;
  if (before && !kept) putBack(JSON.parse(before));
  deciding.addEventListener("submit", () => (sent = true));
  window.addEventListener("pageshow", () => (sent = false));
  window.addEventListener("pagehide", () => {
    if (sent || saidNow() === untouched) sessionStorage.removeItem(DRAFT);
    else sessionStorage.setItem(DRAFT, JSON.stringify(typedNow()));
  });
}

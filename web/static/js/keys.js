// The desk's keys. A key stands on what it is for: `aria-keyshortcuts` says which one presses it, or
// leads into a field, or to the first one of a form. With `data-goes` it only leads there, and
// pressed again to the next such place; Enter does the rest. A <kbd> in a label is the key of its
// field.
// A form with `data-decides` is sent by its button, or with Ctrl Enter: never by Enter in a field.
// "?" lists what this page offers, made from the page. Keys of one letter can be turned off (WCAG
// 2.1.4): then other scripts hear `plainKey` say no.
"use strict";

const keyList = document.getElementById("keys");
const turnedOff = document.body.dataset.keys === "off";
const FIELDS = "textarea, select, input:not([type=radio], [type=checkbox])";

// A key of one letter, meant as such: not typed into a field, and not turned off by this person.
function plainKey(event) {
  const typing = event.target.matches(FIELDS);
  const alone = !event.repeat && !event.ctrlKey && !event.altKey && !event.metaKey;
  return alone && !turnedOff && !typing && !covered();
}

// Behind a list of keys, or a quiet screen, the page hears nothing.
const covered = () => document.querySelector("dialog[open]") !== null;

// A key that is still held from before presses nothing anew.
function stillHeld(event) {
  const presses = "button, summary, [type=radio], [type=checkbox]";
  const enters = event.key === "Enter" && !event.target.matches("textarea");
  return event.repeat && (enters || (event.key === " " && event.target.matches(presses)));
}

// Enter, pressed a moment late for a quiet screen, must decide nothing: a digit has led to a choice.
function sendsByTheWay(event) {
  const bare = event.key === "Enter" && !event.ctrlKey;
  return bare && event.target.matches("form[data-decides] input");
}

// Where digits take Shift, the bare key is meant; Caps Lock means nothing.
function nameOf(event) {
  const digit = /^Digit([0-9])$/.exec(event.code);
  if (digit && !event.shiftKey) return digit[1];
  return event.shiftKey ? event.key.toUpperCase() : event.key.toLowerCase();
}

const keysOf = (one) => one.getAttribute("aria-keyshortcuts").split(" ");
const usable = (one) => !one.disabled && !one.closest("[hidden], dialog");

function offered(key) {
  const all = [...document.querySelectorAll("[aria-keyshortcuts]")];
  return all.filter((one) => usable(one) && keysOf(one).includes(key));
}

function act(key) {
  const found = offered(key);
  const one = found.find((each) => !("goes" in each.dataset));
  if (one) press(one);
  else if (found.length) goTo(found[(found.findIndex(isHere) + 1) % found.length]);
  return found.length > 0;
}

let ledTo = null; // the control that a key has led to, as Tab would have

const isHere = (one) => one === document.activeElement || isAround(one);
const isAround = (one) => one.matches("form") && one.contains(document.activeElement);

function press(one) {
  if (one.matches(FIELDS)) return goTo(one);
  if (!one.matches("summary")) one.click();
  else {
    one.parentElement.open = true;
    one.parentElement.querySelector("input:not([type=hidden]), select, textarea, a")?.focus();
  }
  // A still on the screen keeps the arrows: they would move the choice.
  const still = document.querySelector("#veil:has(.frame)");
  if (one.matches("[type=radio]")) (still || one).focus({ preventScroll: Boolean(still) });
}

function goTo(one) {
  const around = one.matches("summary") ? one.parentElement.parentElement : one;
  for (let box = around.closest("details"); box; box = box.parentElement.closest("details")) {
    box.open = true;
  }
  const inside = "input:not([type=hidden]), select, textarea, button";
  ledTo = one.matches("form") ? one.querySelector(inside) : one;
  ledTo.focus();
  one.scrollIntoView({ block: "nearest" });
}

// Who is typing a note sends the note, and decides nothing.
function send(from) {
  const main = offered("Control+Enter")[0];
  const form = from.matches("textarea, input, select") ? from.form : null;
  if (!form || form === main?.form) return main?.click();
  form.requestSubmit(form.querySelector("button:not([type=button])"));
}

// --- the list -------------------------------------------------------------------------------------

function wordsOfKey(one) {
  const said = one.dataset.does || one.getAttribute("aria-label");
  if (said) return said;
  const copy = (one.labels?.[0] || one).cloneNode(true);
  for (const key of copy.querySelectorAll("kbd, select")) key.remove();
  return copy.textContent.trim().replace(/\s+/g, " ");
}

function wordsOfAnswer(one) {
  if (one.type !== "checkbox") return `${one.dataset.name}: ${keyList.dataset.next}`;
  return `${one.closest("fieldset").querySelector("legend").textContent}: ${one.dataset.name}`;
}

// What the page offers now, in its order: [keys, words].
function offers() {
  const found = new Map();
  for (const one of document.querySelectorAll("[aria-keyshortcuts], [data-key]")) {
    if (!usable(one)) continue;
    const asked = "key" in one.dataset;
    for (const key of asked ? [one.dataset.key] : keysOf(one)) {
      const heard = !turnedOff || key.length > 1;
      if (heard && !found.has(key)) found.set(key, asked ? wordsOfAnswer(one) : wordsOfKey(one));
    }
  }
  return [...found];
}

function line([key, words]) {
  const [dt, dd, box] = ["dt", "dd", "div"].map((name) => document.createElement(name));
  const names = { Control: "Ctrl", Enter: keyList.dataset.enter };
  for (const part of key.split("+")) {
    const cap = document.createElement("kbd");
    cap.textContent = names[part] || part;
    dt.append(cap, " ");
  }
  dd.textContent = words;
  box.append(dt, dd);
  return box;
}

function showKeys() {
  keyList.querySelector("[data-made]").replaceChildren(...offers().map(line));
  for (const box of keyList.querySelectorAll("[data-when]")) {
    box.hidden = !document.querySelector(box.dataset.when) || (turnedOff && "letter" in box.dataset);
  }
  keyList.showModal();
}

// --- the page -------------------------------------------------------------------------------------

for (const cap of document.querySelectorAll("label > kbd")) {
  const field = cap.parentElement.control;
  if (field && !field.dataset.key) field.setAttribute("aria-keyshortcuts", cap.textContent);
}
if (turnedOff) {
  for (const cap of document.querySelectorAll("kbd")) cap.hidden = cap.textContent.length === 1;
  for (const one of document.querySelectorAll("[aria-keyshortcuts]")) {
    if (one.getAttribute("aria-keyshortcuts").length === 1) one.removeAttribute("aria-keyshortcuts");
  }
}
for (const button of document.querySelectorAll("[data-keylist]")) {
  if (!keyList) continue;
  button.hidden = false;
  button.addEventListener("click", showKeys);
}

// Pressed again while the answer is on its way, it is not sent again; after a while it may be.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!("decides" in form.dataset)) return;
  const again = event.timeStamp - (form.dataset.sent || -Infinity) < 5000;
  if (!again) form.dataset.sent = event.timeStamp;
  else {
    event.preventDefault();
    event.stopPropagation();
  }
}, true);

document.addEventListener("keydown", (event) => {
  if (stillHeld(event) || sendsByTheWay(event)) event.preventDefault();
  if (event.repeat || event.defaultPrevented || covered()) return;
  if (event.key === "Enter" && event.ctrlKey) return send(event.target);
  if (event.key === "Escape" && event.target.matches(FIELDS)) return event.target.blur();
  if (plainKey(event) && act(nameOf(event))) event.preventDefault();
});

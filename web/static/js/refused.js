// A form that was refused comes back at the top of its page: the first field that is wrong gets the
// focus, so that it is on the screen with what is said of it. Where a page leads elsewhere, it does.
"use strict";

if (!document.querySelector("[autofocus]:not(dialog *)")) {
  document.querySelector("main [aria-invalid=true]")?.focus();
}

// An address behind the # of the form's own address goes into the field, and out of sight.
"use strict";

{
  const place = document.getElementById("where");
  const typed = location.hash.slice(1);
  if (place && typed) {
    history.replaceState(null, "", location.pathname);
    if (!place.value) {
      try {
        // One that was put there as it stands has its own escapes, which are part of it.
        place.value = typed.includes("://") ? typed : decodeURIComponent(typed);
      } catch {
        place.value = typed; // it was not encoded: as it stands
      }
    }
  }
}

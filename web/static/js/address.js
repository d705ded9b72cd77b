// An address behind the # of the form's own address goes into the field, and out of sight.
"use strict";

{
  const place = document.getElementById("where");
  const typed = location.hash.slice(1);
  if (place && typed) {
    history.replaceState(null, "", location.pathname);
    if (!place.value) {
      try {
        place.value = decodeURIComponent(typed);
      } catch {
        place.value = typed; // it was not encoded: as it stands
      }
    }
  }
}

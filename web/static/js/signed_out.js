// Nobody is signed in: what somebody had typed and not sent (draft.js) stays in no tab.
"use strict";

sessionStorage.clear();

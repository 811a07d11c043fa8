// Starts the components on a page. Each works on a root, so that a part of a page that arrives later can be started too.
import * as dialog from "./dialog.js";
import * as errorSummary from "./error-summary.js";
import * as fileDrop from "./file-drop.js";
import * as menu from "./menu.js";
import * as submitOnce from "./submit-once.js";
import * as upload from "./upload.js";

const perPage = [dialog, errorSummary, menu, submitOnce, upload];
const perPart = [fileDrop, errorSummary];

for (const component of perPage) component.listen(document);
for (const component of perPart) component.start(document);
document.addEventListener("court:part", (event) => perPart.forEach((component) => component.start(event.target)));

import { byId } from "./page.js";

/** A file dropped anywhere on the page is opened. */
export function setUpFileDrop(open: (file: File | undefined) => void): void {
  for (const type of ["dragenter", "dragover"] as const)
    addEventListener(type, (event) => {
      event.preventDefault();
      byId("drop").hidden = false;
    });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) byId("drop").hidden = true;
  });
  addEventListener("drop", (event) => {
    event.preventDefault();
    byId("drop").hidden = true;
    open(event.dataTransfer?.files[0]);
  });
}

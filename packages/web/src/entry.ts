import "./early.js";
import { byId, say, setUpToast } from "./page.js";

setUpToast();
if (new URLSearchParams(location.search).has("embed")) {
  document.documentElement.dataset.embed = "";
  byId<HTMLAnchorElement>("embed-link").href = `./${location.hash}`;
}
try {
  await import("./main.js");
} catch (error) {
  say(`The page cannot go on: ${(error as Error).message}`, "problem");
}

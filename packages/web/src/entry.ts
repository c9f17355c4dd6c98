import "./early.js";
import { say, setUpToast } from "./page.js";

setUpToast();
try {
  await import("./main.js");
} catch (error) {
  say(`The page cannot go on: ${(error as Error).message}`, "problem");
}

import "./early.js";

await import("./main.js");

import { readFileSync } from "node:fs";
import { loadCore } from "@spikewing/core/node";
import { flyFigureEight } from "./flight.js";

const file = new URL(import.meta.resolve("@spikewing/rl/policies/snn.safetensors"));
for (const line of flyFigureEight(loadCore(), readFileSync(file))) console.log(line);

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { decodePolicy } from "@spikewing/rl";

const file = fileURLToPath(import.meta.resolve("@spikewing/rl/policies/snn.safetensors"));

/** The spiking policy that the packages ship. */
export const SHIPPED_POLICY = decodePolicy(readFileSync(file), "snn.safetensors");

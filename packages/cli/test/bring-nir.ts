import { join } from "node:path";
import { succeed } from "./command.ts";

/** Imports a graph of this folder to a policy beside it, and gives what the command reports. */
export const bringNir =
  (folder: string) =>
  (name: string, ...flags: string[]) => {
    const [graph, out] = [join(folder, `${name}.nir`), join(folder, `${name}.safetensors`)];
    const args = ["import", "nir", graph, "--out", out, "--episodes", "4", "--json", ...flags];
    return JSON.parse(succeed(args).stdout);
  };

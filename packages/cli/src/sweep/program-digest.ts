import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** SHA-256, in hexadecimal, of all that @spikewing/rl measures with: its program, and the policies that come with it. */
export function programDigest(): string {
  const dist = dirname(fileURLToPath(import.meta.resolve("@spikewing/rl")));
  const hash = createHash("sha256");
  for (const [folder, ending] of [
    [dist, ".js"],
    [join(dist, "..", "policies"), ".safetensors"],
  ] as const) {
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(ending))
      .map((name) => name.replaceAll("\\", "/"))
      .sort();
    for (const name of names) hash.update(`${name}\0`).update(readFileSync(join(folder, name)));
  }
  return hash.digest("hex");
}

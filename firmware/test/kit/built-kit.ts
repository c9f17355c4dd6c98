import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { loadCore } from "@spikewing/core/node";
import { libraryFiles } from "../../src/library/library-files.js";
import { loadTemplate } from "../../src/library/template.js";
import { SHIPPED_POLICY } from "../emulator/shipped-policy.js";

/** Writes what is built for a target; returns its files, and the folder of the kit in it. */
export function buildKit(folder: string, target: "crazyflie" | "teensy") {
  const files = libraryFiles(loadCore(), SHIPPED_POLICY, "snn.safetensors", loadTemplate(), { target });
  const out = join(folder, target);
  const kit = target === "teensy" ? "crazyflie/" : "";
  for (const [path, bytes] of files) {
    if (!path.startsWith(kit) || !/\.(py|json)$/.test(path)) continue;
    mkdirSync(dirname(join(out, path)), { recursive: true });
    writeFileSync(join(out, path), bytes);
  }
  return { files, kit: join(out, kit), readme: new TextDecoder().decode(files.get("README.md")) };
}

const app = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const TYPE = { UINT8: "uint8_t", UINT16: "uint16_t", UINT32: "uint32_t", FLOAT: "float" } as const;

/** What the app's own C declares, with the type in cflib's words. */
export function declaredInC(kind: "LOG" | "PARAM"): ReadonlyMap<string, string> {
  const sources = [
    "crazyflie/src/spikewing_app.c",
    "crazyflie/src/sw_pilot_teensy.c",
    "onboard/src/sw_pilot_onboard.c",
  ];
  const names = new Map<string, string>();
  for (const [, group, body] of sources
    .map(app)
    .join("\n")
    .matchAll(new RegExp(`^${kind}_GROUP_START\\((\\w+)\\)$(.*?)^${kind}_GROUP_STOP`, "gms")))
    for (const [, type, name] of body!.matchAll(new RegExp(`^${kind}_ADD\\(${kind}_(\\w+), (\\w+), `, "gm")))
      names.set(`${group}.${name}`, TYPE[type as keyof typeof TYPE]);
  return names;
}

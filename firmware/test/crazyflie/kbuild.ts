import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The flags that the app's Kbuild file gives to the generated code and to what calls it. */
export function coreFlags(sources: string): string[] {
  const kbuild = readFileSync(join(sources, "Kbuild"), "utf8").replaceAll(/\\\n/g, " ");
  const flags = /^SW_CORE := (.*)$/m.exec(kbuild)?.[1]?.split(/ +/);
  if (!flags) throw new Error(`${sources}: Kbuild does not set SW_CORE`);
  return flags;
}

/** What the app is made of, without endings. */
export function objects(sources: string): string[] {
  const kbuild = readFileSync(join(sources, "Kbuild"), "utf8");
  return [...kbuild.matchAll(/^obj-y \+= (.*)\.o$/gm)].map(([, name]) => name!);
}

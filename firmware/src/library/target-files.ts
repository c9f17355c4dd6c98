// Which files of the template each target is made of, and where they lie in it.
import type { LibraryOptions } from "./library-options.js";
import type { LibraryTemplate } from "./library-template.js";

/** Folders of the template. The rest is the Teensy's library, with the Crazyflie's side of the wire in `crazyflie/`. */
export const TEMPLATE_FOLDERS = { wire: "crazyflie/", onboard: "onboard/", generic: "generic/" } as const;

const LICENCES = ["LICENSE", "LICENSE-Apache-2.0.txt"];

/** The policy with its guards, in src/ of the template. */
const POLICY = [
  ...["policy.c", "policy.h", "layout.h", "wasm-rt.h", "wasm_rt.c"],
  ...["sw_policy.c", "sw_policy.h", "sw_estimate.h", "sw_force.h", "sw_protocol.h", "sw_port.h"],
  ...["sw_supervisor.c", "sw_supervisor.h", "sw_link.c", "sw_link.h"],
];
const CONTROLLER = ["sw_controller.c", "sw_controller.h"];

/** Of the Crazyflie's side, whatever steps the policy. */
const APP = [
  "Makefile",
  ...["spikewing_app.c", "spikewing_app.h", "sw_app_constants.h", "sw_pilot_guard.c", "sw_pilot_guard.h"].map(
    (file) => `src/${file}`,
  ),
];

/** The template's files of a target, by path in what is built. */
export function targetFiles(
  { files }: LibraryTemplate,
  { target, protocol }: LibraryOptions,
): Record<string, string> {
  const { wire, onboard, generic } = TEMPLATE_FOLDERS;
  const own = (folder: string) =>
    Object.fromEntries(
      Object.entries(files)
        .filter(([path]) => path.startsWith(folder))
        .map(([path, text]) => [path.slice(folder.length), text]),
    );
  const named = (names: readonly string[], folder = "") =>
    Object.fromEntries(names.map((name) => [name, files[folder + name]!]));
  const policy = POLICY.map((name) => `src/${name}`);
  if (target === "crazyflie")
    return { ...named([...LICENCES, ...policy]), ...named(APP, wire), ...own(onboard) };
  if (target === "generic")
    return {
      ...named([...LICENCES, ...policy, ...CONTROLLER.map((name) => `src/${name}`)]),
      ...own(generic),
    };
  const others = protocol === "spikewing" ? [onboard, generic] : [onboard, generic, wire];
  return Object.fromEntries(
    Object.entries(files).filter(([path]) => !others.some((folder) => path.startsWith(folder))),
  );
}

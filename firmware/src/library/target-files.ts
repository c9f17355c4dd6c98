// Which files of the template each target is made of, and where they lie in it.
import { kitFiles } from "../kit/kit-files.js";
import type { LibraryOptions } from "./library-options.js";
import type { LibraryTemplate } from "./library-template.js";

/** Folders of the template. The rest is the Teensy's library, with the Crazyflie's side of the wire in `crazyflie/`. */
export const TEMPLATE_FOLDERS = {
  wire: "crazyflie/",
  onboard: "onboard/",
  generic: "generic/",
  kit: "kit/",
} as const;
/** Of the template: the part of it that is for a target goes into its README. */
export const FLIGHT_DOCUMENT = "FLYING.md";

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
  const { wire, onboard, generic, kit } = TEMPLATE_FOLDERS;
  const own = (folder: string) =>
    Object.fromEntries(
      Object.entries(files)
        .filter(([path]) => path.startsWith(folder))
        .map(([path, text]) => [path.slice(folder.length), text]),
    );
  const named = (names: readonly string[], folder = "") =>
    Object.fromEntries(names.map((name) => [name, files[folder + name]!]));
  const policy = POLICY.map((name) => `src/${name}`);
  if (target === "generic")
    return {
      ...named([...LICENCES, ...policy, ...CONTROLLER.map((name) => `src/${name}`)]),
      ...own(generic),
    };
  const { [FLIGHT_DOCUMENT]: _, ...scripts } = { ...own(kit), ...kitFiles(target) };
  if (target === "crazyflie")
    return { ...named([...LICENCES, ...policy]), ...named(APP, wire), ...own(onboard), ...scripts };
  const board = Object.fromEntries(
    Object.entries(files).filter(
      ([path]) => !Object.values(TEMPLATE_FOLDERS).some((folder) => path.startsWith(folder)),
    ),
  );
  if (protocol === "authors") return board;
  return {
    ...board,
    ...named(Object.keys(files).filter((path) => path.startsWith(wire) && path !== `${wire}README.md`)),
    ...Object.fromEntries(Object.entries(scripts).map(([path, text]) => [wire + path, text])),
  };
}

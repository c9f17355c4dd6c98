import { loadCore } from "@spikewing/core/node";
import {
  DEFAULT_LIBRARY_OPTIONS,
  type LibraryOptions,
  libraryFiles,
  libraryPaths,
  policyData,
  policyId,
  README_START,
} from "@spikewing/firmware";
import { loadTemplate } from "@spikewing/firmware/node";
import { printResult } from "./print.js";
import { readPolicy } from "./run-folder.js";
import { shippedPolicyPath } from "./shipped-policies.js";
import { writeWholeFolder } from "./whole-folder.js";

export interface FirmwareBuildFlags extends Partial<LibraryOptions> {
  readonly policy?: string;
  readonly out: string;
  readonly json?: boolean;
}

const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;

/** What to call it, and what to do with it. */
function guide(
  out: string,
  file: string,
  { target, protocol }: LibraryOptions,
): [name: string, next: string[]] {
  if (target === "crazyflie")
    return ["app for the Crazyflie's own processor", [`  read ${out}/README.md, then`, `  ${makeFor(out)}`]];
  if (target === "generic")
    return [
      "plain C",
      [`  on this machine   make -C ${out}/examples`, `  on a board        ${out}/src/sw_port.h`],
    ];
  const authors = protocol === "authors";
  return [
    "Teensy library",
    [
      "  Arduino     copy the folder to libraries/Spikewing, then File > Examples > Spikewing > CrazyflieLink",
      `  PlatformIO  pio run --project-dir ${out} --target upload`,
      ...(authors ? [] : [`  Crazyflie   ${makeFor(`${out}/crazyflie`)} (see its README.md)`]),
      `  on a desk   spikewing fly ${file} --serial PORT${authors ? " --protocol authors" : ""}`,
    ],
  ];
}

const makeFor = (folder: string) => `make -C ${folder} CRAZYFLIE_BASE=/path/to/crazyflie-firmware`;

/** Makes the firmware of a policy file, for a target. */
export function buildFirmware({
  policy: file = shippedPolicyPath(),
  out,
  json,
  ...options
}: FirmwareBuildFlags) {
  const policy = readPolicy(file);
  const core = loadCore();
  const template = loadTemplate();
  const files = libraryFiles(core, policy, file, template, options);
  writeWholeFolder(out, files, { paths: libraryPaths(template), mark: ["README.md", README_START] });

  const data = policyData(core, policy, file);
  const id = Buffer.from(policyId(data)).toString("hex");
  const chosen = { ...DEFAULT_LIBRARY_OPTIONS, ...options };
  const result = {
    policy: file,
    policyId: id,
    out,
    target: chosen.target,
    ...options,
    weightBytes: data.image.length,
    files: files.size,
  };
  const [name, next] = guide(out, file, chosen);
  printResult(json, result, [
    `${out}: ${name} of ${file}, policy ${id}, weights ${kilobytes(data.image.length)}, ${files.size} files`,
    "next:",
    ...next,
  ]);
}

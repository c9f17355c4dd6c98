import { loadCore } from "@spikewing/core/node";
import { type LibraryOptions, libraryFiles, policyData, policyId } from "@spikewing/firmware";
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

/** Makes a Teensy library, with the Crazyflie's side, from a policy file. */
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
  writeWholeFolder(out, files, {
    paths: new Set([...Object.keys(template.files), ...files.keys()]),
    mark: ["library.properties", "name=Spikewing\n"],
  });

  const data = policyData(core, policy, file);
  const id = Buffer.from(policyId(data)).toString("hex");
  const hasCrazyflie = [...files.keys()].some((path) => path.startsWith("crazyflie/"));
  const result = {
    policy: file,
    policyId: id,
    out,
    ...options,
    weightBytes: data.image.length,
    files: files.size,
  };
  printResult(json, result, [
    `${out}: Teensy library of ${file}, policy ${id}, weights ${kilobytes(data.image.length)}, ${files.size} files`,
    "next:",
    "  Arduino     copy the folder to libraries/Spikewing, then File > Examples > Spikewing > CrazyflieLink",
    `  PlatformIO  pio run --project-dir ${out} --target upload`,
    ...(hasCrazyflie
      ? [
          `  Crazyflie   make -C ${out}/crazyflie CRAZYFLIE_BASE=/path/to/crazyflie-firmware (see its README.md)`,
        ]
      : []),
    `  on a desk   spikewing fly ${file} --serial PORT${options.protocol === "authors" ? " --protocol authors" : ""}`,
  ]);
}

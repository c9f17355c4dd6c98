import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { autoDetect } from "@serialport/bindings-cpp";
import { flyClosedLoop } from "@spikewing/core";
import { loadCore } from "@spikewing/core/node";
import { debianPackageOf, findTool, type Tool } from "@spikewing/firmware/node";
import { decodePolicy, loadPolicy, policyImage } from "@spikewing/rl";
import { replayExample } from "./info.js";
import { printResult } from "./print.js";
import { findShippedPolicy } from "./shipped-policies.js";
import { VERSION } from "./version.js";

interface Finding {
  readonly what: string;
  readonly state: "ok" | "missing" | "broken";
  readonly found: string;
  /** What it is for, or what is lost without it. */
  readonly enables: string;
}

const TOOLS: Partial<Record<Tool, string>> = {
  wasm2c: "building firmware after a change of the core",
  gcc: "the firmware's C on this machine, in the tests",
  "arm-none-eabi-gcc": "compiling the firmware for a Cortex-M here",
  "qemu-system-arm": "flying the firmware on an emulated Cortex-M",
};

function examineTool(tool: Tool, enables: string): Finding {
  const version = findTool(tool);
  return version === undefined
    ? { what: tool, state: "missing", found: `Debian package ${debianPackageOf(tool)}`, enables }
    : { what: tool, state: "ok", found: version, enables };
}

/** The shipped policy gives its own example, and the same flight in both builds of the core. */
function examineCore(): Finding {
  const what = "core";
  const enables = "training, flying, scoring: everything";
  const path = findShippedPolicy("snn");
  if (path === undefined)
    return { what, state: "broken", found: "no shipped policy to try it with", enables };
  const policy = decodePolicy(readFileSync(path), path);
  const hashes = (["simd", "scalar"] as const).map((build) => {
    const core = loadCore(build);
    return flyClosedLoop(core, policyImage(core, loadPolicy(core, policy)), 0, 500).hash;
  });
  const replayed = replayExample(policy);
  if (replayed?.differing !== 0 || hashes[0] !== hashes[1])
    return { what, state: "broken", found: "gives other bits than it should", enables };
  const found = `${replayed.steps} steps as recorded, 500 with SIMD as without`;
  return { what, state: "ok", found, enables };
}

async function examinePorts(): Promise<Finding> {
  const found = await autoDetect()
    .list()
    .then((ports) => ports.map(({ path }) => path).join(" "))
    .catch((error: Error) => `cannot be listed: ${error.message}`); // Linux asks udevadm
  const state = found.startsWith("/") || found.startsWith("COM") ? "ok" : "missing";
  return {
    what: "serial ports",
    state,
    found: found || "none",
    enables: "fly --serial: a board on the desk",
  };
}

/** Says what is here and what each missing part would enable. */
export async function doctor(flags: { readonly json?: boolean }): Promise<void> {
  const findings: Finding[] = [
    {
      what: "spikewing",
      state: "ok",
      found: `${VERSION}, Node ${process.versions.node}, ${availableParallelism()} cores`,
      enables: "one thread a core, up to 4",
    },
    examineCore(),
    ...Object.entries(TOOLS).map(([tool, enables]) => examineTool(tool as Tool, enables)),
    await examinePorts(),
  ];
  const width = Math.max(...findings.map(({ what }) => what.length));
  const lines = findings.map(
    ({ what, state, found, enables }) =>
      `${what.padEnd(width)}  ${state.padEnd(7)}  ${found}${state === "ok" ? "" : `  (for ${enables})`}`,
  );
  printResult(flags.json, { findings }, lines);
  if (findings.some(({ state }) => state === "broken")) process.exitCode = 1;
}

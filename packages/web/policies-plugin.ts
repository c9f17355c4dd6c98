import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createNodePool } from "@spikewing/core/node";
import { createPolicyPhase, encodePolicy, resolveRunConfig } from "@spikewing/rl";
import type { Plugin } from "vite";
import { LESSON } from "./src/lesson-plan.ts";

const SHIPPED = new URL("../rl/policies/", import.meta.url);
const EXTENSION = ".safetensors";

/** Where the page finds its policies, beside index.html. */
const FOLDER = "policies";

/**
 * The shipped policies as static files policies/NAME.safetensors, with the untrained network that the lesson begins
 * with, and policies/index.json with their names.
 */
export function policies(): Plugin {
  return {
    name: "spikewing-policies",
    generateBundle() {
      for (const [name, source] of makeAssets()) {
        this.emitFile({ type: "asset", fileName: `${FOLDER}/${name}`, source });
      }
    },
    configureServer(server) {
      const assets = makeAssets();
      server.middlewares.use(`/${FOLDER}/`, (request, response, next) => {
        const asset = assets.get((request.url ?? "").slice(1));
        if (asset === undefined) next();
        else response.end(asset);
      });
    },
  };
}

function makeAssets(): ReadonlyMap<string, string | Uint8Array> {
  const files = shippedPolicies();
  const names = [...files.keys()].map((name) => name.slice(0, -EXTENSION.length));
  return new Map<string, string | Uint8Array>([...files, ["index.json", JSON.stringify(names)]]);
}

function shippedPolicies(): Map<string, Uint8Array> {
  const names = existsSync(SHIPPED) ? readdirSync(SHIPPED).filter((name) => name.endsWith(EXTENSION)) : [];
  const files = names
    .sort()
    .map((name): [string, Uint8Array] => [name, readFileSync(new URL(name, SHIPPED))]);
  return new Map([...files, [`untrained${EXTENSION}`, untrainedPolicy()]]);
}

/** What the lesson begins with. */
function untrainedPolicy(): Uint8Array {
  const pooled = createNodePool(1);
  const phase = createPolicyPhase(() => pooled, resolveRunConfig(LESSON, "lesson"), undefined);
  const policy = phase.snapshot();
  pooled.pool.close();
  const example = { observations: new Int16Array(0), actions: new Int16Array(0) };
  return encodePolicy({ ...policy, example });
}

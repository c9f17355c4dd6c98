import { existsSync, readdirSync, readFileSync } from "node:fs";
import { loadCore } from "@spikewing/core/node";
import { createActor, encodePolicy, initialiseActor, policyWeights, TD3BC_JSRL_PRESETS } from "@spikewing/rl";
import type { Plugin } from "vite";

const SHIPPED = new URL("../rl/policies/", import.meta.url);
const EXTENSION = ".safetensors";

/** Where the page finds its policies, beside index.html. */
const FOLDER = "policies";

/**
 * The shipped policies as static files policies/NAME.safetensors, and policies/index.json with their names. Without
 * any there is one untrained network, so that the page can be built and tested.
 */
export function policies(): Plugin {
  const files = shippedPolicies();
  const names = [...files.keys()].map((name) => name.slice(0, -EXTENSION.length));
  const assets = new Map<string, string | Uint8Array>([...files, ["index.json", JSON.stringify(names)]]);
  return {
    name: "spikewing-policies",
    generateBundle() {
      for (const [name, source] of assets) {
        this.emitFile({ type: "asset", fileName: `${FOLDER}/${name}`, source });
      }
    },
    configureServer(server) {
      server.middlewares.use(`/${FOLDER}/`, (request, response, next) => {
        const asset = assets.get((request.url ?? "").slice(1));
        if (asset === undefined) next();
        else response.end(asset);
      });
    },
  };
}

function shippedPolicies(): Map<string, Uint8Array> {
  const names = existsSync(SHIPPED) ? readdirSync(SHIPPED).filter((name) => name.endsWith(EXTENSION)) : [];
  if (names.length === 0) return new Map([[`untrained${EXTENSION}`, untrainedPolicy()]]);
  return new Map(names.sort().map((name) => [name, readFileSync(new URL(name, SHIPPED))]));
}

function untrainedPolicy(): Uint8Array {
  const core = loadCore("simd");
  const { actor: shape } = TD3BC_JSRL_PRESETS.fast;
  const actor = createActor(core, shape);
  initialiseActor(core, actor, 1, 0);
  const example = { observations: new Int16Array(0), actions: new Int16Array(0) };
  return encodePolicy({
    shape,
    weights: policyWeights(core, actor),
    example,
    record: { algorithm: "untrained" },
  });
}

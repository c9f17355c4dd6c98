import { readFileSync } from "node:fs";
import { type Core, type CoreBuild, createCore, createMemory } from "./core.js";

/** Compiles a build of the core from this package. */
export function compileCore(build: CoreBuild): WebAssembly.Module {
  const file = new URL(`../build/core.${build}.wasm`, import.meta.url);
  return new WebAssembly.Module(readFileSync(file));
}

/** A core for Node. */
export function loadCore(build: CoreBuild = "simd"): Core {
  return createCore(compileCore(build), createMemory(build));
}

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Core, type CoreBuild, createCore, createMemory } from "./core.js";

const readBuild = (build: CoreBuild) => readFileSync(new URL(`../build/core.${build}.wasm`, import.meta.url));

/** Compiles a build of the core from this package. */
export function compileCore(build: CoreBuild): WebAssembly.Module {
  return new WebAssembly.Module(readBuild(build));
}

/** SHA-256 of the core, in hexadecimal: its SIMD build stands for all, which give the same bytes. */
export function coreDigest(): string {
  return createHash("sha256").update(readBuild("simd")).digest("hex");
}

/** A core for Node. */
export function loadCore(build: CoreBuild = "simd"): Core {
  return createCore(compileCore(build), createMemory(build));
}

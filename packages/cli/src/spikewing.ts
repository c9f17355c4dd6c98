#!/usr/bin/env node
import { guardOutput } from "./output.js";
import { reportError } from "./print.js";
import { createProgram } from "./program.js";

guardOutput();
try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = reportError(error) || process.exitCode; // help that nobody could read is no success
}

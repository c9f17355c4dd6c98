#!/usr/bin/env node
import { guardOutput } from "./output.js";
import { runCommand } from "./run-command.js";

guardOutput();
await runCommand(process.argv.slice(2));

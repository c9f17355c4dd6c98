// npm run protocol --workspace firmware: writes what is made from the tables of protocol/.
import { readFileSync, writeFileSync } from "node:fs";
import { appHeader } from "./app-header.js";
import { protocolHeader } from "./header.js";
import { policyCodesMarkdown, protocolMarkdown } from "./markdown.js";
import { pilotCodesMarkdown } from "./pilot-codes.js";

const PACKAGE = new URL("../../", import.meta.url);

/** Puts `section` between the marks of that name in a document. */
function writeSection(path: string, name: string, section: string): void {
  const [BEGIN, END] = [`<!-- ${name}: npm run protocol -->\n`, `<!-- end of ${name} -->\n`];
  const document = new URL(path, PACKAGE);
  const text = readFileSync(document, "utf8");
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${path}: no section between ${BEGIN} and ${END}`);
  writeFileSync(document, text.slice(0, begin) + BEGIN + section + text.slice(end));
}

writeSection("README.md", "protocol table", protocolMarkdown());
writeSection("kit/FLYING.md", "pilot codes", pilotCodesMarkdown());
writeSection("kit/FLYING.md", "policy codes", policyCodesMarkdown());
writeFileSync(new URL("c/link/sw_protocol.h", PACKAGE), protocolHeader());
writeFileSync(new URL("crazyflie/src/sw_app_constants.h", PACKAGE), appHeader());

// npm run protocol --workspace firmware: writes what is made from the protocol table.
import { readFileSync, writeFileSync } from "node:fs";
import { protocolHeader } from "./header.js";
import { protocolMarkdown } from "./markdown.js";

const PACKAGE = new URL("../../", import.meta.url);
const BEGIN = "<!-- protocol table: npm run protocol -->\n";
const END = "<!-- end of protocol table -->\n";

const readme = new URL("README.md", PACKAGE);
const text = readFileSync(readme, "utf8");
const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
if (begin < 0 || end < begin) throw new Error(`README.md: no section between ${BEGIN} and ${END}`);
writeFileSync(readme, text.slice(0, begin) + BEGIN + protocolMarkdown() + text.slice(end));
writeFileSync(new URL("c/link/sw_protocol.h", PACKAGE), protocolHeader());

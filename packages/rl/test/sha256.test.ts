import fc from "fast-check";
import { expect, test } from "vitest";
import { sha256 as nodes } from "../src/sha256-node.js";
import { sha256 as portable } from "../src/sha256-portable.js";

test("in Node it is Node's own that hashes", () => {
  expect(import.meta.resolve("#sha256")).toMatch(/\/sha256-node\.js$/);
});

test("both give one digest for the same bytes, however they are cut into pieces", () => {
  const piece = fc.uint8Array({ maxLength: 300 });
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 5 }), (pieces) => {
      const digest = nodes(pieces);
      expect(portable(pieces)).toBe(digest);
      expect(nodes([Buffer.concat(pieces)])).toBe(digest);
    }),
  );
  expect(portable([new TextEncoder().encode("a"), new TextEncoder().encode("bc")])).toBe(
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", // FIPS 180-4, its example
  );
});

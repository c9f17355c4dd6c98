import { expect } from "vitest";

/** The test of a fault breaks one of its assertions; that the emulated chip crashed would not count. */
export async function expectBroken(name: string, fault: () => Promise<void>): Promise<void> {
  const error: unknown = await fault().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error, `${name}: nothing noticed`).toBeInstanceOf(Error);
  expect((error as Error).name, `${name}: ${(error as Error).message}`).toBe("AssertionError");
}

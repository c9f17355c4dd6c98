import { closeSync, constants, openSync, writeSync } from "node:fs";
import { ReadStream } from "node:tty";

export interface SerialPort {
  write(bytes: Uint8Array): void;
  /** Hands over bytes as they come until `done` says that it has enough. */
  readUntil(done: (bytes: Uint8Array) => boolean): Promise<void>;
  close(): void;
}

/** A pseudo-terminal, raw. */
export function openSerialPort(path: string): SerialPort {
  const fd = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
  const terminal = new ReadStream(fd);
  terminal.setRawMode(true);
  const writer = openSync(path, constants.O_WRONLY | constants.O_NOCTTY);
  return {
    write: (bytes) => {
      writeSync(writer, bytes);
    },
    readUntil: (done) =>
      new Promise((resolve, reject) => {
        const take = (data: Buffer) => {
          if (!done(data)) return;
          terminal.off("data", take);
          resolve();
        };
        terminal.on("data", take);
        terminal.removeAllListeners("error").once("error", reject);
      }),
    close: () => {
      terminal.destroy();
      closeSync(writer);
    },
  };
}

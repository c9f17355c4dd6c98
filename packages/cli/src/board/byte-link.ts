import { createSocket, type Socket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { autoDetect } from "@serialport/bindings-cpp";
import { SpikewingError } from "@spikewing/rl";

/** Bytes to and from a board, over whatever lies between. */
export interface ByteLink {
  /** As the user named it. */
  readonly name: string;
  /** Resolves once the system has taken the bytes; never where it takes no more. */
  write(bytes: Uint8Array): Promise<void>;
  /** Bytes as they come, to the last listener set. */
  onBytes(listener: (bytes: Uint8Array) => void): void;
  /** Settles only if the link breaks, and then rejects with a SpikewingError. */
  readonly broken: Promise<never>;
  close(): Promise<void>;
}

const message = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error))
    .replace(/^Error: /, "")
    .replace(/, cannot open .*$/, "");

/** A promise that is only ever rejected, and by `fail`. */
function breakable(name: string): { broken: Promise<never>; fail: (error: unknown) => void } {
  let fail: (error: unknown) => void = () => {};
  const broken = new Promise<never>((_, reject) => {
    fail = (error) => reject(new SpikewingError(name, `the connection broke: ${message(error)}`));
  });
  broken.catch(() => {}); // whoever waits for it gets the error
  return { broken, fail };
}

/** @throws SpikewingError naming the port when it cannot be opened. */
export async function openSerial(path: string, baudRate: number): Promise<ByteLink> {
  const port = await autoDetect()
    .open({ path, baudRate })
    .catch((error: unknown) => {
      throw new SpikewingError(path, `cannot be opened: ${message(error).toLowerCase()}`);
    });
  let listener: (bytes: Uint8Array) => void = () => {};
  const { broken, fail } = breakable(path);
  const read = async () => {
    const buffer = Buffer.alloc(256);
    for (;;) {
      const { bytesRead } = await port.read(buffer, 0, buffer.length);
      listener(Uint8Array.from(buffer.subarray(0, bytesRead)));
    }
  };
  let written: Promise<void> = Promise.resolve(); // the port takes one write at a time
  read().catch((error: { canceled?: boolean }) => {
    if (!error.canceled) fail(error);
  });
  return {
    name: path,
    broken,
    write: (bytes) => {
      written = written.then(() => port.write(Buffer.from(bytes))).catch(fail);
      return written;
    },
    onBytes: (next) => {
      listener = next;
    },
    close: () => port.close(),
  };
}

/** Rejects where there is no way to the host; Node gives the error to the callback, which its types do not know. */
function connect(socket: Socket, port: number, ip: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.connect(port, ip, (error?: Error) => (error ? reject(error) : resolve()));
  });
}

/** @param address HOST:PORT. @throws SpikewingError naming it when it is none, or the host is unknown. */
export async function openUdp(address: string): Promise<ByteLink> {
  const [, host, digits] = /^(?:udp:)?\[?(.+?)\]?:(\d{1,5})$/.exec(address) ?? [];
  const port = Number(digits);
  if (host === undefined || port < 1 || port > 65535)
    throw new SpikewingError(
      "--udp",
      `${JSON.stringify(address)}; expected HOST:PORT, with a port from 1 to 65535`,
    );
  const { address: ip, family } = await lookup(host).catch(() => {
    throw new SpikewingError(address, "the host is unknown");
  });
  const socket = createSocket(family === 6 ? "udp6" : "udp4");
  const { broken, fail } = breakable(address);
  socket.on("error", fail);
  await connect(socket, port, ip).catch((error: unknown) => {
    socket.close();
    throw new SpikewingError(address, `cannot be reached: ${message(error)}`);
  });
  return {
    name: address,
    broken,
    write: (bytes) =>
      new Promise((resolve) =>
        socket.send(bytes, (error) => {
          if (error) fail(error);
          resolve();
        }),
      ),
    onBytes: (listener) => {
      socket.removeAllListeners("message").on("message", (bytes) => listener(new Uint8Array(bytes)));
    },
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

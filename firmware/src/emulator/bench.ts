// The controller on a test bench (c/bench/main-bench.c): an emulated Cortex-M7 whose clock and link the test holds.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { REASONS, type Reason, SELF_TESTS, type SelfTest, STATUSES, type Status } from "../protocol/table.js";
import { type ByteStream, byteStream } from "./byte-stream.js";
import { type Emulator, startEmulator } from "./emulator.js";

/** What the controller has counted since power-on. */
export interface BenchReport {
  readonly status: Status;
  readonly reason: Reason;
  readonly selfTest: SelfTest;
  /** Steps of the policy. */
  readonly steps: number;
  readonly frames: number;
  readonly noiseBytes: number;
  readonly badVersion: number;
  readonly badType: number;
  /** Of legacy frames: wrong sums. */
  readonly badCrc: number;
  /** Of the last take, to 40. */
  readonly instructions: number;
}

export interface Bench {
  /** The clock goes to `timeUs`; the loop turns once, with no byte waiting. */
  poll(timeUs: number): Promise<BenchReport>;
  /**
   * Bytes of the link reach the loop at `timeUs`. polled: the loop turned idle at that time just before; else it was
   * held up since the last poll. Returns what the controller sent.
   */
  take(
    bytes: Uint8Array,
    timeUs: number,
    polled?: boolean,
  ): Promise<{ readonly sent: Uint8Array; readonly report: BenchReport }>;
  /** From now on a step of the policy takes this long on the controller's clock. */
  setStepTime(us: number): void;
  /** Reset of the processor: flash stays, memory is lost. */
  reboot(): Promise<BenchReport>;
  stop(): Promise<void>;
}

const OPERATIONS = { setClock: 0, setDelay: 1, poll: 2, take: 3, report: 4, reboot: 5 } as const;
const REPORT_WORDS = 11;
const INSTRUCTIONS_PER_TICK = 40;

const encode = (...commands: readonly (readonly [keyof typeof OPERATIONS, number])[]): Uint8Array =>
  new Uint8Array(
    Uint32Array.from(commands.flatMap(([operation, value]) => [OPERATIONS[operation], value])).buffer,
  );

/** @param elf of buildController, program "bench" */
export async function startBench(elf: string, protocol: "v1" | "legacy" = "v1"): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), "spikewing-bench-"));
  const names = ["link", "bench"] as const;
  const paths = names.map((name) => join(folder, name));
  const connections = await Promise.all(paths.map((path, i) => listen(path, names[i]!)));
  const serials = paths.flatMap((path, i) => [
    ...["-chardev", `socket,id=${names[i]},path=${path},server=off`],
    ...["-serial", `chardev:${names[i]}`],
  ]);
  const emulator = startEmulator(elf, serials, protocol === "legacy" ? "legacy" : "");
  const stop = async () => {
    await emulator.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const [link, bench] = await orEnd(
      emulator,
      Promise.all([connections[0]!.stream, connections[1]!.stream]),
    );
    const booted = async () => (await readReport(bench)).report;
    await orEnd(emulator, booted());
    return {
      ...benchOf(emulator, link, bench, booted),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function benchOf(
  emulator: Emulator,
  link: ByteStream,
  bench: ByteStream,
  booted: () => Promise<BenchReport>,
): Omit<Bench, "stop"> {
  return {
    async poll(timeUs) {
      bench.write(encode(["setClock", timeUs], ["poll", 0], ["report", 0]));
      return (await orEnd(emulator, readReport(bench))).report;
    },
    async take(bytes, timeUs, polled = true) {
      link.write(bytes);
      bench.write(
        encode(
          ["setClock", timeUs],
          ...(polled ? ([["poll", 0]] as const) : []),
          ["take", bytes.length],
          ["report", 0],
        ),
      );
      const { report, sentBytes } = await orEnd(emulator, readReport(bench));
      return { report, sent: await orEnd(emulator, link.read(sentBytes)) };
    },
    setStepTime(us) {
      bench.write(encode(["setDelay", us]));
    },
    async reboot() {
      bench.write(encode(["reboot", 0]));
      return orEnd(emulator, booted());
    },
  };
}

/** The next connection to a socket of this name. */
async function listen(path: string, name: string): Promise<{ readonly stream: Promise<ByteStream> }> {
  const server = createServer();
  const stream = new Promise<ByteStream>((resolve) => {
    server.once("connection", (socket) => {
      server.close();
      resolve(byteStream(socket, `${name} of the emulated chip`));
    });
  });
  server.unref();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return { stream };
}

async function readReport(
  bench: ByteStream,
): Promise<{ readonly report: BenchReport; readonly sentBytes: number }> {
  const bytes = await bench.read(4 * REPORT_WORDS);
  const words = new Uint32Array(bytes.buffer);
  const [status, reason, selfTest, steps, sentBytes, ticks, frames, noiseBytes, badVersion, badType, badCrc] =
    words;
  return {
    sentBytes: sentBytes!,
    report: {
      status: STATUSES[status!]!,
      reason: REASONS[reason!]!,
      selfTest: SELF_TESTS[selfTest!]!,
      steps: steps!,
      frames: frames!,
      noiseBytes: noiseBytes!,
      badVersion: badVersion!,
      badType: badType!,
      badCrc: badCrc!,
      instructions: INSTRUCTIONS_PER_TICK * ticks!,
    },
  };
}

/** What the emulator gives, or an error if its program ends before. */
function orEnd<T>(emulator: Emulator, result: Promise<T>): Promise<T> {
  const end = emulator.ended.then((status): never => {
    throw new Error(`the emulated chip ended with status ${status}: ${emulator.output().trim()}`);
  });
  return Promise.race([result, end]);
}

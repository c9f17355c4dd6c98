import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";

/** Debian's slurmctld, slurmd, slurm-client and munge; they start as root alone. */
export const hasSlurm =
  process.getuid?.() === 0 &&
  ["munged", "slurmctld", "slurmd", "sbatch"].every(
    (name) => spawnSync("sh", ["-c", `command -v ${name}`]).status === 0,
  );

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

/** A cluster of this machine alone, on loopback. */
export interface Cluster {
  /** With which sbatch finds it. */
  readonly env: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

/** Starts munge, controller and node, each as soon as the one before says that it is ready. */
export async function startCluster(folder: string): Promise<Cluster> {
  chmodSync(folder, 0o755);
  const at = (name: string) => join(folder, name);
  for (const name of ["state", "spool"]) mkdirSync(at(name));
  writeFileSync(at("munge.key"), randomBytes(1024), { mode: 0o400 });
  const node = hostname().split(".")[0]!;
  const settings = {
    ...{
      ClusterName: "loopback",
      SlurmctldHost: `${node}(127.0.0.1)`,
      SlurmUser: "root",
      SlurmdUser: "root",
    },
    ...{ AuthType: "auth/munge", AuthInfo: `socket=${at("munge.socket")}`, CryptoType: "crypto/munge" },
    ...{ SlurmctldPort: await freePort(), SlurmdPort: await freePort() },
    ...{ StateSaveLocation: at("state"), SlurmdSpoolDir: at("spool") },
    ...{ SlurmctldPidFile: at("slurmctld.pid"), SlurmdPidFile: at("slurmd.pid") },
    ...{ ProctrackType: "proctrack/pgid", TaskPlugin: "task/none", MpiDefault: "none", ReturnToService: 2 },
    ...{ SelectType: "select/cons_tres", SelectTypeParameters: "CR_CPU" },
  };
  const lines = [
    ...Object.entries(settings).map(([key, value]) => `${key}=${value}`),
    `NodeName=${node} NodeHostname=${node} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN`,
    `PartitionName=main Nodes=${node} Default=YES MaxTime=INFINITE State=UP`,
  ];
  writeFileSync(at("slurm.conf"), `${lines.join("\n")}\n`);
  const env = { ...process.env, SLURM_CONF: at("slurm.conf") };
  const daemons: ChildProcess[] = [];

  async function start(ready: string, command: string, ...args: string[]): Promise<void> {
    const daemon = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    daemons.push(daemon);
    let text = "";
    await new Promise<void>((resolve, reject) => {
      for (const stream of [daemon.stdout, daemon.stderr])
        stream.setEncoding("utf8").on("data", (said: string) => {
          text += said;
          if (text.includes(ready)) resolve();
        });
      daemon.on("error", reject);
      daemon.on("close", () => reject(new Error(`${command}: ${text}`)));
    });
  }

  const stop = async () => {
    for (const daemon of daemons.reverse()) {
      if (daemon.exitCode !== null || daemon.signalCode !== null) continue;
      const closed = once(daemon, "close");
      daemon.kill("SIGTERM");
      await closed;
    }
  };
  try {
    await start(
      "work threads",
      ...(["munged", "--foreground", "--force", `--socket=${at("munge.socket")}`] as const),
      ...[`--key-file=${at("munge.key")}`, `--pid-file=${at("munge.pid")}`],
      ...[`--log-file=${at("munge.log")}`, `--seed-file=${at("munge.seed")}`],
    );
    await start("Running as primary controller", "slurmctld", "-D");
    await start("slurmd started", "slurmd", "-D");
  } catch (error) {
    await stop();
    throw error;
  }
  return { env, stop };
}

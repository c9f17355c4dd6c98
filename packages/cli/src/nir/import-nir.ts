import { type ProfileName, readNir } from "@spikewing/rl/exchange";
import { type AdapterFlags, importAndScore, readAdapter } from "../import-and-score.js";
import { readInput } from "../input-file.js";
import { requireNew } from "../whole-file.js";

export interface ImportNirFlags extends AdapterFlags {
  readonly profile?: ProfileName;
}

/** Makes a policy file of a NIR graph, and scores it. */
export async function importNir(file: string, flags: ImportNirFlags): Promise<void> {
  requireNew(flags.out);
  const adapter = readAdapter(flags);
  const { network, profile, trained, formats } = await readNir(
    readInput(file, "policy"),
    { profile: flags.profile, adapter },
    file,
  );
  importAndScore({
    file,
    network,
    trained,
    source: { format: "NIR", profile, ...(adapter && { adapter }) },
    told: [`profile  ${profile}`],
    formats,
    flags,
  });
}

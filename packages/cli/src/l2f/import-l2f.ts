import { loadCore } from "@spikewing/core/node";
import { actOnce, describeShape, policyOfDense, SpikewingError, sizesOf } from "@spikewing/rl";
import { decodeHdf5 } from "@spikewing/rl/exchange";
import { type ImportFlags, scoreImported } from "../import-and-score.js";
import { readInput } from "../input-file.js";
import { requireNew } from "../whole-file.js";
import { readActorGroups } from "./actor-groups.js";
import { readActorHeader } from "./actor-header.js";

/** Sums in another order, in 32 bits, move an action less than this; another activation moves it by 0.02. */
const MOST_DIFFERENCE = 1e-5;

/** Makes a policy, which can also guide, of an actor of learning-to-fly. */
export async function importL2f(file: string, flags: ImportFlags): Promise<void> {
  requireNew(flags.out);
  const bytes = readInput(file, "policy");
  const isHdf5 = bytes[0] === 0x89 && bytes[1] === 0x48; // "\x89H" of "\x89HDF"
  const { layers, example, name } = isHdf5
    ? readActorGroups(await decodeHdf5(bytes, file), file)
    : readActorHeader(new TextDecoder().decode(bytes), file);
  const policy = policyOfDense(layers, file);
  const difference = example && exampleDifference(policy, example, file);
  scoreImported({
    file,
    policy,
    sizes: sizesOf(policy.shape),
    source: { format: "learning-to-fly", ...(name !== undefined && { name }) },
    report: { exampleDifference: difference ?? null },
    told: [
      describeShape(policy.shape),
      difference === undefined
        ? "the file has no observation to check its actions by"
        : `the file's own observation gives its actions, to ${difference.toExponential(1)}`,
    ],
    flags,
  });
}

/** How far the policy's action for a file's observation is from the file's. @throws SpikewingError where it is another. */
function exampleDifference(
  policy: Parameters<typeof actOnce>[1],
  { observation, action }: { readonly observation: Float32Array; readonly action: Float32Array },
  file: string,
): number {
  const [seen] = sizesOf(policy.shape);
  if (observation.length !== seen || action.length !== 4)
    throw new SpikewingError(
      file,
      `its example has ${observation.length} numbers and ${action.length} actions; expected ${seen} and 4`,
    );
  const given = actOnce(loadCore(), policy, observation);
  const difference = Math.max(...given.map((value, k) => Math.abs(value - action[k]!)));
  if (difference <= MOST_DIFFERENCE) return difference;
  throw new SpikewingError(
    file,
    `its own observation gives actions ${difference.toPrecision(2)} from those in the file; expected at most ${MOST_DIFFERENCE}`,
  );
}

/**
 * Experience as others store it: a row a step, episode after episode, under the names of D4RL (Fu et al. 2020, arXiv
 * 2004.07219). `terminals` ends an episode for good, `timeouts` cuts it off. What ours has beyond those names is what the
 * replay buffer holds: the simulator's own state for the critics, and the terms that a reward weighs.
 */
import {
  ACTION_WORDS,
  EPISODE_STEPS,
  OBSERVATION_WORDS,
  PRIVILEGED_WORDS,
  REWARD_TERMS,
} from "@spikewing/core";
import { SpikewingError } from "./spikewing-error.js";

/** An array of any number of axes, its last one fastest; as NumPy has it. */
export interface NumpyArray {
  readonly shape: readonly number[];
  readonly values: Float32Array | Float64Array | Uint8Array;
  /** Of bytes: they are of NumPy's type bool. */
  readonly isBoolean?: boolean;
}

/** Numbers of a row; undefined: a row is one number. */
const REALS = {
  observations: OBSERVATION_WORDS,
  next_observations: OBSERVATION_WORDS,
  actions: ACTION_WORDS,
  rewards: undefined,
  privileged_observations: PRIVILEGED_WORDS,
  next_privileged_observations: PRIVILEGED_WORDS,
  /** The action before each step: what fills the history where an episode begins. */
  past_actions: ACTION_WORDS,
  reward_terms: REWARD_TERMS,
} as const;
export type RealColumn = keyof typeof REALS;
const FLAGS = ["terminals", "timeouts"] as const;
const NAMES: readonly string[] = [...Object.keys(REALS), ...FLAGS];
/** What D4RL has beside the columns; nothing here is learned from. */
const BESIDE = /^(infos|metadata)\//;
/** Exploration may ask for more than the motors give; the simulator clamps. */
const MOST_ACTION = 2;

/** Rows from `from` to before `end`, of one episode; `terminated` or cut off there. */
export interface Stretch {
  readonly from: number;
  readonly end: number;
  readonly terminated: boolean;
}

export interface Transitions {
  /** What a message calls it, and its file's digest. */
  readonly place: string;
  readonly sha256: string;
  readonly columns: Readonly<
    Record<"observations" | "actions" | "rewards", Float32Array> & Partial<Record<RealColumn, Float32Array>>
  >;
  readonly stretches: readonly Stretch[];
}

/** The type and shape of every column of `rows` rows. */
export function columnsOfRows<Values>(rows: number, make: (words: number) => Values) {
  const entries = Object.entries(REALS).map(([name, words]) => [
    name,
    { shape: words === undefined ? [rows] : [rows, words], values: make(rows * (words ?? 1)) },
  ]);
  return Object.fromEntries(entries) as Record<RealColumn, { shape: readonly number[]; values: Values }>;
}

/**
 * The columns of a file, checked.
 *
 * @throws SpikewingError naming the array, its row and what is accepted
 */
export function readTransitions(
  arrays: Readonly<Record<string, NumpyArray>>,
  place: string,
  sha256: string,
): Transitions {
  const refuse = (problem: string) => new SpikewingError(place, problem);
  for (const name of Object.keys(arrays))
    if (!NAMES.includes(name) && !BESIDE.test(name))
      throw refuse(`array ${name} is none of a buffer; expected ${NAMES.join(", ")}`);
  for (const name of ["observations", "actions", "rewards", ...FLAGS])
    if (!(name in arrays)) throw refuse(`has no array ${name}; expected one as D4RL names it`);
  for (const [one, other] of [
    ["privileged_observations", "next_privileged_observations"],
    ["next_privileged_observations", "privileged_observations"],
  ] as const)
    if (one in arrays && !(other in arrays)) throw refuse(`has no array ${other}; expected it beside ${one}`);
  const rows = arrays.observations!.shape[0] ?? 0;
  if (rows === 0) throw refuse("observations has no rows; expected one a step");
  const reals = Object.entries(REALS).flatMap(([name, words]) =>
    name in arrays ? [[name, readReals(arrays[name]!, name, rows, words, refuse)]] : [],
  );
  const columns = Object.fromEntries(reals) as Transitions["columns"];
  const [terminals, timeouts] = FLAGS.map((name) => readFlags(arrays[name]!, name, rows, refuse));
  const stretches = stretchesOf(rows, terminals!, timeouts!, columns, refuse);
  return { place, sha256, columns, stretches };
}

type Refuse = (problem: string) => SpikewingError;

function requireShape({ shape }: NumpyArray, name: string, wanted: readonly number[], refuse: Refuse): void {
  if (String(shape) !== String(wanted))
    throw refuse(`${name} has shape (${shape.join(", ")}); expected (${wanted.join(", ")})`);
}

function readReals(
  array: NumpyArray,
  name: string,
  rows: number,
  words: number | undefined,
  refuse: Refuse,
): Float32Array {
  requireShape(array, name, words === undefined ? [rows] : [rows, words], refuse);
  const { values } = array;
  if (values instanceof Uint8Array) throw refuse(`${name} holds bytes; expected float32 or float64`);
  const most = /actions$/.test(name) ? MOST_ACTION : 3e38;
  const bad = values.findIndex((value: number) => !(Math.abs(value) <= most));
  if (bad < 0) return Float32Array.from(values);
  const accepted = most === MOST_ACTION ? `a number from -${most} to ${most}` : "a finite number";
  throw refuse(`${name} is ${values[bad]} in row ${Math.floor(bad / (words ?? 1))}; expected ${accepted}`);
}

function readFlags(array: NumpyArray, name: string, rows: number, refuse: Refuse): Uint8Array {
  requireShape(array, name, [rows], refuse);
  const { values } = array;
  if (!(values instanceof Uint8Array)) throw refuse(`${name} holds floats; expected bool or uint8`);
  const bad = values.findIndex((value) => value > 1);
  if (bad >= 0) throw refuse(`${name} is ${values[bad]} in row ${bad}; expected 0 or 1`);
  return values;
}

/**
 * The episodes, cut where they are longer than a slot of the replay buffer. Where nothing says what was seen behind the last
 * step of one that was cut off, that step is left out, as D4RL's qlearning_dataset does.
 */
function stretchesOf(
  rows: number,
  terminals: Uint8Array,
  timeouts: Uint8Array,
  { observations, next_observations: next }: Transitions["columns"],
  refuse: Refuse,
): Stretch[] {
  const stretches: Stretch[] = [];
  let from = 0;
  for (let t = 0; t < rows; t++) {
    const terminated = terminals[t] === 1;
    const ends = terminated || timeouts[t] === 1 || t === rows - 1;
    if (!ends && next) requireSuccessor(observations, next, t, refuse);
    if (!ends && t + 1 - from < EPISODE_STEPS) continue;
    const end = ends && !terminated && !next ? t : t + 1;
    if (end > from) stretches.push({ from, end, terminated });
    from = t + 1;
  }
  if (stretches.length > 0) return stretches;
  throw refuse(
    "holds no step whose successor is known; expected next_observations, or episodes of two steps or more",
  );
}

/** Membranes live from step to step: rows in any other order teach nothing. */
function requireSuccessor(observations: Float32Array, next: Float32Array, t: number, refuse: Refuse): void {
  for (let k = OBSERVATION_WORDS * t; k < OBSERVATION_WORDS * (t + 1); k++)
    if (next[k] !== observations[k + OBSERVATION_WORDS])
      throw refuse(
        `next_observations of row ${t} is not the observation of row ${t + 1}; expected whole episodes in order, ends marked by terminals or timeouts`,
      );
}

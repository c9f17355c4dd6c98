import { shown } from "../shown.js";
import { SpikewingError } from "../spikewing-error.js";
import { type Dataset, isTexts } from "./hdf5.js";

/** The parameters of a node, checked as they are read. */
export class Parameters {
  readonly #datasets: Readonly<Record<string, Dataset>>;
  readonly #node: string;
  readonly #place: string;

  constructor(datasets: Readonly<Record<string, Dataset>>, node: string, place: string) {
    this.#datasets = datasets;
    this.#node = node;
    this.#place = place;
  }

  #refuse(problem: string, remedy?: string): never {
    throw new SpikewingError(this.#place, `node ${this.#node}: ${problem}`, remedy);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#datasets, name);
  }

  #numbers(name: string): { shape: readonly number[]; data: Float64Array } {
    if (!this.has(name)) this.#refuse(`${name} is missing`);
    const { shape, data: values } = this.#datasets[name]!;
    if (isTexts(values)) this.#refuse(`${name} is ${shown(values[0])}; expected numbers`);
    const data = Float64Array.from(values as ArrayLike<number | bigint>, Number);
    const wrong = data.findIndex((value) => !Number.isFinite(Math.fround(value)));
    if (wrong >= 0)
      this.#refuse(`${name}: value ${wrong} is ${data[wrong]}; expected a finite number of 32 bits`);
    return { shape, data };
  }

  /** A value for each of so many neurons; where the file has one, it is that of all. */
  row(name: string, width: number): Float64Array {
    const { data, shape } = this.#numbers(name);
    if (data.length === 1) return new Float64Array(width).fill(data[0]!);
    if (data.length !== width) this.#refuse(`${name} has shape (${shape}); expected (${width})`);
    return data;
  }

  matrix(name: string, columns: number): { rows: number; values: Float64Array } {
    const { data, shape } = this.#numbers(name);
    const [rows = 0] = shape;
    if (shape.length !== 2 || shape[1] !== columns || rows === 0)
      this.#refuse(`${name} has shape (${shape}); expected (neurons, ${columns})`);
    return { rows, values: data };
  }

  /** Of an Input or Output. */
  requireShape(expected: readonly number[], remedy: string): void {
    const { data } = this.#numbers("shape");
    if (String([...data]) !== String(expected))
      this.#refuse(`shape is (${[...data]}); expected (${expected})`, remedy);
  }
}

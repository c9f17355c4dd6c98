/** A weight between neighbouring columns of a network: the inputs are column 0. */
export interface Link {
  /** Column that it leads to. */
  readonly column: number;
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}

/** The weights of a network, to ask which are strong. */
export interface NetworkLinks {
  /** The strongest that leads into each neuron of the first layer, and out of every other neuron. */
  readonly strongest: readonly Link[];
  /** The strongest that lead into one of a column, strongest first. */
  into(column: number, to: number, most: number): readonly Link[];
  /** And out of one. */
  outOf(column: number, from: number, most: number): readonly Link[];
}

/**
 * @param sizes inputs that are drawn, neurons of each layer, motors
 * @param matrices what each hears, (width, inputs), for every column but the first
 */
export function createLinks(sizes: readonly number[], matrices: readonly Float32Array[]): NetworkLinks {
  const rowOf = (column: number) => matrices[column - 1]!.length / sizes[column]!;
  const link = (column: number, from: number, to: number): Link => {
    return { column, from, to, weight: matrices[column - 1]![to * rowOf(column) + from]! };
  };
  const all = (count: number) => Array.from({ length: count }, (_, i) => i);
  const pick = (links: readonly Link[], most: number) =>
    links.toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight)).slice(0, most);
  const into = (column: number, to: number, most: number) =>
    pick(
      all(sizes[column - 1]!).map((from) => link(column, from, to)),
      most,
    );
  const outOf = (column: number, from: number, most: number) =>
    pick(
      all(sizes[column + 1]!).map((to) => link(column + 1, from, to)),
      most,
    );
  return {
    into,
    outOf,
    strongest: sizes
      .slice(1, -1)
      .flatMap((width, l) => [
        ...(l === 0 ? all(width).flatMap((to) => into(1, to, 1)) : []),
        ...all(width).flatMap((from) => outOf(l + 1, from, 1)),
      ]),
  };
}

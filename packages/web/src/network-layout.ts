/** Where the parts of a network are drawn, CSS pixels: columns of inputs, of each layer's neurons, of motors. */
export interface NetworkLayout {
  readonly columns: readonly (readonly Place[])[];
  /** Side of what stands at a place of each column. */
  readonly sides: readonly number[];
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Room for the names of the inputs and for the four motors. */
const NAMES = 84;
const MOTORS = 104;
const EDGE = 14;
/** A neuron's side, with the gap to the next one. */
const LEAST_PITCH = 3;
const MOST_PITCH = 13;
/** Of the width between names and motors this is left to the links. */
const LINK_SHARE = 0.45;

/** @param sizes inputs, neurons of each layer, motors */
export function layOut(sizes: readonly number[], width: number, height: number): NetworkLayout {
  const inputs = sizes[0]!;
  const hidden = sizes.slice(1, -1);
  const tall = height - 2 * EDGE;
  const wide = Math.max(width - NAMES - MOTORS, 60);
  const blockWide = (wide * (1 - LINK_SHARE)) / hidden.length;
  const gap = (wide * LINK_SHARE) / (hidden.length + 1);
  const blocks = hidden.map((count, l) => {
    const pitch = Math.min(Math.max(Math.sqrt((blockWide * tall) / count), LEAST_PITCH), MOST_PITCH);
    const rows = Math.max(1, Math.floor(tall / pitch));
    const columns = Math.ceil(count / rows);
    const used = Math.ceil(count / columns);
    const left = NAMES + gap * (l + 1) + blockWide * l + (blockWide - columns * pitch) / 2;
    const top = (height - used * pitch) / 2;
    const places = Array.from({ length: count }, (_, j) => ({
      x: left + (Math.floor(j / used) + 0.5) * pitch,
      y: top + ((j % used) + 0.5) * pitch,
    }));
    return { places, side: Math.max(2, pitch - (pitch > 6 ? 2 : 1)) };
  });
  const middle = { x: width - MOTORS / 2, y: height / 2 };
  const motors = [
    [1, -1],
    [1, 1],
    [-1, 1],
    [-1, -1],
  ].map(([right, back]) => ({ x: middle.x + 26 * right!, y: middle.y + 34 * back! }));
  const step = tall / inputs;
  const sensors = Array.from({ length: inputs }, (_, k) => ({ x: NAMES - 8, y: EDGE + (k + 0.5) * step }));
  return {
    columns: [sensors, ...blocks.map(({ places }) => places), motors],
    sides: [6, ...blocks.map(({ side }) => side), 36],
  };
}

/** The hidden neuron at a place, counted through all layers; undefined: there is none. */
export function neuronAt({ columns, sides }: NetworkLayout, x: number, y: number): number | undefined {
  let first = 0;
  for (let l = 1; l < columns.length - 1; l++) {
    const reach = sides[l]! / 2 + 2;
    const at = columns[l]!.findIndex(
      (place) => Math.abs(place.x - x) <= reach && Math.abs(place.y - y) <= reach,
    );
    if (at >= 0) return first + at;
    first += columns[l]!.length;
  }
  return undefined;
}

/** The neuron that an arrow key leads to: down and up in a column, left and right to the nearest in the next one. */
export function neuronBeside({ columns }: NetworkLayout, neuron: number, key: string): number {
  const places = columns.slice(1, -1).flat();
  const here = places[neuron]!;
  if (key === "ArrowDown") return (neuron + 1) % places.length;
  if (key === "ArrowUp") return (neuron + places.length - 1) % places.length;
  const sign = key === "ArrowRight" ? 1 : -1;
  let [best, least] = [neuron, Number.POSITIVE_INFINITY];
  for (const [j, place] of places.entries()) {
    const ahead = sign * (place.x - here.x);
    const far = ahead + 3 * Math.abs(place.y - here.y);
    if (ahead > 0.5 && far < least) [best, least] = [j, far];
  }
  return best;
}

// Sums along a direction, by hand.

import { addScaled } from "../optimizer/add-scaled";
import { f32At, placeF32 } from "./arena";

describe("addScaled", () => {
  it("adds so much of one vector to another, in the lanes and behind them, and no word further", () => {
    const to = placeF32([1, 2, 3, 4, 5, 6, 7]),
      from = placeF32([8, -8, 4, -4, 2, -2, 1]);
    addScaled(to, from, 0.25, 6);
    const want: StaticArray<f32> = [3, 0, 4, 3, 5.5, 5.5, 7];
    for (let i = 0; i < 7; i++) expect<f32>(f32At(to, i)).toBe(want[i], i.toString());
  });
});

import { polyakUpdate } from "../optimizer/polyak";
import { f32At, place, placeF32 } from "./arena";

describe("polyakUpdate", () => {
  it("moves the target by tau of the gap, by hand", () => {
    const target = placeF32([1, 0, -4, 8, 16, 7]),
      parameters = placeF32([3, 4, 4, 8, 0, 100]);
    polyakUpdate(target, parameters, 5, 0.25);
    const want: StaticArray<f32> = [1.5, 1, -2, 8, 12, 7];
    for (let i = 0; i < 6; i++) expect<f32>(f32At(target, i)).toBe(want[i]);
    expect<f32>(f32At(parameters, 0)).toBe(3.0);
  });
  it("copies with tau 1 and stays with tau 0", () => {
    const target = place(20),
      parameters = placeF32([1, 2, 3, 4, 5]);
    polyakUpdate(target, parameters, 5, 0.0);
    expect<f32>(f32At(target, 4)).toBe(0.0);
    polyakUpdate(target, parameters, 5, 1.0);
    for (let i = 0; i < 5; i++) expect<f32>(f32At(target, i)).toBe(<f32>(i + 1));
  });
});

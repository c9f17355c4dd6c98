import { assembleTile, Batch, batchLayout, batchSample, FLOWN_ACTIONS, Input } from "../objective/batch";
import { copyHistory, Row, replayIndex, slotOfRow, stepOfRow } from "../replay/replay-buffer";
import { f32At, i32At, make, place, seedDraws } from "./arena";
import { createReplay, storeEpisode } from "./episodes";

seedDraws(2);
const replay = createReplay(1, 4, 60);
storeEpisode(replay, 0, 60, false);
storeEpisode(replay, 0, 23, true);
storeEpisode(replay, 0, 41, true);
const total = replayIndex(replay, 10, 8); // starts 0, 10, ..: 6 + 2 + 4

const CAPACITY = 200;
const STEPS = 20;
const b = make<Batch>();
b.replay = replay;
b.capacity = CAPACITY;
b.steps = STEPS;
batchLayout(b, place(batchLayout(b, 0)));
const scratch = place(16);

describe("batchSample", () => {
  it("draws every sequence about as often as any other, cut where its episode ends", () => {
    expect<u32>(total).toBe(12);
    const seen = new StaticArray<i32>(3 * 60);
    for (let update = 0; update < 10; update++) {
      batchSample(b, 1, 0, update, 0, 8, false, 0, 1, scratch);
      for (let i = 0; i < CAPACITY; i++) {
        const row = <usize>i32At(b.sequence, i),
          slot = slotOfRow(replay, row),
          step = <i32>stepOfRow(replay, row);
        const length = slot == 0 ? 60 : slot == 1 ? 23 : 41;
        expect<i32>(i32At(b.sequenceSteps, i)).toBe(min<i32>(STEPS, length - step));
        seen[slot * 60 + step]++;
      }
    }
    let kinds = 0;
    for (let k = 0; k < 180; k++) {
      if (seen[k] == 0) continue;
      kinds++;
      expect<i32>((k % 60) % 10).toBe(0);
      expect<bool>(seen[k] > 110 && seen[k] < 230).toBe(
        true,
        "2000 / 12 = 167, four standard deviations of 12",
      );
    }
    expect<i32>(kinds).toBe(12);
  });

  it("lists every step once, and of them those that carry a loss", () => {
    for (let startCounts = 0; startCounts < 2; startCounts++) {
      batchSample(b, 1, 2, 5, 50, 8, startCounts == 1, 3, 4, scratch);
      let flat = 0,
        counted = 0,
        criticCounted = 0,
        phase = -1;
      for (let i = 0; i < CAPACITY; i++) {
        const first = <usize>i32At(b.sequence, i);
        const known = startCounts == 1 && stepOfRow(replay, first) == 0;
        if (i < 50) expect<u32>(stepOfRow(replay, first)).toBe(0, "asked to begin with its episode");
        for (let t = 0; t < i32At(b.sequenceSteps, i); t++, flat++) {
          expect<usize>(<usize>i32At(b.row, flat)).toBe(first + <usize>t * Row.BYTES);
          const forActor = known || t >= 8;
          expect<bool>(load<u8>(b.countsForActor + flat) != 0).toBe(forActor);
          if (forActor) {
            expect<i32>(i32At(b.actorRow, counted)).toBe(flat);
            counted++;
          }
          if (criticCounted < <i32>b.criticCounted && i32At(b.criticRow, criticCounted) == flat) {
            if (phase < 0) phase = t % 4;
            expect<bool>(known || t >= 3).toBe(true);
            expect<i32>(t % 4).toBe(phase, "one step in four");
            criticCounted++;
          } else if (phase >= 0 && (known || t >= 3)) expect<bool>(t % 4 == phase).toBe(false);
        }
      }
      expect<u32>(b.count).toBe(flat);
      expect<u32>(b.counted).toBe(counted);
      expect<u32>(b.criticCounted).toBe(criticCounted);
      expect<i32>(criticCounted).toBeGreaterThan(flat / 6);
    }
  });

  it("is a function of seed, shard and update", () => {
    batchSample(b, 1, 0, 0, 0, 8, false, 0, 1, scratch);
    const once = place(4 * CAPACITY);
    memory.copy(once, b.sequence, 4 * CAPACITY);
    for (let k = 0; k < 4; k++) {
      batchSample(b, k == 1 ? 2 : 1, k == 2 ? 1 : 0, k == 3 ? 1 : 0, 0, 8, false, 0, 1, scratch);
      expect<bool>(memory.compare(once, b.sequence, 4 * CAPACITY) == 0).toBe(k == 0);
    }
  });
});

describe("assembleTile", () => {
  it("copies what each kind of network sees, now or a step ahead, with the action asked for", () => {
    batchSample(b, 3, 0, 0, 0, 8, false, 0, 1, scratch);
    const words: StaticArray<i32> = [18, 146, 28];
    const x = place(4 * 150 * 3),
      history = place(512);
    for (let kind: i32 = Input.OBSERVATION; kind <= Input.PRIVILEGED; kind++) {
      for (let ahead = 0; ahead < 2; ahead++) {
        const pitch = words[kind] + 4;
        assembleTile(b, kind, b.actorRow, 5, 3, ahead, FLOWN_ACTIONS, x);
        for (let i = 0; i < 3; i++) {
          const row = <usize>i32At(b.row, i32At(b.actorRow, 5 + i)) + <usize>ahead * Row.BYTES;
          const from = kind == Input.PRIVILEGED ? Row.PRIVILEGED : Row.OBSERVATION;
          for (let k = 0; k < (kind == Input.PRIVILEGED ? 28 : 18); k++)
            expect<f32>(f32At(x, i * pitch + k)).toBe(f32At(row + from, k));
          if (kind == Input.HISTORY) {
            copyHistory(replay, row, history);
            for (let k = 0; k < 128; k++) expect<f32>(f32At(x, i * pitch + 18 + k)).toBe(f32At(history, k));
          }
          for (let k = 0; k < 4; k++)
            expect<f32>(f32At(x, (i + 1) * pitch - 4 + k)).toBe(f32At(row + Row.ACTION, k));
        }
      }
    }
  });
});

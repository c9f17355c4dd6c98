/** Every field of a run's config at its limits, from the schema itself: what is added there is tried here. */
import { z } from "zod";
import {
  apgGuidedRunSchema,
  apgRunSchema,
  distilRunSchema,
  stagedRunSchema,
  td3GuidedRunSchema,
} from "../src/index.js";

interface Json {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Json>>;
  readonly anyOf?: readonly Json[];
  readonly oneOf?: readonly Json[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly multipleOf?: number;
  readonly items?: Json;
  readonly prefixItems?: readonly Json[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxLength?: number;
}

export interface Limit {
  /** `policy.batchSize` */
  readonly path: string;
  readonly value: unknown;
  /** Whether the field takes it, taken by itself. */
  readonly accepted: boolean;
}

const RANGE_OF_ANY = 1e300;

/** The least and the most that a schema takes, and what lies just outside. */
function limitsOf(schema: Json): Omit<Limit, "path">[] {
  const inside = (...values: unknown[]) => values.map((value) => ({ value, accepted: true }));
  const outside = (...values: unknown[]) => values.map((value) => ({ value, accepted: false }));
  if (schema.const !== undefined) return [...inside(schema.const), ...outside(!schema.const)];
  if (schema.enum) return [...inside(...schema.enum), ...outside("no such name", null)];
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return choices.flatMap(limitsOf);
  switch (schema.type) {
    case "boolean":
      return [...inside(true, false), ...outside(0, null)];
    case "integer":
    case "number": {
      const low = schema.minimum ?? (schema.exclusiveMinimum ?? -RANGE_OF_ANY) + 1e-12;
      const high = schema.maximum ?? RANGE_OF_ANY;
      const unit = schema.multipleOf ?? 1;
      const [least, most] = [Math.ceil(low / unit) * unit, Math.floor(high / unit) * unit];
      const ends = schema.type === "integer" ? [least, most] : [low, high];
      return [...inside(...ends), ...outside(low - 1, high * 2 + 1, -3.4e38, 3.4e38, 1e-300 * -1, null, "1")];
    }
    case "string": {
      const longest = schema.maxLength ?? 1;
      return [...inside("a", "a".repeat(longest)), ...outside(7, null, "a".repeat(longest + 100))];
    }
    case "object": {
      const whole = (end: 0 | -1) =>
        Object.entries(schema.properties ?? {}).map(([name, field]) => {
          const accepted = limitsOf(field).filter((limit) => limit.accepted);
          return [name, accepted.at(end)!.value];
        });
      return [...inside(Object.fromEntries(whole(0)), Object.fromEntries(whole(-1))), ...outside({}, null)];
    }
    case "array": {
      const items = schema.prefixItems ?? Array.from({ length: schema.maxItems ?? 1 }, () => schema.items!);
      const ends = items.map((item) => limitsOf(item).filter(({ accepted }) => accepted));
      const shortest = ends.slice(0, schema.prefixItems ? items.length : (schema.minItems ?? 1));
      return [
        ...inside(
          shortest.map((values) => values[0]!.value),
          ends.map((values) => values.at(-1)!.value),
        ),
        ...outside(
          [],
          [...items, 1].map(() => 8),
          null,
          8,
        ),
      ];
    }
  }
  throw new Error(`no limits known for ${JSON.stringify(schema)}`);
}

/** All limits of a schema; a choice between objects is tried as a whole, each at its least and its most. */
function collect(schema: Json, path: readonly string[]): Limit[] {
  const at = (limits: Omit<Limit, "path">[]) => limits.map((limit) => ({ path: path.join("."), ...limit }));
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices?.every(({ properties }) => properties)) {
    return at([
      ...choices.flatMap(limitsOf).filter(({ accepted }) => accepted),
      { value: null, accepted: false },
      { value: { kind: "none of them" }, accepted: false },
    ]);
  }
  if (choices) return at(choices.flatMap(limitsOf));
  if (!schema.properties) return at(limitsOf(schema));
  const inner = Object.entries(schema.properties).flatMap(([name, field]) => collect(field, [...path, name]));
  return [...at([{ value: null, accepted: false }]).filter(() => path.length > 0), ...inner];
}

const limitsOfRun = (schema: z.ZodType): readonly Limit[] =>
  collect(z.toJSONSchema(schema, { unrepresentable: "any", io: "input" }) as Json, []);

export const GUIDED_LIMITS = limitsOfRun(td3GuidedRunSchema);
export const APG_GUIDED_LIMITS = limitsOfRun(apgGuidedRunSchema);
export const APG_LIMITS = limitsOfRun(apgRunSchema);
export const DISTIL_LIMITS = limitsOfRun(distilRunSchema);
export const STAGED_LIMITS = limitsOfRun(stagedRunSchema);

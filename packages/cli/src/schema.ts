import {
  airframeSchema,
  boundsSchema,
  rewardSchema,
  runConfigSchema,
  sensorNoiseSchema,
  startSchema,
  sweepSchema,
} from "@spikewing/rl";
import { adapterSchema, tensorNamesSchema } from "@spikewing/rl/exchange";
import { logColumnsSchema } from "@spikewing/rl/identification";
import { z } from "zod";
import { printResult } from "./print.js";
import type { SchemaName } from "./schema-names.js";

type JsonSchema = Readonly<Record<string, unknown>>;
type Properties = { readonly properties: JsonSchema };

const jsonSchema = (schema: z.ZodType) => z.toJSONSchema(schema, { io: "input" }) as JsonSchema;

/** An editor finds the schema by this field of the file; the commands pass over it. */
const $schema = { type: "string", description: "where an editor finds this schema" };
const named = <S extends JsonSchema>(schema: S) => ({
  ...schema,
  properties: { $schema, ...(schema as unknown as Properties).properties },
});

/** A config names what differs from its preset: no field of it is required. */
function configSchema(): JsonSchema {
  const { $schema: draft, oneOf } = jsonSchema(runConfigSchema) as { $schema: string; oneOf: JsonSchema[] };
  return { $schema: draft, anyOf: oneOf.map((kind) => named(withoutRequired(kind) as JsonSchema)) };
}

function withoutRequired(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutRequired);
  if (typeof schema !== "object" || schema === null) return schema;
  const entries = Object.entries(schema).filter(([key]) => key !== "required");
  return Object.fromEntries(entries.map(([key, value]) => [key, withoutRequired(value)]));
}

const SCHEMAS: Readonly<Record<SchemaName, () => JsonSchema>> = {
  adapter: () => named(jsonSchema(adapterSchema)),
  "tensor-names": () => named(jsonSchema(tensorNamesSchema)),
  airframe: () => named(jsonSchema(airframeSchema)),
  bounds: () => named(jsonSchema(boundsSchema)),
  config: configSchema,
  noise: () => named(jsonSchema(sensorNoiseSchema)),
  reward: () => named(jsonSchema(rewardSchema)),
  start: () => named(jsonSchema(startSchema)),
  "log-columns": () => named(jsonSchema(logColumnsSchema)),
  sweep: () => named(jsonSchema(sweepSchema)),
};

export function printSchema(file: SchemaName): void {
  printResult(true, SCHEMAS[file](), []);
}

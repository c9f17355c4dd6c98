// A transform of asc: writes what TypeScript must know of the core's memory, as the compiler has it, beside the build.
//
//   build/layout.js     LAYOUTS: bytes of every @unmanaged class, and offset, type and default of its fields;
//                       and every constant or namespace of constants that is marked @shared
//   build/layout.d.ts   their types; Fields, what a class holds; Kernels, the exports of assembly/index.ts
//   build/layout.h      the classes as structs, and the constants, for what runs the core as C
//
// An address is typed by what lies there: the name of an @unmanaged class, or an alias of usize from assembly/addresses.ts.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CommonFlags, DecoratorFlags, ElementKind, TypeKind } from "assemblyscript";
import binaryen from "assemblyscript/binaryen";
import { Transform } from "assemblyscript/transform";

/** @typedef {{ name: string, type: string, offset: number, typescript: string, initial: number | boolean | undefined }} Field */
/** @typedef {{ name: string, file: string, bytes: number, fields: Field[] }} Layout */

/** What a field may be, and as what C knows it. */
const C_TYPES = {
  f32: "float",
  f64: "double",
  i64: "int64_t",
  i32: "int32_t",
  u32: "uint32_t",
  usize: "uint32_t",
  bool: "bool",
};
const FIELD_TYPES = Object.keys(C_TYPES);

const HEADER = "// Written by transform/layout.mjs from assembly/; do not edit.\n";

/** Last name of a type as it stands in the source: an alias keeps its name. */
const nameOf = (node) => node?.name?.identifier.text;

/** @param node the type as it stands in the source */
function typescriptOf(type, node) {
  const owner = type.classReference;
  if (owner) return type.isNullableReference ? `Address<"${owner.name}"> | 0` : `Address<"${owner.name}">`;
  const written = nameOf(node);
  if (ADDRESSES.has(written)) return `Address<"${written}">`;
  switch (type.kind) {
    case TypeKind.Void:
      return "void";
    case TypeKind.Bool:
      return "boolean";
    case TypeKind.I64:
    case TypeKind.U64:
      return "bigint";
    default:
      return "number";
  }
}

/** Aliases of usize that say what lies at an address: filled from assembly/addresses.ts. */
const ADDRESSES = new Set();

function fieldType({ internalName, type }) {
  const name = type.classReference ? "usize" : type.toString();
  if (!FIELD_TYPES.includes(name))
    throw new Error(`${internalName} is ${name}; expected ${FIELD_TYPES.join(", ")}`);
  return name;
}

/** The value of a field's initialiser, which is a plain literal. */
function initialOf(property) {
  const node = property.prototype.initializerNode;
  if (!node) return undefined;
  const text = node.range.source.text.substring(node.range.start, node.range.end);
  if (text === "true" || text === "false") return text === "true";
  if (text === "null" || /^changetype<\w+>\(0\)$/.test(text)) return 0;
  const value = Number(text);
  if (Number.isNaN(value)) throw new Error(`${property.internalName}: ${text} is no plain number`);
  return value;
}

/** @returns {Layout} */
function layoutOf(program, prototype) {
  const place = `${prototype.declaration.range.source.normalizedPath}: class ${prototype.name}`;
  if (!prototype.is(CommonFlags.Abstract))
    throw new Error(
      `${place} is not abstract: it is what lies at an address, and nobody may make one with new`,
    );
  const instance = program.resolver.resolveClass(prototype, null);
  const fields = [...(instance.members?.values() ?? [])]
    .filter(
      ({ kind, isField, instance: resolved }) =>
        kind === ElementKind.PropertyPrototype && isField && resolved,
    )
    .map(({ instance: property, typeNode }) => ({
      name: property.name,
      type: fieldType(property),
      offset: property.memoryOffset,
      typescript: typescriptOf(property.type, typeNode),
      initial: initialOf(property),
    }));
  const largest = 8; // an object starts where any field may
  const bytes = Math.ceil(instance.nextMemoryOffset / largest) * largest;
  return { name: prototype.name, file: prototype.declaration.range.source.normalizedPath, bytes, fields };
}

/** The value that the compiler gave to a constant. */
function constantOf(module, { internalName }) {
  const { init, mutable } = binaryen.getGlobalInfo(module.getGlobal(internalName));
  if (mutable) throw new Error(`${internalName} is not constant; only constants are @shared`);
  return binaryen.getExpressionInfo(init).value;
}

/** The numbers of a namespace. One with COUNT numbers kinds, over which specs go from 0 on: none may be left out. */
function namespaceOf(module, { internalName, members }) {
  const entries = [...members].map(([name, member]) => [name, constantOf(module, member)]);
  const { COUNT: count, ...numbers } = Object.fromEntries(entries);
  const values = Object.values(numbers);
  if (count !== undefined && (values.length !== count || values.some((value, i) => value !== i)))
    throw new Error(
      `${internalName}: ${Object.keys(numbers).join(", ")} are ${values.join(", ")}; expected 0 to COUNT - 1, and COUNT is ${count}`,
    );
  return numbers;
}

const isShared = (element) =>
  element.declaration?.decorators?.some(({ name }) => name.text === "shared") ?? false;

/** Shared constants by name: a number, or the numbers of a namespace. */
function sharedConstants(elements, module) {
  const constants = {};
  for (const element of elements) {
    if (!isShared(element)) continue;
    if (element.name in constants) throw new Error(`${element.name} is shared twice`);
    if (element.kind === ElementKind.Global) constants[element.name] = constantOf(module, element);
    if (element.kind === ElementKind.Namespace) constants[element.name] = namespaceOf(module, element);
  }
  return constants;
}

/** The exports of the entry file as lines of an interface. */
function kernelLines(program) {
  const entry = [...program.filesByName.values()].find(({ source }) => source.normalizedPath === ENTRY);
  return [...entry.exports].map(([name, element]) => {
    const { signature, prototype } = program.resolver.resolveFunction(element, null);
    const { parameters, returnType } = prototype.functionTypeNode;
    const types = parameters.map(
      ({ name: { text }, type }, i) => `${text}: ${typescriptOf(signature.parameterTypes[i], type)}`,
    );
    return `  ${name}(${types.join(", ")}): ${typescriptOf(signature.returnType, returnType)};`;
  });
}

const ENTRY = "assembly/index.ts";

function declarations(layouts, constants, kernels) {
  const fields = layouts.map(
    ({ name, file, fields: all }) =>
      `  /** ${file} */\n  readonly ${name}: {\n${all.map((field) => `    ${field.name}: ${field.typescript};\n`).join("")}  };`,
  );
  const filled = layouts.map(({ name, fields: all }) => {
    const names = all.filter(({ initial }) => initial !== undefined).map((field) => `"${field.name}"`);
    return `  readonly ${name}: ${names.join(" | ") || "never"};`;
  });
  const numbers = Object.entries(constants).map(
    ([name, value]) =>
      `export declare const ${name}: ${JSON.stringify(value, null, 2).replace(/"/g, "").replace(/,$/gm, ";").replace(/^ {2}/gm, "  readonly ")};`,
  );
  return `${HEADER}
declare const pointee: unique symbol;
/** Byte offset into linear memory of an object or array of this kind. Arithmetic makes it a number, which is none. */
export type Address<T extends string> = number & { readonly [pointee]: T };

/** What the classes hold. */
export interface Fields {
${fields.join("\n")}
}

/** Fields with an initial value, or that the core fills in. */
export interface Filled {
${filled.join("\n")}
}

export type ClassName = keyof Fields;
export type ArrayName = ${[...ADDRESSES].map((name) => `"${name}"`).join(" | ")};

export type FieldType = ${FIELD_TYPES.map((type) => `"${type}"`).join(" | ")};
export interface Layout {
  readonly bytes: number;
  readonly fields: Readonly<Record<string, { readonly type: FieldType; readonly offset: number; readonly initial?: number | boolean }>>;
}
export declare const LAYOUTS: Readonly<Record<ClassName, Layout>>;

${numbers.join("\n")}

/** The exports of assembly/index.ts. */
export interface Kernels {
${kernels.join("\n")}
}
`;
}

const snakeCase = (name) =>
  name.replace(/[A-Z]/g, (letter, at) => (at > 0 ? "_" : "") + letter.toLowerCase());

/** The classes as structs of C, and the shared numbers. */
function cHeader(layouts, constants) {
  const structs = layouts.map(({ name, bytes, fields }) => {
    const type = `sw_${snakeCase(name)}_t`;
    const members = fields.map((field) => `  ${C_TYPES[field.type]} ${snakeCase(field.name)};\n`);
    const last = fields.at(-1);
    const check = `_Static_assert(offsetof(${type}, ${snakeCase(last.name)}) == ${last.offset} && sizeof(${type}) <= ${bytes}, "${name}");`;
    return `typedef struct {\n${members.join("")}} ${type};\n${check}\n`;
  });
  const numbers = Object.entries(constants).filter(([, value]) => typeof value === "number");
  const whole = numbers.filter(([, value]) => Number.isInteger(value));
  const real = numbers.filter(([, value]) => !Number.isInteger(value));
  return `${HEADER}#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
${whole.map(([name, value]) => `  CORE_${name} = ${value},\n`).join("")}};
${real.map(([name, value]) => `#define CORE_${name} ${Math.fround(value)}f\n`).join("")}
${structs.join("\n")}`;
}

// asc takes a transform as the default export.
export default class LayoutTransform extends Transform {
  afterCompile(module) {
    const elements = [...this.program.elementsByName.values()].filter(
      (element) => element.declaration && !element.declaration.range.source.isLibrary,
    );
    for (const element of elements)
      if (element.kind === ElementKind.TypeDefinition && nameOf(element.typeNode) === "usize")
        ADDRESSES.add(element.name);
    const layouts = elements
      .filter(
        (element) =>
          element.kind === ElementKind.ClassPrototype && element.hasDecorator(DecoratorFlags.Unmanaged),
      )
      .map((prototype) => layoutOf(this.program, prototype));
    const constants = sharedConstants(elements, module);
    const table = Object.fromEntries(
      layouts.map(({ name, bytes, fields }) => [
        name,
        {
          bytes,
          fields: Object.fromEntries(
            fields.map(({ name: field, type, offset, initial }) => [field, { type, offset, initial }]),
          ),
        },
      ]),
    );
    const values = Object.entries({ LAYOUTS: table, ...constants }).map(
      ([name, value]) => `export const ${name} = ${JSON.stringify(value, null, 2)};\n`,
    );
    const folder = join(this.baseDir, "build");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "layout.js"), HEADER + values.join(""));
    writeFileSync(join(folder, "layout.h"), cHeader(layouts, constants));
    writeFileSync(join(folder, "layout.d.ts"), declarations(layouts, constants, kernelLines(this.program)));
  }
}

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** Each golden case of fixtures/physics/adjoint_f64.json.gz as one row of numbers, in the order of physics-adjoint.spec.ts. */
function adjointRows() {
  const file = new URL("fixtures/physics/adjoint_f64.json.gz", import.meta.url);
  const { airframe, cases } = JSON.parse(gunzipSync(readFileSync(file)).toString());
  return cases.map((c) => [
    airframe.motorRiseS,
    airframe.motorFallS,
    c.dt,
    ...c.state,
    ...c.force_N,
    ...c.torque_Nm,
    ...c.setpoint,
    ...c.gradient_after,
    ...c.gradient_before,
    ...c.gradient_setpoint,
  ]);
}

/** Golden vectors for the specs, which cannot read files: a number by row and column. */
function goldenImports() {
  let rows;
  const read = () => {
    rows ??= adjointRows();
    return rows;
  };
  return { adjointRows: () => read().length, adjoint: (row, column) => read()[row][column] };
}

export default {
  entries: ["assembly/__tests__/**/*.spec.ts"],
  include: ["assembly/__tests__/**/*.include.ts"],
  disclude: [/node_modules/],
  async instantiate(memory, createImports, instantiate, binary) {
    return instantiate(binary, createImports({ env: { memory }, golden: goldenImports() }));
  },
  outputBinary: false,
};

export interface StateTensor {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** The part that animation.ts needs: the package comes without types. */
declare module "gifenc" {
  type Palette = readonly (readonly number[])[];
  interface Encoder {
    /** One byte a pixel; the first frame has the palette of all, delay is in ms. */
    writeFrame(
      index: Uint8Array,
      width: number,
      height: number,
      options: {
        palette?: Palette;
        delay: number;
        transparent: boolean;
        transparentIndex: number;
        /** 1: the frame stays where the next one is transparent. */
        dispose: number;
      },
    ): void;
    finish(): void;
    bytes(): Uint8Array;
  }
  const gifenc: {
    GIFEncoder(): Encoder;
    quantize(rgba: Uint8Array, colours: number): Palette;
    applyPalette(rgba: Uint8Array, palette: Palette): Uint8Array;
  };
  export = gifenc;
}

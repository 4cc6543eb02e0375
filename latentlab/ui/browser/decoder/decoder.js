/** Decodes latents to images, in the thread that asks. Arithmetic only: no DOM. */

import { DecoderError, insist, product } from "./checks.js";
import { readFiles } from "./files.js";
import { startKernel } from "./kernel.js";
import { bytes } from "../shared/numbers.js";

class Decoder {
  #run;

  constructor(manifest, run) {
    this.manifest = manifest;
    this.worker = false; // decode() answers at once
    this.#run = run;
  }

  /**
   * Return the image [C * H * W] in [0, 1] (channels, rows, columns) of a latent [D].
   * It is a view, valid until the next call.
   */
  decode(z) {
    if (!this.#run) throw new DecoderError("This decoder has been closed.");
    if (z.length !== this.manifest.latent_size || !z.every(Number.isFinite)) {
      throw new DecoderError(`A latent here is ${this.manifest.latent_size} finite numbers.`);
    }
    return this.#run(z);
  }

  /** Return {difference: the largest one from torch, milliseconds: a decode's median}. */
  check() {
    const { z, images } = this.manifest.reference;
    const raw = bytes(images);
    const size = product(this.manifest.image_shape);
    insist(raw.length === 4 * size * z.length, "its reference images are not whole");
    const expected = new Float32Array(raw.buffer);
    let difference = 0;
    z.forEach((latent, n) => {
      this.decode(latent).forEach((value, i) => {
        const here = Math.abs(value - expected[n * size + i]);
        if (!(here <= difference)) difference = here; // also when it is NaN
      });
    });
    const times = [];
    const begin = performance.now();
    do {
      const start = performance.now();
      this.decode(z[times.length % z.length]);
      times.push(performance.now() - start);
    } while (times.length < 15 && performance.now() - begin < 60);
    return { difference, milliseconds: times.sort((a, b) => a - b)[times.length >> 1] };
  }

  /** Forget the decoder's memory. */
  close() {
    this.#run = null;
  }
}

/** Return a Decoder from files that `readFiles` has checked. */
export async function startDecoder({ manifest, halves, module }) {
  return new Decoder(manifest, await startKernel(manifest, halves, module));
}

/** Return a Decoder from files that nobody has checked yet; `readFiles` says which. */
export async function openDecoder(files) {
  return startDecoder(await readFiles(files));
}

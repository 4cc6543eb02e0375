/** The files of a decoder: fetched within bounds, unzipped and checked. */

import { DecoderError, checkManifest, insist } from "./checks.js";
import { compileKernel } from "./kernel.js";

const MAX_DOWNLOAD = 2 ** 24; // bytes of any one file

/** Return the files behind three addresses, not looked at yet; `options` are those of `fetch`. */
export async function fetchFiles({ manifest, weights, kernel }, options) {
  const [read, ...rest] = await Promise.all([
    fetchBytes(manifest, options).then(parse),
    fetchBytes(weights, options),
    // Its address stays the same whatever it holds: the browser has to ask whether it is current.
    fetchBytes(kernel, options.cache === "force-cache" ? { ...options, cache: "default" } : options),
  ]);
  return { manifest: read, weights: rest[0], kernel: rest[1] };
}

/**
 * Check files: `weights` is an ArrayBuffer of fp16 numbers, gzipped or not; `kernel` is kernel.wasm
 * as an ArrayBuffer or a WebAssembly.Module.
 *
 * Returns `{manifest, halves, module}`, which starts any number of decoders, in Workers too.
 */
export async function readFiles({ manifest, weights, kernel }) {
  checkManifest(manifest);
  const halves = await readWeights(manifest.weights, weights);
  return { manifest, halves, module: await compileKernel(kernel) };
}

/** Return the weights as fp16 bits, unzipped if need be and checked. */
async function readWeights({ count, bytes, sha256 }, buffer) {
  let raw = new Uint8Array(buffer);
  // A server may have unzipped on its way what was meant to be unzipped here.
  if (raw.length !== bytes && raw[0] === 0x1f && raw[1] === 0x8b) {
    raw = await unzip(raw, bytes).catch(() => new Uint8Array());
  }
  insist(raw.length === bytes, "its weights did not arrive whole");
  const subtle = globalThis.crypto?.subtle; // which pages without https lack
  if (subtle) {
    const digest = new Uint8Array(await subtle.digest("SHA-256", raw));
    const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
    insist(hex === sha256, "its weights are damaged");
  }
  const halves = new Uint16Array(raw.buffer, raw.byteOffset, count);
  insist(!halves.some((half) => (half & 0x7c00) === 0x7c00), "its weights are not all finite");
  return halves;
}

async function unzip(raw, most) {
  return collect(new Blob([raw]).stream().pipeThrough(new DecompressionStream("gzip")), most);
}

/** Return the bytes of a stream, which may be at most so many. */
async function collect(stream, most) {
  const parts = [];
  let length = 0;
  for (const reader = stream.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) await reader.cancel();
    insist(length <= most, "one of its files is too large");
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

async function fetchBytes(url, options) {
  try {
    const response = await fetch(url, options);
    insist(response.ok, `the server answered ${response.status} when asked for a file`);
    return (await collect(response.body, MAX_DOWNLOAD)).buffer;
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof DecoderError) throw error;
    throw new DecoderError("The decoder cannot be fetched: the server does not answer.");
  }
}

function parse(buffer) {
  try {
    return JSON.parse(new TextDecoder().decode(buffer));
  } catch {
    throw new DecoderError("This decoder cannot be used: its manifest is not JSON.");
  }
}

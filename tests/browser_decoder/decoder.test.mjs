// The decoder in node: test_node.py runs this on what it has exported to $LATENTLAB_EXPORTED.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { gzipSync, gunzipSync } from "node:zlib";
import { webcrypto } from "node:crypto";
import { test } from "../node_tests.mjs";

globalThis.crypto ??= webcrypto; // older versions of node do not have it

const browser = new URL("../../latentlab/ui/browser/", import.meta.url);
const module = (name) => import(new URL(`decoder/${name}.js`, browser));
const { DecoderError } = await module("checks");
const { openDecoder } = await module("decoder");
const { readFiles } = await module("files");
const { openFor } = await module("opening");
const { startWorker } = await module("remote");
const folder = process.env.LATENTLAB_EXPORTED;
const names = JSON.parse(process.env.LATENTLAB_DECODERS);
const buffer = (bytes) => Uint8Array.from(bytes).buffer;
const kernel = buffer(readFileSync(new URL("decoder/kernel.wasm", browser)));

function read(name) {
  const manifest = JSON.parse(readFileSync(`${folder}/${name}.json`, "utf8"));
  return { manifest, weights: buffer(readFileSync(`${folder}/${name}.bin.gz`)) };
}

/** A DecoderError whose message is one sentence that matches. */
const says = (pattern) => (error) => {
  assert.ok(error instanceof DecoderError, String(error));
  assert.match(error.message, pattern);
  assert.match(error.message, /^[A-Z][^\n]*[.]$/);
  return true;
};

assert.ok(names.length > 10, "there is nothing to test");
for (const name of names) {
  test(`${name} decodes as torch does`, async () => {
    const decoder = await openDecoder({ ...read(name), kernel });
    assert.equal(decoder.worker, false);
    const { difference, milliseconds } = decoder.check();
    assert.ok(difference < 1e-5, `${difference}`);
    assert.ok(milliseconds > 0);
    decoder.close();
    assert.throws(() => decoder.decode([0]), says(/closed/));
  });
}

test("latents are checked", async () => {
  const decoder = await openDecoder({ ...read("dense"), kernel });
  const z = [0.1, -0.2, 0.3, 0, 0, 0, 1];
  const image = decoder.decode(Float32Array.from(z)).slice();
  assert.deepEqual(decoder.decode(z), image);
  assert.equal(image.length, 45);
  const six = z.slice(1);
  for (const bad of [[], six, [...z, 0], [...six, NaN], [...six, Infinity]]) {
    assert.throws(() => decoder.decode(bad), says(/7 finite numbers/));
  }
  assert.deepEqual(decoder.decode(z), image);
});

const fails = (what, change, pattern) =>
  test(`refused: ${what}`, async () => {
    const files = { ...read("strides"), kernel };
    Object.assign(files, change(files.manifest, files) ?? {});
    await assert.rejects(openDecoder(files), says(pattern));
  });

fails("nothing", () => ({ manifest: null }), /manifest/);
fails("another format", (m) => void (m.format = "onnx"), /manifest/);
fails("another version", (m) => void (m.version = 2), /version 2/);
fails("no layers", (m) => void (m.layers = []), /no layers/);
fails("too many layers", (m) => void (m.layers = Array(65).fill(m.layers[0])), /64 layers/);
fails("an unknown layer", (m) => void (m.layers[1].op = "attention"), /layer 2/);
fails("an unknown activation", (m) => void (m.layers[2].activation = "gelu"), /layer 3/);
fails("a layer without a kernel", (m) => void delete m.layers[0].kernel, /layer 1/);
fails("half a stride", (m) => void (m.layers[0].stride = [0.5, 1]), /layer 1/);
fails("a stride of 0", (m) => void (m.layers[0].stride = [0, 1]), /layer 1/);
fails("a huge stride", (m) => void (m.layers[0].stride = [17, 2]), /layer 1/);
fails("negative padding", (m) => void (m.layers[1].padding = [-1, 0]), /layer 2/);
fails("a slope that is no number", (m) => void (m.layers[0].parameters = ["1", 0]), /layer 1/);
fails("layers in another order", (m) => void m.layers.reverse(), /first layer/);
fails("a layer twice", (m) => void m.layers.splice(1, 0, m.layers[1]), /layer 3 does not fit/);
fails("a wider kernel", (m) => void (m.layers[1].kernel = [9, 5]), /layer 2 does not fit/);
fails("no latents", (m) => void (m.latent_size = 0), /no size/);
fails("longer latents", (m) => void (m.latent_size = 41), /first layer/);
fails("another image", (m) => void (m.image_shape = [3, 10, 18]), /last layer/);
fails("too many channels", (m) => void (m.layers[0].output[0] = 65537), /layer 1/);
fails("a gigantic decoder", (m) => void (m.weights.count = 2 ** 23), /size/);
fails(
  "gigabytes of weights",
  (m) => void (m.weights = { count: 2 ** 30, bytes: 2 ** 31 }),
  /too large/,
);
fails("no reference", (m) => void delete m.reference, /reference/);
fails("a reference of other latents", (m) => void (m.reference.z[0] = [1]), /reference/);
fails("a truncated download", (m, { weights }) => ({ weights: weights.slice(0, -20) }), /whole/);
fails("no download", () => ({ weights: new ArrayBuffer(0) }), /whole/);
fails("a page of HTML", () => ({ weights: buffer(Buffer.from("<!doctype html>")) }), /whole/);
fails("a gzip bomb", () => ({ weights: buffer(gzipSync(Buffer.alloc(50e6))) }), /whole/);
fails("another decoder's weights", () => ({ weights: read("dense").weights }), /whole/);
fails(
  "damaged weights",
  (m, { weights }) => {
    const raw = gunzipSync(Buffer.from(weights));
    raw[10] ^= 1;
    return { weights: buffer(raw) };
  },
  /damaged/,
);
for (const half of [0x7c00, 0xfc00, 0x7e00]) {
  test(`refused: weights that are not finite, ${half.toString(16)}`, async () => {
    const { manifest, weights } = read("dense");
    const raw = gunzipSync(Buffer.from(weights));
    raw.writeUInt16LE(half, 4);
    manifest.weights.sha256 = await sha256(raw);
    const files = { manifest, weights: buffer(raw), kernel };
    await assert.rejects(openDecoder(files), says(/finite/));
  });
}

test("refused: fewer weights than the layers need", async () => {
  const { manifest, weights } = read("dense");
  const raw = gunzipSync(Buffer.from(weights)).subarray(2);
  const { length: bytes } = raw;
  manifest.weights = { count: bytes / 2, bytes, sha256: await sha256(raw) };
  const files = { manifest, weights: buffer(raw), kernel };
  await assert.rejects(openDecoder(files), says(/weights do not fit/));
});

test("refused: more arithmetic than a page can wait for", async () => {
  const { manifest } = read("dense");
  const geometry = { kernel: [3, 3], stride: [1, 1], padding: [1, 1] };
  const conv = { op: "conv2d", activation: "none", parameters: [0, 0], ...geometry };
  const [few, many] = [[16, 64, 64], [256, 64, 64]]; // 256 * 256 * 9 * 64 * 64 > 2^30
  const raw = Buffer.alloc(2 * (16 * 256 * 9 + 256 + 256 * 256 * 9 + 256));
  const { length: bytes } = raw;
  manifest.layers = [
    { ...conv, input: few, output: many },
    { ...conv, input: many, output: many },
  ];
  manifest.image_shape = many;
  manifest.latent_size = 16 * 64 * 64;
  manifest.reference.z = [Array(manifest.latent_size).fill(0)];
  manifest.weights = { count: bytes / 2, bytes, sha256: await sha256(raw) };
  const files = { manifest, weights: buffer(raw), kernel };
  await assert.rejects(openDecoder(files), says(/too large/));
});

async function sha256(bytes) {
  return Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");
}

test("weights that a server has unzipped are taken as they are", async () => {
  const { manifest, weights } = read("strides");
  const raw = buffer(gunzipSync(Buffer.from(weights)));
  const decoder = await openDecoder({ manifest, weights: raw, kernel });
  assert.ok(decoder.check().difference < 1e-5);
});

test("a browser that cannot unzip says so", async () => {
  const { DecompressionStream } = globalThis;
  delete globalThis.DecompressionStream;
  try {
    await assert.rejects(openDecoder({ ...read("dense"), kernel }), says(/whole/));
  } finally {
    globalThis.DecompressionStream = DecompressionStream;
  }
});

test("weights that begin like a gzip file are no gzip file", async () => {
  const { manifest, weights } = read("dense");
  const raw = gunzipSync(Buffer.from(weights));
  raw.set([0x1f, 0x8b]);
  manifest.weights.sha256 = await sha256(raw);
  await openDecoder({ manifest, weights: buffer(raw), kernel });
});

test("a damaged kernel is refused", async () => {
  const magic = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  for (const code of [new ArrayBuffer(0), buffer([...magic, 99, 99]), kernel.slice(0, 3000)]) {
    await assert.rejects(openDecoder({ ...read("dense"), kernel: code }), says(/its kernel/));
  }
});

test("without WebAssembly, or without its SIMD, nothing is fetched, and a sentence says so", async () => {
  const { WebAssembly } = globalThis;
  try {
    for (const lacking of [undefined, { ...WebAssembly, validate: () => false }]) {
      globalThis.WebAssembly = lacking;
      await assert.rejects(openDecoder({ ...read("dense"), kernel }), says(/needs WebAssembly/));
      const opened = served(files("dense"), (asked) => open().finally(() => assert.deepEqual(asked, [])));
      await assert.rejects(opened, says(/needs WebAssembly/));
    }
  } finally {
    globalThis.WebAssembly = WebAssembly;
  }
});

test("a compiled module serves any number of decoders, which share nothing", async () => {
  const module = await WebAssembly.compile(kernel);
  const start = (name) => openDecoder({ ...read(name), kernel: module });
  const [a, b] = [await start("strides"), await start("dense")];
  assert.ok(a.check().difference < 1e-5);
  assert.ok(b.check().difference < 1e-5);
  assert.ok(a.check().difference < 1e-5);
});

test("a damaged reference is noticed", async () => {
  const { manifest, weights } = read("dense");
  manifest.reference.images = manifest.reference.images.slice(8);
  const decoder = await openDecoder({ manifest, weights, kernel });
  assert.throws(() => decoder.check(), says(/reference/));
  manifest.reference.images = Buffer.alloc(4 * 4 * 45, 0xff).toString("base64"); // NaN
  const other = await openDecoder({ manifest, weights, kernel });
  assert.ok(Number.isNaN(other.check().difference));
});

// --- fetching -----------------------------------------------------------------------------------

/**
 * Serve files by the last part of their addresses while `use` runs; one that is a list is served
 * from its front, attempt by attempt. `use` gets the list of what has been asked for, and how.
 */
async function served(files, use) {
  const { fetch, setTimeout } = globalThis;
  const asked = [];
  globalThis.setTimeout = (act) => setTimeout(act); // nobody waits for the second attempt
  globalThis.fetch = async (url, { signal, cache }) => {
    signal.throwIfAborted();
    const name = url.split("/").at(-1);
    asked.push(`${name} ${cache}`);
    if (!(name in files)) throw new TypeError("fetch failed");
    const file = Array.isArray(files[name]) ? files[name].shift() : files[name];
    return file === null ? new Response("", { status: 404 }) : new Response(file);
  };
  try {
    return await use(asked);
  } finally {
    Object.assign(globalThis, { fetch, setTimeout });
  }
}

const open = (signal = new AbortController().signal) =>
  openFor({ manifest: "/media/manifest", weights: "/media/weights" }, signal);
const files = (name) => {
  const { manifest, weights } = read(name);
  return { manifest: JSON.stringify(manifest), weights, "kernel.wasm": kernel };
};

test("a decoder is fetched, opened and tried out", async () => {
  const { decoder, difference, milliseconds } = await served(files("dense"), async (asked) => {
    const opened = await open();
    const kept = ["kernel.wasm default", "manifest force-cache", "weights force-cache"];
    assert.deepEqual(asked.sort(), kept);
    return opened;
  });
  assert.equal(decoder.worker, false);
  assert.ok(difference < 1e-5 && milliseconds > 0);
});

test("what came damaged is fetched again, from the server itself", async () => {
  const { weights } = read("dense");
  const there = { ...files("dense"), weights: [weights.slice(0, -20), weights] };
  await served(there, async (asked) => {
    await open();
    assert.equal(asked.length, 6);
    assert.ok(asked.slice(3).every((how) => how.endsWith(" reload")), String(asked));
  });
});

test("what cannot be fetched is one sentence", async () => {
  const refused = (change, pattern) =>
    assert.rejects(served({ ...files("dense"), ...change }, () => open()), says(pattern));
  await refused({ weights: null }, /404/);
  await refused({ "kernel.wasm": null }, /404/);
  await refused({ manifest: "{" }, /JSON/);
  await refused({ manifest: new ArrayBuffer(2 ** 24 + 1) }, /too large/);
  const broken = () => new ReadableStream({ pull: (reader) => reader.error(new TypeError()) });
  await refused({ weights: [broken(), broken()] }, /does not answer/);
  await assert.rejects(served({}, () => open()), says(/does not answer/));
});

test("a decoder that computes other pictures than torch is refused", async () => {
  const { manifest } = read("dense");
  manifest.reference.images = Buffer.alloc(4 * 4 * 45).toString("base64");
  const there = { ...files("dense"), manifest: JSON.stringify(manifest) };
  await assert.rejects(served(there, () => open()), says(/wrong pictures/));
});

test("an abandoned fetch ends as such, after one attempt", async () => {
  await served(files("dense"), async (asked) => {
    await assert.rejects(open(AbortSignal.abort()), { name: "AbortError" });
    assert.deepEqual(asked, []);
  });
});

// --- in a Worker --------------------------------------------------------------------------------

/** The Worker of a browser, in this thread: messages are cloned and arrive later. */
class FakeWorker {
  static last = null;

  constructor(url) {
    assert.match(String(url), /worker\.js$/);
    FakeWorker.last = this;
    this.ended = false;
    this.scope = {
      postMessage: (data, transfer) => this.#deliver(this, structuredClone(data, { transfer })),
    };
    globalThis.self = this.scope;
    // Another address, or the module would be shared between Workers.
    this.ready = import(`${url}?${Math.random()}`);
  }

  async #deliver(target, data) {
    await this.ready;
    if (!this.ended) await target.onmessage({ data });
  }

  postMessage(data) {
    this.#deliver(this.scope, structuredClone(data));
  }

  terminate() {
    this.ended = true;
  }
}

async function withWorkers(use) {
  globalThis.Worker = FakeWorker;
  try {
    return await use();
  } finally {
    delete globalThis.Worker;
  }
}

test("without Workers there is none", async () => {
  assert.equal(await startWorker(await readFiles({ ...read("dense"), kernel })), null);
});

test("a decoder in a Worker gives the same images", () =>
  withWorkers(async () => {
    const here = await openDecoder({ ...read("strides"), kernel });
    const there = await startWorker(await readFiles({ ...read("strides"), kernel }));
    assert.equal(there.worker, true);
    const [a, b] = here.manifest.reference.z;
    const answers = await Promise.all([there.decode(a), there.decode(b)]);
    assert.deepEqual(answers[0].image, here.decode(a));
    assert.deepEqual(answers[1].image, here.decode(b));
    await assert.rejects(there.decode([1]), says(/finite numbers/));
    const pending = there.decode(a);
    there.close();
    await assert.rejects(pending, says(/closed/));
    await assert.rejects(there.decode(a), says(/closed/));
    assert.ok(FakeWorker.last.ended);
  }));

test("a Worker that cannot open its decoder ends", () =>
  withWorkers(async () => {
    const files = await readFiles({ ...read("strides"), kernel });
    const bad = { ...files, halves: files.halves.slice(2) };
    await assert.rejects(startWorker(bad), says(/weights do not fit/));
    assert.ok(FakeWorker.last.ended);
  }));

test("a Worker that fails says so to all who wait", () =>
  withWorkers(async () => {
    const decoder = await startWorker(await readFiles({ ...read("strides"), kernel }));
    const pending = decoder.decode(decoder.manifest.reference.z[0]);
    FakeWorker.last.onerror({});
    await assert.rejects(pending, says(/stopped/));
  }));

test("a slow decoder runs in a Worker, and a very slow one on the server", () =>
  withWorkers(async () => {
    const { now } = performance;
    let time = 0;
    const taking = async (milliseconds) => {
      performance.now = () => (time += milliseconds); // from start to end of anything
      return (await served(files("strides"), () => open())).decoder.worker;
    };
    try {
      assert.equal(await taking(5), false);
      assert.equal(await taking(9), true);
      await assert.rejects(taking(61), says(/would need 61 ms/));
    } finally {
      performance.now = now;
    }
  }));

// What the server has published, fetched again where that may help.

/** The address of something that the server has published: it lies beside /_stcore. */
export const media = (path) => new URL(`../../../..${path}`, import.meta.url).href;

const pause = (milliseconds) => new Promise((go) => setTimeout(go, milliseconds));

/**
 * Calls `load(cache)` until it succeeds, each time after a longer pause.
 *
 * A published address follows from its content, so what the browser has kept is right if it is
 * whole: `cache` is "force-cache" at first and "reload" from then on, as `fetch` takes it.
 *
 * @param signal ends it, between attempts too
 * @param attempts after which the last error is thrown; so is, at once, one that is `final`
 * @param failed called with an error that another attempt follows
 */
export async function persist(load, { signal, attempts, failed = () => {} }) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await load(attempt > 1 ? "reload" : "force-cache");
    } catch (error) {
      signal.throwIfAborted();
      if (attempt >= attempts || error.final) throw error;
      failed(error);
    }
    await pause(Math.min(250 * 2 ** attempt, 8000));
    signal.throwIfAborted();
  }
}

/** JSON that the server has published, tried three times; rejects once `signal` ends it. */
export function fetchJson(address, signal) {
  const load = async (cache) => {
    const response = await fetch(media(address), { signal, cache });
    if (!response.ok) throw new Error(`The server answered ${response.status}.`);
    return response.json();
  };
  return persist(load, { signal, attempts: 3 });
}

/* Made by `make bundle` from the files named here: change those instead. */

// shared/fetching.js
var media = (path) => new URL(`../../../..${path}`, import.meta.url).href;
var pause = (milliseconds) => new Promise((go) => setTimeout(go, milliseconds));
async function persist(load, { signal, attempts, failed = () => {
} }) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await load(attempt > 1 ? "reload" : "force-cache");
    } catch (error) {
      signal.throwIfAborted();
      if (attempt >= attempts || error.final) throw error;
      failed(error);
    }
    await pause(Math.min(250 * 2 ** attempt, 8e3));
    signal.throwIfAborted();
  }
}
function fetchJson(address, signal) {
  const load = async (cache) => {
    const response = await fetch(media(address), { signal, cache });
    if (!response.ok) throw new Error(`The server answered ${response.status}.`);
    return response.json();
  };
  return persist(load, { signal, attempts: 3 });
}

// shared/live.js
var mounted = /* @__PURE__ */ new WeakMap();
var count = 0;
var instances = () => count;
function mount(component, create) {
  const root = component.parentElement;
  let entry = mounted.get(root);
  if (!entry) {
    entry = { view: create(root.querySelector(".live")), calls: 0 };
    mounted.set(root, entry);
    count += 1;
  }
  const call = ++entry.calls;
  entry.view.update(component);
  return () => {
    if (call !== entry.calls || mounted.get(root) !== entry) return;
    mounted.delete(root);
    count -= 1;
    entry.view.close();
  };
}
function element(tag, properties = {}, attributes = {}) {
  const made = Object.assign(document.createElement(tag), properties);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
var Rest = class {
  constructor(act) {
    this.act = act;
    this.timer = null;
  }
  /** Begins to wait, anew if it was waiting. */
  begin(milliseconds = 150) {
    this.cancel();
    this.timer = setTimeout(() => {
      this.timer = null;
      this.act();
    }, milliseconds);
  }
  get waiting() {
    return this.timer !== null;
  }
  cancel() {
    clearTimeout(this.timer);
    this.timer = null;
  }
};
var View = class {
  constructor(root) {
    this.root = root;
    this.gone = new AbortController();
  }
  on(target, type, listener, options = {}) {
    target.addEventListener(type, listener, { signal: this.gone.signal, ...options });
  }
  button(textContent, act, title = "") {
    const made = element("button", { type: "button", textContent, title });
    this.on(made, "click", act);
    return made;
  }
  /** Calls `undo` for Ctrl+Z in the component, where `may()` allows it. */
  onUndo(undo, may = () => true) {
    this.on(this.root, "keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z" || !may()) return;
      event.preventDefault();
      undo();
    });
  }
  close() {
    this.gone.abort();
    this.root.replaceChildren();
  }
};

// shared/numbers.js
function bytes(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

// shared/presented.js
function present(root) {
  const presented = getComputedStyle(root).getPropertyValue("--stage") !== "";
  root.classList.toggle("presented", presented);
}

// shared/canvas.js
function prepare(canvas) {
  const scale = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (!width || !height) return null;
  const size = { width: Math.round(width * scale), height: Math.round(height * scale) };
  if (canvas.width !== size.width || canvas.height !== size.height) Object.assign(canvas, size);
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}

// adaptation/clouds_drawing.js
var stamps = /* @__PURE__ */ new Map();
function stamp(colour, ring, size) {
  const scale = window.devicePixelRatio || 1;
  const key = `${colour} ${ring} ${size} ${scale}`;
  if (!stamps.has(key)) {
    const side = 2 * Math.ceil(size + 2);
    const made = document.createElement("canvas");
    Object.assign(made, { width: Math.round(side * scale), height: Math.round(side * scale) });
    const pen = made.getContext("2d");
    pen.scale(scale, scale);
    pen.arc(side / 2, side / 2, ring ? size + 0.4 : size, 0, 2 * Math.PI);
    if (ring) {
      pen.strokeStyle = colour;
      pen.lineWidth = 1.6;
      pen.stroke();
    } else {
      pen.fillStyle = colour;
      pen.fill();
    }
    stamps.set(key, { made, side });
  }
  return stamps.get(key);
}
function drawClouds({ context, width, height }, points, { x, y, half }, colour, size = 2.2) {
  const count2 = points.length / 2;
  for (let i = 0; i < count2; i += 1) {
    const { made, side } = stamp(colour(i), i >= count2 / 2, size);
    const [left, top] = [
      ((points[2 * i] - x) / half + 1) / 2 * width,
      (1 - (points[2 * i + 1] - y) / half) / 2 * height
    ];
    context.drawImage(made, left - side / 2, top - side / 2, side, side);
  }
}

// adaptation/clouds.js
var PACE = 450;
var MARGIN = 1.06;
var clouds_default = (component) => mount(component, (root) => new Clouds(root));
var Clouds = class extends View {
  constructor(root) {
    super(root);
    this.rest = new Rest(() => this.#report());
    this.status = element("p", { className: "status", textContent: "Fetching the moments …" });
    root.append(this.status);
    this.resized = new ResizeObserver(() => {
      present(root);
      this.#draw();
    });
    this.resized.observe(root);
  }
  update({ data, setStateValue }) {
    const last = this.data;
    Object.assign(this, { data, setStateValue });
    present(this.root);
    if (data.moments !== last?.moments) this.#fetch(data);
    else if (this.kept) this.#build();
    if (last && data.at !== last.at && data.at !== this.reported) {
      this.reported = null;
      this.#go(data.at);
    }
  }
  async #fetch({ moments }) {
    this.fetching?.abort();
    const { signal } = this.fetching = new AbortController();
    try {
      const read = await fetchJson(moments, signal);
      this.kept = read.map((run) => ({ ...run, points: new Int16Array(bytes(run.points).slice().buffer), said: bytes(run.said) }));
    } catch (error) {
      if (!signal.aborted) say(this.status, `The moments cannot be fetched: ${error.message}`);
      return;
    }
    this.at = this.data.at;
    this.#build();
  }
  #build() {
    const { shown } = this.data;
    if (this.built === String(shown)) {
      this.#draw();
      return;
    }
    this.built = String(shown);
    this.#stop();
    const runs = shown.map((run) => this.kept[run]);
    const range = { type: "range", min: 0, max: runs[0].when.length - 1, step: 1, className: "slider" };
    this.slider = element("input", range, { "aria-label": "Moment of the adaptation" });
    this.on(this.slider, "input", () => {
      this.#stop();
      this.#go(this.slider.valueAsNumber);
      this.rest.begin();
    });
    this.play = this.button("Play", () => this.playing ? this.#stop() : this.#start());
    this.clock = element("output", { className: "clock" });
    const sliding = element("div", { className: "sliding" });
    sliding.append(this.play, this.slider, this.clock);
    const boards = element("div", { className: "boards" });
    this.cards = runs.map((run) => {
      const box = element("section", { className: "card" }, { "aria-label": run.title });
      const canvas = element("canvas", {}, { role: "img", "aria-label": `${run.title}: features of both domains` });
      const rows = ["target, right", "source, right", "domains’ error"].map((title) => {
        const row = element("p", { className: "meter" });
        const bar = element("span", { className: "bar" });
        const value = element("b");
        bar.append(element("span"));
        row.append(element("span", { textContent: title }), bar, value);
        return { row, bar: bar.firstChild, value };
      });
      box.append(element("h3", { textContent: run.title }), canvas, ...rows.map(({ row }) => row));
      boards.append(box);
      return { run, canvas, rows };
    });
    this.root.replaceChildren(sliding, boards, this.status);
    say(this.status, `Dots: source. Rings: target. Colours: the digit. First two principal components of both domains’ features, of test pictures. ${this.data.note} At an error of 50 % nothing tells the domains apart.`);
    this.#draw();
  }
  #go(at) {
    this.at = at;
    this.#draw();
  }
  #start() {
    if (this.at >= Number(this.slider.max)) this.#go(0);
    say(this.play, "Pause");
    this.playing = setInterval(() => {
      if (this.at >= Number(this.slider.max)) {
        this.#stop();
        this.#report();
      } else this.#go(this.at + 1);
    }, PACE);
  }
  #stop() {
    clearInterval(this.playing);
    this.playing = null;
    if (this.play) say(this.play, "Play");
  }
  #report() {
    if (this.at === this.reported) return;
    this.reported = this.at;
    this.setStateValue("at", this.at);
  }
  #draw() {
    if (!this.kept || !this.cards) return;
    const { at } = this;
    this.slider.value = at;
    this.cards.forEach(({ run, canvas, rows }) => {
      const ready = prepare(canvas);
      const size = 2 * run.labels.length;
      if (ready) {
        const points = run.points.subarray(at * size, (at + 1) * size);
        drawClouds(ready, points, { x: 0, y: 0, half: MARGIN * run.most }, (i) => this.data.colours[run.labels[i]], 2.4);
      }
      run.meters[at].forEach((value, i) => {
        const { bar, value: text } = rows[i];
        bar.style.width = `${i === 2 ? 2 * Math.min(value, 50) : value}%`;
        say(text, `${value.toFixed(1)} %`);
      });
    });
    say(this.clock, this.cards[0].run.when[at]);
    this.slider.setAttribute("aria-valuetext", this.cards[0].run.when[at]);
  }
  close() {
    this.#stop();
    this.fetching?.abort();
    this.resized.disconnect();
    this.rest.cancel();
    super.close();
  }
};
export {
  clouds_default as default,
  instances
};

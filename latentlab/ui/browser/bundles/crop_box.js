/* Made by `make bundle` from the files named here: change those instead. */

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
var ARROWS = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1]
};
var modified = (event) => event.ctrlKey || event.metaKey || event.altKey;
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
var clamp = (value, low, high) => Math.min(Math.max(value, low), Math.max(low, high));

// draw/crop_geometry.js
function whole(size, ratio = null) {
  if (!ratio) return [0, 0, 1, 1];
  const wide = size[0] / size[1] / ratio;
  const sides = [Math.min(1 / wide, 1), Math.min(wide, 1)];
  const corner = sides.map((side) => (1 - side) / 2);
  return [...corner, ...corner.map((start, i) => start + sides[i])];
}
function moved([left, top, right, bottom], [across, down]) {
  const x = clamp(across, -left, 1 - right);
  const y = clamp(down, -top, 1 - bottom);
  return [left + x, top + y, right + x, bottom + y];
}
function between(anchor, place, size, least, ratio = null) {
  const sign = anchor.map((from, i) => {
    const wanted = place[i] >= from ? 1 : -1;
    const room2 = wanted > 0 ? 1 - from : from;
    return room2 < least[i] ? -wanted : wanted;
  });
  const room = anchor.map((from, i) => sign[i] > 0 ? 1 - from : from);
  let sides = anchor.map((from, i) => clamp((place[i] - from) * sign[i], least[i], room[i]));
  if (ratio) {
    const perWidth = size[0] / size[1] / ratio;
    const most = Math.min(room[0], room[1] / perWidth);
    const width = Math.min(Math.max(sides[0], sides[1] / perWidth), most);
    sides = [width, width * perWidth];
  }
  const other = anchor.map((from, i) => from + sign[i] * sides[i]);
  return [
    Math.min(anchor[0], other[0]),
    Math.min(anchor[1], other[1]),
    Math.max(anchor[0], other[0]),
    Math.max(anchor[1], other[1])
  ];
}
function grown([left, top, right, bottom], [across, down], size, least, ratio = null) {
  const by = ratio ? [across || down, across || down] : [across, down];
  const sides = [right - left + by[0], bottom - top + by[1]];
  if (ratio) sides[1] = 0;
  const place = [left + Math.max(sides[0], least[0]), top + Math.max(sides[1], least[1])];
  return between([left, top], place, size, least, ratio);
}
function cornerAt(box, place, [across, down]) {
  const [left, top, right, bottom] = box;
  const corners = { nw: [left, top], ne: [right, top], sw: [left, bottom], se: [right, bottom] };
  let nearest = null;
  for (const [name, corner] of Object.entries(corners)) {
    const far = Math.hypot((corner[0] - place[0]) / across, (corner[1] - place[1]) / down);
    if (far <= 1 && far < (nearest?.far ?? Infinity)) nearest = { name, far };
  }
  return nearest?.name ?? null;
}
function opposite([left, top, right, bottom], name) {
  return [name.includes("w") ? right : left, name.includes("n") ? bottom : top];
}
function inside([left, top, right, bottom], [x, y]) {
  return x >= left && x <= right && y >= top && y <= bottom;
}

// draw/crop_box.js
var STEP = 0.02;
var REACH = [10, 22];
var STILL = 4;
var percent = (share) => `${Math.round(100 * share)} %`;
var crop_box_default = (component) => mount(component, (root) => new CropBox(root));
var CropBox = class extends View {
  constructor(root) {
    super(root);
    this.rest = new Rest(() => this.#report());
    this.image = element("img", { draggable: false });
    this.frame = element("div", { className: "frame", tabIndex: 0 }, { role: "application" });
    for (const name of ["nw", "ne", "sw", "se"]) {
      this.frame.append(element("span", { className: `corner ${name}` }));
    }
    this.surface = element("div", { className: "surface" });
    this.surface.append(this.image, this.frame);
    this.note = element("p", { className: "note" });
    this.reset = this.button("Whole picture", () => this.#set(this.#whole));
    this.spoken = element("p", { className: "spoken" }, { "aria-live": "polite" });
    const words = element("div", { className: "words" });
    words.append(this.note, this.reset);
    this.root.replaceChildren(this.surface, words, this.spoken);
    this.#listen();
  }
  update({ data, setStateValue }) {
    const other = data.revision !== this.data?.revision;
    Object.assign(this, { data, setStateValue });
    if (!other) return;
    this.rest.cancel();
    this.box = data.box ?? this.#whole;
    Object.assign(this.image, { src: `data:image/jpeg;base64,${data.picture}`, alt: data.label });
    this.surface.style.aspectRatio = data.size.join(" / ");
    this.surface.style.setProperty("--ratio", data.size[0] / data.size[1]);
    this.note.textContent = data.note;
    this.frame.setAttribute("aria-label", `${data.label}: the box is what the model gets. The arrow keys move it, with Shift they change its size`);
    this.#draw();
  }
  get #whole() {
    return whole(this.data.size, this.data.ratio);
  }
  #draw() {
    const [left, top, right, bottom] = this.box;
    Object.assign(this.frame.style, {
      left: `${100 * left}%`,
      top: `${100 * top}%`,
      width: `${100 * (right - left)}%`,
      height: `${100 * (bottom - top)}%`
    });
    this.reset.disabled = String(this.box) === String(this.#whole);
  }
  #set(box) {
    this.box = box;
    this.#draw();
    this.rest.begin();
  }
  #listen() {
    let press = null;
    const at = ({ clientX, clientY }) => {
      const { left, top, width, height } = this.surface.getBoundingClientRect();
      return [(clientX - left) / width, (clientY - top) / height].map((v) => clamp(v, 0, 1));
    };
    this.on(this.surface, "pointerdown", (event) => {
      if (event.button || press || !this.data) return;
      event.preventDefault();
      this.frame.focus({ preventScroll: true });
      this.surface.setPointerCapture(event.pointerId);
      const from = at(event);
      const reach = REACH[+(event.pointerType === "touch")];
      const corner = cornerAt(this.box, from, [
        reach / this.surface.clientWidth,
        reach / this.surface.clientHeight
      ]);
      press = { id: event.pointerId, from, box: this.box, at: [event.clientX, event.clientY] };
      if (corner) press.anchor = opposite(this.box, corner);
      else if (!inside(this.box, from) || String(this.box) === "0,0,1,1") press.anchor = from;
    });
    this.on(this.surface, "pointermove", (event) => {
      if (event.pointerId !== press?.id) return;
      const [x, y] = press.at;
      if (!press.moves && Math.hypot(event.clientX - x, event.clientY - y) < STILL) return;
      press.moves = true;
      const { size, least, ratio } = this.data;
      const place = at(event);
      this.box = press.anchor ? between(press.anchor, place, size, least, ratio) : moved(press.box, place.map((v, i) => v - press.from[i]));
      this.#draw();
    });
    this.on(this.surface, "pointerup", (event) => {
      if (event.pointerId !== press?.id) return;
      if (press.moves) this.#set(this.box);
      press = null;
    });
    this.on(this.surface, "pointercancel", (event) => {
      if (event.pointerId !== press?.id) return;
      this.box = press.box;
      press = null;
      this.#draw();
    });
    this.on(this.frame, "keydown", (event) => this.#key(event));
  }
  /** The arrow keys move the box, with Shift its lower right corner alone. */
  #key(event) {
    const arrow = ARROWS[event.key];
    if (modified(event) || !arrow) return;
    event.preventDefault();
    const by = arrow.map((v) => v * STEP);
    const { size, least, ratio } = this.data;
    this.#set(event.shiftKey ? grown(this.box, by, size, least, ratio) : moved(this.box, by));
    const [left, top, right, bottom] = this.box;
    this.spoken.textContent = `Box from ${percent(left)} right, ${percent(top)} down, ${percent(right - left)} wide, ${percent(bottom - top)} high`;
  }
  #report() {
    const box = this.box.map((part) => +clamp(part, 0, 1).toFixed(4));
    this.setStateValue("box", { of: this.data.revision, box: this.reset.disabled ? null : box });
  }
  close() {
    this.rest.cancel();
    super.close();
  }
};
export {
  crop_box_default as default,
  instances
};

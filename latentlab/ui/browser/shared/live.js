// What every component of ours shares: one view for each mounted component, its elements and
// listeners, and the moment when it comes to rest.

const mounted = new WeakMap();
let count = 0;

/** How many components are mounted; for tests. */
export const instances = () => count;

/**
 * Streamlit calls a component's function at first and whenever its data or the theme changes.
 * @param component what Streamlit passes
 * @param create makes the state object: {update(component), close()}
 * @returns {() => void} what ends the component
 */
export function mount(component, create) {
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
    // Streamlit also cleans up after a call that another has overtaken: that ends nothing.
    if (call !== entry.calls || mounted.get(root) !== entry) return;
    mounted.delete(root);
    count -= 1;
    entry.view.close();
  };
}

/** A new element; `properties` are set on it, and `attributes` in the markup. */
export function element(tag, properties = {}, attributes = {}) {
  const made = Object.assign(document.createElement(tag), properties);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

/** Puts a text into an element; what stands there already is not announced again. */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** What the arrow keys move to the right and down. */
export const ARROWS = {
  ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1],
};

/** Whether a key was pressed together with one that makes it a shortcut of the browser. */
export const modified = (event) => event.ctrlKey || event.metaKey || event.altKey;

/** What a pointer has done since the last frame, as far as the browser tells. */
export function movesOf(event) {
  const all = event.getCoalescedEvents?.() ?? [];
  return all.length ? all : [event];
}

/** Calls `act` once nothing has changed for a while. */
export class Rest {
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
}

/** A component's box, and listeners that end with it. */
export class View {
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
}

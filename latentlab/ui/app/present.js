// The keys of a presentation, and the links of its bar. The address holds what is presented; a step
// goes there as the browser's Back and Forward do, which the server already knows how to follow:
// the page stays, and so does what somebody has uploaded or drawn.
window.latentlabPresent ??= (() => {
  const BEFORE = "latentlab.before_presenting"; // the query with which the presentation began
  const query = () => new URLSearchParams(window.location.search);
  const presents = () => query().has("present");

  /** Shows another query of this page. */
  function go(search) {
    if (search === window.location.search) return;
    window.history.pushState(null, "", window.location.pathname + search);
    window.dispatchEvent(new PopStateEvent("popstate", { state: null }));
  }

  /** This page's query with some of its parameters changed; null removes one. */
  function changed(changes) {
    const to = query();
    for (const [key, value] of Object.entries(changes)) {
      if (value === null) to.delete(key);
      else to.set(key, value);
    }
    const text = to.toString();
    return text && `?${text}`;
  }

  const step = (name) => {
    const link = document.querySelector(`.present-bar [data-present="${name}"]`);
    if (link) go(link.getAttribute("href"));
  };
  const actions = {
    start() {
      window.sessionStorage.setItem(BEFORE, window.location.pathname + window.location.search);
      go(changed({ present: "1" }));
    },
    leave() {
      document.documentElement.classList.remove("present-all");
      const before = window.sessionStorage.getItem(BEFORE) ?? "";
      window.sessionStorage.removeItem(BEFORE);
      const [path, search] = [before.split("?")[0], before.slice(before.split("?")[0].length)];
      go(path === window.location.pathname ? search : changed({ present: null, scene: null }));
    },
    code: () => go(changed({ present: query().get("present") === "qr" ? "1" : "qr" })),
    all: () => document.documentElement.classList.toggle("present-all"),
    next: () => step("next"),
    previous: () => step("previous"),
  };
  const keys = { // a clicker in the lecturer's hand sends PageDown and PageUp
    p: "leave", Escape: "leave", q: "code", e: "all",
    ArrowRight: "next", PageDown: "next", ArrowLeft: "previous", PageUp: "previous",
  };

  /** Whether the element takes this key for itself. */
  function takes(node, key) {
    if (!(node instanceof Element)) return false;
    if (node.closest("textarea, select, [contenteditable], [role='dialog'] input")) return true;
    if (node.closest("input:not([type='range'], [type='radio'], [type='checkbox'])")) return true;
    const moves = "input, [role='slider'], [role='radiogroup'], [role='tablist'], [role='img']";
    return key.startsWith("Arrow") || key.startsWith("Page")
      ? node.closest(`${moves}, [tabindex='0']:not(a, button)`) !== null
      : false;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (takes(event.composedPath()[0], key)) return;
    let name = keys[key];
    if (!presents()) name = key === "p" && document.querySelector(".present-start") && "start";
    else if (key === "Escape" && query().get("present") === "qr") name = "code";
    if (!name) return;
    event.preventDefault();
    actions[name]();
  });
  document.addEventListener("click", (event) => {
    const chosen = event.target instanceof Element && event.target.closest("[data-present]");
    if (chosen) {
      event.preventDefault();
      actions[chosen.dataset.present]();
    } else if (event.target instanceof Element && event.target.closest(".present-qr")) {
      actions.code();
    }
  });
  return actions;
})();

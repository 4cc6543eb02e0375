// Links in HTML that lead to a page of the app, marked with data-stays, go there as the browser's
// Back and Forward do: the session stays. Without this script, in a new tab, and for whoever copies
// them they are links like any other.
window.latentlabLinks ??= (() => {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest("a[data-stays]");
    if (!link || event.defaultPrevented || event.button !== 0) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    window.history.pushState(null, "", link.href);
    window.dispatchEvent(new PopStateEvent("popstate", { state: null }));
  });
  return true;
})();

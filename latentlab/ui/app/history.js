// The browser's Back returns to a page as it was left. Streamlit leaves a page in two steps: it
// pushes the page's address without its query, and then the next page's. Back would lead to the
// first, where all settings are the usual ones. Here the second step takes the place of the first.
window.latentlabHistory ??= (() => {
  const { history, location } = window;
  const push = history.pushState;
  let emptied = null; // the address that has just been pushed, this page's without its query
  history.pushState = function pushState(state, title, url) {
    const to = new URL(url ?? location.href, location.href);
    const stays = to.pathname === location.pathname;
    const second = !stays && emptied === location.href;
    emptied = stays && location.search && !to.search ? to.href : null;
    return second ? history.replaceState(state, title, url) : push.call(this, state, title, url);
  };
  window.addEventListener("popstate", () => (emptied = null));
  return true;
})();

// The address of the page, as far as it holds a code. No page in here.

/**
 * Returns a query string with a code in it, as `widgets.publish_vector` writes it, or without one;
 * its other parameters stay as they are, to the letter.
 * @param search the query string, "?…" or ""
 * @param name of the parameter
 * @param numbers the code's coordinates; null: at the start, which the address does not mention
 */
export function withNumbers(search, name, numbers) {
  // Commas as Python's urlencode has them: Streamlit compares query strings letter by letter.
  return withText(search, name, numbers && numbers.map((number) => number.toFixed(3)).join("%2C"));
}

/** As `withNumbers`, with a text that needs no encoding; null: without the parameter. */
export function withText(search, name, text) {
  const parts = search.replace(/^\?/, "").split("&").filter(Boolean);
  const at = parts.findIndex((part) => part.split("=")[0] === name);
  const now = text && `${name}=${text}`;
  if (at >= 0) parts.splice(at, 1, ...(now ? [now] : []));
  else if (now) parts.push(now);
  return parts.length ? `?${parts.join("&")}` : "";
}

// Every text in sight whose contrast with its ground is below WCAG's 4.5 : 1. axe-core does not look
// at what screen readers do not read, nor at text over gradients; the last row of a hall reads both.
// Left out: icons, what is disabled, and what lies on a picture or outside the box of its parent.
() => {
  // A canvas turns every notation (color-mix, light-dark, oklab) into four bytes.
  const dot = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const read = (colour) => {
    dot.clearRect(0, 0, 1, 1);
    dot.fillStyle = colour;
    dot.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = dot.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, ground) => ground.map((g, i) => top[i] * top[3] + g * (1 - top[3]));
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((c) => (c <= 10.3 ? c / 3294.6 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const parent = (node) => node.assignedSlot ?? node.parentElement ?? node.getRootNode().host;
  const skipped = "style, script, option, [data-testid=stIconMaterial], [data-testid=stSliderThumbValue], "
    + ".annotation-text, .katex-mathml, .spoken, :disabled, [aria-disabled=true]";
  const found = new Map();

  function measure(text) {
    const of = text.parentElement;
    if (!text.textContent.trim() || of.closest(skipped)) return;
    if (of.closest("label")?.querySelector(":disabled")) return;
    if (!of.checkVisibility({ visibilityProperty: true }) || of.getBoundingClientRect().width < 2) return;
    let opacity = 1;
    const grounds = [];
    for (let at = of; at; at = parent(at)) {
      const style = getComputedStyle(at);
      if (style.clipPath !== "none" || style.position === "absolute") return;
      opacity *= Number(style.opacity);
      grounds.push(read(style.backgroundColor));
    }
    const ground = grounds.reduceRight((below, colour) => over(colour, below), [255, 255, 255]);
    const style = getComputedStyle(of);
    const ink = read(of instanceof SVGElement ? style.fill : style.color);
    ink[3] *= opacity;
    const [a, b] = [luminance(over(ink, ground)), luminance(ground)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (opacity > 0 && ratio < 4.5) {
      found.set(`${ratio.toFixed(2)} ${style.color} on ${ground.map(Math.round)}`, text.textContent.trim().slice(0, 40));
    }
  }

  (function walk(root) {
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) measure(texts.currentNode);
    for (const node of root.querySelectorAll("*")) if (node.shadowRoot) walk(node.shadowRoot);
  })(document.body);
  return [...found].map(([colours, text]) => `${colours}: “${text}”`);
}

// From numbers to shades: how strongly each cell of a strip is drawn.

/** The largest of some numbers, never zero. */
export const strongest = (values) => Math.max(...values, 1e-12);

/** Shades from 0 to 1; the root lets one see what is weak beside what is strong. */
export const shades = (values, most) => values.map((value) => Math.sqrt(Math.min(Math.max(value / most, 0), 1)));

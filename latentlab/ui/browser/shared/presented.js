// Whether a component is shown in a lecture hall.

/** Marks the box of a component there: all of it has to fit one screen. */
export function present(root) {
  // The sheet of a presentation sets this for pictures. It may come later than the component, which
  // then gets another width.
  const presented = getComputedStyle(root).getPropertyValue("--stage") !== "";
  root.classList.toggle("presented", presented);
}

// What moves on the home page: a face under the pointer, and a photograph under a wipe.

import { View, element, mount } from "../shared/live.js";
import { Face } from "./face.js";
import { Wipe } from "./wipe.js";

export default (component) => mount(component, (root) => new Hero(root));
// For tests and benchmarks: a bundle has modules of its own, which nothing else leads to.
export { watchers } from "../shared/frames.js";

class Hero extends View {
  constructor(root) {
    super(root);
    const body = element("div", { className: "body" });
    this.face = new Face(this, (at) => this.go(at));
    this.wipe = new Wipe(this, () => this.go("photo"));
    body.append(this.face.box, this.wipe.box);
    this.root.append(body);
  }

  update({ data, setTriggerValue }) {
    this.go = (where) => setTriggerValue("go", where);
    this.face.update(data.face);
    this.wipe.update(data.photo);
  }

  close() {
    this.face.close();
    super.close();
  }
}

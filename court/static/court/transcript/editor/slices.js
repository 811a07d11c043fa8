// Long work in slices: a key that is pressed meanwhile is answered, and painted, between two of them.

const SLICE = 12; // ms

export class Slices {
  constructor() { this.begun = performance.now(); }

  // To be awaited between two pieces of the work; lets the browser go on when the slice is used up.
  async rest() {
    if (performance.now() - this.begun < SLICE) return;
    await new Promise((resolve) => setTimeout(resolve));
    this.begun = performance.now();
  }
}

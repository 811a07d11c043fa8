// A page that only waits for work of the court's server.
import { startMaking } from "./making.js";

const making = document.querySelector("[data-making]");
if (making) startMaking(making, () => false);

// A page that only waits for work of the court's server; it is not taken from under what plays on it.
import { startMaking } from "./making.js";

const making = document.querySelector("[data-making]");
const playing = () => [...document.querySelectorAll("audio, video")].some((one) => !one.paused && !one.ended);
if (making) startMaking(making, playing);

/* The room's chat: lines that everybody in this room reads, and nobody else. */
import { details, say } from "./words.js";
import { announce, clock, copyOf } from "./page.js";

export class Chat {
  constructor(root, wire) {
    this.find = (hook) => root.querySelector(`[data-${hook}]`);
    this.wire = wire;
    this.last = 0;
    this.unread = 0;
    this.find("chat-toggle").addEventListener("click", () => this.toggle());
    this.find("chat-form").addEventListener("submit", (event) => {
      event.preventDefault();
      const input = event.target.querySelector("input");
      if (input.value.trim() && wire.send({ type: "chat", text: input.value })) input.value = "";
    });
  }

  get shown() {
    return !this.find("chat").hidden;
  }

  /** Wide screens have room for the chat from the start. */
  open(first = false) {
    if (first && (this.opened || !matchMedia("(min-width: 960px)").matches)) return;
    this.opened = true;
    this.#set(true);
  }

  toggle() {
    this.opened = true;
    this.#set(!this.shown);
    if (this.shown) this.find("chat-form").querySelector("input").focus();
  }

  #set(shown) {
    this.find("chat").hidden = !shown;
    this.find("chat-toggle").setAttribute("aria-expanded", String(shown));
    if (shown) this.unread = 0;
    this.badge();
  }

  badge() {
    const badge = this.find("unread");
    badge.hidden = !this.unread;
    badge.textContent = String(this.unread);
  }

  add(lines) {
    const list = this.find("lines");
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
    for (const line of lines) {
      if (line.id <= this.last) continue;
      const first = this.last === 0;
      this.last = line.id;
      const item = copyOf("line");
      item.querySelector("strong").textContent = line.seat === details.seat ? `${line.name} (${say("you")})` : line.name;
      const time = item.querySelector("time");
      time.dateTime = new Date(line.at).toISOString();
      time.textContent = clock(line.at);
      item.querySelector(".line__text").textContent = line.text;
      list.append(item);
      if (line.seat === details.seat || first) continue;
      announce(say("event_chat", { name: line.name, text: line.text }));
      if (!this.shown) this.unread += 1;
    }
    this.badge();
    if (atEnd) list.scrollTop = list.scrollHeight;
  }
}

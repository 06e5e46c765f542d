// Suggests names below the search of the header while somebody types. Without this the form works as any other.

const PAUSE = 150;
const FEWEST_LETTERS = 2;

class Suggestions {
  constructor(input) {
    this.input = input;
    this.kinds = JSON.parse(input.dataset.kinds);
    this.list = makeList(input);
    this.active = -1;
    this.timer = 0;
    this.asking = new AbortController();
    input.addEventListener("input", () => this.askSoon());
    input.addEventListener("keydown", (event) => this.press(event));
    input.addEventListener("blur", () => this.close());
    // Keeps the cursor in the field, so that a click on a suggestion is no leaving of it.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) location.assign(option.dataset.page);
    });
  }

  askSoon() {
    clearTimeout(this.timer);
    this.asking.abort();
    const text = this.input.value.trim();
    if (text.length < FEWEST_LETTERS) this.close();
    else this.timer = setTimeout(() => this.ask(text), PAUSE);
  }

  async ask(text) {
    this.asking = new AbortController();
    const address = `${this.input.dataset.suggest}?${new URLSearchParams({ q: text })}`;
    try {
      const answer = await fetch(address, { signal: this.asking.signal });
      if (answer.ok) this.show((await answer.json()).results);
    } catch {
      // Typing went on, or the site cannot be reached: the form itself still works.
    }
  }

  show(results) {
    // Somebody may have gone down the list while more letters were looked for.
    const chosen = this.list.children[this.active]?.dataset.page;
    this.list.replaceChildren(...results.map((result, place) => makeOption(this.list.id, place, result, this.kinds)));
    this.choose(results.findIndex((result) => result.page === chosen));
    const isOpen = results.length > 0 && document.activeElement === this.input;
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
  }

  close() {
    clearTimeout(this.timer);
    this.asking.abort();
    this.show([]);
  }

  choose(place) {
    this.active = place;
    [...this.list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === place)));
    const option = this.list.children[place];
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  press(event) {
    if (this.list.hidden || event.isComposing) return;
    const number = this.list.children.length;
    // One place more than there are suggestions: that of the text itself.
    if (event.key === "ArrowDown") this.choose(this.active + 1 < number ? this.active + 1 : -1);
    else if (event.key === "ArrowUp") this.choose(this.active < 0 ? number - 1 : this.active - 1);
    else if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && this.active >= 0) location.assign(this.list.children[this.active].dataset.page);
    else return;
    event.preventDefault();
  }
}

function makeList(input) {
  const list = document.createElement("ul");
  list.id = `${input.id}-suggestions`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.dataset.suggestions);
  input.after(list);
  const combobox = { role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false" };
  Object.entries({ ...combobox, "aria-controls": list.id }).forEach(([name, value]) => input.setAttribute(name, value));
  return list;
}

function makeOption(listId, place, result, kinds) {
  const option = document.createElement("li");
  option.id = `${listId}-${place}`;
  option.dataset.page = result.page;
  option.setAttribute("role", "option");
  const name = document.createElement("bdi");
  name.textContent = result.name;
  const kind = document.createElement("small");
  kind.textContent = kinds[result.kind] ?? "";
  option.append(name, kind);
  return option;
}

export function suggestWhileTyping() {
  document.querySelectorAll("input[data-suggest]").forEach((input) => new Suggestions(input));
}

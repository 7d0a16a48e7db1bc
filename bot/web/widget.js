// The chat as a web component: <script src="…/widget.js" defer></script> <bibliotek-chat></bibliotek-chat>
// It needs no other file, no cookie, and no exception from a strict Content-Security-Policy.
// What comes from a visitor or from the server becomes text nodes, never markup.
(() => {
  "use strict";

  if (customElements.get("bibliotek-chat")) return;

  const HERE = new URL(".", document.currentScript?.src || location.href).href;
  const STYLES = "{styles}";
  const SLOW_MS = 3000;
  const TIMEOUT_MS = 60000;
  const WARNING_MS = 5 * 60000;
  const MOST_ENTRIES = 400;
  const MOST_OPEN_CARDS = 3;
  const NEARLY_FULL = 0.8;
  const THUMB =
    "M7 10v11H3V10h4Zm2 0 4-8c1.7 0 3 1.3 3 3l-.7 4H20a2 2 0 0 1 2 2.4l-1.6 7.8A2 2 0 0 1 18.5 21H9V10Z";
  const LINKS =
    /(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]])|([\w.+-]+@[\w-]+(?:\.[\w-]+)+)|((?:\+\d{2}|(?<![\d:–-])0)[\d()\s-]{6,16}\d(?![\d:]))/g;
  const DEFAULTS = {
    unit: "",
    greeting: "Hej! Skriv din fråga här.",
    starters: [],
    human: null,
    longest_message: 1000,
    silence_minutes: 60,
  };

  const make = (name, properties = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
      if (value === null || value === undefined || value === false) continue;
      if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
      else element.setAttribute(key, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  };

  const randomId = () =>
    Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
      byte.toString(16).padStart(2, "0"),
    ).join("");

  const letters = (text) => [...text].length;

  // Text with its addresses and numbers as links.
  const linked = (text) => {
    const parts = [];
    let last = 0;
    for (const found of text.matchAll(LINKS)) {
      const [whole, address, mail] = found;
      const href = address || (mail ? `mailto:${mail}` : `tel:${whole.replace(/[^\d+]/g, "")}`);
      parts.push(text.slice(last, found.index), make("a", { href, rel: "noopener" }, whole));
      last = found.index + whole.length;
    }
    return [...parts, text.slice(last)].filter((part) => part !== "");
  };

  // Lines as paragraphs, and lines that begin with "- " as a list.
  const paragraphs = (text) => {
    const blocks = [];
    let list = null;
    for (const line of text.split("\n")) {
      if (line.startsWith("- ")) {
        if (!list) blocks.push((list = make("ul")));
        list.append(make("li", {}, ...linked(line.slice(2))));
      } else {
        list = null;
        if (line.trim()) blocks.push(make("p", {}, ...linked(line)));
      }
    }
    return blocks;
  };

  const WORDS = {
    sv: {
      phone: "Telefon",
      noPhone: "Telefonnummer saknas",
      email: "E-post",
      noEmail: "E-postadress saknas",
      cards: "Visa kontaktuppgifter",
      choices: "Förslag",
    },
    en: {
      phone: "Phone",
      noPhone: "Phone number not known",
      email: "Email",
      noEmail: "Email address not known",
      cards: "Show contact details",
      choices: "Suggestions",
    },
  };
  // A reply tells its language where it is not Swedish; what is around it is then in that one too.
  const wordsIn = (language) => WORDS[language] || WORDS.sv;

  const card = ({ name, title, phone, email, areas }, words) =>
    make(
      "div",
      { class: "card" },
      make("strong", {}, name),
      make("span", {}, title),
      areas?.length ? make("span", {}, areas.join(", ")) : null,
      make("span", {}, ...linked(phone ? `${words.phone}: ${phone}` : words.noPhone)),
      make("span", {}, ...linked(email ? `${words.email}: ${email}` : words.noEmail)),
    );

  const cards = (contacts, words) => {
    if (!contacts?.length) return null;
    const all = contacts.map((one) => card(one, words));
    if (all.length <= MOST_OPEN_CARDS) return make("div", { class: "cards" }, ...all);
    const label = make("summary", {}, `${words.cards} (${all.length})`);
    return make("details", { class: "cards" }, label, ...all);
  };

  const thumb = () => {
    const space = "http://www.w3.org/2000/svg";
    const picture = document.createElementNS(space, "svg");
    const path = document.createElementNS(space, "path");
    picture.setAttribute("viewBox", "0 0 24 24");
    picture.setAttribute("aria-hidden", "true");
    path.setAttribute("d", THUMB);
    picture.append(path);
    return picture;
  };

  class NoAnswer extends Error {
    constructor(text, canRetry = true) {
      super(text);
      this.canRetry = canRetry;
    }
  }

  class BibliotekChat extends HTMLElement {
    static observedAttributes = ["title", "greeting", "position", "open", "server"];

    #parts = null;
    #settings = DEFAULTS;
    #state = null;
    #sending = false;
    #abort = null;
    #timers = {};
    #title = "";
    #unread = false;
    #shown = new WeakMap();
    #typing = make("div", { class: "typing", "aria-hidden": "true" }, make("i"), make("i"), make("i"));

    connectedCallback() {
      if (!this.#parts) this.#build();
      this.#load();
      this.#show();
      // What the visitor chose on the page before goes first.
      const isOpen = this.#state.open ?? this.hasAttribute("open");
      if (!isOpen) this.removeAttribute("open");
      this.#setOpen(isOpen, { moveFocus: false });
      this.#watchSilence();
      visualViewport?.addEventListener("resize", this.#fit);
      visualViewport?.addEventListener("scroll", this.#fit);
      addEventListener("online", this.#retryAll);
      this.#pump();
    }

    disconnectedCallback() {
      visualViewport?.removeEventListener("resize", this.#fit);
      visualViewport?.removeEventListener("scroll", this.#fit);
      removeEventListener("online", this.#retryAll);
      Object.values(this.#timers).forEach(clearTimeout);
    }

    attributeChangedCallback(name, before, value) {
      if (name === "title" && value !== null) {
        this.#title = value;
        this.removeAttribute("title"); // A browser would show it as a tooltip over all of the chat.
      }
      if (!this.#parts || before === value) return;
      if (name === "open") this.#setOpen(value !== null);
      else this.#name();
      if (name === "greeting") this.#show();
    }

    // --- What it is made of -----------------------------------------------------------------

    #build() {
      const root = this.attachShadow({ mode: "open" });
      const styles = new CSSStyleSheet();
      styles.replaceSync(STYLES);
      root.adoptedStyleSheets = [styles];
      const button = (label, onclick, more = {}) =>
        make("button", { type: "button", onclick, ...more }, label);
      const parts = (this.#parts = {
        launcher: button("Chatta med oss", () => this.#setOpen(true), {
          class: "launcher",
          "aria-haspopup": "dialog",
        }),
        heading: make("h2", { id: "heading", tabindex: "-1" }),
        close: button("", () => this.#setOpen(false), { class: "close", "aria-label": "Stäng chatten" }),
        log: make("div", { class: "log", role: "log", "aria-label": "Meddelanden", tabindex: "0" }),
        status: make("p", { class: "status", role: "status" }),
        field: make("textarea", {
          id: "field",
          rows: "2",
          "aria-describedby": "limit",
          autocomplete: "off",
          enterkeyhint: "send",
        }),
        limit: make("p", { id: "limit" }),
        send: make("button", { type: "submit", class: "send" }, "Skicka"),
        human: make("p", { class: "human", hidden: true }),
        privacy: make(
          "a",
          { target: "_blank", rel: "noopener" },
          "Vad sparas?",
          make("span", { class: "unseen" }, " Öppnas i en ny flik."),
        ),
      });
      parts.form = make(
        "form",
        { novalidate: true },
        make("label", { for: "field" }, "Skriv din fråga"),
        parts.field,
        make("div", { class: "row" }, parts.limit, parts.send),
      );
      parts.dialog = make(
        "div",
        { class: "dialog", role: "dialog", "aria-labelledby": "heading", hidden: true },
        make("div", { class: "top" }, parts.heading, parts.close),
        parts.log,
        parts.status,
        parts.form,
        make(
          "div",
          { class: "bottom" },
          parts.human,
          button("Spara chatten", () => this.#save()),
          button("Rensa chatten", () => this.#clear()),
          parts.privacy,
        ),
      );
      parts.region = make("section", { lang: "sv" }, parts.launcher, parts.dialog);
      parts.form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.#submit();
      });
      parts.field.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        this.#submit();
      });
      parts.field.addEventListener("input", () => {
        this.#state.draft = parts.field.value;
        this.#keep();
        this.#count();
      });
      parts.dialog.addEventListener("keydown", (event) => this.#keyInDialog(event));
      root.append(parts.region);
    }

    #name() {
      const unit = this.#settings.unit;
      const title = this.#title || (unit ? `Fråga ${unit}` : "Chatt");
      const { heading, region, launcher, privacy, human } = this.#parts;
      heading.textContent = title;
      region.setAttribute("aria-label", title);
      region.classList.toggle("left", this.getAttribute("position") === "left");
      launcher.textContent = this.#unread ? "Chatta med oss – nytt svar" : "Chatta med oss";
      privacy.href = this.#address("privacy.html");
      human.hidden = !this.#settings.human;
      human.replaceChildren(
        ...(this.#settings.human ? linked(`Hellre en människa? ${this.#settings.human}`) : []),
      );
    }

    #address(path) {
      const server = this.getAttribute("server") || HERE;
      return new URL(path, server.endsWith("/") ? server : `${server}/`).href;
    }

    // --- What is remembered until the tab is closed ------------------------------------------

    get #key() {
      return `bibliotek-chat ${this.#address("")}`;
    }

    #load() {
      let kept = null;
      try {
        kept = JSON.parse(sessionStorage.getItem(this.#key));
      } catch {
        // Storage is switched off, or holds something else: the chat begins anew.
      }
      this.#state = { sender: randomId(), entries: [], draft: "", latest: 0, toDelete: [], ...kept };
      this.#parts.field.value = this.#state.draft;
    }

    #keep() {
      this.#state.entries = this.#state.entries.slice(-MOST_ENTRIES);
      try {
        sessionStorage.setItem(this.#key, JSON.stringify(this.#state));
      } catch {
        // Then the conversation lasts as long as the page.
      }
    }

    async #fetchSettings() {
      if (this.#settings !== DEFAULTS) return;
      try {
        const response = await fetch(this.#address("widget.json"));
        if (response.ok) this.#settings = { ...DEFAULTS, ...(await response.json()) };
      } catch {
        return; // Tried again when the chat is opened next time.
      }
      this.#show();
      this.#watchSilence();
    }

    // --- Opening and closing -----------------------------------------------------------------

    #setOpen(open, { moveFocus = true } = {}) {
      const { dialog, launcher, heading, field } = this.#parts;
      if (open === !dialog.hidden) return;
      dialog.hidden = !open;
      launcher.hidden = open;
      this.#state.open = open;
      this.#keep();
      if (open !== this.hasAttribute("open")) this.toggleAttribute("open", open);
      if (open) {
        this.#unread = false;
        this.#fit();
        dialog.setAttribute("aria-modal", String(this.#coversThePage()));
        this.#fetchSettings();
        this.#scroll();
        // On a phone the keyboard would cover what there is to read.
        if (moveFocus) (matchMedia("(pointer: coarse)").matches ? heading : field).focus();
      } else if (moveFocus) {
        launcher.focus();
      }
      this.#name();
      this.dispatchEvent(new Event(open ? "open" : "close"));
    }

    #keyInDialog(event) {
      if (event.key === "Escape" && !event.isComposing) {
        event.stopPropagation();
        this.#setOpen(false);
      } else if (event.key === "Tab" && this.#coversThePage()) {
        this.#stayInside(event);
      }
    }

    #coversThePage() {
      const { width } = this.#parts.dialog.getBoundingClientRect();
      return width >= document.documentElement.clientWidth;
    }

    #stayInside(event) {
      const all = [...this.#parts.dialog.querySelectorAll("a, button, textarea, summary, [tabindex='0']")];
      const inside = all.filter((element) => element.checkVisibility?.() ?? element.offsetParent);
      const first = inside[0];
      const last = inside[inside.length - 1];
      const now = this.shadowRoot.activeElement;
      if (event.shiftKey ? now === first || now === this.#parts.heading : now === last) {
        event.preventDefault();
        (event.shiftKey ? last : first).focus();
      }
    }

    // The part of the screen that an on-screen keyboard leaves.
    #fit = () => {
      const seen = visualViewport;
      if (!seen || this.#parts.dialog.hidden) return;
      this.#parts.dialog.style.setProperty("--_seen-height", `${seen.height}px`);
      this.#parts.dialog.style.setProperty("--_seen-top", `${seen.offsetTop}px`);
    };

    // --- Showing ------------------------------------------------------------------------------

    // Draws everything anew: after loading, clearing, or other settings.
    #show() {
      const { log } = this.#parts;
      this.#name();
      this.#count();
      const greeting = this.getAttribute("greeting") || this.#settings.greeting;
      // Nothing of this is news to a screen reader.
      log.setAttribute("aria-live", "off");
      log.replaceChildren(this.#botMessage({ text: greeting }));
      if (!this.#state.entries.length && this.#settings.starters.length) {
        const starters = this.#settings.starters.map((text) => ({ title: text, payload: text }));
        log.append(this.#choices(starters));
      }
      for (const entry of this.#state.entries) this.#append(entry);
      if (this.#sending) log.append(this.#typing);
      this.#scroll();
      setTimeout(() => log.setAttribute("aria-live", "polite"), 100);
    }

    #append(entry) {
      const { log } = this.#parts;
      if (entry.who === "me") {
        log.querySelectorAll(".choices").forEach((choices) => choices.remove());
        log.append(this.#ownMessage(entry));
      } else {
        log.append(...this.#answerParts(entry));
      }
    }

    #answerParts(entry) {
      const last = entry.items.length - 1;
      return entry.items.flatMap((item, place) => {
        const message = this.#botMessage(item, place === last ? entry : null);
        return item.buttons?.length ? [message, this.#choices(item.buttons, item.custom?.lang)] : [message];
      });
    }

    #botMessage({ text, custom = {} }, rated = null) {
      const message = make(
        "div",
        { class: "message bot", lang: custom.lang },
        make("span", { class: "unseen", lang: "sv" }, "Boten:"),
        ...paragraphs(text || ""),
        cards(custom.contacts, wordsIn(custom.lang)),
      );
      const id = rated && rated.items.map((item) => item.custom?.id).find(Boolean);
      if (id) message.append(this.#votes(rated, id));
      return message;
    }

    #ownMessage(entry) {
      const message = make(
        "div",
        { class: "message me", "aria-live": "off", tabindex: "-1" },
        make("span", { class: "unseen" }, "Du:"),
        make("p", {}, entry.text),
      );
      if (entry.failed) {
        message.append(make("p", { class: "failed" }, entry.failed));
        if (entry.canRetry) {
          const again = make("button", { type: "button" }, "Försök igen");
          again.addEventListener("click", () => this.#retry(entry));
          message.append(again);
        }
      }
      this.#shown.set(entry, message);
      return message;
    }

    #choices(buttons, lang) {
      const all = buttons.map(({ title, payload }) =>
        make("button", { type: "button", onclick: () => this.#ask(title, payload) }, title),
      );
      const label = wordsIn(lang).choices;
      return make(
        "div",
        { class: "choices", role: "group", lang, "aria-label": label, "aria-live": "off" },
        ...all,
      );
    }

    #votes(entry, id) {
      const press = async (vote) => {
        const before = entry.vote;
        const mark = (now) => {
          entry.vote = now;
          this.#keep();
          for (const one of group.children) {
            one.setAttribute("aria-pressed", String(one.dataset.vote === now));
          }
        };
        mark(vote);
        try {
          const { sender } = this.#state;
          await this.#post("feedback", { sender, id, vote, message_id: entry.answers });
          this.#say("Tack för att du berättade det.");
        } catch (error) {
          mark(before);
          this.#say(`Det gick inte att spara vad du tyckte. ${error.message}`);
        }
      };
      const one = (vote, label) => {
        const pressed = String(entry.vote === vote);
        const onclick = () => press(vote);
        return make(
          "button",
          { type: "button", "aria-label": label, "aria-pressed": pressed, "data-vote": vote, onclick },
          thumb(),
        );
      };
      const group = make(
        "div",
        { class: "votes", role: "group", lang: "sv", "aria-label": "Hjälpte svaret?", "aria-live": "off" },
        one("up", "Bra svar"),
        one("down", "Dåligt svar"),
      );
      return group;
    }

    // What is seen elsewhere too is only read out.
    #say(text, isSeen = false) {
      this.#parts.status.textContent = text;
      this.#parts.status.classList.toggle("unseen", isSeen);
    }

    #scroll() {
      const { log } = this.#parts;
      log.scrollTop = log.scrollHeight;
      log.lastElementChild?.scrollIntoView?.({ block: "nearest" });
    }

    #count() {
      const { field, limit } = this.#parts;
      const longest = this.#settings.longest_message;
      const left = longest - letters(field.value.trim());
      const isLong = left < longest * (1 - NEARLY_FULL);
      limit.textContent =
        left < 0
          ? `${-left} tecken för mycket. Högst ${longest} går bra.`
          : isLong
            ? `${left} tecken kvar`
            : `Högst ${longest} tecken`;
      limit.classList.toggle("failed", left < 0);
      field.setAttribute("aria-invalid", String(left < 0));
      return left >= 0;
    }

    // --- Asking -------------------------------------------------------------------------------

    #submit() {
      const { field } = this.#parts;
      const text = field.value.trim();
      if (!this.#count()) {
        this.#say(this.#parts.limit.textContent, true);
        return;
      }
      if (!text) return;
      field.value = "";
      this.#state.draft = "";
      this.#count();
      this.#ask(text, text);
      field.focus();
    }

    #ask(text, message) {
      const entry = { who: "me", id: randomId(), text, message, waiting: true };
      this.#state.entries.push(entry);
      this.#keep();
      this.#append(entry);
      // The button that was chosen is gone; Tab goes on to the answer.
      this.#shown.get(entry).focus();
      this.#scroll();
      this.#pump();
    }

    #retry(entry) {
      Object.assign(entry, { waiting: true, failed: null });
      this.#redraw(entry);
      this.#shown.get(entry).focus();
      this.#pump();
    }

    #redraw(entry) {
      const before = this.#shown.get(entry);
      before.replaceWith(this.#ownMessage(entry));
    }

    #retryAll = () => {
      for (const entry of this.#state.entries) {
        if (entry.failed && entry.canRetry) this.#retry(entry);
      }
    };

    // Sends what waits, one message after the other.
    async #pump() {
      if (this.#sending) return;
      this.#sending = true;
      try {
        let entry;
        while ((entry = this.#state.entries.find((one) => one.waiting))) {
          this.#parts.log.append(this.#typing);
          this.#scroll();
          this.#timers.slow = setTimeout(
            () => this.#say("Det tar lite längre tid än vanligt. Du behöver inte skicka igen."),
            SLOW_MS,
          );
          const { sender } = this.#state;
          await this.#answer(entry, sender);
          clearTimeout(this.#timers.slow);
          this.#typing.remove();
        }
      } finally {
        this.#sending = false;
      }
      await this.#deleteOnServer();
    }

    async #answer(entry, sender) {
      let items = null;
      let problem = null;
      try {
        items = await this.#post("webhook", { sender, message: entry.message, message_id: entry.id });
      } catch (error) {
        problem = error;
      }
      if (sender !== this.#state.sender) return; // It has been cleared meanwhile.
      entry.waiting = false;
      if (problem) {
        const failed = `${problem.message} Ditt meddelande finns kvar här.`;
        Object.assign(entry, { failed, canRetry: problem.canRetry });
        this.#redraw(entry);
        const { field } = this.#parts;
        if (!problem.canRetry && !field.value && entry.text === entry.message) {
          this.#state.draft = field.value = entry.text;
        }
        this.#say(failed, true);
        this.#keep();
        this.#scroll();
        return;
      }
      this.#say("");
      const answer = { who: "bot", items, answers: entry.id };
      const place = this.#state.entries.indexOf(entry) + 1;
      this.#state.entries.splice(place, 0, answer);
      this.#state.latest = Date.now();
      this.#keep();
      this.#shown.get(entry).after(...this.#answerParts(answer));
      // A long answer is read from its beginning.
      this.#shown.get(entry).scrollIntoView({ block: "start" });
      if (this.#parts.dialog.hidden) {
        this.#unread = true;
        this.#name();
      }
      this.#watchSilence();
    }

    // Sends to the server; what it throws says what to tell the visitor.
    async #post(route, body) {
      const abort = new AbortController();
      if (route === "webhook") this.#abort = abort;
      const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
      let response, content;
      try {
        response = await fetch(this.#address(`webhooks/rest/${route}`), {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify(body),
          signal: abort.signal,
        });
        content = await response.json();
      } catch {
        throw new NoAnswer("Jag når inte servern just nu.");
      } finally {
        clearTimeout(timer);
      }
      if (response.ok) return content;
      const said = content.error || content[0]?.text || "Servern kunde inte svara just nu.";
      throw new NoAnswer(said, response.status === 429 || response.status >= 500);
    }

    // --- Saving, clearing and silence ----------------------------------------------------------

    #save() {
      const lines = [this.#parts.heading.textContent, new Date().toLocaleString("sv-SE"), ""];
      const greeting = this.getAttribute("greeting") || this.#settings.greeting;
      lines.push(`Boten: ${greeting}`, "");
      for (const entry of this.#state.entries) {
        if (entry.who === "me") {
          lines.push(`Du: ${entry.text}`, "");
          continue;
        }
        lines.push(`Boten: ${entry.items.map((item) => item.text).join("\n")}`);
        for (const { name, phone, email } of entry.items.flatMap((item) => item.custom?.contacts || [])) {
          if (phone || email) lines.push([name, phone, email].filter(Boolean).join(", "));
        }
        lines.push("");
      }
      const file = new Blob([lines.join("\n")], { type: "text/plain;charset=utf-8" });
      const address = URL.createObjectURL(file);
      const day = new Date().toLocaleDateString("sv-SE");
      make("a", { href: address, download: `chatt-${day}.txt` }).click();
      setTimeout(() => URL.revokeObjectURL(address), 1000);
      this.#say("Chatten sparas som en textfil.");
    }

    async #clear() {
      this.#state.toDelete.push(this.#state.sender);
      this.#forget();
      this.#parts.field.focus();
      const isGone = await this.#deleteOnServer();
      this.#say(
        isGone
          ? "Chatten är rensad, här och på servern."
          : `Chatten är rensad här. Servern svarar inte, men raderar samtalet senast efter ${this.#settings.silence_minutes} minuter.`,
      );
    }

    #forget() {
      this.#abort?.abort();
      Object.assign(this.#state, { sender: randomId(), entries: [], latest: 0 });
      this.#keep();
      this.#show();
      this.#watchSilence();
    }

    async #deleteOnServer() {
      try {
        for (const sender of [...this.#state.toDelete]) {
          await this.#post("delete", { sender });
          this.#state.toDelete = this.#state.toDelete.filter((one) => one !== sender);
          this.#keep();
        }
        return true;
      } catch {
        return false;
      }
    }

    // The server deletes what has been silent for long; so does this.
    #watchSilence() {
      clearTimeout(this.#timers.silence);
      const { latest } = this.#state;
      if (!latest) return;
      const minutes = this.#settings.silence_minutes;
      const left = latest + minutes * 60000 - Date.now();
      const warning = Math.min(WARNING_MS, (minutes * 60000) / 2);
      if (left <= 0) {
        this.#forget();
        this.#say(`Samtalet är raderat, eftersom det varit tyst i ${minutes} minuter.`);
      } else if (left <= warning) {
        this.#say(`Samtalet raderas om ${Math.ceil(left / 60000)} min om du inte skriver något.`);
        this.#timers.silence = setTimeout(() => this.#watchSilence(), left);
      } else {
        this.#timers.silence = setTimeout(() => this.#watchSilence(), left - warning);
      }
    }
  }

  customElements.define("bibliotek-chat", BibliotekChat);
})();

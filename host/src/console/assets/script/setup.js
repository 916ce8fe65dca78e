// Setting a connection up.

// The element of that id, as the page at an address shows it now.
async function fresh(id, address) {
  const answer = await fetch(address, { headers: { accept: "text/html" } });
  return new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(id);
}

// data-choose="ID": choosing presses that button, which then need not be seen.
for (const choice of document.querySelectorAll("[data-choose]")) {
  const button = document.getElementById(choice.dataset.choose);
  button.classList.add("unseen");
  button.tabIndex = -1;
  choice.addEventListener("change", () => button.click());
}

// data-load="ID": the page at the link's address shows that element filled; data-now does not wait for a click.
for (const link of document.querySelectorAll("[data-load]")) {
  const load = async () => {
    link.textContent = "Asking the source …";
    link.setAttribute("aria-disabled", "true");
    const loaded = await fresh(link.dataset.load, link.href).catch(() => null);
    if (loaded) document.getElementById(link.dataset.load).innerHTML = loaded.innerHTML;
    else link.textContent = "This could not be loaded; try again";
  };
  if ("now" in link.dataset) load();
  else link.addEventListener("click", (event) => { event.preventDefault(); load(); });
}

// data-poll="ADDRESS": what the element holds is looked at again until it does not say so any more.
for (const element of document.querySelectorAll("[data-poll]")) {
  const look = async () => {
    const next = await fresh(element.id, element.dataset.poll).catch(() => null);
    if (next && next.innerHTML !== shown) element.innerHTML = shown = next.innerHTML;
    if (!next || next.dataset.poll) setTimeout(look, 1500);
  };
  let shown = element.innerHTML;
  setTimeout(look, 1500);
}

// textarea data-choices="ADDRESS": what the source offers is searched and added; each value can be taken away. The
// textarea stays what is sent.
for (const area of document.querySelectorAll("textarea[data-choices]")) {
  const label = document.querySelector(`label[for="${area.id}"]`);
  const name = label.textContent.replace(" (one a line)", "");
  const titles = new Map();
  const values = () => area.value.split("\n").map((line) => line.trim()).filter(Boolean);
  const make = (tag, properties) => Object.assign(document.createElement(tag), properties);
  const chips = make("ul", { className: "chips" });
  const search = make("input", { type: "search", id: `${area.id}-search`, placeholder: "Search to add", autocomplete: "off" });
  const offers = make("ul", { className: "offers", hidden: true });
  const picker = make("div", { className: "picker" });
  const told = make("p", { className: "unseen" });
  const by = make("details", { className: "typed" });
  told.setAttribute("role", "status");
  chips.setAttribute("aria-label", name);
  offers.setAttribute("aria-label", `To add to ${name}`);
  label.textContent = name;
  label.htmlFor = search.id;
  if (area.getAttribute("aria-describedby")) search.setAttribute("aria-describedby", area.getAttribute("aria-describedby"));
  area.setAttribute("aria-label", `${name}, one a line`);
  picker.append(search, offers);
  area.before(chips, picker, told, by);
  by.append(make("summary", { textContent: "Type them instead" }), area);

  const draw = () => {
    chips.replaceChildren(...values().map((value) => {
      const item = make("li", { textContent: titles.get(value) ?? value });
      const away = make("button", { type: "button", className: "quiet", textContent: "×" });
      away.setAttribute("aria-label", `Remove ${titles.get(value) ?? value}`);
      away.addEventListener("click", () => {
        area.value = values().filter((other) => other !== value).join("\n");
        draw();
        search.focus();
      });
      item.append(away);
      return item;
    }));
    chips.hidden = chips.children.length === 0;
  };
  const add = (value, title) => {
    titles.set(value, title);
    if (!values().includes(value)) area.value = [...values(), value].join("\n");
    offers.hidden = true;
    search.value = "";
    draw();
    told.textContent = `${title} added.`;
    search.focus();
  };
  let waiting, asked = 0;
  const ask = async () => {
    const turn = ++asked;
    const query = new URLSearchParams({ setting: area.dataset.setting, q: search.value });
    const answer = await fetch(`${area.dataset.choices}?${query}`, { headers: { accept: "application/json" } });
    const found = await answer.json();
    // Something newer was typed meanwhile, or somebody went on to something else.
    if (turn !== asked || !picker.contains(document.activeElement)) return;
    if (!answer.ok) {
      offers.hidden = true;
      told.classList.remove("unseen");
      told.textContent = found.detail;
      return;
    }
    told.classList.add("unseen");
    const left = found.filter((choice) => !values().includes(String(choice.value)));
    offers.replaceChildren(...left.map((choice) => {
      const button = make("button", { type: "button", textContent: choice.title });
      if (choice.hint) button.append(" ", make("span", { className: "soft", textContent: choice.hint }));
      button.addEventListener("click", () => add(String(choice.value), choice.title));
      const item = make("li", {});
      item.append(button);
      return item;
    }));
    offers.hidden = left.length === 0;
    told.textContent = left.length === 0 ? "Nothing to add." : `${left.length} to choose from.`;
  };
  search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 200); });
  search.addEventListener("focus", () => { if (offers.hidden && !search.value) ask(); });
  search.addEventListener("keydown", async (event) => {
    if (event.key === "Escape") offers.hidden = true;
    if (event.key === "ArrowDown") offers.querySelector("button")?.focus();
    if (event.key !== "Enter") return;
    event.preventDefault(); // it would send the form
    clearTimeout(waiting);
    await ask(); // what is shown may be what was typed before
    if (!offers.hidden) offers.querySelector("button")?.click();
  });
  offers.addEventListener("keydown", (event) => {
    const button = event.target.closest("li");
    if (event.key === "Escape") { offers.hidden = true; search.focus(); }
    const next = { ArrowDown: button?.nextElementSibling, ArrowUp: button?.previousElementSibling }[event.key];
    if (!next && event.key !== "ArrowUp") return;
    event.preventDefault();
    (next?.querySelector("button") ?? search).focus();
  });
  for (const elsewhere of ["focusin", "pointerdown"]) {
    document.addEventListener(elsewhere, (event) => {
      if (!area.closest(".field").contains(event.target)) offers.hidden = true;
    });
  }
  area.addEventListener("input", draw);
  draw();
}

// A form that came back is read from its faults on.
document.getElementById("faults")?.focus();

// details data-level="ADDRESS": the level below an item, fetched when it is opened for the first time.
// a data-more: the rest of a level, put in the place of the link.
async function levelAt(address) {
  const answer = await fetch(address, { headers: { accept: "text/html" } });
  if (!answer.ok) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const level = page.getElementById("level");
  level?.removeAttribute("id"); // the page has one already
  return level;
}

// `toggle` does not bubble, so it is caught on its way down.
document.addEventListener("toggle", async (event) => {
  const details = event.target;
  if (!details.open || !details.dataset?.level) return;
  const level = await levelAt(details.dataset.level);
  if (!level) return; // the link is still there
  delete details.dataset.level;
  details.querySelector("p")?.replaceWith(level);
}, true);

document.addEventListener("click", async (event) => {
  const more = event.target.closest("a[data-more]");
  if (!more || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const level = await levelAt(more.href);
  if (!level) return void (location.href = more.href);
  const item = more.closest("li");
  const first = level.firstElementChild;
  item.replaceWith(...level.children);
  first?.querySelector("a")?.focus();
});

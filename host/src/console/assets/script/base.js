"use strict";
// Saves clicks and reloads; every page works without it. What it needs to know stands in `data-` attributes.

// What is lost for good is asked about first.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-confirm]");
  if (button && !window.confirm(button.dataset.confirm)) event.preventDefault();
});

// data-copy="ID": copies that element's words, and says so.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const from = document.getElementById(button.dataset.copy);
  await navigator.clipboard.writeText(from.value ?? from.textContent);
  say("Copied.");
});

// Says something, aloud too.
function say(words) {
  const said = document.getElementById("said");
  if (said) said.textContent = words;
}

// The value that proves that a request comes from one of our pages.
function csrf() {
  return document.querySelector("input[name=csrf]")?.value ?? "";
}

// form data-instant="ID": what is typed is sent after a moment, and the answer's element of that id replaces ours.
for (const form of document.querySelectorAll("form[data-instant]")) {
  let waiting, asked = 0;
  const ask = async () => {
    const turn = ++asked;
    const address = new URL(form.action);
    address.search = new URLSearchParams(new FormData(form)).toString();
    const answer = await fetch(address, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (turn !== asked) return; // something newer was typed meanwhile
    const fresh = page.getElementById(form.dataset.instant);
    if (fresh) document.getElementById(form.dataset.instant).replaceWith(fresh);
    history.replaceState(null, "", address);
  };
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 120);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon); // what was chosen by a program tells only this
}

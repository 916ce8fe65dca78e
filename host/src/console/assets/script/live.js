// Pages that follow what goes on.

// data-live="ADDRESS" (server-sent events): each event is named by an element's id, and its data is what that
// element holds from then on. An event `reload` asks for the page anew. A page that nobody sees follows nothing:
// browsers open only a few connections to one server, for all its pages together.
for (const live of document.querySelectorAll("[data-live]")) {
  let events = null;
  const shown = (event) => {
    const element = document.getElementById(event.type);
    if (!element || element.innerHTML === event.data) return;
    // A menu that is open stays so; what it holds back is shown when it is closed.
    if (element.querySelector("details[open]")) {
      element.addEventListener("toggle", () => shown(event), { capture: true, once: true });
      return;
    }
    // Who is in the middle of something stays there.
    const held = element.contains(document.activeElement);
    const place = held ? [...element.querySelectorAll("a, button, summary")].indexOf(document.activeElement) : -1;
    element.innerHTML = event.data;
    if (place >= 0) element.querySelectorAll("a, button, summary")[place]?.focus();
  };
  const follow = () => {
    events = new EventSource(live.dataset.live);
    for (const id of live.dataset.events.split(" ")) events.addEventListener(id, shown);
    events.addEventListener("reload", () => location.reload());
  };
  const leave = () => {
    events?.close();
    events = null;
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) leave();
    else if (!events) follow();
  });
  addEventListener("pagehide", leave);
  if (!document.hidden) follow();
}

// How long ago, and how long until: as time goes by.
function since(then, now) {
  const seconds = Math.floor(Math.abs(now - then) / 1000);
  const [of, unit] = seconds < 60 ? [seconds, "s"] : seconds < 3600 ? [Math.floor(seconds / 60), "min"]
    : seconds < 86400 ? [Math.floor(seconds / 3600), "h"] : [Math.floor(seconds / 86400), "d"];
  if (then > now) return `in ${of} ${unit}`;
  return seconds < 5 ? "just now" : `${of} ${unit} ago`;
}
setInterval(() => {
  for (const time of document.querySelectorAll("time[data-ago]")) {
    const words = since(Date.parse(time.dateTime), Date.now());
    if (time.textContent !== words) time.textContent = words;
  }
}, 15000);
